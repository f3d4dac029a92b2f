import { basename, dirname, join } from 'node:path';
import type { Disk } from '../../playbook/disk.ts';

/** What a file is for, as far as its place tells; `unsure`: its content has to tell. */
export type FileKind = 'tasks' | 'handlers' | 'vars' | 'meta' | 'template' | 'unsure';

/** A file of a project. */
export interface ProjectFile {
  readonly path: string;
  readonly kind: FileKind;
}

/** What was found below the paths that lint was given. */
export interface ProjectFiles {
  /** Sorted, each once. */
  readonly files: readonly ProjectFile[];
  /** Folders of roles. */
  readonly roles: readonly string[];
}

const skippedFolders = /^(?:\..*|node_modules|files|modules|library|__pycache__|venv)$/;
const yaml = /\.(?:ya?ml)$/;
const kindOfFolder: ReadonlyMap<string, FileKind> = new Map([
  ['tasks', 'tasks'],
  ['handlers', 'handlers'],
  ['defaults', 'vars'],
  ['vars', 'vars'],
  ['group_vars', 'vars'],
  ['host_vars', 'vars'],
  ['meta', 'meta'],
  ['templates', 'template'],
]);

/** Every file below these paths that lint can look at. A path that names a file is looked at whatever it is called. */
export function projectFiles(disk: Disk, paths: readonly string[]): ProjectFiles {
  const files = new Map<string, ProjectFile>();
  const roles = new Set<string>();
  const take = (path: string, inside: FileKind) => {
    const kind = kindOf(path, inside);
    if (kind !== null) files.set(path, { path, kind });
  };
  const walk = (folder: string, inside: FileKind) => {
    const names = disk.list(folder);
    if (isRole(folder, names)) roles.add(folder);
    for (const name of names) {
      const path = folder === '.' ? name : join(folder, name);
      if (disk.kind(path) === 'file') take(path, inside);
      else if (!skippedFolders.test(name)) walk(path, kindOfFolder.get(name) ?? inside);
    }
  };
  for (const path of paths) {
    const parent = kindOfFolder.get(basename(dirname(path))) ?? 'unsure';
    if (disk.kind(path) === 'folder') walk(path, kindOfFolder.get(basename(path)) ?? 'unsure');
    else files.set(path, { path, kind: kindOf(path, parent) ?? 'unsure' });
  }
  return { files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), roles: [...roles].sort() };
}

function kindOf(path: string, inside: FileKind): FileKind | null {
  if (path.endsWith('.hbs')) return 'template';
  if (inside === 'template' || basename(path).startsWith('.')) return null;
  if (yaml.test(path)) return inside;
  // Files of variables may have no ending.
  return inside === 'vars' && !basename(path).includes('.') ? 'vars' : null;
}

/** A folder with tasks, and with something else that only roles have or a place only roles stand in. */
function isRole(folder: string, names: readonly string[]): boolean {
  const has = (name: string) => names.includes(name);
  if (basename(dirname(folder)) === 'roles') return has('tasks') || has('meta') || has('defaults');
  return has('tasks') && (has('meta') || has('defaults') || has('handlers'));
}
