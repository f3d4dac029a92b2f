import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const repo = (state: string, rest: Rest): LawCase => ({ module: 'yum_repository', state, ...rest });
const ini = (state: string, rest: Rest): LawCase => ({ module: 'ini_file', state, ...rest });
const whole = (state: string, rest: Rest): LawCase => ({ module: 'assemble', state, ...rest });

const option = { path: 'DIR/it.ini', section: 'a', option: 'x', value: '1' };
const parts = `mkdir parts && printf one > parts/1 && echo two > parts/2 && echo no > parts/.no`;
const joined = { src: 'DIR/parts', dest: 'DIR/it', ignore_hidden: true };

const epel = {
  name: 'law',
  description: 'Law',
  baseurl: ['http://a/', 'http://b/'],
  gpgcheck: false,
  reposdir: 'DIR/repos',
};

/** Start states for the modules that put texts together by sections and by pieces. */
export const iniAndAssembleCases: readonly LawCase[] = [
  ini('no file and no folder', {
    args: { ...option, path: 'DIR/new/deep/it.ini', mode: '0600', owner: 'admin' },
    does: 'change',
  }),
  ini('no file, and none is to be made', { args: { ...option, create: false }, does: 'failure' }),
  ini('no file, and nothing is to be in it', {
    start: 'not there',
    args: { ...option, state: 'absent' },
    does: 'nothing',
  }),
  ini('no such section', {
    start: 'half done',
    setup: `printf '[b]\\ny = 1' > it.ini`,
    args: option,
    does: 'change',
  }),
  ini('another value behind a comment sign, twice', {
    start: 'other content',
    setup: `printf '[a]\\n#x = 0\\nx=2\\n[b]\\n' > it.ini`,
    args: { ...option, backup: true },
    does: 'change',
  }),
  ini('the value', { setup: `printf '[a]\\nx = 1\\n' > it.ini`, args: option, does: 'nothing' }),
  ini('the value, but a wrong mode', {
    start: 'wrong mode',
    setup: `printf '[a]\\nx = 1\\n' > it.ini && chmod 666 it.ini`,
    args: { ...option, mode: '0640' },
    does: 'change',
  }),
  ini('a section that is to go', {
    start: 'to go',
    setup: `printf '[a]\\nx = 1\\n[b]\\n' > it.ini`,
    args: { path: 'DIR/it.ini', section: 'a', state: 'absent' },
    does: 'change',
  }),
  repo('no file', { setup: 'mkdir repos', args: epel, does: 'change' }),
  repo('the repository in other words', {
    setup: `mkdir repos && printf '# ours\\n[law]\\nname=Law\\nbaseurl = http://a/\\n\\thttp://b/\\ngpgcheck=0\\n' > repos/law.repo`,
    args: epel,
    does: 'nothing',
  }),
  repo('the repository, but a wrong mode', {
    start: 'wrong mode',
    setup: `mkdir repos && printf '[law]\\nname=Law\\nbaseurl = http://a/\\n\\thttp://b/\\ngpgcheck=0\\n' > repos/law.repo && chmod 666 repos/law.repo`,
    args: { ...epel, mode: '0644' },
    does: 'change',
  }),
  repo('another address, beside another repository', {
    start: 'other content',
    setup: `mkdir repos && printf '[law]\\nname=Law\\nbaseurl=http://old/\\n[other]\\nname=o\\n' > repos/law.repo`,
    args: epel,
    does: 'change',
  }),
  repo('the last one of a file, to go', {
    start: 'to go',
    setup: `mkdir repos && printf '[law]\\nname=Law\\n' > repos/law.repo`,
    args: { name: 'law', state: 'absent', reposdir: 'DIR/repos' },
    does: 'change',
  }),
  repo('one of two, to go', {
    start: 'to go',
    setup: `mkdir repos && printf '[law]\\nname=Law\\n[other]\\nname=o\\n' > repos/law.repo`,
    args: { name: 'law', state: 'absent', reposdir: 'DIR/repos' },
    does: 'change',
  }),
  repo('no folder', { args: epel, does: 'failure' }),
  whole('no file', { setup: parts, args: { ...joined, mode: '0600' }, does: 'change' }),
  whole('as asked', { setup: `${parts}; printf 'one\\ntwo\\n' > it`, args: joined, does: 'nothing' }),
  whole('another file, which is kept', {
    start: 'other content',
    setup: `${parts}; echo old > it`,
    args: { ...joined, backup: true, delimiter: '--' },
    does: 'change',
  }),
  whole('no folder', { args: joined, does: 'failure' }),
];
