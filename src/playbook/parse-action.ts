import type { DocNode, MapEntry, MapNode, ScalarNode } from '../document/node.ts';
import { orList } from '../document/schema-words.ts';
import type { ActionAst, Keywords } from './ast.ts';
import { foreignModule } from './foreign-module.ts';
import { argumentsAmongWords, firstWord, parseKeyValues } from './key-value.ts';
import { refusedActions } from './keywords.ts';
import { moduleName } from './module-name.ts';
import { describe, type Reader, refusedKeyword, report, unknownKey } from './reader.ts';

/** Actions that shape the tree itself, with the argument that a lone text means (`null`: named arguments only). */
const structural: ReadonlyMap<string, string | null> = new Map([
  ['import_tasks', 'file'],
  ['import_role', null],
]);

/** A task's keys that are no keywords. */
export interface ActionPlace {
  readonly node: MapNode;
  readonly others: readonly MapEntry[];
  readonly place: 'task' | 'handler';
  /** `perhaps`: a condition may keep the task from running. */
  readonly runs: 'always' | 'perhaps';
}

/** What a task does, and the keywords that its way of writing means. */
export interface FoundAction {
  readonly action: ActionAst;
  readonly keywords: Keywords;
  /** `yes`: the task's module is not here, and it fails instead. */
  readonly foreign: 'no' | 'yes';
}

