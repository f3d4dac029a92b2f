import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const copy = (state: string, rest: Rest): LawCase => ({ module: 'copy_file', state, ...rest });
const template = (state: string, rest: Rest): LawCase => ({ module: 'template', state, ...rest });

const text = { dest: 'DIR/it', content: 'one\ntwo\n', mode: '0640', owner: 'admin', group: 'admin' };
const asAsked = String.raw`printf 'one\ntwo\n' > it && chmod 640 it && chown admin:admin it`;
const rendered = { src: 'law.hbs', dest: 'DIR/it', mode: '0644' };

/** Start states for the modules that put whole files in place. `law.hbs` and `law.bin` lie beside the playbook. */
export const contentCases: readonly LawCase[] = [
  copy('not there', { args: text, does: 'change' }),
  copy('as asked', { setup: asAsked, args: text, does: 'nothing' }),
  copy('other content', {
    start: 'other content',
    setup: `${asAsked} && echo three >> it`,
    args: text,
    does: 'change',
  }),
  copy('wrong mode', {
    start: 'wrong mode',
    setup: `${asAsked} && chmod 600 it`,
    args: text,
    does: 'change',
  }),
  copy('wrong owner', {
    start: 'wrong owner',
    setup: `${asAsked} && chown root it`,
    args: text,
    does: 'change',
  }),
  copy('other content, and a backup is asked for', {
    start: 'other content',
    setup: 'echo old > it',
    args: { ...text, backup: true },
    does: 'change',
  }),
  copy('link in its place', {
    start: 'link in place',
    setup: 'echo old > there && ln -s "$PWD/there" it',
    args: text,
    does: 'change',
  }),
  copy('directory in its place', {
    start: 'foreign',
    setup: 'mkdir it',
    args: { dest: 'DIR/it', src: 'law.bin' },
    does: 'change',
  }),
  copy('folder that is not there', {
    args: { ...text, dest: 'DIR/a/it', directory_mode: '0755' },
    does: 'change',
  }),
  copy('folder that is not there and not asked for', {
    args: { ...text, dest: 'DIR/a/it' },
    does: 'failure',
  }),
  copy('other content that is to stay', {
    setup: 'echo old > it',
    args: { ...text, force: false },
    does: 'nothing',
  }),
  copy('bytes that are no text', {
    start: 'other content',
    setup: 'echo old > it',
    args: { dest: 'DIR/it', src: 'law.bin' },
    does: 'change',
  }),
  copy('a folder, not there', {
    args: { src: 'law-site', dest: 'DIR/to', mode: '0640', owner: 'admin', directory_mode: '0750' },
    does: 'change',
  }),
  copy('what is in a folder, some of it there', {
    start: 'half done',
    setup: 'mkdir -p to/sub && echo one > to/one && echo other > to/sub/two',
    args: { src: 'law-site/', dest: 'DIR/to' },
    does: 'change',
  }),
  copy('what is in a folder, all of it there', {
    setup: 'mkdir -p to/sub && echo one > to/one && echo two > to/sub/two && echo more > to/more',
    args: { src: 'law-site/', dest: 'DIR/to/' },
    does: 'nothing',
  }),
  copy('a folder of the node', {
    setup: 'mkdir -p from/sub && echo one > from/sub/one && ln -s one from/sub/link',
    args: { src: 'DIR/from', dest: 'DIR/to', remote_src: true, local_follow: false },
    does: 'change',
  }),
  copy('a file of the node', {
    start: 'other content',
    setup: 'echo one > from && chmod 751 from && echo other > it',
    args: { src: 'DIR/from', dest: 'DIR/it', remote_src: true, mode: 'preserve', backup: true },
    does: 'change',
  }),
  copy('a folder that a slash names', { args: { src: 'law.bin', dest: 'DIR/a/' }, does: 'change' }),
  copy('link in its place, which is to be followed', {
    start: 'link in place',
    setup: 'echo old > there && ln -s "$PWD/there" it',
    args: { ...text, follow: true },
    does: 'change',
  }),
  template('not there', { args: rendered, does: 'change' }),
  template('as asked', {
    setup: `printf 'node cp1\\n' > it && chmod 644 it`,
    args: rendered,
    does: 'nothing',
  }),
  template('other content', {
    start: 'other content',
    setup: 'echo node cp2 > it',
    args: rendered,
    does: 'change',
  }),
  template('wrong mode', {
    start: 'wrong mode',
    setup: `printf 'node cp1\\n' > it && chmod 600 it`,
    args: rendered,
    does: 'change',
  }),
  template('empty file', { start: 'half done', setup: ': > it', args: rendered, does: 'change' }),
];
