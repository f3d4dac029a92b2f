import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const line = (state: string, rest: Rest): LawCase => ({ module: 'lineinfile', state, ...rest });
const block = (state: string, rest: Rest): LawCase => ({ module: 'blockinfile', state, ...rest });
const replace = (state: string, rest: Rest): LawCase => ({ module: 'replace', state, ...rest });
const hosts = (state: string, rest: Rest): LawCase => ({ module: 'hosts_entry', state, ...rest });

const wanted = { path: 'DIR/it', regexp: '^#?Port', line: 'Port 22' };
const removed = { path: 'DIR/it', regexp: '^Port', state: 'absent' };
const two = { path: 'DIR/it', block: 'one\ntwo' };
const marked = (lines: string): string =>
  `printf '%s\\n' first '# BEGIN ANSIBLE MANAGED BLOCK' ${lines} '# END ANSIBLE MANAGED BLOCK' last > it`;
const entry = { path: 'DIR/it', name: 'api.lab', ip: '10.9.8.7' };

/** Start states for the modules that edit lines of files. */
export const textCases: readonly LawCase[] = [
  line('no file', { args: { ...wanted, create: true, mode: '0600' }, does: 'change' }),
  line('no file, and none is to be made', { args: wanted, does: 'failure' }),
  line('no such line', { start: 'half done', setup: `printf 'a\\nb\\n' > it`, args: wanted, does: 'change' }),
  line('file without end of line', {
    start: 'half done',
    setup: `printf 'a\\nb' > it`,
    args: wanted,
    does: 'change',
  }),
  line('another line', {
    start: 'other content',
    setup: `printf '#Port 1\\nb\\n' > it`,
    args: wanted,
    does: 'change',
  }),
  line('the line, but a wrong mode', {
    start: 'wrong mode',
    setup: `printf 'Port 22\\n' > it && chmod 666 it`,
    args: { ...wanted, mode: '0644' },
    does: 'change',
  }),
  line('the line', { setup: `printf 'a\\nPort 22\\nb\\n' > it`, args: wanted, does: 'nothing' }),
  line('behind a link', {
    start: 'link in place',
    setup: `printf 'a\\n' > there && ln -s there it`,
    args: wanted,
    does: 'change',
  }),
  line('no such line, and a place for it', {
    start: 'half done',
    setup: `printf '[a]\\nx\\n[b]\\n' > it`,
    args: { path: 'DIR/it', line: 'y', insertafter: '^\\[a\\]' },
    does: 'change',
  }),
  line('a line to fill from its match', {
    start: 'other content',
    setup: `printf 'size=1 # kept\\n' > it`,
    args: { path: 'DIR/it', regexp: '^size=[0-9]+(.*)$', line: 'size=2\\1', backrefs: true },
    does: 'change',
  }),
  line('lines that are to go', {
    start: 'to go',
    setup: `printf 'Port 1\\nb\\nPort 2\\n' > it`,
    args: removed,
    does: 'change',
  }),
  line('nothing that is to go', { start: 'not there', setup: 'echo b > it', args: removed, does: 'nothing' }),
  line('a backup is asked for', {
    start: 'half done',
    setup: 'echo b > it',
    args: { ...wanted, backup: true },
    does: 'change',
  }),
  block('no file', { args: { ...two, create: true }, does: 'change' }),
  block('no block', { start: 'half done', setup: 'echo first > it', args: two, does: 'change' }),
  block('no block, and the beginning as its place', {
    start: 'half done',
    setup: 'echo first > it',
    args: { ...two, insertbefore: 'BOF' },
    does: 'change',
  }),
  block('no block, and no empty lines around its place', {
    start: 'half done',
    setup: "printf '%s\\n' first last > it",
    args: { ...two, insertafter: '^first', prepend_newline: true, append_newline: true },
    does: 'change',
  }),
  block('another block', { start: 'other content', setup: marked('one three'), args: two, does: 'change' }),
  block('the block', { setup: marked('one two'), args: two, does: 'nothing' }),
  block('a block that is to go', {
    start: 'to go',
    setup: marked('one two'),
    args: { ...two, state: 'absent' },
    does: 'change',
  }),
  block('no block that is to go', {
    start: 'not there',
    setup: 'echo first > it',
    args: { ...two, state: 'absent' },
    does: 'nothing',
  }),
  block('no file, and none is to be made', { args: two, does: 'failure' }),
  replace('a match on two lines', {
    start: 'other content',
    setup: `printf 'a=1\\nb=1\\na=1\\n' > it`,
    args: { path: 'DIR/it', regexp: '^a=(1)$', replace: 'a=\\g<1>0', backup: true },
    does: 'change',
  }),
  replace('no match', {
    setup: 'echo b > it',
    args: { path: 'DIR/it', regexp: '^a', replace: 'c' },
    does: 'nothing',
  }),
  replace('a match outside the part that is looked at', {
    start: 'other content',
    setup: `printf 'a\\n[x]\\na\\n[y]\\na\\n' > it`,
    args: { path: 'DIR/it', regexp: 'a', replace: 'c', after: '\\[x\\]', before: '\\[y\\]' },
    does: 'change',
  }),
  replace('no file', { args: { path: 'DIR/it', regexp: 'a' }, does: 'failure' }),
  hosts('no such name', { setup: `printf '127.0.0.1 localhost\\n' > it`, args: entry, does: 'change' }),
  hosts('the entry', { setup: `printf '10.9.8.7 api.lab\\n' > it`, args: entry, does: 'nothing' }),
  hosts('another address', {
    start: 'other content',
    setup: `printf '10.9.8.6 api.lab # x\\n' > it`,
    args: entry,
    does: 'change',
  }),
  hosts('a shared line', {
    start: 'foreign',
    setup: `printf '10.9.8.6 a api.lab b\\n' > it`,
    args: entry,
    does: 'change',
  }),
  hosts('an entry that is to go', {
    start: 'to go',
    setup: `printf '10.9.8.7 a api.lab\\n' > it`,
    args: { path: 'DIR/it', name: 'api.lab', state: 'absent' },
    does: 'change',
  }),
  hosts('no entry that is to go', {
    start: 'not there',
    setup: `printf '10.9.8.7 a\\n' > it`,
    args: { path: 'DIR/it', name: 'api.lab', state: 'absent' },
    does: 'nothing',
  }),
  hosts('the node’s own file', { args: { name: 'law.lab', ip: '10.9.8.7' }, does: 'change' }),
];
