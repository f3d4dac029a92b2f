import { readdirSync, statSync } from 'node:fs';
import type { Result } from '../core/diagnostic.ts';
import { joinPath } from '../core/join-path.ts';
import { readSource, type SourceWish } from '../document/read-file.ts';

/** What a project is read from. */
export interface Disk {
  /** The text of a file, decrypted. `wish`: what it should be, for the message when it is something else. */
  read(path: string, wish?: SourceWish): Result<string>;
  kind(path: string): 'file' | 'folder' | 'nothing';
  /** The names in a folder, sorted; none when there is no such folder. */
  list(path: string): readonly string[];
}

/** The disk of this machine. */
export function realDisk(decrypt: (text: string, path: string) => Result<string>): Disk {
  return {
    read: (path, wish) => {
      const read = readSource(path, wish);
      return read.ok ? decrypt(read.value, path) : read;
    },
    kind: (path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? 'nothing' : stats.isDirectory() ? 'folder' : 'file';
    },
    list: (path) => {
      try {
        return readdirSync(path).sort();
      } catch {
        return [];
      }
    },
  };
}

const extensions = ['.yml', '.yaml', '.json'];

/**
 * The files of `folder` that are called `name`: one, or for `many` all below a folder of that name too. `name` null: the
 * main file. Empty: there is none.
 */
export function filesNamed(
  disk: Disk,
  folder: string,
  { name, many }: { readonly name: string | null; readonly many: 'one' | 'many' },
): readonly string[] {
  const endings = name === null ? [...extensions, ''] : ['', ...extensions];
  for (const ending of endings) {
    const path = joinPath(folder, `${name ?? 'main'}${ending}`);
    const kind = disk.kind(path);
    if (kind === 'file') return [path];
    if (kind === 'folder' && many === 'many') return filesBelow(disk, path);
  }
  return [];
}

function filesBelow(disk: Disk, folder: string): readonly string[] {
  return disk.list(folder).flatMap((name) => {
    if (name.startsWith('.') || name.endsWith('~')) return [];
    const path = joinPath(folder, name);
    const plain = !name.includes('.');
    if (disk.kind(path) === 'folder') return plain ? filesBelow(disk, path) : [];
    return plain || extensions.some((extension) => name.endsWith(extension)) ? [path] : [];
  });
}
