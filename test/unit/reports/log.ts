import type { Outcome } from '../../../src/core/outcome.ts';
import { fileSpan, type Span } from '../../../src/core/source.ts';
import type { Event, EventBody, NodeKind, TaskNode, Verdict } from '../../../src/events/event.ts';

/** A place in `site.yml` for fabricated events. */
export function at(line: number, column = 7, length = 4): Span {
  return {
    file: 'site.yml',
    start: { line, column, offset: 0 },
    end: { line, column: column + length, offset: length },
  };
}

/** A fabricated task. */
export function task(id: string, title: string, more: Partial<TaskNode> = {}): TaskNode {
  const kind: NodeKind = 'task';
  return { id, kind, title, module: 'command', span: at(Number(id.split('.').at(-1)) + 4), ...more };
}

/** Bodies as the stream would number and time them, 100 ms apart. */
export function numbered(bodies: readonly EventBody[]): readonly Event[] {
  return bodies.map((body, seq) => ({ seq, atMs: 1_700_000_000_000 + seq * 100, ...body }));
}

/** The start of a play on some hosts. */
export function play(name: string, hosts: readonly string[], tasks: readonly TaskNode[]): EventBody {
  return { type: 'play.started', play: '0', name, span: fileSpan('site.yml'), hosts, tasks };
}

/** A task's start and end on one host. */
export function ran(
  node: string,
  host: string,
  end: {
    readonly outcome: Outcome;
    readonly verdict?: Verdict;
    readonly delegate?: string;
    readonly looped?: boolean;
  },
): readonly EventBody[] {
  return [
    { type: 'task.started', node, host },
    {
      type: 'task.finished',
      node,
      host,
      delegate: end.delegate ?? null,
      looped: end.looped ?? false,
      outcome: end.outcome,
      verdict: end.verdict ?? 'final',
      durationMs: 120,
    },
  ];
}

/** One item of a loop. */
export function item(
  node: string,
  host: string,
  end: { readonly label: string; readonly outcome: Outcome },
): EventBody {
  return { type: 'item.finished', node, host, delegate: null, ...end };
}

/** The end of a task for all hosts. */
export function closed(node: string): EventBody {
  return { type: 'node.closed', node };
}

export const ok: Outcome = { kind: 'ok', output: {} };
export const changed: Outcome = { kind: 'changed', change: null, output: {} };
export const skipped: Outcome = { kind: 'skipped', because: 'when', output: {} };

/** A failed outcome that points at a line of `site.yml`. */
export function failed(
  message: string,
  line: number,
  output: Outcome & { kind: 'ok' } = { kind: 'ok', output: {} },
): Outcome {
  return {
    kind: 'failed',
    output: output.output,
    diagnostic: {
      code: 'HAPB6001',
      severity: 'error',
      message,
      span: at(line),
      hint: 'read what the command printed',
    },
  };
}
