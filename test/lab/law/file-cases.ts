import type { LawCase } from './law-case.ts';

const file = (state: string, rest: Omit<LawCase, 'module' | 'state'>): LawCase => ({
  module: 'file',
  state,
  ...rest,
});

const directory = { path: 'DIR/it', state: 'directory', mode: '0750', owner: 'admin', group: 'admin' };
const link = { path: 'DIR/it', state: 'link', src: 'DIR/there' };

/** Start states for the module `file`. */
export const fileCases: readonly LawCase[] = [
  file('directory that is not there', { args: directory, does: 'change' }),
  file('directory below folders that are not there', {
    args: { path: 'DIR/a/b/c', state: 'directory', mode: '0700' },
    does: 'change',
  }),
  file('directory as asked', {
    setup: 'install -d -m 750 -o admin -g admin it',
    args: directory,
    does: 'nothing',
  }),
  file('directory of wrong mode', {
    start: 'wrong mode',
    setup: 'install -d -m 777 -o admin -g admin it',
    args: directory,
    does: 'change',
  }),
  file('directory of wrong owner', {
    start: 'wrong owner',
    setup: 'install -d -m 750 it',
    args: directory,
    does: 'change',
  }),
  file('directory with wrong owners below', {
    start: 'wrong owner',
    setup: 'install -d -o admin -g admin it/a && touch it/a/1 it/2',
    args: { path: 'DIR/it', state: 'directory', owner: 'admin', group: 'admin', recurse: true },
    does: 'change',
  }),
  file('file where a directory is to be', {
    start: 'foreign',
    setup: 'touch it',
    args: directory,
    does: 'failure',
  }),
  file('mode of a file by letters', {
    start: 'wrong mode',
    setup: 'touch it && chmod 666 it',
    args: { path: 'DIR/it', mode: 'u=rw,g=r,o=' },
    does: 'change',
  }),
  file('group of a file by number', {
    start: 'wrong owner',
    setup: 'touch it',
    args: { path: 'DIR/it', group: '1000' },
    does: 'change',
  }),
  file('permissions of nothing', { args: { path: 'DIR/it', state: 'file', mode: '0600' }, does: 'failure' }),
  file('absent and there', {
    start: 'to go',
    setup: 'echo text > it',
    args: { path: 'DIR/it', state: 'absent' },
    does: 'change',
  }),
  file('absent and a full directory', {
    start: 'to go',
    setup: 'mkdir -p it/a && touch it/a/1 && ln -s /etc it/link',
    args: { path: 'DIR/it', state: 'absent' },
    does: 'change',
  }),
  file('absent and not there', {
    start: 'not there',
    args: { path: 'DIR/it', state: 'absent' },
    does: 'nothing',
  }),
  file('link that is not there', { setup: 'touch there', args: link, does: 'change' }),
  file('link as asked', { setup: 'touch there && ln -s "$PWD/there" it', args: link, does: 'nothing' }),
  file('link to another place', {
    start: 'link in place',
    setup: 'touch there && ln -s /etc/passwd it',
    args: link,
    does: 'change',
  }),
  file('file in place of a link', {
    start: 'foreign',
    setup: 'touch there && echo mine > it',
    args: { ...link, force: true },
    does: 'change',
  }),
  file('hard link that is not there', {
    setup: 'echo text > there',
    args: { ...link, state: 'hard' },
    does: 'change',
  }),
  file('hard link as asked', {
    setup: 'echo text > there && ln there it',
    args: { ...link, state: 'hard' },
    does: 'nothing',
  }),
  file('attributes where there are none', {
    args: { path: '/proc/version', state: 'file', attributes: '+i' },
    does: 'failure',
  }),
  file('link to a file of wrong mode', {
    start: 'half done',
    setup: 'touch there && chmod 666 there && ln -s "$PWD/there" it',
    args: { ...link, mode: '0640', owner: 'admin' },
    does: 'change',
  }),
  file('file of another time', {
    start: 'other content',
    setup: 'touch it',
    args: { path: 'DIR/it', modification_time: '202401312359.58' },
    does: 'change',
  }),
  file('file of the time as asked', {
    setup: 'touch -m -t 202401312359.58 it',
    args: { path: 'DIR/it', modification_time: '202401312359.58' },
    does: 'nothing',
  }),
  file('a time that is none', {
    setup: 'touch it',
    args: { path: 'DIR/it', access_time: 'yesterday' },
    does: 'failure',
  }),
  file('touched and not there', {
    args: { path: 'DIR/it', state: 'touch', access_time: 'preserve', modification_time: 'preserve' },
    does: 'change',
  }),
  file('touched and there', {
    setup: 'touch it',
    args: { path: 'DIR/it', state: 'touch', access_time: 'preserve', modification_time: 'preserve' },
    does: 'nothing',
  }),
];
