import { type Diagnostic, error } from '../core/diagnostic.ts';
import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import { suggest } from '../document/suggest.ts';
import type { Keywords } from './ast.ts';
import { keywords, keywordsAt, type Place } from './keywords.ts';
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
  for (const entry of map.entries) {
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
    } else known.set(entry.key, entry);
  }
  return { known, others };
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
