import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const unpack = (state: string, rest: Rest): LawCase => ({ module: 'unarchive', state, ...rest });

/** Programs that these modules call and a bare node has not. */
export const archivePrograms = ['unzip', 'zip', 'xz', 'git'];

const pack = (state: string, rest: Rest): LawCase => ({ module: 'archive', state, ...rest });
const clone = (state: string, rest: Rest): LawCase => ({ module: 'git', state, ...rest });

const made = `mkdir -p app/bin to && echo one > app/one && echo tool > app/bin/tool && chmod 755 app/bin/tool && ln -s one app/link`;
const packed = `${made} && tar -czf app.tgz app`;
const here = { src: 'DIR/app.tgz', dest: 'DIR/to', remote_src: true };

const whole = { path: 'DIR/app', dest: 'DIR/it.tgz' };

const committed = `git init -q -b main repo && cd repo && git config user.name x && git config user.email x@x
for it in one two; do echo $it > file; git add file; git commit -qm $it; git tag -f v1 HEAD~ 2>/dev/null || :; done
cd ..`;
const cloned = { repo: 'DIR/repo', dest: 'DIR/it' };

/** Start states for the modules of archives. `law.tgz` with `files/law.sh` in it lies beside the playbook. */
export const archiveCases: readonly LawCase[] = [
  unpack('not there', { setup: packed, args: here, does: 'change' }),
  unpack('there', { setup: `${packed} && tar -xzf app.tgz -C to`, args: here, does: 'nothing' }),
  unpack('one file is another one', {
    start: 'other content',
    setup: `${packed} && tar -xzf app.tgz -C to && echo longer > to/app/one`,
    args: here,
    does: 'change',
  }),
  unpack('one file is gone, and permissions are wrong', {
    start: 'half done',
    setup: `${packed} && tar -xzf app.tgz -C to && rm to/app/bin/tool`,
    args: { ...here, owner: 'admin', group: 'admin', mode: 'u=rwX,go=' },
    does: 'change',
  }),
  unpack('there, and permissions are wrong', {
    start: 'wrong mode',
    setup: `${packed} && tar -xzf app.tgz -C to && chmod 600 to/app/one`,
    args: { ...here, owner: 'admin', mode: 'u=rwX,g=rX,o=' },
    does: 'change',
  }),
  unpack('an archive of the controller', {
    setup: 'mkdir to',
    args: { src: 'law.tgz', dest: 'DIR/to', extra_opts: ['--strip-components=1'] },
    does: 'change',
  }),
  unpack('a zip', {
    setup: `${made} && zip -qry app.zip app`,
    args: { src: 'DIR/app.zip', dest: 'DIR/to', remote_src: true },
    does: 'change',
  }),
  unpack('xz', { setup: `${made} && tar -cJf app.tgz app`, args: here, does: 'change' }),
  unpack('what it creates is there', {
    setup: 'mkdir to',
    args: { ...here, creates: 'DIR/to' },
    does: 'nothing',
  }),
  unpack('no archive', { setup: 'mkdir to', args: here, does: 'failure' }),
  pack('no archive', { setup: made, args: { ...whole, mode: '0600' }, does: 'change' }),
  pack('the archive', { setup: `${made} && tar -czf it.tgz app/*`, args: whole, does: 'nothing' }),
  pack('the archive with a wrong owner', {
    start: 'wrong owner',
    setup: `${made} && tar -czf it.tgz app/* && chmod 644 it.tgz`,
    args: { ...whole, owner: 'admin', mode: '0600' },
    does: 'change',
  }),
  pack('a file is another one', {
    start: 'other content',
    setup: `${made} && tar -czf it.tgz app/* && echo longer > app/one`,
    args: whole,
    does: 'change',
  }),
  pack('a zip, and its files are to go', {
    setup: made,
    args: { path: ['DIR/app/o*', 'DIR/app/bin'], dest: 'DIR/it.zip', format: 'zip', remove: true },
    does: 'change',
  }),
  pack('a single file', { setup: made, args: { path: 'DIR/app/one', format: 'xz' }, does: 'change' }),
  pack('a single file, compressed already', {
    setup: `${made} && gzip -k app/one`,
    args: { path: 'DIR/app/one' },
    does: 'nothing',
  }),
  pack('nothing to pack', { args: { ...whole, path: 'DIR/no*' }, does: 'failure' }),
  clone('not there', { setup: committed, args: cloned, does: 'change' }),
  clone('as asked', {
    setup: `${committed} && git clone -q "file://$PWD/repo" it`,
    args: cloned,
    does: 'nothing',
  }),
  clone('another commit', {
    start: 'other content',
    setup: `${committed} && git clone -q "file://$PWD/repo" it`,
    args: { ...cloned, version: 'v1' },
    does: 'change',
  }),
  clone('changed and not committed', {
    start: 'foreign',
    setup: `${committed} && git clone -q "file://$PWD/repo" it && echo mine > it/file`,
    args: cloned,
    does: 'failure',
  }),
  clone('changed, and to be forced', {
    start: 'other content',
    setup: `${committed} && git clone -q "file://$PWD/repo" it && echo mine > it/file`,
    args: { ...cloned, force: true },
    does: 'change',
  }),
  clone('no such version', { setup: committed, args: { ...cloned, version: 'none' }, does: 'failure' }),
  clone('no such repository', { args: cloned, does: 'failure' }),
  unpack('no folder', { setup: packed, args: { ...here, dest: 'DIR/none' }, does: 'failure' }),
];
