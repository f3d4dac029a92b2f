import { dirname, isAbsolute } from 'node:path';
import { joinPath } from '../core/join-path.ts';

/** Who asks for a file of tasks or a role. */
interface Asking {
  readonly place: 'task' | 'handler';
  /** Files that imported or included one another up to here, outermost first; in a role those of the role. */
  readonly includers: readonly string[];
  /** The roles around, outermost first. */
  readonly parents: readonly { readonly folder: string }[];
  readonly play: { readonly folder: string };
}

/**
 * Where a file of tasks may lie, in Ansible's order: beside the files that ask for it, innermost first; in a role in its
 * tasks (or handlers), which an include looks at first; at last beside the playbook.
 */
export function taskFilePlaces(asking: Asking, name: string, kind: 'import' | 'include'): readonly string[] {
  if (isAbsolute(name)) return [name];
  const beside = [...asking.includers].reverse().map((path) => joinPath(dirname(path), name));
  const role = asking.parents.at(-1);
  const last = joinPath(asking.play.folder, name);
  if (role === undefined) return unique([...beside, last]);
  const kinds = asking.place === 'task' ? ['tasks'] : ['handlers', 'tasks'];
  const own = kinds.map((folder) => joinPath(joinPath(role.folder, folder), name));
  const first = kind === 'include' ? [...own, ...beside] : [...beside, ...own];
  return unique([
    ...first,
    joinPath(role.folder, name),
    joinPath(joinPath(asking.play.folder, kinds[0] ?? 'tasks'), name),
    last,
  ]);
}

/** Where roles may lie, in Ansible's order, and at last in `roles` where hapb was started. */
export function roleFolders(asking: Asking, rolesPath: readonly string[]): readonly string[] {
  const role = asking.parents.at(-1);
  const { folder } = asking.play;
  const beside = role === undefined ? [] : [dirname(role.folder)];
  return unique([joinPath(folder, 'roles'), ...rolesPath, ...beside, folder, 'roles']);
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}
