import type { DocNode, MapEntry, MapNode, ScalarNode } from '../document/node.ts';
import type { ActionAst, BarrierAst, BlockAst, Keywords, StepAst, TaskAst } from './ast.ts';
import { firstWord, parseKeyValues } from './key-value.ts';
import { refusedActions } from './keywords.ts';
import { moduleName } from './module-name.ts';
import { isInclude, parseInclude } from './parse-include.ts';
import {
  describe,
  listOf,
  type Reader,
  refusedKeyword,
  report,
  splitKeywords,
  unknownKey,
} from './reader.ts';

const sections: ReadonlySet<string> = new Set(['block', 'rescue', 'always']);

/** Actions that shape the tree itself, with the argument that a lone text means (`null`: named arguments only). */
const structural: ReadonlyMap<string, string | null> = new Map([
  ['import_tasks', 'file'],
  ['import_role', null],
]);

/** Where a list of tasks stands: in which file, and whether its items are handlers. */
export interface StepPlace {
  readonly file: string;
  readonly place: 'task' | 'handler';
}

/** Reads a list of tasks. */
export function parseSteps(reader: Reader, nodes: readonly DocNode[], at: StepPlace): readonly StepAst[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'map') return parseStep(reader, node, at) ?? [];
    report(reader, {
      code: 'HAPB2003',
      message: `a task needs a mapping, found ${describe(node)}`,
      span: node.span,
      hint: 'Write "- name: …" and the module on the next line, indented like "name".',
    });
    return [];
  });
}

function parseStep(reader: Reader, node: MapNode, at: StepPlace): StepAst | null {
  if (node.entries.some((entry) => sections.has(entry.key))) return parseBlock(reader, node, at);
  const { known, others } = splitKeywords(reader, node, at.place);
  const action = findAction(reader, { node, others, at });
  if (action === null) return null;
  switch (action.name) {
    case 'barrier':
      return parseBarrier(reader, action, known);
    default: {
      const whole = withArgs(reader, action, known);
      const parts = isInclude(action.name)
        ? parseInclude(reader, whole, known)
        : { action: whole, apply: new Map() };
      const task: TaskAst = { kind: 'task', span: node.span, file: at.file, keywords: known, ...parts };
      return task;
    }
  }
}

function parseBlock(reader: Reader, node: MapNode, at: StepPlace): BlockAst {
  const inner = node.entries.filter((entry) => sections.has(entry.key));
  const rest: MapNode = { ...node, entries: node.entries.filter((entry) => !sections.has(entry.key)) };
  const { known, others } = splitKeywords(reader, rest, 'block');
  for (const entry of others) unknownKey(reader, entry, 'block');
  const steps = (key: string): readonly StepAst[] =>
    parseSteps(
      reader,
      listOf(
        reader,
        inner.find((entry) => entry.key === key),
      ),
      at,
    );
  if (!inner.some((entry) => entry.key === 'block')) {
    report(reader, {
      code: 'HAPB2005',
      message: `"${inner[0]?.key ?? 'rescue'}" has no "block" that it belongs to`,
      span: node.span,
      hint: 'Put the tasks to try under "block:" in the same list item.',
    });
  }
  return {
    kind: 'block',
    span: node.span,
    keywords: known,
    body: steps('block'),
    rescue: steps('rescue'),
    always: steps('always'),
  };
}

interface Found {
  readonly node: MapNode;
  readonly others: readonly MapEntry[];
  readonly at: StepPlace;
}

/** The one key of a task that names a module; none, several or an unknown one is an error. */
function findAction(reader: Reader, { node, others, at }: Found): ActionAst | null {
  const candidates = others.filter((entry) => isAction(reader, entry.key));
  for (const entry of others) {
    if (candidates.includes(entry)) continue;
    const reason = refusedActions[moduleName(entry.key)];
    if (reason === undefined) unknownKey(reader, entry, at.place);
    else refusedKeyword(reader, entry, reason);
  }
  const [first, second] = candidates;
  if (second !== undefined) {
    report(reader, {
      code: 'HAPB2006',
      message: `a task runs one module; this one names "${first?.key ?? ''}" and "${second.key}"`,
      span: second.span,
      hint: 'Begin a new task with "- name: …" before the second module.',
    });
    return null;
  }
  if (first !== undefined)
    return first.key === 'action' ? actionWord(reader, first) : actionOf(reader, first);
  if (others.length === 0) {
    report(reader, {
      code: 'HAPB2007',
      message: 'this task names no module',
      span: node.span,
      hint: 'Add the module that does the work, for example "command: uptime"; `hapb modules` lists them.',
    });
  }
  return null;
}

