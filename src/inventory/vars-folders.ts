import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { type Diagnostic, warning } from '../core/diagnostic.ts';
import { fileSpan } from '../core/source.ts';
import { suggest } from '../document/suggest.ts';
import type { Layer, VariableEntry } from '../variables/layer.ts';
import type { Level } from '../variables/precedence.ts';
import { readVarsFile, type VarsTools } from '../variables/vars-file.ts';

/** Variables from `group_vars/` and `host_vars/`. */
export interface FolderVars {
  /** Layers of these groups, folder by folder in the order in which sources were named. */
  groups(level: Level, names: readonly string[]): readonly Layer[];
  hosts(level: Level, name: string): readonly Layer[];
  /** Layers of names that are none of the groups and hosts of the search; problems in them are not told. */
  spare(): readonly Layer[];
}

/** Where to look, and what the names must be. */
export interface FolderSearch {
  readonly inventoryFolders: readonly string[];
  readonly playbookFolders: readonly string[];
  readonly groups: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly tools: VarsTools;
  readonly problems: Diagnostic[];
}

/**
 * Reads NAME, NAME.yml, NAME.yaml or NAME.json or the files in NAME/ for every known group and host, for others when they
 * are asked for. HAPB3113 warns of a file that a folder of its name hides, HAPB3114 of one whose name is nearly that of a
 * group or host.
 */
export function readFolderVars(search: FolderSearch): FolderVars {
  const cache = new Map<string, VarsFolder>();
  const read = (folder: string, kind: 'group_vars' | 'host_vars', level: Level): VarsFolder => {
    const key = `${level}\n${resolve(folder, kind)}`;
    const known =
      cache.get(key) ??
      readFolder(search, {
        path: join(folder, kind),
        level,
        names: kind === 'group_vars' ? search.groups : search.hosts,
      });
    cache.set(key, known);
    return known;
  };
  const playbookFolders = unique(search.playbookFolders);
  const inventoryFolders = unique(search.inventoryFolders);
  const foldersOf = (level: Level): readonly string[] =>
    level.startsWith('playbook') ? playbookFolders : inventoryFolders;
  const besideOf = (folder: string, level: Level): Pick<Layer, 'beside'> =>
    level.startsWith('playbook') && playbookFolders.length > 1 ? { beside: resolve(folder) } : {};
  // All is read now, so that problems come with the other problems of the inventory.
  for (const level of ['inventory group_vars/*', 'playbook group_vars/*'] as const) {
    for (const folder of foldersOf(level)) read(folder, 'group_vars', level);
  }
  for (const level of ['inventory host_vars/*', 'playbook host_vars/*'] as const) {
    for (const folder of foldersOf(level)) read(folder, 'host_vars', level);
  }
  const groupLevel = (level: Level): Level =>
    level.startsWith('playbook') ? 'playbook group_vars/*' : 'inventory group_vars/*';
  return {
    groups: (level, names) =>
      foldersOf(level).flatMap((folder) => {
        const layers = read(folder, 'group_vars', groupLevel(level));
        return names.flatMap((name) =>
          layers.of(name).map((layer) => ({ ...layer, level, ...besideOf(folder, level) })),
        );
      }),
    hosts: (level, name) =>
      foldersOf(level).flatMap((folder) => {
        const layers = read(folder, 'host_vars', level).of(name);
        return layers.map((layer) => ({ ...layer, ...besideOf(folder, level) }));
      }),
    spare: () => [...cache.values()].flatMap((folder) => folder.spare()),
  };
}

interface FolderToRead {
  readonly path: string;
  readonly level: Level;
  readonly names: ReadonlySet<string>;
}

const extensions = ['', '.yml', '.yaml', '.json'];

/** One folder of variables by the names of groups or hosts. */
interface VarsFolder {
  of(name: string): readonly Layer[];
  spare(): readonly Layer[];
}

function readFolder(search: FolderSearch, { path, level, names }: FolderToRead): VarsFolder {
  const { problems } = search;
  const found = new Map<string, readonly Layer[]>();
  const others = new Map<string, readonly string[]>();
  for (const { name, files, hidden } of namesIn(path)) {
    if (names.has(name)) {
      for (const file of hidden) problems.push(hiddenFile(file, name));
      found.set(name, readFiles(search, level, files));
      continue;
    }
    const meant = suggest(name, names);
    if (meant !== null && name.length > 3) problems.push(stray(files[0] ?? path, name, meant));
    others.set(name, files);
  }
  return {
    of(name) {
      const files = others.get(name);
      const known = found.get(name) ?? (files === undefined ? [] : readFiles(search, level, files));
      found.set(name, known);
      return known;
    },
    spare: () => readFiles({ ...search, problems: [] }, level, [...others.values()].flat()),
  };
}

function readFiles(
  { tools, problems }: FolderSearch,
  level: Level,
  files: readonly string[],
): readonly Layer[] {
  return files.flatMap((file) => {
    const entries = readVarsFile(file, tools);
    if (!entries.ok) {
      problems.push(
        ...entries.diagnostics.filter((problem) => !problems.some((known) => sameProblem(known, problem))),
      );
      return [];
    }
    return entries.value.size === 0 ? [] : [layerOf(level, file, entries.value)];
  });
}

function layerOf(level: Level, source: string, entries: ReadonlyMap<string, VariableEntry>): Layer {
  return { level, source, entries };
}

interface NamedFiles {
  readonly name: string;
  readonly files: readonly string[];
  /** Files of the same name that are not read. */
  readonly hidden: readonly string[];
}

/** For each name the first of NAME/, NAME, NAME.yml, NAME.yaml and NAME.json that is there. */
function namesIn(folder: string): readonly NamedFiles[] {
  const byName = new Map<string, string[]>();
  for (const entry of list(folder)) {
    if (entry.startsWith('.') || entry.endsWith('~')) continue;
    const extension = extensions.includes(extname(entry)) ? extname(entry) : '';
    const name = basename(entry, extension);
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return [...byName].map(([name, entries]) => {
    const [first, ...others] = extensions
      .map((extension) => `${name}${extension}`)
      .filter((entry) => entries.includes(entry));
    const files = first === undefined ? [] : filesBelow(join(folder, first));
    return { name, files, hidden: others.map((entry) => join(folder, entry)) };
  });
}

/** A file itself, or every file of variables below a folder in sorted order. */
function filesBelow(path: string): readonly string[] {
  if (!isFolder(path)) return [path];
  return list(path).flatMap((entry) => {
    if (entry.startsWith('.') || entry.endsWith('~')) return [];
    const below = join(path, entry);
    // As Ansible has it, a folder below counts unless its name has an extension.
    const counts = isFolder(below) ? extname(entry) === '' : extensions.includes(extname(entry));
    return counts ? filesBelow(below) : [];
  });
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function unique(folders: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return folders.filter((folder) => !seen.has(resolve(folder)) && seen.add(resolve(folder)));
}

function sameProblem(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.span.file === b.span.file && a.span.start.offset === b.span.start.offset;
}

function hiddenFile(file: string, name: string): Diagnostic {
  return warning({
    code: 'HAPB3113',
    message: `${file} is not read, because there is also ${name} as a folder or file before it`,
    hint: `Move it into the folder ${name}/, or remove it.`,
    span: fileSpan(file),
  });
}

function stray(file: string, name: string, meant: string): Diagnostic {
  return warning({
    code: 'HAPB3114',
    message: `${file} is not read: nothing in the inventory is called ${name}`,
    hint: `Did you mean \`${meant}\`? Rename the file then.`,
    span: fileSpan(file),
  });
}
