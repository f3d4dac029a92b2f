import type { NodeId, TaskCost } from '../../events/event.ts';
import type { RunModel } from '../run-model.ts';

/** One task on one host. */
export interface Span {
  readonly host: string;
  readonly node: NodeId;
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number;
  /** For which host it waited before it began, and how long; `null`: for none. */
  readonly waited: { readonly forHost: string; readonly ms: number } | null;
  /** `null`: the log was written without `--profile`. */
  readonly cost: TaskCost | null;
}

/** A span with its task's place in the run, and what went before it: in its own host, or in the one that it waited for. */
interface Linked extends Span {
  readonly order: number;
  readonly before: Linked | null;
}

/** Shorter waits are the event loop's. */
const shortestWaitMs = 10;

/** Every task on every host, in the order of their ends. */
export function spansOf(run: RunModel): readonly Span[] {
  return linked(run);
}

/**
 * The tasks that decided how long a run took, in their order: from the task that ended last back to what let it begin. That
 * is what its host did before, or, where the host waited, the task of another one that ended last before it went on.
 */
export function criticalPath(run: RunModel): readonly Span[] {
  const path: Span[] = [];
  let span: Linked | null = linked(run).at(-1) ?? null;
  for (; span !== null; span = span.before) path.push(span);
  return path.reverse();
}

function linked(run: RunModel): readonly Linked[] {
  const bare = run.plays
    .flatMap(({ tasks }) => tasks)
    .flatMap(({ node, ends }, order) =>
      ends.map(({ startMs, end }) => {
        const { host, atMs: endMs, cost = null } = end;
        // Handlers are known after the tasks that they run between.
        const place = node.kind === 'handler' ? -1 : order;
        return { host, node: node.id, title: node.title, order: place, startMs, endMs, cost };
      }),
    )
    .sort((a, b) => a.endMs - b.endMs || a.order - b.order);
  const done: Linked[] = [];
  const lastOf = new Map<string, Linked>();
  for (const span of bare) {
    const own = lastOf.get(span.host) ?? null;
    const since = own?.endMs ?? run.startMs;
    const other = releaser(done, span, since);
    const waited = other === null ? null : { forHost: other.host, ms: span.startMs - since };
    const whole: Linked = { ...span, waited, before: other ?? own };
    done.push(whole);
    lastOf.set(span.host, whole);
  }
  return done;
}

/** Whose end let a span begin, when its host had been idle since `since`. */
function releaser(
  done: readonly Linked[],
  { host, order, startMs }: Pick<Linked, 'host' | 'order' | 'startMs'>,
  since: number,
): Linked | null {
  if (startMs - since < shortestWaitMs) return null;
  for (let index = done.length - 1; index >= 0; index -= 1) {
    const other = done[index];
    if (other === undefined || other.endMs <= since) return null;
    if (other.endMs <= startMs && other.host !== host && (order === -1 || other.order <= order)) return other;
  }
  return null;
}
