import type { ShownChange } from '../../core/outcome.ts';
import type { Colour, Paint } from '../../core/paint.ts';
import { formatPlace } from '../../core/source.ts';
import { clipText } from '../../core/text-width.ts';
import { noteText } from '../plan-notes.ts';
import { resultJson } from '../result-json.ts';
import { diffText } from '../unified-diff.ts';
import { duration, isFailure, titleCell, treeTitle } from './live-line.ts';
import type { TreeTask } from './state.ts';

/** How the permanent lines of a task look. */
export interface ClosedLook {
  readonly paint: Paint;
  readonly columns: number;
  readonly diff: 'show' | 'hide';
}

const maxGroups = 8;
const maxHosts = 5;

/** The permanent lines of a task that is over: one with all hosts together, below it what changed, failed or was said. */
export function closedLines(task: TreeTask, look: ClosedLook): string {
  const { paint, columns } = look;
  const counts = countKinds(task);
  const { sign, colour } = signOf(task, counts);
  const lastMs = Math.max(task.startedMs, ...task.finished.map(({ atMs }) => atMs));
  const took = lastMs - task.startedMs;
  const status = [...counts]
    .sort(byWeight)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
  const time = took >= 1000 ? ` · ${duration(took)}` : '';
  if (task.node.kind === 'barrier')
    return `${paint('blue', `── ${clipText(treeTitle(task), columns - 4)}`)}\n`;
  const head = clipText(`${titleCell(treeTitle(task), columns)} ${status}${time}`, columns - 2);
  return `${[`${paint(colour, sign)} ${head}`, ...details(task, look)].join('\n')}\n`;
}

function countKinds(task: TreeTask): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { outcome, verdict } of task.finished) {
    const kind = isFailure(outcome.kind) && verdict !== 'final' ? verdict : outcome.kind.replace('-', ' ');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** What needs attention comes first: it stays when the line is cut. */
const weights = [
  'failed',
  'unreachable',
  'would fail',
  'unknown',
  'ignored',
  'rescued',
  'changed',
  'would change',
  'ok',
];

function byWeight([a]: readonly [string, number], [b]: readonly [string, number]): number {
  const weight = (kind: string): number => (weights.includes(kind) ? weights.indexOf(kind) : weights.length);
  return weight(a) - weight(b);
}

function signOf(task: TreeTask, counts: ReadonlyMap<string, number>): { sign: string; colour: Colour } {
  if (['failed', 'unreachable', 'would fail'].some((kind) => counts.has(kind)))
    return { sign: '✖', colour: 'red' };
  if (counts.has('unknown')) return { sign: '?', colour: 'bright purple' };
  if (counts.has('changed') || counts.has('would change')) return { sign: '✔', colour: 'yellow' };
  if (task.finished.every(({ outcome }) => outcome.kind === 'skipped')) return { sign: '○', colour: 'cyan' };
  return { sign: '✔', colour: 'green' };
}

/** Lines below the head; hosts of which the same is to be said share one. */
function details(task: TreeTask, { paint, columns, diff }: ClosedLook): readonly string[] {
  const groups = new Map<string, { colour: Colour; hosts: Set<string>; diff: string }>();
  const say = (host: string, text: string, more: { colour: Colour; diff?: string }): void => {
    const key = text + (more.diff ?? '');
    const group = groups.get(key) ?? { colour: more.colour, hosts: new Set<string>(), diff: more.diff ?? '' };
    group.hosts.add(host);
    groups.set(key, group);
  };
  const showDiff = (change: ShownChange): string => (diff === 'show' ? diffText(change.edits, paint) : '');
  for (const event of [...task.items, ...task.finished]) {
    const { outcome, host } = event;
    const told =
      event.type === 'task.finished' && event.looped && task.items.some((item) => item.host === host);
    if (event.plan !== undefined) say(host, noteText(event.plan), { colour: 'cyan' });
    const item = event.type === 'item.finished' ? `${event.label}: ` : '';
    switch (outcome.kind) {
      case 'changed':
      case 'would-change':
        if (outcome.change !== null && !told && outcome.change.summary !== '') {
          say(host, item + outcome.change.summary, { colour: 'yellow', diff: showDiff(outcome.change) });
        }
        break;
      case 'unknown':
        if (!told) say(host, item + outcome.reason, { colour: 'bright purple' });
        break;
      case 'failed':
      case 'would-fail':
      case 'unreachable': {
        const { message, span } = outcome.diagnostic;
        if (!told) say(host, `${item}${message} (${formatPlace(span)})`, { colour: 'red' });
        break;
      }
      case 'ok':
        if (task.node.module === 'debug' && !told)
          say(host, item + said(outcome.output), { colour: 'green' });
        break;
      case 'skipped':
        break;
    }
  }
  const shown = [...groups].slice(0, maxGroups).flatMap(([key, group]) => {
    const text = key.slice(0, key.length - group.diff.length);
    const lines = `${hostNames([...group.hosts])}: ${text}`
      .split('\n')
      .map((line) => (group.colour === 'red' ? `    ${line}` : clipText(`    ${line}`, columns)));
    return [...lines.map((line) => paint(group.colour, line)), ...indentedDiff(group.diff)];
  });
  return groups.size > maxGroups ? [...shown, `    … and ${groups.size - maxGroups} more`] : shown;
}

function said(output: Readonly<Record<string, unknown>>): string {
  const { changed: _changed, failed: _failed, ...rest } = output;
  return typeof rest.msg === 'string' ? rest.msg : resultJson(rest.msg ?? rest, 'line');
}

function indentedDiff(diff: string): readonly string[] {
  if (diff === '') return [];
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line}`);
}

function hostNames(unsorted: readonly string[]): string {
  const hosts = [...unsorted].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const more = hosts.length - maxHosts;
  return more > 0 ? `${hosts.slice(0, maxHosts).join(', ')} and ${more} more` : hosts.join(', ');
}
