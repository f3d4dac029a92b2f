import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { plainPaint } from '../../../src/core/paint.ts';
import type { Event, Reporter } from '../../../src/events/event.ts';
import { watchSilence } from '../../../src/events/silence.ts';
import { createEventStream, type EventStream } from '../../../src/events/stream.ts';
import { createPlainReporter } from '../../../src/reports/plain.ts';
import { createTreeReporter } from '../../../src/reports/tree/tree.ts';
import { changed, closed, play, task } from '../reports/log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watched stream, and what was said of silence: host, task, seconds, last output. */
function watched({ forks = 5, reporters = [] as readonly Reporter[] } = {}) {
  const said: string[] = [];
  const recorder: Reporter = {
    on: (event: Event) => {
      if (event.type !== 'task.silent') return;
      said.push(`${event.host} ${event.node} ${event.silentMs / 1_000} ${event.lastOutput ?? '-'}`);
    },
    close: () => Promise.resolve(),
  };
  const stream = watchSilence(createEventStream([recorder, ...reporters], Date.now), {
    clock: Date.now,
    forks,
  });
  return { stream, said };
}

const start = (stream: EventStream, node: string, host: string): void =>
  stream.emit({ type: 'task.started', node, host });
const progress = (stream: EventStream, node: string, host: string, text: string): void =>
  stream.emit({ type: 'task.progress', node, host, text });
const seconds = (count: number): void => void vi.advanceTimersByTime(count * 1_000);

describe('a running task', () => {
  test('that shows nothing is spoken of after 40 s, then whenever that has doubled', () => {
    const { stream, said } = watched();
    start(stream, '0.0', 'cp2');
    seconds(39);
    expect(said).toEqual([]);
    seconds(2);
    expect(said).toEqual(['cp2 0.0 40 -']);
    seconds(640);
    expect(said).toEqual(['cp2 0.0 40 -', 'cp2 0.0 80 -', 'cp2 0.0 160 -', 'cp2 0.0 320 -', 'cp2 0.0 640 -']);
  });

  test('that shows something begins anew, and its last line is told', () => {
    const { stream, said } = watched();
    start(stream, '0.0', 'cp2');
    for (let count = 0; count < 20; count += 1) {
      seconds(39);
      progress(stream, '0.0', 'cp2', `[certs] ${count}\n  \n`);
    }
    expect(said).toEqual([]);
    seconds(41);
    stream.emit({ type: 'task.retrying', node: '0.0', host: 'cp2', attempt: 1, retriesLeft: 2 });
    seconds(41);
    expect(said).toEqual(['cp2 0.0 40 [certs] 19', 'cp2 0.0 40 [certs] 19']);
  });

  test('whose output is hidden counts as showing something, and nothing of it is told', () => {
    const { stream, said } = watched();
    start(stream, '0.0', 'a');
    seconds(30);
    progress(stream, '0.0', 'a', '');
    seconds(30);
    expect(said).toEqual([]);
    seconds(11);
    expect(said).toEqual(['a 0.0 40 -']);
  });

  test('that is over, pauses, or has no slot yet is not spoken of', () => {
    const { stream, said } = watched({ forks: 1 });
    stream.emit(play('p', ['a', 'b'], [task('0.0', 'wait', { module: 'pause' }), task('0.1', 'work')]));
    start(stream, '0.0', 'a');
    seconds(100);
    stream.emit({ ...finished, node: '0.0', host: 'a' });
    start(stream, '0.1', 'a');
    start(stream, '0.1', 'b');
    seconds(41);
    expect(said).toEqual(['a 0.1 40 -']);
    stream.emit({ ...finished, node: '0.1', host: 'a' });
    seconds(41);
    expect(said).toEqual(['a 0.1 40 -', 'b 0.1 40 -']);
    stream.emit({ ...finished, node: '0.1', host: 'b' });
    seconds(1_000);
    expect(said).toHaveLength(2);
  });

  test('is not watched any more when the stream is closed', async () => {
    const { stream, said } = watched();
    start(stream, '0.0', 'a');
    await stream.close();
    seconds(100);
    expect(said).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

const finished = {
  type: 'task.finished',
  delegate: null,
  looped: false,
  outcome: changed,
  verdict: 'final',
  durationMs: 0,
} as const;

test('both screens say it at once, also of a host that runs ahead', () => {
  let plain = '';
  let tree = '';
  const onPlain = (text: string): void => {
    plain += text;
  };
  const onTree = (text: string): void => {
    tree += text;
  };
  const screen = { write: onPlain, columns: 79, paint: plainPaint };
  const reporters = [
    createPlainReporter({ screen, verbosity: 0, diff: 'hide', source: () => null }),
    createTreeReporter({
      screen,
      view: { print: onTree, show: () => undefined, close: () => Promise.resolve() },
      diff: 'hide',
      source: () => null,
      clock: Date.now,
    }),
  ];
  const { stream } = watched({ reporters });
  stream.emit(play('p', ['cp1', 'cp2'], [task('0.0', 'Packages'), task('0.1', 'Join the control plane')]));
  start(stream, '0.0', 'cp1');
  progress(stream, '0.0', 'cp1', 'Unpacking');
  stream.emit({ ...finished, node: '0.0', host: 'cp2' });
  start(stream, '0.1', 'cp2');
  progress(stream, '0.1', 'cp2', '[etcd] Announced new etcd member');
  seconds(41);
  seconds(120);
  stream.emit(closed('0.0'));
  const lines = [
    "cp1 silent for 40 s in 'Packages', last output: Unpacking",
    "cp2 silent for 40 s in 'Join the control plane', last output: [etcd] Announced new etcd member",
    "cp2 silent for 80 s in 'Join the control plane', last output: [etcd] Announced new etcd member",
    "cp2 silent for 2 min 40 s in 'Join the control plane', last output: [etcd] Announced new etcd member",
  ];
  for (const printed of [plain, tree]) expect(printed.split('\n')).toEqual(expect.arrayContaining(lines));
});
