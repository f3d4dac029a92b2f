import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { textArgument, textOf } from './arguments.ts';
import type { Table, Test } from './callable.ts';

function about(says: (path: string) => boolean): Test {
  return { parameters: [], reads: 'content', looks: 'here', run: (input) => says(textOf(input)) };
}

const exists = about((path) => follow(path) !== null);
const directory = about((path) => follow(path)?.isDirectory() === true);
const file = about((path) => follow(path)?.isFile() === true);
const link = about((path) => own(path)?.isSymbolicLink() === true);
const mount = about(isMount);
const sameFile: Test = {
  parameters: ['other'],
  reads: 'content',
  looks: 'here',
  run: (input, args) => {
    const [one, other] = [follow(textOf(input)), follow(textArgument(args, 0))];
    return one !== null && other !== null && one.ino === other.ino && one.dev === other.dev;
  },
};

/** What lies at a path of this machine, by all names that Ansible has for each test. */
export const fileTests: Table<Test> = {
  exists,
  directory,
  is_dir: directory,
  file,
  is_file: file,
  link,
  is_link: link,
  link_exists: about((path) => own(path) !== null),
  mount,
  is_mount: mount,
  same_file: sameFile,
  is_same_file: sameFile,
};

function follow(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

function own(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

/** As Python decides it: another device than the folder above, or the root itself. */
function isMount(path: string): boolean {
  const [here, above] = [own(path), own(dirname(resolve(path)))];
  if (here === null || above === null || here.isSymbolicLink()) return false;
  return here.dev !== above.dev || here.ino === above.ino;
}
