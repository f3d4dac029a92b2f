import { basename, isAbsolute, resolve } from 'node:path';
import {
  type Diagnostic,
  error,
  failure,
  type Judged,
  judged,
  type Result,
  whatThereIs,
} from '../core/diagnostic.ts';
import { joinPath } from '../core/join-path.ts';
import type { Span } from '../core/source.ts';
import type { DocNode, MapNode } from '../document/node.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import type { Layer } from '../variables/layer.ts';
import type { RoleAst, StepAst } from './ast.ts';
import { type Disk, filesNamed } from './disk.ts';
import { readDocument } from './document.ts';
import { parseRoleUses } from './parse-role.ts';
import { parseSteps, type StepPlace } from './parse-task.ts';
import { describe, listOf, type ModuleNames, type Reader, report } from './reader.ts';
import { readVarsFiles, type VarsFiles, type VarsRequest } from './vars-files.ts';

/** What loading needs from outside. */
export interface LoadContext {
  /** Modules by their names in playbooks. */
  readonly modules: ModuleNames;
  readonly disk: Disk;
  /** For names of imported playbooks; absent: there are none. */
  readonly extraVars?: Layer;
  /** How the text of a file becomes data; absent: as YAML, each time anew. */
  readonly parse?: typeof parseYaml;
  /** What a file or folder shall be called that was found by this name; absent: so. */
  readonly nameOf?: (path: string) => string;
}

/** The files besides playbooks, read when the plan needs them. */
export interface Project {
  /** Fails with HAPB2014 at `span` when none of the places has it. */
  tasks(request: TasksRequest): Result<TasksFile> | Judged<TasksFile>;
  /** Fails with HAPB2015 at `span` when there is no such role, HAPB2017 when it lacks a file that was asked for. */
  role(request: RoleRequest): Result<RoleAst> | Judged<RoleAst>;
  vars(request: VarsRequest): Result<VarsFiles>;
}

/** A file of tasks: its possible paths, nearest first, and who asks. */
export interface TasksRequest {
  readonly name: string;
  readonly candidates: readonly string[];
  readonly span: Span;
  readonly place: 'task' | 'handler';
  /** `perhaps`: a condition may keep all of them from running. */
  readonly runs: 'always' | 'perhaps';
}

/** A file of tasks that was found. */
export interface TasksFile {
  readonly path: string;
  readonly steps: readonly StepAst[];
}

/** Other files of a role than the main ones. `null`: the main one. */
export interface RoleFrom {
  readonly tasks: string | null;
  readonly vars: string | null;
  readonly defaults: string | null;
  readonly handlers: string | null;
}

/** The main files. */
export const mainFiles: RoleFrom = { tasks: null, vars: null, defaults: null, handlers: null };

/** A role by its name or path, the folders in which roles lie, and which of its files are wanted. */
export interface RoleRequest {
  readonly name: string;
  readonly folders: readonly string[];
  readonly from: RoleFrom;
  readonly span: Span;
}

/** Reads files of a project. Nothing is read before it is asked for, and nothing twice. */
export function openProject(context: LoadContext): Project {
  const roles = new Map<string, ReturnType<Project['role']>>();
  const files: Files = {
    nameOf: (path) => path,
    ...context,
    parse: parsedOnce(context.parse ?? parseYaml),
    read: new WeakMap(),
  };
  return {
    tasks: (request) => readTasks(files, request),
    vars: (request) => readVarsFiles(files, { ...request, candidates: request.candidates.map(files.nameOf) }),
    role: (request) => {
      const key = JSON.stringify([request.name, request.folders, request.from]);
      const known = roles.get(key) ?? readRole(files, request);
      // What could not be read is told at each place that asks for it.
      if (known.ok || known.diagnostics.every(({ span }) => span !== request.span)) roles.set(key, known);
      return known;
    },
  };
}

type Files = LoadContext &
  Required<Pick<LoadContext, 'nameOf'>> & {
    /** Steps of documents that were read before, by what is asked of them, with their problems. */
    readonly read: WeakMap<DocNode, Map<string, Reading>>;
  };

interface Reading {
  readonly steps: readonly StepAst[];
  readonly problems: readonly Diagnostic[];
}

/** A file that has not changed is not parsed again. */
function parsedOnce(parse: typeof parseYaml): typeof parseYaml {
  const known = new Map<string, { readonly text: string; readonly result: ReturnType<typeof parseYaml> }>();
  return (text, file) => {
    const earlier = known.get(file);
    if (earlier?.text === text) return earlier.result;
    const result = parse(text, file);
    known.set(file, { text, result });
    return result;
  };
}

function readTasks(context: Files, request: TasksRequest): ReturnType<Project['tasks']> {
  const { name, candidates, span, place, runs } = request;
  const found = candidates.find((candidate) => context.disk.kind(candidate) === 'file');
  if (found === undefined) {
    return failure([
      error({
        code: 'HAPB2014',
        message: `there is no file of tasks "${name}"`,
        span,
        hint: 'Check the name, or put the file into one of these places.',
        details: candidates.join('\n'),
      }),
    ]);
  }
  const path = context.nameOf(found);
  const reader: Reader = { problems: [], modules: context.modules };
  const steps = stepsOf(context, reader, { path, from: span, place, runs });
  return finish(reader, { path, steps });
}

function finish<T>(reader: Reader, value: T): Judged<T> {
  return judged(value, reader.problems);
}

interface StepsFile {
  readonly path: string;
  readonly from: Span;
  readonly place: 'task' | 'handler';
  readonly runs: 'always' | 'perhaps';
}

