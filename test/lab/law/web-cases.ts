import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const of =
  (module: string) =>
  (state: string, rest: Rest): LawCase => ({ module, state, ...rest });
const get = of('get_url');
const ask = of('uri');

/** A file that the lab's server has, and how a case's folder gets the same. */
const url = '{{ kube_package_repo_key }}';
const it = { url, dest: 'DIR/it', mode: '0644' };

/** Programs that these modules call and a bare node has not. */
export const webPrograms = ['curl'];

/** Start states for the modules that ask web servers. */
export const webCases: readonly LawCase[] = [
  get('not there', { args: it, does: 'change' }),
  get('not there, into a folder', { args: { url, dest: 'DIR', mode: '0600' }, does: 'change' }),
  get('newer than on the server', { setup: ': > it && chmod 644 it', args: it, does: 'nothing' }),
  get('newer, with a wrong mode', {
    start: 'wrong mode',
    setup: ': > it && chmod 600 it',
    args: it,
    does: 'change',
  }),
  get('older and of another size', {
    start: 'other content',
    setup: 'echo old > it && touch -d 2001-01-01 it && chmod 644 it',
    args: { ...it, backup: true },
    does: 'change',
  }),
  get('with the wanted checksum', {
    setup: 'echo mine > it && chmod 644 it',
    args: {
      ...it,
      checksum: 'sha256:fcbc800db3f1867000b852f1ce0044b8f1584f76ade1ed6e65189824f95c3cda',
    },
    does: 'nothing',
  }),
  get('no such file on the server', {
    args: { ...it, url: '{{ kube_package_repo }}none' },
    does: 'failure',
  }),
  get('no folder to put it into', { args: { ...it, dest: 'DIR/a/it' }, does: 'failure' }),
  ask('an answer as asked', { args: { url, return_content: true }, does: 'nothing' }),
  ask('a file to keep', { args: { url, dest: 'DIR/it', mode: '0600' }, does: 'change' }),
  ask('a guard that says no', {
    setup: 'touch it',
    args: { url: '{{ kube_package_repo }}none', method: 'POST', creates: 'DIR/it' },
    does: 'nothing',
  }),
];
