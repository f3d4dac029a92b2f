import { clipText, textWidth } from '../../core/text-width.ts';
import type { Running, TreeTask } from './state.ts';

/** A title, cut and padded so that what stands behind titles lines up and has room on a screen of that width. */
export function titleCell(title: string, screenColumns: number): string {
  const columns = Math.min(44, Math.max(20, screenColumns - 34));
  const clipped = clipText(title, columns);
  return clipped + ' '.repeat(columns - textWidth(clipped));
}

/** The name of a task as the tree shows it. */
export function treeTitle({ node }: TreeTask): string {
  switch (node.kind) {
    case 'task':
      return node.title;
    case 'handler':
      return `handler: ${node.title}`;
    case 'barrier':
      return `barrier: ${node.title}`;
  }
}

/**
 * What a running task does, for example `2/3 hosts · cp2 running 12 s`, and on a second line what that host printed last.
 * The host that works longest is the one to watch.
 */
export function liveStatus(
  task: TreeTask,
  now: { readonly hostCount: number; readonly nowMs: number },
): string {
  if (task.node.kind === 'barrier') return `${task.waiting.size}/${now.hostCount} hosts waiting`;
  // Only hosts that were notified come to a handler.
  const total = task.node.kind === 'handler' ? task.finished.length + task.running.size : now.hostCount;
  const parts = [`${task.finished.length}/${total} hosts`];
  const failed = task.finished.filter(
    ({ outcome, verdict }) => isFailure(outcome.kind) && verdict === 'final',
  );
  if (failed.length > 0) parts.push(`${failed.length} failed`);
  const slowest = [...task.running].reduce<[string, Running] | null>(
    (slow, entry) => (slow === null || entry[1].sinceMs < slow[1].sinceMs ? entry : slow),
    null,
  );
  if (slowest !== null) {
    const [host, { sinceMs, text }] = slowest;
    const seconds = Math.floor((now.nowMs - sinceMs) / 1000);
    const time = seconds < 1 ? '' : ` ${duration(now.nowMs - sinceMs)}`;
    parts.push(`${host} running${time}`);
    if (text !== '') return `${parts.join(' · ')}\n  ${host}: ${text}`;
  }
  return parts.join(' · ');
}

/** Whether an outcome is a failure of some kind. */
export function isFailure(kind: string): boolean {
  return kind === 'failed' || kind === 'would-fail' || kind === 'unreachable';
}

/** `800 ms`, `12 s`, `3 min 20 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
