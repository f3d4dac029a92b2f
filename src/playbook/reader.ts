import { type Diagnostic, error } from '../core/diagnostic.ts';
import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import { suggest } from '../document/suggest.ts';
import type { Keywords } from './ast.ts';
import { formerKeywords, keywords, keywordsAt, literalKinds, type Place } from './keywords.ts';
import { moduleName } from './module-name.ts';

/** What a loader gathers while it reads: every problem, so that the user sees all of them at once. */
export interface Reader {
  readonly problems: Diagnostic[];
  /** Knows a module by the name in a playbook. */
  readonly modules: ModuleNames;
}

/** The names of modules, and what each says of its arguments as far as the syntax depends on it. */
export interface ModuleNames {
  has(name: string): boolean;
  readonly all: readonly string[];
  /** The argument that takes free-form text; `null`: named arguments only. */
  freeForm(name: string): string | null;
  /** The names of its arguments, other names of them included; for hints. */
  arguments?(name: string): readonly string[];
  /** What to do in place of a module of Ansible's that is not here; `null`: it is not known. */
  refused?(name: string): string | null;
}

const nouns: Readonly<Record<DocNode['kind'], string>> = {
  scalar: 'a single value',
  list: 'a list',
  map: 'a mapping',
};

/** What a node is, for "expected …, found …". */
export function describe(node: DocNode): string {
  if (node.kind !== 'scalar') return nouns[node.kind];
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `the text "${node.value.slice(0, 40)}"` : String(node.value);
}

/** Records an error. */
export function report(reader: Reader, problem: Omit<Diagnostic, 'severity'>): void {
  reader.problems.push(error(problem));
}

/** The items of a list; nothing there gives none, anything else is HAPB2003. */
export function listOf(reader: Reader, entry: MapEntry | undefined): readonly DocNode[] {
  if (entry === undefined) return [];
  const node = entry.value;
  if (node.kind === 'list') return node.items;
  if (node.kind === 'scalar' && node.value === null) return [];
  report(reader, {
    code: 'HAPB2003',
    message: `"${entry.key}" needs a list, found ${describe(node)}`,
    span: node.span,
    hint: `Put "- " before each item under "${entry.key}:".`,
  });
  return [];
}

/** Sorts a mapping's keys into keywords and the rest; a keyword in the wrong place or not supported is an error. */
export function splitKeywords(
  reader: Reader,
  map: MapNode,
  place: Place,
): { readonly known: Keywords; readonly others: readonly MapEntry[] } {
  const known = new Map<string, MapEntry>();
  const others: MapEntry[] = [];
  for (const written of map.entries) {
    const entry = withShortLoop(written);
    const keyword = keywords[entry.key];
    if (keyword === undefined) {
      others.push(entry);
    } else if (keyword.refused !== undefined) {
      refusedKeyword(reader, entry, keyword.refused);
    } else if (!keyword.places.includes(place)) {
      report(reader, {
        code: 'HAPB2004',
        message: `"${entry.key}" cannot stand on a ${place}`,
        span: entry.span,
        hint: `It belongs on a ${keyword.places.join(' or ')}.`,
      });
    } else {
      checkLiteral(reader, entry);
      known.set(entry.key, entry);
    }
  }
  return { known, others };
}

/** Lookups have full names behind `with_` too: `with_ansible.builtin.dict` is `with_dict`. */
function withShortLoop(entry: MapEntry): MapEntry {
  return entry.key.startsWith('with_') ? { ...entry, key: `with_${moduleName(entry.key.slice(5))}` } : entry;
}

const literals = { flag: /^(?:true|false|yes|no|on|off|y|n|1|0)$/i, number: /^-?\d+(?:\.\d+)?%?$/ } as const;

function checkRegister(reader: Reader, node: DocNode): void {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return;
  if (/^[A-Za-z_]\w*$|\{\{|^$/.test(node.value)) return;
  report(reader, {
    code: 'HAPB2028',
    message: `"register" must be the name of a variable, not ${describe(node)}`,
    span: node.span,
    hint: 'Use letters, digits and underscores, and begin with a letter or an underscore.',
  });
}

/** HAPB2028 and HAPB2042: a literal value that a keyword cannot have. */
function checkLiteral(reader: Reader, { key, value }: MapEntry): void {
  if (key === 'register') checkRegister(reader, value);
  const wanted = literalKinds[key];
  if (wanted === undefined || value.kind !== 'scalar' || value.value === null) return;
  const text = String(value.value);
  if (/\{[{%]/.test(text)) return;
  if (wanted === 'list') {
    // A task may mean to fail over a number; nobody means a word that is no variable.
    if (typeof value.value !== 'string') return;
    report(reader, {
      code: 'HAPB2042',
      message: `"${key}" needs a list, found ${describe(value)}`,
      span: value.span,
      hint: /^[A-Za-z_][\w.]*$/.test(text)
        ? `If it is a variable, write "{{ ${text} }}"; else put it in brackets: [${text}].`
        : 'Write one item per line, each after a dash.',
    });
  } else if (!literals[wanted].test(text)) {
    report(reader, {
      code: 'HAPB2028',
      message: `"${key}" must be ${wanted === 'flag' ? 'true or false' : 'a number'}, not ${describe(value)}`,
      span: value.span,
      hint:
        wanted === 'flag'
          ? `Write "${key}: true" or "${key}: false"; a condition belongs into "when", or into braces: "{{ … }}".`
          : `Write a number, such as "${key}: 5", or an expression in braces: "{{ … }}".`,
    });
  }
}

/** HAPB2002: a word of Ansible's that is not supported, with what to do instead. */
export function refusedKeyword(reader: Reader, entry: MapEntry, remedy: string): void {
  report(reader, {
    code: 'HAPB2002',
    message: `"${entry.key}" is not supported`,
    span: entry.span,
    hint: remedy,
  });
}

/** HAPB2001: a key that is neither keyword nor module, with the nearest known name. */
export function unknownKey(reader: Reader, entry: MapEntry, place: Place): void {
  const remedy = place === 'play' ? null : (reader.modules.refused?.(moduleName(entry.key)) ?? null);
  if (remedy !== null) {
    refusedKeyword(reader, entry, remedy);
    return;
  }
  const former = formerKeywords[entry.key];
  if (former !== undefined) {
    refusedKeyword(reader, entry, former);
    return;
  }
  const names = [...keywordsAt(place), ...(place === 'play' ? [] : reader.modules.all)];
  const near = suggest(entry.key, names);
  const what = place === 'play' ? 'a keyword of a play' : 'a keyword or a module';
  report(reader, {
    code: 'HAPB2001',
    message: `"${entry.key}" is not ${what}`,
    span: entry.span,
    hint:
      near === null
        ? 'Check the indentation; `hapb modules` lists the modules.'
        : `Did you mean "${near}"? \`hapb modules\` lists the modules.`,
  });
}

/** A problem with the name of an argument, said better where that is a keyword of tasks that is indented too far. */
export function misplacedKeyword(problem: Diagnostic, args: MapNode): Diagnostic {
  const { code, span } = problem;
  const entry = args.entries.find((candidate) => candidate.span.start.offset === span.start.offset);
  if (code !== 'HAPB1030' || entry === undefined || !keywordsAt('task').includes(entry.key)) return problem;
  const hint = `"${entry.key}" is a keyword of tasks: put it below the module's name, not below its arguments.`;
  return { ...problem, hint };
}
