import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const of =
  (module: string) =>
  (state: string, rest: Rest): LawCase => ({ module, state, ...rest });
const command = of('command');
const shell = of('shell');
const fetch = of('fetch');

/** Start states for modules that look, decide, or run what their guards allow. */
export const lookingCases: readonly LawCase[] = [
  command('what it creates is not there', {
    args: { argv: ['touch', 'DIR/it'], creates: 'DIR/it' },
    does: 'change',
  }),
  command('what it creates is there', {
    setup: 'touch it',
    args: { argv: ['rm', 'DIR/it'], creates: 'DIR/it' },
    does: 'nothing',
  }),
  command('what it removes is there', {
    start: 'to go',
    setup: 'touch it',
    args: { argv: ['rm', 'DIR/it'], removes: 'DIR/it' },
    does: 'change',
  }),
  command('what it removes is not there', {
    start: 'not there',
    args: { argv: ['touch', 'DIR/it'], removes: 'DIR/it' },
    does: 'nothing',
  }),
  shell('what it creates is not there', {
    args: { cmd: 'echo text > DIR/it', chdir: 'DIR', creates: 'it' },
    does: 'change',
  }),
  shell('what it creates is there', {
    setup: 'touch it',
    args: { cmd: 'echo text > it', chdir: 'DIR', creates: 'i*' },
    does: 'nothing',
  }),
  of('script')('what it creates is not there', {
    args: { cmd: "law.sh 'two words' DIR/it", creates: 'DIR/it' },
    does: 'change',
  }),
  of('script')('what it removes is not there', {
    start: 'not there',
    args: { cmd: 'law.sh text DIR/it', removes: 'DIR/there' },
    does: 'nothing',
  }),
  of('script')('what it creates is there', {
    setup: 'touch it',
    args: { cmd: 'law.sh text DIR/it', creates: 'DIR/it' },
    does: 'nothing',
  }),
  of('script')('no such script', { args: { cmd: 'none.sh', creates: 'DIR/it' }, does: 'failure' }),
  fetch('not there', {
    setup: 'echo text > it',
    args: { src: 'DIR/it', dest: '{{ playbook_dir }}/fetched/' },
    does: 'change',
  }),
  fetch('there', {
    setup: 'echo same > it',
    args: { src: 'DIR/it', dest: '{{ playbook_dir }}/same', flat: true },
    does: 'nothing',
  }),
  fetch('other content', {
    start: 'other content',
    setup: 'echo newer > it',
    args: { src: 'DIR/it', dest: '{{ playbook_dir }}/older', flat: true },
    does: 'change',
  }),
  fetch('nothing to fetch', {
    args: { src: 'DIR/it', dest: '{{ playbook_dir }}/fetched/' },
    does: 'failure',
  }),
  of('slurp')('a file', { args: { src: '/etc/hostname' }, does: 'nothing' }),
  of('slurp')('no file', { args: { src: 'DIR/it' }, does: 'failure' }),
  of('stat')('a file', { args: { path: '/etc/hostname' }, does: 'nothing' }),
  of('stat')('a link that is followed', {
    setup: 'echo text > it && ln -s it link',
    args: { path: 'DIR/link', follow: true },
    does: 'nothing',
  }),
  of('stat')('a device', { args: { path: '/dev/null' }, does: 'nothing' }),
  of('stat')('no file', { start: 'not there', args: { path: 'DIR/it' }, does: 'nothing' }),
  of('find')('some files', {
    setup: 'mkdir a && echo one > a/1.log && echo two > 2.log && touch a/.hidden',
    args: { paths: 'DIR', patterns: '*.log', recurse: true, contains: 'o', get_checksum: true },
    does: 'nothing',
  }),
  of('find')('no folder', { start: 'not there', args: { paths: ['DIR/it'] }, does: 'nothing' }),
  of('facts')('a node', { args: {}, does: 'nothing' }),
  of('service_facts')('a node', { args: {}, does: 'nothing' }),
  of('getent')('an account', { args: { database: 'passwd', key: 'admin' }, does: 'nothing' }),
  of('getent')('no account', { args: { database: 'passwd', key: 'law-none' }, does: 'failure' }),
  of('wait_for_connection')('a node', { args: { timeout: 5 }, does: 'nothing' }),
  of('ping')('a node', { args: {}, does: 'nothing' }),
  of('set_fact')('a value', { args: { law: 'kept' }, does: 'nothing' }),
  of('assert')('what holds', {
    after: 'set_fact: a value',
    args: { that: "law == 'kept'" },
    does: 'nothing',
  }),
  of('assert')('what does not hold', {
    after: 'set_fact: a value',
    args: { that: "law == 'broken'" },
    does: 'failure',
  }),
  of('debug')('a text', { after: 'set_fact: a value', args: { msg: '{{ law }}' }, does: 'nothing' }),
  of('fail')('any', { args: { msg: 'as told' }, does: 'failure' }),
  of('wait_for')('a port that answers', { args: { port: 22, timeout: 5 }, does: 'nothing' }),
  of('wait_for')('a path that is gone', {
    start: 'not there',
    args: { path: 'DIR/it', state: 'absent' },
    does: 'nothing',
  }),
  of('validate')('what fits', {
    after: 'set_fact: a value',
    args: { data: { law: '{{ law }}' }, criteria: { required: ['law'] } },
    does: 'nothing',
  }),
  of('validate')('what does not fit', {
    after: 'set_fact: a value',
    args: { data: { law: '{{ law }}' }, criteria: { properties: { law: { type: 'integer' } } } },
    does: 'failure',
  }),
  of('async_status')('no such job', { args: { jid: 'j1.1' }, does: 'failure' }),
  of('async_status')('nothing to clean up', {
    start: 'not there',
    args: { jid: 'j1.1', mode: 'cleanup' },
    does: 'nothing',
  }),
  of('validate_argument_spec')('what fits', {
    args: { argument_spec: { law: { type: 'str', required: true } } },
    does: 'nothing',
  }),
  of('validate_argument_spec')('what does not fit', {
    args: { argument_spec: { law: { type: 'int' } }, provided_arguments: { law: 'text' } },
    does: 'failure',
  }),
  of('pause')('a second', { args: { seconds: 1 }, does: 'nothing' }),
  of('pause')('nobody to ask', { args: {}, does: 'nothing' }),
];
