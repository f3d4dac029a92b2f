import { readFileSync, writeFileSync } from 'node:fs';
import { type FaultName, faultNames, type Struck } from './cells.ts';
import { type Column, problemsOf, type Results } from './results.ts';

const begin = '<!-- faults: written by `npm run test:faults`, do not edit -->';
const end = '<!-- faults: end -->';

/** Puts the tables of a full run into a page, between its two marks. */
export function writePage(path: string, results: Results): void {
  const page = readFileSync(path, 'utf8');
  const [head, rest = ''] = page.split(begin);
  const tail = rest.split(end)[1];
  if (tail === undefined) throw new Error(`${path} lacks the marks of the tables`);
  writeFileSync(path, `${head}${begin}\n\n${summary(results)}\n\n${matrix(results)}\n\n${end}${tail}`);
}

function summary({ columns }: Results): string {
  const rows = faultNames.flatMap((fault) => {
    const column = columns[fault];
    return column === undefined ? [] : [summaryRow(fault, column)];
  });
  const commits = [...new Set(Object.values(columns).map(({ commit }) => commit))];
  return [
    `Run on ${commits.length === 1 ? `one commit, ${commits[0]}` : `several commits: ${commits.join(', ')}`}.`,
    '',
    '| fault | struck | gone past by the same run | by the next | later | longest | runs | installations | begun: packages, init, join | instants that never came | not as it must be |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function summaryRow(fault: FaultName, column: Column): string {
  const { cells, stories, left } = column;
  const by = (wanted: (runs: number) => boolean): number => cells.filter(({ runs }) => wanted(runs)).length;
  const longest = Math.max(0, ...cells.map(({ seconds }) => seconds));
  const runs = stories.reduce((sum, story) => sum + story.runs, 0);
  const counts = [
    cells.length,
    by((count) => count === 1),
    by((count) => count === 2),
    by((count) => count > 2),
    `${longest.toFixed(0)} s`,
    runs,
    stories.length,
    ['apt-get install', 'kubeadm init', 'kubeadm join'].map((name) => begun(column, name)).join(', '),
    left.length,
    problemsOf(column),
  ];
  return `| ${[fault, ...counts].join(' | ')} |`;
}

function begun({ stories }: Column, name: string): number {
  const each = stories.flatMap(({ executions }) => Object.values(executions));
  return each.reduce((sum, counted) => sum + (counted[name] ?? 0), 0);
}

function matrix({ columns }: Results): string {
  const shown = faultNames.filter((fault) => columns[fault] !== undefined);
  const rows = new Map<string, string>();
  const order = (a: Struck, b: Struck): number => compareIds(a.task, b.task) || a.afterMs - b.afterMs;
  const all = shown.flatMap((fault) => columns[fault]?.cells ?? []);
  for (const cell of all.sort(order)) rows.set(rowOf(cell), titleOf(cell));
  const lines = [...rows].map(([row, title]) => {
    const found = shown.map((fault) => columns[fault]?.cells.find((cell) => rowOf(cell) === row));
    return `| ${[title, ...found.map(square)].join(' | ')} |`;
  });
  return [`| task | ${shown.join(' | ')} |`, `|---|${shown.map(() => '---').join('|')}|`, ...lines].join(
    '\n',
  );
}

function rowOf({ task, afterMs }: Struck): string {
  return `${task} ${afterMs}`;
}

function titleOf({ title, afterMs }: Struck): string {
  return afterMs === 0 ? title : `… after ${afterMs / 1000} s`;
}

function square(cell: Struck | undefined): string {
  if (cell === undefined) return 'never came';
  const { host, seconds, runs, problems } = cell;
  const good = problems.length === 0 ? '' : '**not good** ';
  return `${good}${host}, ${seconds.toFixed(1)} s${runs === 1 ? '' : `, ${runs} runs`}`;
}

function compareIds(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (const [index, part] of left.entries()) {
    const difference = part - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