function stepsOf(context: Files, reader: Reader, file: StepsFile): readonly StepAst[] {
  const { path, from, place, runs } = file;
  const document = take(reader, readDocument(context, path, { from }));
  if (document === null) return [];
  const known = context.read.get(document) ?? new Map<string, Reading>();
  context.read.set(document, known);
  const key = `${place} ${runs} ${path}`;
  const { steps, problems } = known.get(key) ?? readSteps(context, document, { file: path, place, runs });
  known.set(key, { steps, problems });
  reader.problems.push(...problems);
  return steps;
}

function readSteps({ modules }: LoadContext, document: DocNode, at: StepPlace): Reading {
  const reader: Reader = { problems: [], modules };
  if (document.kind === 'list')
    return { steps: parseSteps(reader, document.items, at), problems: reader.problems };
  report(reader, {
    code: 'HAPB2003',
    message: `a task file is a list of tasks, found ${describe(document)}`,
    span: document.span,
    hint: 'Begin each task with "- name: …"; plays belong into a playbook.',
  });
  return { steps: [], problems: reader.problems };
}

function take<T>(reader: Reader, result: Result<T> | Judged<T>): T | null {
  reader.problems.push(...(result.ok ? result.warnings : result.diagnostics));
  return whatThereIs(result);
}

function readRole(context: Files, request: RoleRequest): ReturnType<Project['role']> {
  const { disk } = context;
  const { name, folders, from, span } = request;
  const places = [...(isAbsolute(name) ? [] : folders.map((folder) => joinPath(folder, name))), name];
  const found = places.find((place) => disk.kind(place) === 'folder');
  if (found === undefined) return failure([noRole(request, places)]);
  const path = context.nameOf(found);
  const reader: Reader = { problems: [], modules: context.modules };
  const files = (folder: keyof RoleFrom, many: 'one' | 'many'): readonly string[] => {
    const wanted = from[folder];
    const found = filesNamed(disk, joinPath(path, folder), { name: wanted, many });
    if (found.length === 0 && wanted !== null) reader.problems.push(noRoleFile(request, path, folder));
    return found;
  };
  const steps = (folder: 'tasks' | 'handlers'): readonly StepAst[] =>
    files(folder, 'one').flatMap((file) =>
      stepsOf(context, reader, {
        path: context.nameOf(file),
        from: span,
        place: folder === 'tasks' ? 'task' : 'handler',
        runs: 'always',
      }),
    );
  const maps = (folder: 'vars' | 'defaults'): readonly MapNode[] =>
    files(folder, 'many').flatMap(
      (file) => mapOf(context, reader, { file: context.nameOf(file), span }) ?? [],
    );
  const meta = metaOf(context, reader, { path, span });
  return finish(reader, {
    // One that is found from the current folder is called by its last word, as in Ansible.
    name: isAbsolute(name) || found !== name ? name : basename(name),
    folder: path,
    tasks: steps('tasks'),
    handlers: steps('handlers'),
    vars: maps('vars'),
    defaults: maps('defaults'),
    ...meta,
  });
}

function mapOf(
  context: LoadContext,
  reader: Reader,
  { file, span }: { readonly file: string; readonly span: Span },
): MapNode | null {
  const node = take(reader, readDocument(context, file, { from: span }));
  if (node === null || node.kind === 'map') return node;
  report(reader, {
    code: 'HAPB2022',
    message: `${file} must hold a mapping of names to values`,
    span: node.span,
    hint: 'Write one "NAME: VALUE" a line, without "- " before it.',
  });
  return null;
}

/** What `meta/main.yml` says, and `meta/argument_specs.yml`, which counts instead of what `main` says of arguments. */
function metaOf(
  context: Files,
  reader: Reader,
  { path, span }: { readonly path: string; readonly span: Span },
): Pick<RoleAst, 'dependencies' | 'allowDuplicates' | 'specs'> {
  const read = (name: string | null): MapNode | null => {
    const [file] = filesNamed(context.disk, joinPath(path, 'meta'), { name, many: 'one' });
    return file === undefined ? null : mapOf(context, reader, { file: context.nameOf(file), span });
  };
  const main = read(null);
  const entry = (map: MapNode | null, key: string) => map?.entries.find((item) => item.key === key);
  const specs = entry(read('argument_specs') ?? main, 'argument_specs')?.value;
  const duplicates = entry(main, 'allow_duplicates')?.value;
  return {
    dependencies: parseRoleUses(reader, listOf(reader, entry(main, 'dependencies'))),
    allowDuplicates:
      duplicates?.kind === 'scalar' && /^(true|yes|on|1)$/i.test(String(duplicates.value)) ? 'yes' : 'no',
    specs: specs?.kind === 'map' ? specs : null,
  };
}

function noRole({ name, span }: RoleRequest, places: readonly string[]): Diagnostic {
  return error({
    code: 'HAPB2015',
    message: `there is no role "${name}"`,
    span,
    hint: 'Check the name, or put the role into one of these places; --roles-path names more of them.',
    details: distinctPlaces(places).join('\n'),
  });
}

/** A folder may be named in several ways, as `roles` where hapb was started. */
function distinctPlaces(places: readonly string[]): readonly string[] {
  const known = new Set<string>();
  return places.filter((place) => !known.has(resolve(place)) && known.add(resolve(place)));
}

function noRoleFile({ name, from, span }: RoleRequest, path: string, folder: keyof RoleFrom): Diagnostic {
  return error({
    code: 'HAPB2017',
    message: `the role "${name}" has no ${folder} file "${from[folder] ?? 'main'}"`,
    span,
    hint: `Check the name; the files lie in ${joinPath(path, folder)}.`,
  });
}
