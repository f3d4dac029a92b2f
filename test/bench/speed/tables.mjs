// The tables of what a bench found, in Markdown: for the screen and for the documentation.
import { spread } from './measure.mjs';

const works = {
  a: (row) => `20 tasks on ${row.hosts} hosts`,
  c: () => '20 tasks on one host',
  d: (row) => `18 tasks on ${row.hosts} light hosts`,
  e: (row) => `20 tasks on ${place(row)}`,
  f: (row) => `${row.work === 'one' ? 'One task' : 'A loop of 100 items'} on ${place(row)}`,
  k: (row) => `A login to ${row.hosts} hosts`,
  g: (row) => `200 small files and one of 100 MB to ${row.hosts} hosts`,
};
const steps = { first: 'first run', again: 'nothing to do', check: '--check, nothing to do' };

function place(row) {
  return row.roundTripMs === undefined ? 'one host' : `one host that is ${row.roundTripMs} ms away`;
}

/** What a row is about, in words. */
export function titleOf(row) {
  return `${works[row.part](row)}, ${steps[row.step]}`;
}

/** A table in Markdown. */
export function table(head, lines) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}

const seconds = (value) => (value < 1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(1));

/** Rows of the same work, in the order in which they were found. */
export function groups(rows) {
  const found = new Map();
  for (const row of rows) {
    const key = [row.part, row.work, row.step, row.hosts, row.roundTripMs].join(' ');
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()];
}

/** How many times as long as hapb a tool took, or null. */
export function timesHapb(group, row) {
  const own = group.find(({ tool }) => tool === 'hapb');
  return own === undefined || own === row ? null : spread(row.wall).median / spread(own.wall).median;
}

function raceTable(group) {
  const counted = group.some(({ trips }) => trips !== undefined);
  const lines = group.map((row) => {
    const { least, median, greatest } = spread(row.wall);
    const times = timesHapb(group, row);
    return [
      row.tool,
      seconds(median),
      `${seconds(least)} to ${seconds(greatest)}`,
      String(row.wall.length),
      times === null ? '' : `${times.toFixed(1)} ×`,
      seconds(spread(row.cpu).median),
      ...(counted ? [String(spread(row.trips).median), String(spread(row.connections).median)] : []),
    ];
  });
  const head = [
    'tool',
    'seconds',
    'from, to',
    'runs',
    'times hapb',
    'CPU of the controller',
    ...(counted ? ['round trips', 'connections'] : []),
  ];
  return `### ${titleOf(group[0])}\n\n${table(head, lines)}\n`;
}

function startTable(rows) {
  const lines = rows.map((row) => {
    const { least, median, greatest } = spread(row.wall);
    return [row.step, row.tool, seconds(median), `${seconds(least)} to ${seconds(greatest)}`];
  });
  return `### Starting and loading\n\n${table(['what', 'tool', 'seconds', 'from, to'], lines)}\n`;
}

function memoryTable(rows) {
  const lines = rows.map((row) => [
    String(row.hosts),
    row.tool,
    row.processMegabytes.toFixed(0),
    row.treeMegabytes.toFixed(0),
    row.ended ? 'ended after three minutes' : '',
  ]);
  return `### Memory of the controller, MB, nothing to do\n\n${table(['hosts', 'tool', 'largest process', 'all its processes', ''], lines)}\n`;
}

/** All tables of a bench. */
export function tables({ rows }) {
  const races = rows.filter(({ part }) => part !== 'i' && part !== 'j');
  const start = rows.filter(({ part }) => part === 'i');
  const memory = rows.filter(({ part }) => part === 'j');
  return [
    ...groups(races).map(raceTable),
    ...(start.length > 0 ? [startTable(start)] : []),
    ...(memory.length > 0 ? [memoryTable(memory)] : []),
  ].join('\n');
}
