import { dirname, join } from 'node:path';
import { type Diagnostic, distinct, error, warning } from '../../core/diagnostic.ts';
import type { DocNode } from '../../document/node.ts';
import { moduleLibrary } from '../../modules/custom/library.ts';
import { namesSetBy } from '../../plan/undefined.ts';
import { moduleName } from '../../playbook/module-name.ts';
import { compileText } from '../../template/compile-text.ts';
import { entriesOf } from '../../variables/entries.ts';
import { parseExtraVars } from '../../variables/extra-vars.ts';
import type { Layer } from '../../variables/layer.ts';
import { inOrder, knownNames } from '../load-run.ts';
import { moduleFolders } from '../module-folders.ts';
import { roleFolders } from '../role-folders.ts';
import { blindTools, createDocuments, type Documents } from './documents.ts';
import { checkPlaybooks } from './playbooks.ts';
import { type FileKind, type ProjectFile, projectFiles } from './project-files.ts';
import { lintWords } from './words.ts';

/** What to look at, and with which inventory. */
export interface LintRequest {
  readonly paths: readonly string[];
  readonly inventories: readonly string[];
  readonly extraVars: readonly string[];
  readonly rolesPath: readonly string[] | null;
  readonly modulePaths: readonly string[];
}

/** What was found, in the order of the files. */
export interface Linted {
  readonly files: number;
  readonly problems: readonly Diagnostic[];
}

/** Checks a project as a load would, and more; connects to nothing and needs no vault password. */
export function lint(request: LintRequest): Linted {
  const documents = createDocuments();
  const { tools, locked } = blindTools();
  const problems: Diagnostic[] = [];
  const { files: found, roles, nameOf } = projectFiles(documents.disk, request.paths);
  const files = found.flatMap((file) => classified(file, documents));
  const playbooks = files.filter(({ kind }) => kind === 'playbook').map(({ path }) => path);
  const folders = [
    ...new Set([
      ...playbooks.map((path) => dirname(path)),
      ...request.paths.filter((path) => documents.disk.kind(path) === 'folder'),
    ]),
  ];
  const modules = moduleLibrary(moduleFolders(request.modulePaths, folders));
  const extraVars = parseExtraVars(request.extraVars, tools);
  if (!extraVars.ok) return { files: 0, problems: extraVars.diagnostics };

  const variables = checkVariables(files, documents, tools.decryptScalar);
  problems.push(...variables.problems);
  const check = checkPlaybooks({
    documents,
    library: modules,
    tools,
    rolesPath: [...folders.map((folder) => join(folder, 'roles')), ...roleFolders(request.rolesPath)],
    inventories: request.inventories,
    extraVars: extraVars.value,
    groupNames: variables.groupNames,
    nameOf,
  });
  check.playbooks(playbooks);
  for (const folder of roles) if (!isUsed(folder, files, documents)) check.role(folder);
  for (const { path, kind } of files) {
    if ((kind === 'tasks' || kind === 'handlers') && !documents.wasUsed(path)) check.tasks(path, kind);
  }
  problems.push(...check.problems, ...modules.problems());

  const known = namesOf(check.plans, { groupNames: variables.groupNames, extraVars: extraVars.value });
  for (const file of files) {
    if (file.kind === 'template')
      problems.push(...checkTemplate(file.path, documents, locked() ? null : known));
    else problems.push(...checkWords(file.path, documents, modules.names));
  }
  return { files: files.length, problems: inOrder(distinct(problems)) };
}

/** A file that lint looks at, and as what. */
interface Classified {
  readonly path: string;
  readonly kind: Exclude<FileKind, 'unsure'> | 'playbook';
}

/** A file whose place does not tell what it is for is a playbook, tasks, or none of lint's business. */
function classified({ path, kind }: ProjectFile, documents: Documents): readonly Classified[] {
  if (kind !== 'unsure') return [{ path, kind }];
  const read = documents.read(path);
  if (!read.ok) {
    const text = documents.text(path);
    const like = !text.ok || /^[ -] *(?:hosts|import_playbook|tasks|roles):/m.test(text.value);
    return like ? [{ path, kind: 'playbook' }] : [];
  }
  const items = read.value?.kind === 'list' ? read.value.items : [];
  const keys = items.map((item) => (item.kind === 'map' ? item.entries.map(({ key }) => key) : []));
  if (
    keys.some((names) => names.some((key) => /^(?:hosts|(?:ansible\.builtin\.)?import_playbook)$/.test(key)))
  )
    return [{ path, kind: 'playbook' }];
  return keys.length > 0 && keys.every(looksLikeTask) ? [{ path, kind: 'tasks' }] : [];
}

