import { parseYaml } from '../../src/document/parse-yaml.ts';
import { filterOf, testOf } from '../../src/expression/registry.ts';
import { unsupported } from '../../src/expression/unsupported.ts';
import { type Found, foundIn, foundInText } from './found.ts';
import { countUses, formObjections, insideStatement, objections, type Uses } from './judge.ts';
import { loadProblems, roleOf } from './tasks.ts';
import { type CorpusText, corpusTexts } from './texts.ts';

/** How many of a kind there are, how many hapb takes, and why not the others. */
export interface Share {
  readonly total: number;
  readonly taken: number;
  /** Each reason with how often it came, most frequent first, and one place. */
  readonly reasons: readonly { readonly reason: string; readonly count: number; readonly where: string }[];
}

/** What a corpus says about hapb. */
export interface Measured {
  readonly texts: number;
  readonly unreadable: Share;
  readonly conditions: Share;
  readonly expressions: Share;
  /** Jinja statements, taken where the Handlebars form that the error shows compiles. */
  readonly statements: Share;
  /** Calls of macros, which belong to the statement that defines the macro; they are not among the expressions. */
  readonly macroCalls: number;
  readonly taskFiles: Share;
  readonly filters: readonly Use[];
  readonly tests: readonly Use[];
}

/** A filter or test, how often it is used, and whether hapb has it. */
export interface Use {
  readonly name: string;
  readonly count: number;
  readonly support: 'yes' | 'refused' | 'unknown';
}

/** Reads every text below the folders. */
export function measure(folders: readonly string[]): Measured {
  const texts = folders.flatMap(corpusTexts);
  const uses: Uses = { filters: new Map(), tests: new Map() };
  const unreadable = tally();
  const conditions = tally();
  const expressions = tally();
  const taskFiles = tally();
  const macros = macrosOf(texts);
  const statements = tally();
  let macroCalls = 0;

  const take = (found: Found) => {
    for (const text of found.kind === 'statement' ? insideStatement(found.text) : [found.text])
      countUses(text, uses);
    if (found.kind === 'statement') statements.add(formObjections(found), found.where);
    else if (callsMacro(found, macros)) macroCalls += 1;
    else (found.kind === 'condition' ? conditions : expressions).add(objections(found), found.where);
  };

  for (const text of texts) {
    if (text.kind === 'template') {
      for (const found of foundInText(text.text, text.name, 'python')) take(found);
      continue;
    }
    const parsed = parseYaml(text.text, text.name);
    const problems = parsed.ok ? [] : parsed.diagnostics;
    unreadable.add(
      problems.slice(0, 1).map(({ code, message }) => `${code} ${message}`),
      text.name,
    );
    if (!parsed.ok) continue;
    if (parsed.value !== null) for (const found of foundIn(parsed.value, text.name)) take(found);
    const role = roleOf(parsed.value, text.name);
    if (role !== 'other') taskFiles.add(reasonsOf(text, role), text.name);
  }
  return {
    texts: texts.length,
    unreadable: unreadable.share(),
    conditions: conditions.share(),
    expressions: expressions.share(),
    statements: statements.share(),
    macroCalls,
    taskFiles: taskFiles.share(),
    filters: sorted(uses.filters, (name) => filterOf(name) !== null),
    tests: sorted(uses.tests, (name) => testOf(name) !== null),
  };
}

/** Every name that some template defines as a macro. */
function macrosOf(texts: readonly CorpusText[]): ReadonlySet<string> {
  const definition = /\{%[-+]?\s*macro\s+(\w+)/g;
  return new Set(texts.flatMap(({ text }) => [...text.matchAll(definition)].map(([, name = '']) => name)));
}

function callsMacro({ text }: Found, macros: ReadonlySet<string>): boolean {
  const [, name = ''] = /^\s*(?:\w+\.)?(\w+)\(/.exec(text) ?? [];
  return macros.has(name);
}

function reasonsOf(text: CorpusText, role: 'playbook' | 'tasks' | 'handlers'): readonly string[] {
  return [...new Set(loadProblems(text, role).map(({ code, message }) => `${code} ${message}`))];
}

function tally() {
  let total = 0;
  let taken = 0;
  const reasons = new Map<string, { count: number; where: string }>();
  return {
    add(why: readonly string[], where: string) {
      total += 1;
      if (why.length === 0) taken += 1;
      for (const reason of why) {
        const known = reasons.get(reason) ?? { count: 0, where };
        reasons.set(reason, { count: known.count + 1, where: known.where });
      }
    },
    share(): Share {
      const all = [...reasons].map(([reason, { count, where }]) => ({ reason, count, where }));
      return { total, taken, reasons: all.sort((a, b) => b.count - a.count) };
    },
  };
}

function sorted(counts: ReadonlyMap<string, number>, has: (name: string) => boolean): readonly Use[] {
  return [...counts]
    .map(([name, count]) => ({ name, count, support: supportOf(name, has) }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function supportOf(name: string, has: (name: string) => boolean): Use['support'] {
  if (has(name)) return 'yes';
  return unsupported.has(name) ? 'refused' : 'unknown';
}