/** The one key of a task that names a module; none, several or an unknown one is an error. */
export function findAction(reader: Reader, { node, others, place, runs }: ActionPlace): FoundAction | null {
  const candidates = others.filter((entry) => isAction(reader, entry.key));
  const [only] = candidates;
  const [other] = others;
  if (runs === 'perhaps' && other !== undefined && others.length === 1 && only === undefined) {
    const action = foreignModule(reader, other);
    if (action !== null) return { action, keywords: new Map(), foreign: 'yes' };
  }
  const strays = only === undefined || candidates.length > 1 ? [] : argumentsBeside(reader, only, others);
  for (const entry of others) {
    if (candidates.includes(entry) || strays.includes(entry)) continue;
    const reason = refusedActions[moduleName(entry.key)];
    if (reason === undefined) unknownKey(reader, entry, place);
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
  if (first === undefined) {
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
  const action = indirect.has(first.key)
    ? actionWord(reader, first, place)
    : actionOf(reader, first, first.value);
  if (action === null) return null;
  const args: MapNode | null =
    strays.length === 0
      ? action.args
      : { kind: 'map', span: first.span, entries: [...(action.args?.entries ?? []), ...strays] };
  const keywords: Keywords = first.key === 'local_action' ? delegatedToHere(first) : new Map();
  return { action: { ...action, args }, keywords, foreign: 'no' };
}

/** Keys whose value names the module. */
const indirect: ReadonlySet<string> = new Set(['action', 'local_action']);

/** `local_action` means `delegate_to: localhost`, even where another is named. */
function delegatedToHere({ span }: MapEntry): Keywords {
  const value: ScalarNode = { kind: 'scalar', span, value: 'localhost', tag: null, spanOf: () => span };
  return new Map([['delegate_to', { key: 'delegate_to', span, value }]]);
}

/** Keys beside a module that are arguments of it: they are not indented far enough. */
function argumentsBeside(reader: Reader, module: MapEntry, others: readonly MapEntry[]): readonly MapEntry[] {
  const known = reader.modules.arguments?.(moduleName(module.key)) ?? [];
  const strays = others.filter((entry) => entry !== module && known.includes(entry.key));
  const [first] = strays;
  if (first === undefined) return [];
  const names = orList(strays.map(({ key }) => `"${key}"`)).replace(' or ', ' and ');
  const [are, stand] = strays.length === 1 ? ['is an argument', 'stands'] : ['are arguments', 'stand'];
  report(reader, {
    code: 'HAPB2001',
    message: `${names} ${are} of ${module.key}, but ${stand} beside it`,
    span: first.span,
    hint: `Indent ${strays.length === 1 ? 'it' : 'them'} below "${module.key}:", by ${first.span.start.column + 1} spaces.`,
  });
  return strays;
}

/** Whether a key of a task names what it does. */
export function isAction(reader: Reader, key: string): boolean {
  const name = moduleName(key);
  return indirect.has(key) || name === 'barrier' || structural.has(name) || reader.modules.has(name);
}

function actionOf(
  reader: Reader,
  { key, span }: Pick<MapEntry, 'key' | 'span'>,
  value: DocNode | null,
): ActionAst | null {
  const bare = { name: moduleName(key), written: key, span, args: null, freeForm: null, whole: [] };
  switch (value?.kind) {
    case undefined:
      return bare;
    case 'map':
      return { ...bare, args: value };
    case 'scalar':
      return { ...bare, freeForm: value.value === null ? null : value };
    case 'list':
      report(reader, {
        code: 'HAPB2003',
        message: `"${key}" needs named arguments, found a list`,
        span: value.span,
        hint: `Write "NAME: VALUE" lines below "${key}:", without "- ".`,
      });
      return null;
  }
}

/** `action: copy src=a dest=b`, or `action: {module: copy, …}`. */
function actionWord(reader: Reader, entry: MapEntry, place: ActionPlace['place']): ActionAst | null {
  const { value } = entry;
  const named = value.kind === 'map' ? value.entries.find((item) => item.key === 'module')?.value : value;
  if (named?.kind !== 'scalar' || typeof named.value !== 'string' || named.value.trim() === '') {
    report(reader, {
      code: 'HAPB2003',
      message: `"${entry.key}" needs a module and its arguments, found ${describe(value)}`,
      span: value.span,
      hint: 'Write the module itself as the key: "copy: …".',
    });
    return null;
  }
  const { word, rest } = firstWord(named);
  const name = { key: String(word.value), span: word.span };
  if (name.key.includes('{{')) {
    report(reader, {
      code: 'HAPB2021',
      message: 'the name of a module must be a plain text that does not depend on variables',
      span: word.span,
      hint: 'Write a task for each module, with "when" for the case in which it runs.',
    });
    return null;
  }
  if (indirect.has(name.key) || !isAction(reader, name.key)) {
    unknownKey(reader, { ...name, value }, place);
    return null;
  }
  const args: MapNode | null =
    value.kind === 'map'
      ? { ...value, entries: value.entries.filter((item) => item.key !== 'module') }
      : null;
  if (rest === null) return actionOf(reader, name, args);
  const action = actionOf(reader, name, rest);
  return action === null || args === null ? action : { ...action, args };
}

/** Turns `k=v` text into named arguments where the module has no free form, and merges `args:`. */
export function withArgs(reader: Reader, action: ActionAst, known: Keywords): ActionAst {
  const own = named(reader, action);
  const more = known.get('args')?.value;
  if (more === undefined || (more.kind === 'scalar' && more.value === null)) return own;
  if (more.kind === 'scalar' && isLoneMustache(more)) return { ...own, whole: [more, ...own.whole] };
  if (more.kind !== 'map') {
    report(reader, {
      code: 'HAPB2003',
      message: `"args" needs a mapping, found ${describe(more)}`,
      span: more.span,
      hint: 'Write "NAME: VALUE" lines below "args:", or one expression that gives a map.',
    });
    return own;
  }
  const given = new Set(own.args?.entries.map(({ key }) => key));
  const entries = [...(own.args?.entries ?? []), ...more.entries.filter(({ key }) => !given.has(key))];
  return { ...own, args: { kind: 'map', span: own.args?.span ?? more.span, entries } };
}

/** Modules whose text is a command, with some of their arguments among its words. */
const commands: ReadonlySet<string> = new Set(['command', 'shell', 'script', 'raw']);

function command(action: ActionAst, text: ScalarNode): ActionAst {
  const { rest, entries } = argumentsAmongWords(text);
  if (entries.length === 0) return action;
  const known = action.args ?? { kind: 'map', span: text.span, entries: [] };
  return { ...action, freeForm: rest, args: { ...known, entries: [...entries, ...known.entries] } };
}

function named(reader: Reader, action: ActionAst): ActionAst {
  const { freeForm, args } = action;
  if (freeForm !== null && commands.has(action.name)) return command(action, freeForm);
  if (freeForm === null || (structural.get(action.name) ?? reader.modules.freeForm(action.name)) !== null)
    return action;
  const bare: ActionAst = { ...action, freeForm: null };
  if (isLoneMustache(freeForm)) return { ...bare, whole: [freeForm] };
  const parsed = parseKeyValues(freeForm, action.name);
  if (parsed.ok)
    return {
      ...bare,
      args: { ...parsed.value, entries: [...parsed.value.entries, ...(args?.entries ?? [])] },
    };
  reader.problems.push(...parsed.diagnostics);
  return bare;
}

/** Whether a text is one expression rather than `NAME=VALUE` words. */
function isLoneMustache(scalar: ScalarNode): boolean {
  return /^\s*\{\{.*\}\}\s*$/s.test(String(scalar.value));
}