function looksLikeTask(keys: readonly string[]): boolean {
  return keys.some(
    (key) =>
      /^(?:block|action|when|register|\w+\.\w+\.\w+)$/.test(key) ||
      /^(?:command|shell|copy|template|file|debug|set_fact|assert|import_tasks|include_tasks|package|apt)$/.test(
        moduleName(key),
      ),
  );
}

function isUsed(role: string, files: readonly Classified[], documents: Documents): boolean {
  const own = files.filter(({ path }) => path.startsWith(`${role}/`));
  // One whose files are those of another role, by links, has nothing of its own to check.
  return own.length === 0 || own.some(({ path }) => documents.wasUsed(path));
}

interface Variables {
  readonly problems: readonly Diagnostic[];
  /** What group_vars and host_vars set. */
  readonly groupNames: ReadonlySet<string>;
}

function checkVariables(
  files: readonly Classified[],
  documents: Documents,
  decrypt: Parameters<typeof entriesOf>[1],
): Variables {
  const problems: Diagnostic[] = [];
  const groupNames = new Set<string>();
  for (const { path, kind } of files) {
    if (kind !== 'vars') continue;
    const read = documents.read(path);
    const node: DocNode | null = read.ok ? read.value : null;
    if (!read.ok) problems.push(...read.diagnostics);
    else if (node?.kind === 'map') {
      problems.push(...entriesOf(node, decrypt).problems);
      if (/(?:^|\/)(?:group|host)_vars\//.test(path)) for (const { key } of node.entries) groupNames.add(key);
    } else if (node !== null) {
      problems.push(
        error({
          code: 'HAPB3004',
          message: `${path} must hold a map of names to values, not ${node.kind === 'list' ? 'a list' : 'a text'}`,
          hint: 'Write one `name: value` a line, without a dash in front.',
          span: node.span,
        }),
      );
    }
  }
  return { problems, groupNames };
}

/** Every name that a template of the project may use; `null` where that cannot be known. */
function namesOf(
  plans: Parameters<typeof namesSetBy>[0][],
  { groupNames, extraVars }: { readonly groupNames: ReadonlySet<string>; readonly extraVars: Layer },
): ReadonlySet<string> | null {
  const names = new Set([...knownNames([extraVars]), ...groupNames]);
  for (const plan of plans) {
    const own = namesSetBy(plan);
    if (own === null) return null;
    for (const name of own) names.add(name);
  }
  return names;
}

function checkTemplate(
  path: string,
  documents: Documents,
  known: ReadonlySet<string> | null,
): readonly Diagnostic[] {
  const text = documents.text(path);
  if (!text.ok) return text.diagnostics;
  const compiled = compileText(text.value, path);
  if (!compiled.ok) return compiled.diagnostics;
  if (known === null) return compiled.warnings;
  const strangers = compiled.value.references.filter(
    ({ name, guarded }) =>
      !guarded && !known.has(name) && !name.startsWith('ansible_') && !/^(?:item|this|@)/.test(name),
  );
  return [
    ...compiled.warnings,
    ...strangers.map(({ name, span }) =>
      warning({
        code: 'HAPB2030',
        message: `"${name}" is not defined in any file that was looked at`,
        hint: 'Set it where the template is used, or allow for its absence: x | default(…). With -i the variables of an inventory count too.',
        span,
      }),
    ),
  ];
}

function checkWords(
  path: string,
  documents: Documents,
  modules: Parameters<typeof lintWords>[1]['modules'],
): readonly Diagnostic[] {
  const text = documents.text(path);
  const read = documents.read(path);
  if (!text.ok || !read.ok) return read.ok ? [] : read.diagnostics;
  return read.value === null ? [] : lintWords(read.value, { text: text.value, modules });
}
