import { Secret } from '../core/secret.ts';
import { fileSpan } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import { listOf, mapArgument, textOf } from './arguments.ts';
import { withArticle } from './compare.ts';
import { sequence } from './counting.ts';
import { fileContents, filesByPattern, filesHere, nameIn, pathOf } from './files.ts';
import { firstFound, isSet, type SearchPlace } from './first-found.ts';
import { matchHosts } from './host-pattern.ts';
import { matches, pattern } from './pattern.ts';
import { codes, fail } from './problems.ts';
import type { Names } from './scope.ts';
import { composed, mapOf } from './secrecy.ts';
import { subelements } from './subelements.ts';

/** What a lookup is asked with. */
export interface LookupCall {
  readonly terms: readonly Value[];
  /** Arguments with names, without `default`. */
  readonly named: Readonly<Record<string, Value>>;
  readonly names: Names;
  /** The value for what is not there; `null` when none was given. */
  readonly otherwise: (() => Value) | null;
}

/** Finds values by one kind of lookup. */
export type Lookup = (call: LookupCall) => readonly Value[];

/** The variable that holds the folders of a task in which lookups search. */
export const searchPath = 'ansible_search_path';

const secretNames = /(?:pass(?:word|wd|phrase)?|secret|token|api_?key|credential)s?$/i;

