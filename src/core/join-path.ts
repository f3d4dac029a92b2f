import { join } from 'node:path';

const unusualFolder = /^$|^\.\.?(?:\/|$)|\/\.{0,2}(?:\/|$)/;
const unusualName = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** The path of a name in a folder, as node:path's `join` gives it; most need no more than a slash between them. */
export function joinPath(folder: string, name: string): string {
  return unusualFolder.test(folder) || unusualName.test(name) ? join(folder, name) : `${folder}/${name}`;
}
