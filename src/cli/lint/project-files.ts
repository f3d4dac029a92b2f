import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
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
  /** What a file or folder is called here of which `path` is a name that goes through a link. */
  readonly nameOf: (path: string) => string;
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

/**
 * Every file below these paths that lint can look at. A path that names a file is looked at whatever it is called. What a
 * symbolic link leads to is looked at once, by its own name where it has one below these paths.
 */
export function projectFiles(disk: Disk, paths: readonly string[]): ProjectFiles {
  const files = new Map<string, ProjectFile>();
  const roles = new Set<string>();
  const links: Link[] = [];
  const linked = new Set<string>();
  /** Folders that were looked into, by their real paths. */
  const folders = new Map<string, string>();
  const walked = new Set<string>();
  const take = (path: string, inside: FileKind) => {
    const kind = kindOf(path, inside);
    if (kind !== null) files.set(path, { path, kind });
  };
  const walk = (folder: string, real: string, inside: FileKind) => {
    if (folders.has(real)) return;
    folders.set(real, folder);
    walked.add(folder);
    const entries = readdirSync(folder, { withFileTypes: true });
    if (isRole(folder, new Set(entries.map(({ name }) => name)))) roles.add(folder);
    for (const entry of entries) {
      const { name } = entry;
      const path = folder === '.' ? name : join(folder, name);
      if (entry.isSymbolicLink()) {
        links.push({ path, name, inside });
        linked.add(path);
      } else if (!entry.isDirectory()) take(path, inside);
      else if (!skippedFolders.test(name)) walk(path, join(real, name), kindOfFolder.get(name) ?? inside);
    }
  };
  for (const path of paths) {
    const parent = kindOfFolder.get(basename(dirname(path))) ?? 'unsure';
    if (disk.kind(path) === 'folder')
      walk(path, realpathSync(path), kindOfFolder.get(basename(path)) ?? 'unsure');
    else files.set(path, { path, kind: kindOf(path, parent) ?? 'unsure' });
  }
  const realName = ownNames(folders);
  // What is no link in a folder by its own name has its own name.
  const nameOf = (path: string): string =>
    walked.has(dirname(path)) && !linked.has(path) ? path : realName(path);
  // A list that grows is walked to its end.
  for (const { path, name, inside } of links) {
    const kind = disk.kind(path);
    if (kind === 'file' && files.get(nameOf(path))?.kind !== kindOf(path, inside)) take(path, inside);
    else if (kind === 'folder' && !skippedFolders.test(name))
      walk(path, realpathSync(path), kindOfFolder.get(name) ?? inside);
  }
  return {
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    roles: [...roles].sort(),
    nameOf: links.length === 0 ? (path) => path : nameOf,
  };
}

interface Link {
  readonly path: string;
  readonly name: string;
  readonly inside: FileKind;
}

function ownNames(folders: ReadonlyMap<string, string>): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const earlier = known.get(path);
    if (earlier !== undefined) return earlier;
    const real = realPath(path);
    const parent = folders.get(dirname(real));
    const own = folders.get(real) ?? (parent === undefined ? path : join(parent, basename(real)));
    const name = real === resolve(path) ? path : own;
    known.set(path, name);
    return name;
  };
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

function kindOf(path: string, inside: FileKind): FileKind | null {
  if (path.endsWith('.hbs')) return 'template';
  if (inside === 'template' || basename(path).startsWith('.')) return null;
  if (yaml.test(path)) return inside;
  // Files of variables may have no ending.
  return inside === 'vars' && !basename(path).includes('.') ? 'vars' : null;
}

/** A folder with tasks, and with something else that only roles have or a place only roles stand in. */
function isRole(folder: string, names: ReadonlySet<string>): boolean {
  const has = (name: string) => names.has(name);
  if (basename(dirname(folder)) === 'roles') return has('tasks') || has('meta') || has('defaults');
  return has('tasks') && (has('meta') || has('defaults') || has('handlers'));
}
