import { dirname, join } from 'node:path';
import { failure, type Result, success } from '../core/diagnostic.ts';
import { fileSpan, type Span } from '../core/source.ts';
import type { DocNode, MapNode } from '../document/node.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import type { PlayAst, StepAst } from './ast.ts';
import { parseSteps } from './parse-task.ts';
import {
  describe,
  type ImportRequest,
  listOf,
  type ModuleNames,
  type Reader,
  report,
  splitKeywords,
  unknownKey,
} from './reader.ts';

/** What loading needs from outside: the modules' names, and a way to read files (their text, or why not). */
export interface LoadContext {
  readonly modules: ModuleNames;
  readonly readFile: (path: string) => Result<string>;
}

/** Reads a playbook with all that it imports. Every problem of every file is reported at once. */
export function loadPlaybook(path: string, context: LoadContext): Result<readonly PlayAst[]> {
  const loader = new PlaybookLoader(context);
  const plays = loader.plays(path, fileSpan(path));
  if (loader.problems.some((problem) => problem.severity === 'error')) return failure(loader.problems);
  return success(plays, loader.problems);
}

/** Holds the chain of files that are being read, so that an import cycle ends in a message. */
class PlaybookLoader implements Reader {
  readonly problems: Reader['problems'] = [];
  readonly modules: ModuleNames;
  readonly #readFile: LoadContext['readFile'];
  readonly #open: string[] = [];

  constructor(context: LoadContext) {
    this.modules = context.modules;
    this.#readFile = context.readFile;
  }

  plays(path: string, from: Span): readonly PlayAst[] {
    const document = this.#document(path, from);
    if (document === null) return [];
    if (document.kind !== 'list') {
      report(this, {
        code: 'HAPB2011',
        message: `a playbook is a list of plays, found ${describe(document)}`,
        span: document.span,
        hint: 'Begin with "- hosts: …" on the first line.',
      });
      return [];
    }
    this.#open.push(path);
    const plays = document.items.flatMap((item) => this.#play(item, path));
    this.#open.pop();
    return plays;
  }

  importTasks(request: ImportRequest): readonly StepAst[] {
    const path = join(dirname(request.from), request.path);
    const document = this.#document(path, request.span);
    if (document === null) return [];
    if (document.kind !== 'list') {
      report(this, {
        code: 'HAPB2003',
        message: `a task file is a list of tasks, found ${describe(document)}`,
        span: document.span,
        hint: 'Begin each task with "- name: …"; plays belong into a playbook.',
      });
      return [];
    }
    this.#open.push(path);
    const steps = parseSteps(this, document.items, { file: path, place: request.place });
    this.#open.pop();
    return steps;
  }

  /** The file's content; `null` when it is empty or could not be read, which is then reported. */
  #document(path: string, from: Span): DocNode | null {
    if (this.#open.includes(path)) {
      report(this, {
        code: 'HAPB2012',
        message: `${path} imports itself: ${[...this.#open.slice(this.#open.indexOf(path)), path].join(' → ')}`,
        span: from,
        hint: 'Remove one of the imports.',
      });
      return null;
    }
    const text = this.#readFile(path);
    if (!text.ok) {
      const imported = from.file !== path;
      this.problems.push(
        ...text.diagnostics.map((problem) => (imported ? { ...problem, span: from } : problem)),
      );
      return null;
    }
    const parsed = parseYaml(text.value, path);
    if (!parsed.ok) {
      this.problems.push(...parsed.diagnostics);
      return null;
    }
    this.problems.push(...parsed.warnings);
    return parsed.value;
  }

  #play(node: DocNode, file: string): readonly PlayAst[] {
    if (node.kind !== 'map') {
      report(this, {
        code: 'HAPB2011',
        message: `a play is a mapping, found ${describe(node)}`,
        span: node.span,
        hint: 'Write "- hosts: …" and below it "tasks:".',
      });
      return [];
    }
    const imported = node.entries.find((entry) => /^(ansible\.builtin\.)?import_playbook$/.test(entry.key));
    if (imported !== undefined) return this.#importPlaybook(node, imported.value, file);
    const { known, others } = splitKeywords(this, node, 'play');
    for (const entry of others) unknownKey(this, entry, 'play');
    if (!known.has('hosts')) {
      report(this, {
        code: 'HAPB2013',
        message: 'this play does not say on which hosts it runs',
        span: node.span,
        hint: 'Add "hosts: all", or the name of a group or host of the inventory.',
      });
    }
    const steps = (key: string, place: 'task' | 'handler'): readonly StepAst[] =>
      parseSteps(this, listOf(this, known.get(key)), { file, place });
    return [
      {
        span: node.span,
        file,
        keywords: known,
        preTasks: steps('pre_tasks', 'task'),
        tasks: steps('tasks', 'task'),
        postTasks: steps('post_tasks', 'task'),
        handlers: steps('handlers', 'handler'),
      },
    ];
  }

  #importPlaybook(node: MapNode, value: DocNode, file: string): readonly PlayAst[] {
    for (const entry of node.entries) {
      if (entry.value === value || entry.key === 'name') continue;
      report(this, {
        code: 'HAPB2002',
        message: `"${entry.key}" is not supported on import_playbook`,
        span: entry.span,
        hint: 'Write it into the plays of the imported playbook.',
      });
    }
    if (value.kind === 'scalar' && typeof value.value === 'string' && !value.value.includes('{{')) {
      return this.plays(join(dirname(file), value.value), value.span);
    }
    report(this, {
      code: 'HAPB2009',
      message: 'import_playbook needs the name of a file, without variables',
      span: value.span,
      hint: 'Imports are read before anything connects; write the path itself.',
    });
    return [];
  }
}
