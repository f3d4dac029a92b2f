import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Folders in which modules of the user's are looked for, first found first: those of `--module-path`, then `modules/`
 * beside each playbook and in each role beside it.
 */
export function moduleFolders(
  named: readonly string[],
  playbookFolders: readonly string[],
): readonly string[] {
  const beside = playbookFolders.flatMap((folder) => [
    join(folder, 'modules'),
    ...subfolders(join(folder, 'roles')).map((role) => join(role, 'modules')),
  ]);
  return [...named, ...beside];
}

function subfolders(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}
