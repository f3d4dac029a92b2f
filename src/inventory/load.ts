import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import { fileSpan } from '../core/source.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import { readSource } from '../document/read-file.ts';
import { plainTools, type VarsTools } from '../variables/vars-file.ts';
import { isVaultText } from '../vault/envelope.ts';
import { addHosts, groupIn, type InventoryBuilder, startInventory } from './builder.ts';
import { warnOfSharedNames } from './finish.ts';
import { growingInventory } from './growing.ts';
import type { Inventory } from './inventory.ts';
import { readIniSource } from './read-ini-source.ts';
import { readScriptSource } from './read-script-source.ts';
import { readYamlSource } from './read-yaml-source.ts';
import { readFolderVars } from './vars-folders.ts';

/** What loading an inventory needs besides its sources. */
export interface InventoryOptions {
  /** Folders of the playbooks; their group_vars/ and host_vars/ count too. */
  readonly playbookFolders?: readonly string[];
  /** Opens vault texts; absent: no password is known. */
  readonly tools?: VarsTools;
}

/**
 * Loads every `-i` in order and merges them, later ones winning: a YAML, JSON or INI file, an executable, a folder of
 * these, or a list of hosts with a comma (`web1,web2,`). Fails with all problems of all sources (HAPB31xx).
 */
export function loadInventory(sources: readonly string[], options: InventoryOptions = {}): Result<Inventory> {
  const tools = options.tools ?? plainTools;
  const builder = startInventory(tools.decryptScalar);
  const folders: string[] = [];
  let file: string | null = null;
  for (const source of sources) {
    if (source.includes(',') && !existsSync(source)) {
      readHostList(builder, source);
      continue;
    }
    const stats = statSync(source, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) readFolder(builder, source, tools);
    else readFile(builder, source, tools);
    folders.push(stats?.isDirectory() === true ? source : dirname(source));
    if (stats?.isFile() === true) file = resolve(source);
  }
  const folderVars = readFolderVars({
    inventoryFolders: folders,
    playbookFolders: options.playbookFolders ?? [],
    groups: new Set(['all', 'ungrouped', ...builder.groups.keys()]),
    hosts: new Set([...builder.hosts.keys(), 'localhost']),
    tools,
    problems: builder.problems,
  });
  const frame = { sources, folder: resolve(folders[folders.length - 1] ?? '.'), file, folderVars };
  const inventory = growingInventory(builder, frame);
  warnOfSharedNames(builder);
  if (builder.hosts.size === 0 && sources.length > 0 && !builder.problems.some(isError)) {
    builder.problems.push(emptyInventory(sources));
  }
  return builder.problems.some(isError) ? failure(builder.problems) : success(inventory, builder.problems);
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function emptyInventory(sources: readonly string[]): Diagnostic {
  return error({
    code: 'HAPB3115',
    message: `there is no host in ${sources.join(', ')}`,
    hint: 'Write\nall:\n  hosts:\n    node1:\n      ansible_host: 192.0.2.1',
    span: fileSpan(sources[0] ?? '-i'),
  });
}

function readHostList(builder: InventoryBuilder, source: string): void {
  const span = fileSpan(`-i ${source}`);
  const group = groupIn(builder, 'ungrouped', span);
  // A comma inside brackets cannot occur in a range, so every comma separates.
  for (const pattern of source.split(',')) {
    if (pattern.trim() !== '') addHosts(builder, group, { pattern: pattern.trim(), span });
  }
}

/** Names in an inventory folder that are something else. */
const ignoredExtensions = /(?:~|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry))$/;

function readFolder(builder: InventoryBuilder, folder: string, tools: VarsTools): void {
  const entries = readdirSync(folder).sort();
  const used = entries.filter(
    (entry) =>
      !entry.startsWith('.') &&
      !ignoredExtensions.test(entry) &&
      !['group_vars', 'host_vars', 'vars_plugins'].includes(entry),
  );
  for (const entry of used) {
    const path = join(folder, entry);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) readFolder(builder, path, tools);
    else readFile(builder, path, tools);
  }
}

function readFile(inventory: InventoryBuilder, path: string, tools: VarsTools): void {
  if (isScript(path)) {
    readScriptSource(inventory, path);
    return;
  }
  const read = readSource(path, { what: 'an inventory', insteadOfFolder: 'Name a file inside it.' });
  const text = read.ok ? tools.decryptText(read.value, path) : read;
  if (!text.ok) {
    inventory.problems.push(...text.diagnostics.map(withInventoryHint));
    return;
  }
  const builder: InventoryBuilder =
    read.ok && isVaultText(read.value) ? { ...inventory, texts: 'secret' } : inventory;
  if (!isYaml(path, text.value)) {
    if (extname(path) === '.toml') builder.problems.push(unsupportedToml(path));
    else readIniSource(builder, text.value, path);
    return;
  }
  const parsed = parseYaml(text.value, path);
  if (!parsed.ok) builder.problems.push(...parsed.diagnostics);
  else if (parsed.value !== null) readYamlSource(builder, parsed.value);
}

function withInventoryHint(problem: Diagnostic): Diagnostic {
  if (problem.code !== 'HAPB1020') return problem;
  return {
    ...problem,
    hint: `${problem.hint} A list of hosts needs a comma: -i ${problem.span.file},`,
  };
}

function unsupportedToml(path: string): Diagnostic {
  return error({
    code: 'HAPB3116',
    message: `${path} is TOML, which is not read`,
    hint: `Convert it once: ansible-inventory -i ${path} --list --yaml > inventory.yml`,
    span: fileSpan(path),
  });
}

/** By its name; without an extension by the first line that says something. */
function isYaml(path: string, text: string): boolean {
  const extension = extname(path);
  if (['.yml', '.yaml', '.json'].includes(extension)) return true;
  if (extension !== '') return false;
  const first = /^(?![ \t]*(?:[#;].*)?\r?$).+$/m.exec(text)?.[0].trim() ?? '';
  return first === '---' || first.startsWith('{') || /^[\w"'.-]+:(?:\s|$)/.test(first);
}

/** Executable, and a script or a program by its first bytes: mounts that set every mode bit must not run text. */
function isScript(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || (stats.mode & 0o111) === 0) return false;
  const start = Buffer.alloc(4);
  try {
    const handle = openSync(path, 'r');
    try {
      readSync(handle, start, 0, 4, 0);
    } finally {
      closeSync(handle);
    }
  } catch {
    return false;
  }
  return start.toString('latin1', 0, 2) === '#!' || start.toString('latin1') === '\x7fELF';
}
