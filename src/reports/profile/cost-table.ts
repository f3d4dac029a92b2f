import { clipText, textWidth } from '../../core/text-width.ts';
import type { Span } from './critical-path.ts';
import { bytes, seconds } from './units.ts';

/** A task with more hosts than this gets one line for all of them, and one for each of its three longest. */
const mostHosts = 5;
const shown = 3;

const names = ['time', 'waited', 'on host', 'trips', 'sent', 'received', 'cpu'];

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

/** What each task cost on each host, and all of them together; empty for a log that does not say it. */
export function costLines(spans: readonly Span[]): readonly string[] {
  const counted = spans.filter(({ cost }) => cost !== null);
  if (counted.length === 0) return [];
  const tasks = new Map<string, Span[]>();
  for (const span of counted) tasks.set(span.node, [...(tasks.get(span.node) ?? []), span]);
  const blocks = [...tasks.values()].map((hosts) => ({ title: hosts[0]?.title ?? '', rows: rowsOf(hosts) }));
  const total = sumRow('all tasks', counted);
  const rows = [...blocks.flatMap((block) => block.rows), total];
  const widths = names.map((name, column) =>
    Math.max(name.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const nameWidth = Math.min(24, Math.max(...rows.map(({ name }) => textWidth(name))));
  const line = ({ name, cells }: Row): string => {
    const short = clipText(name, nameWidth);
    const padded = `${short}${' '.repeat(nameWidth - textWidth(short))}`;
    return `  ${padded}${cells.map((cell, column) => `  ${cell.padStart(widths[column] ?? 0)}`).join('')}`;
  };
  return [
    line({ name: 'host', cells: names }),
    ...blocks.flatMap(({ title, rows: own }) => [title, ...own.map(line)]),
    line(total),
  ];
}

function rowsOf(hosts: readonly Span[]): readonly Row[] {
  if (hosts.length <= mostHosts) return hosts.map((span) => sumRow(span.host, [span]));
  const longest = [...hosts].sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs)).slice(0, shown);
  return [sumRow(`${hosts.length} hosts`, hosts), ...longest.map((span) => sumRow(span.host, [span]))];
}

function sumRow(name: string, spans: readonly Span[]): Row {
  const sum = (of: (span: Span) => number): number => spans.reduce((all, span) => all + of(span), 0);
  return {
    name,
    cells: [
      seconds(sum((span) => span.endMs - span.startMs)),
      seconds(sum(({ waited }) => waited?.ms ?? 0)),
      seconds(sum(({ cost }) => cost?.hostMs ?? 0)),
      String(sum(({ cost }) => cost?.roundTrips ?? 0)),
      bytes(sum(({ cost }) => cost?.sentBytes ?? 0)),
      bytes(sum(({ cost }) => cost?.receivedBytes ?? 0)),
      seconds(sum(({ cost }) => cost?.cpuMs ?? 0)),
    ],
  };
}
