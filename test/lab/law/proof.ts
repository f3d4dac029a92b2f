import type { Elsewhere } from './elsewhere.ts';
import type { LawCase } from './law-case.ts';
import { type StartState, sensible, startOf, startStates } from './start-states.ts';

/** A case, and whether the law held for it. */
export interface Held {
  readonly one: LawCase;
  readonly agrees: boolean;
}

const states = Object.keys(startStates) as StartState[];

/** The rows of the proof's table for the modules of these cases: by start state how many of them agree. */
export function proofRows(held: readonly Held[]): ReadonlyMap<string, string> {
  const modules = [...new Set(held.map(({ one }) => one.module))].sort();
  return new Map(
    modules.map((module) => {
      const own = held.filter(({ one }) => one.module === module);
      const cell = (state: StartState): string => {
        const there = own.filter(({ one }) => startOf(one) === state);
        if (there.length === 0) return sensible[module]?.includes(state) === true ? 'missing' : '–';
        return countOf(there);
      };
      return [module, `| ${[`\`${module}\``, ...states.map(cell), `**${countOf(own)}**`].join(' | ')} |`];
    }),
  );
}

/** The last row: of each start state, and of all, how many agree. */
export function totalRow(rows: readonly string[]): string {
  const cells = rows.map((row) => row.split('|').slice(2, -1));
  const sums = [...states, 'all'].map((_, column) => {
    const counts = cells.flatMap((row) => {
      const [, agree, all] = /(\d+)\/(\d+)/.exec(row[column] ?? '') ?? [];
      return agree === undefined ? [] : [[Number(agree), Number(all)] as const];
    });
    const sum = (at: 0 | 1): number => counts.reduce((total, count) => total + count[at], 0);
    return `**${sum(0)}/${sum(1)}**`;
  });
  return `| **all ${rows.length}** | ${sums.join(' | ')} |`;
}

function countOf(held: readonly Held[]): string {
  return `${held.filter(({ agrees }) => agrees).length}/${held.length}`;
}

/** The table's heading. */
export const proofHead: readonly string[] = [
  `| module | ${states.join(' | ')} | agree |`,
  `|${'---|'.repeat(states.length + 2)}`,
];

/** The table of modules that have no start states, with what proves them instead. */
export function elsewhereTable(elsewhere: Readonly<Record<string, Elsewhere>>): readonly string[] {
  const rows = Object.entries(elsewhere)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, { reason, provedBy }]) => {
      const proof = provedBy === null ? 'nothing: see the reason' : `\`${provedBy}\``;
      return `| \`${module}\` | ${reason} | ${proof} |`;
    });
  return ['| module | why it has no start states | what proves it |', '|---|---|---|', ...rows];
}

/** The rows that a page's table has already, by module. */
export function rowsOf(text: string): ReadonlyMap<string, string> {
  const rows = text.match(/^\| `\w+` \|.*$/gm) ?? [];
  return new Map(rows.map((row) => [/`(\w+)`/.exec(row)?.[1] ?? '', row]));
}

/** Puts text between `<!-- proof: NAME -->` and `<!-- end -->` of a page. */
export function withProof(page: string, name: string, lines: readonly string[]): string {
  const place = new RegExp(`(?<=<!-- proof: ${name} -->\\n)[\\s\\S]*?(?=<!-- end -->)`);
  if (!place.test(page)) throw new Error(`the page has no place for the proof '${name}'`);
  return page.replace(place, () => `\n${lines.join('\n')}\n\n`);
}

/** What stands there now. */
export function proofIn(page: string, name: string): string {
  return new RegExp(`<!-- proof: ${name} -->\\n([\\s\\S]*?)<!-- end -->`).exec(page)?.[1] ?? '';
}
