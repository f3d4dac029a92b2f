import type { EventBody, NodeId } from './event.ts';
import type { Clock, EventStream } from './stream.ts';

/** After so long without a word a running task is spoken of, in milliseconds; then whenever that time has doubled. */
const firstMs = 40_000;
const tickMs = 1_000;
/** Of the last output, as many characters as a line of a screen takes. */
const maxChars = 160;

/** What is known of a task that runs on a host. */
interface Watched {
  readonly node: NodeId;
  readonly host: string;
  sinceMs: number;
  nextMs: number;
  lastOutput: string | null;
}

/**
 * The same stream, which also says `task.silent` of running tasks that show nothing for long. Whatever a task shows (a
 * line, an item, a retry) begins the count anew. Not meant are pauses, and tasks that wait for one of `forks` slots.
 */
export function watchSilence(
  stream: EventStream,
  { clock, forks }: { readonly clock: Clock; readonly forks: number },
): EventStream {
  const watched = new Map<string, Watched>();
  const pauses = new Set<NodeId>();
  const look = (): void => {
    const now = clock();
    for (const [index, task] of [...watched.values()].entries()) {
      // Slots go to the earliest first, so that what came later has not begun.
      if (index >= forks) task.sinceMs = now;
      const silentMs = now - task.sinceMs;
      if (silentMs < task.nextMs || pauses.has(task.node)) continue;
      const { node, host, nextMs, lastOutput } = task;
      task.nextMs *= 2;
      stream.emit({ type: 'task.silent', node, host, silentMs: nextMs, lastOutput });
    }
  };
  const ticker = setInterval(look, tickMs);
  ticker.unref();
  return {
    emit(body) {
      follow(body, { watched, pauses, nowMs: clock() });
      stream.emit(body);
    },
    close() {
      clearInterval(ticker);
      return stream.close();
    },
  };
}

function follow(
  event: EventBody,
  { watched, pauses, nowMs }: { watched: Map<string, Watched>; pauses: Set<NodeId>; nowMs: number },
): void {
  switch (event.type) {
    case 'play.started':
    case 'tasks.added':
      for (const { id, module } of event.tasks) if (module === 'pause') pauses.add(id);
      return;
    case 'task.started': {
      const { node, host } = event;
      watched.set(`${node} ${host}`, { node, host, sinceMs: nowMs, nextMs: firstMs, lastOutput: null });
      return;
    }
    case 'task.progress':
    case 'task.retrying':
    case 'item.finished': {
      const task = watched.get(`${event.node} ${event.host}`);
      if (task === undefined) return;
      task.sinceMs = nowMs;
      task.nextMs = firstMs;
      if (event.type === 'task.progress') task.lastOutput = lastLine(event.text) ?? task.lastOutput;
      return;
    }
    case 'task.finished':
      watched.delete(`${event.node} ${event.host}`);
      return;
    default:
      return;
  }
}

function lastLine(text: string): string | null {
  const line = text.split('\n').findLast((one) => one.trim() !== '');
  return line === undefined ? null : line.trim().slice(0, maxChars);
}