/** All lookups. What they need besides variables is this machine's environment and files. */
const lookups: Readonly<Record<string, Lookup>> = {
  env: ({ terms, otherwise }) =>
    terms.map((term) => {
      const name = textOf(term);
      const value = process.env[name];
      if (value === undefined || value === '')
        return value === undefined && otherwise !== null ? otherwise() : '';
      return secretNames.test(name) ? new Secret(value, name) : value;
    }),
  vars: ({ terms, names, otherwise }) =>
    terms.map((term) => {
      if (typeof term !== 'string')
        return fail(
          codes.filterFailed,
          `'vars' needs the name of a variable, not ${withArticle(term)}`,
          'Put the name in quotes.',
        );
      const value = names.lookup(term);
      if (value !== undefined) return value;
      if (otherwise !== null) return otherwise();
      const hint = "Set it, or give a value for when it is missing: lookup('vars', NAME, default=…).";
      return fail(codes.undefinedVariable, `'${term}' is not defined`, hint);
    }),
  varnames: ({ terms, names }) => {
    const all = [...names.names()].sort();
    return terms.flatMap((term) => {
      const source = pattern(textOf(term), { ignoreCase: false, multiline: false });
      return all.filter((name) => matches(source, name, 1).length > 0);
    });
  },
  dict: ({ terms }) =>
    terms.flatMap((term) =>
      Object.entries(mapArgument(term, 'dict')).map(([key, value]) =>
        mapOf([
          ['key', key],
          ['value', value],
        ]),
      ),
    ),
  items: ({ terms }) => terms.flatMap((term) => (Array.isArray(term) ? (term as readonly Value[]) : [term])),
  list: ({ terms }) => terms,
  together: ({ terms }) => {
    const lists = terms.map((term) => listOf(term, 'together'));
    const length = Math.max(0, ...lists.map((list) => list.length));
    return Array.from({ length }, (_, index) => lists.map((list) => list[index] ?? null));
  },
  nested: ({ terms }) =>
    terms
      .map((term) => listOf(term, 'nested'))
      .reduce<readonly (readonly Value[])[]>(
        (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
        [[]],
      ),
  sequence: ({ terms, named }) =>
    (terms.length > 0
      ? terms
      : [
          Object.entries(named)
            .map(([name, value]) => `${name}=${textOf(value)}`)
            .join(' '),
        ]
    ).flatMap(sequence),
  subelements: ({ terms }) => subelements(terms),
  indexed_items: ({ terms }) =>
    terms.flatMap((term) => listOf(term, 'indexed_items')).map((item, index) => [index, item]),
  inventory_hostnames: ({ terms, names }) => {
    const groups = Object.entries(mapArgument(names.lookup('groups') ?? {}, 'inventory_hostnames'));
    const lists = groups.map(
      ([name, hosts]) => [name, { name, hosts: listOf(hosts, name).map(textOf) }] as const,
    );
    const hosts = new Map(lists.flatMap(([, group]) => group.hosts.map((name) => [name, null] as const)));
    const among = { groups: new Map(lists), hosts, implicit: new Map() };
    const matched = matchHosts(terms.map(textOf), among, fileSpan('<lookup>'));
    if (matched.ok) return matched.value;
    const wrong = matched.diagnostics.find(({ severity }) => severity === 'error');
    return fail(codes.filterFailed, wrong?.message ?? '', wrong?.hint ?? '');
  },
  first_found: ({ terms, named, names }) => firstFound(placeOf(names, ''), terms, named),
  fileglob: ({ terms, names }) => terms.flatMap((term) => filesByPattern(placeOf(names, 'files'), term)),
  file: ({ terms, named, names }) => {
    const left = named.lstrip !== undefined && isSet(named.lstrip);
    const right = named.rstrip === undefined || isSet(named.rstrip);
    const trim = (text: Value): string => {
      const end = right ? textOf(text).trimEnd() : textOf(text);
      return left ? end.trimStart() : end;
    };
    return terms.map((term) => composed(fileContents(placeOf(names, 'files'), term, names.files), trim));
  },
  template: ({ terms, named, names }) => {
    const own = mapArgument(named.template_vars ?? {}, 'template');
    const inner: Names = {
      lookup: (name) => (Object.hasOwn(own, name) ? own[name] : names.lookup(name)),
      names: () => [...Object.keys(own), ...names.names()],
      files: names.files,
    };
    return terms.map((term) => {
      const path = pathOf(placeOf(names, 'templates'), nameIn(term, 'template'));
      return filesHere(names.files).render(path, inner);
    });
  },
};

const files = "Load data with vars_files, or read the text with lookup('file', NAME).";

/** Other lookups of Ansible, each with what to do instead. */
const instead: Readonly<Record<string, string>> = {
  filetree: files,
  ini: files,
  csvfile: files,
  lines: 'Run the program with command, delegate_to: localhost and register, then use r.stdout_lines.',
  pipe: 'Run the program with command, delegate_to: localhost and register, then use r.stdout.',
  url: 'Fetch it in a task of its own: uri with url, return_content: true, delegate_to: localhost and register: r; then use r.content.',
  password: 'Keep the password in a vaulted variable: hapb vault encrypt.',
  random_choice: 'Write list | random.',
  config: 'hapb has no configuration file; write the value itself.',
  unvault: "Write lookup('file', NAME), which decrypts.",
};

/** Where a lookup searches for files. `kind`: the folder inside each that comes first. */
function placeOf(names: Names, kind: string): SearchPlace {
  const folders = names.lookup(searchPath) ?? names.lookup('playbook_dir') ?? [];
  const all = Array.isArray(folders) ? (folders as readonly Value[]) : [folders];
  return { folders: all.map(textOf), kind, files: names.files };
}

/** The lookup of this name, with or without collection; `null` when there is none. */
export function lookupOf(name: string): Lookup | null {
  const short = shortLookup(name);
  return Object.hasOwn(lookups, short) ? (lookups[short] ?? null) : null;
}

/** What to do without a lookup that is not supported; `null` when nothing is known of it. */
export function insteadOfLookup(name: string): string | null {
  const short = shortLookup(name);
  return Object.hasOwn(instead, short) ? (instead[short] ?? null) : null;
}

/** The names of all lookups. */
export const lookupNames: readonly string[] = Object.keys(lookups);

/** The functions that call a lookup; `lookup` joins what it finds, the others give a list. */
export const lookupFunctions: ReadonlySet<string> = new Set(['lookup', 'query', 'q']);

function shortLookup(name: string): string {
  return name.replace(/^ansible\.(?:builtin|legacy)\./, '');
}