function isAction(reader: Reader, key: string): boolean {
  const name = moduleName(key);
  return key === 'action' || name === 'barrier' || structural.has(name) || reader.modules.has(name);
}

function actionOf(reader: Reader, entry: MapEntry): ActionAst | null {
  const name = moduleName(entry.key);
  const { value } = entry;
  switch (value.kind) {
    case 'map':
      return { name, span: entry.span, args: value, freeForm: null };
    case 'scalar':
      return { name, span: entry.span, args: null, freeForm: value.value === null ? null : value };
    case 'list':
      report(reader, {
        code: 'HAPB2003',
        message: `"${entry.key}" needs named arguments, found a list`,
        span: value.span,
        hint: `Write "NAME: VALUE" lines below "${entry.key}:", without "- ".`,
      });
      return null;
  }
}

/** `action: copy src=a dest=b`, or `action: {module: copy, …}`. */
function actionWord(reader: Reader, entry: MapEntry): ActionAst | null {
  const { value } = entry;
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    const { word, rest } = firstWord(value);
    const name = moduleName(String(word.value));
    if (reader.modules.has(name)) return { name, span: word.span, args: null, freeForm: rest };
    unknownKey(reader, { key: String(word.value), span: word.span, value }, 'task');
    return null;
  }
  const module = value.kind === 'map' ? value.entries.find((item) => item.key === 'module') : undefined;
  if (value.kind === 'map' && module?.value.kind === 'scalar') {
    const args: MapNode = { ...value, entries: value.entries.filter((item) => item !== module) };
    return { name: moduleName(String(module.value.value)), span: module.value.span, args, freeForm: null };
  }
  report(reader, {
    code: 'HAPB2003',
    message: `"action" needs a module and its arguments, found ${describe(value)}`,
    span: value.span,
    hint: 'Write the module itself as the key: "copy: …".',
  });
  return null;
}

/** Turns `k=v` text into named arguments where the module has no free form, and merges `args:`. */
function withArgs(reader: Reader, action: ActionAst, known: Keywords): ActionAst {
  let { args, freeForm } = action;
  const loneText = structural.get(action.name) ?? reader.modules.freeForm(action.name);
  if (freeForm !== null && loneText === null) {
    const parsed = isLoneMustache(freeForm) ? null : parseKeyValues(freeForm, action.name);
    if (parsed === null || !parsed.ok) {
      if (parsed !== null) reader.problems.push(...parsed.diagnostics);
      else {
        report(reader, {
          code: 'HAPB2010',
          message: `${action.name} takes named arguments, not one expression`,
          span: freeForm.span,
          hint: `Write each argument on its own line below "${action.name}:".`,
        });
      }
      return { ...action, args: null, freeForm: null };
    }
    args = parsed.value;
    freeForm = null;
  }
  const more = known.get('args')?.value;
  if (more !== undefined && more.kind === 'map') {
    args = {
      kind: 'map',
      span: args?.span ?? more.span,
      entries: [...(args?.entries ?? []), ...more.entries],
    };
  }
  return { ...action, args, freeForm };
}

function isLoneMustache(scalar: ScalarNode): boolean {
  return /^\s*\{\{.*\}\}\s*$/s.test(String(scalar.value)) && !/^\w+=/.test(String(scalar.value));
}

function parseBarrier(reader: Reader, action: ActionAst, known: Keywords): BarrierAst | null {
  for (const [key, entry] of known) {
    if (key !== 'tags' && key !== 'name') {
      report(reader, {
        code: 'HAPB2004',
        message: `"${key}" cannot stand on a barrier`,
        span: entry.span,
        hint: 'A barrier holds for every host; put it under a block if only its tags matter.',
      });
    }
  }
  if (typeof action.freeForm?.value === 'string') {
    return { kind: 'barrier', span: action.span, name: action.freeForm.value, keywords: known };
  }
  report(reader, {
    code: 'HAPB2008',
    message: 'a barrier needs a name',
    span: action.span,
    hint: 'Say what is true behind it: "- barrier: Every node is prepared".',
  });
  return null;
}
