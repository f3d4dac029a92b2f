import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import type { Event, Reporter } from '../../../src/events/event.ts';
import { createEventStream } from '../../../src/events/stream.ts';

function recorder(): Reporter & { readonly events: Event[] } {
  const events: Event[] = [];
  return { events, on: (event) => void events.push(event), close: () => Promise.resolve() };
}

describe('event stream', () => {
  test('numbers, times, redacts and cleans events for every reporter', () => {
    new Secret('swordfish', 'password');
    const first = recorder();
    const second = recorder();
    let now = 1000;
    const stream = createEventStream([first, second], () => (now += 1));
    stream.emit({ type: 'task.started', node: '0.0', host: 'a' });
    stream.emit({ type: 'task.progress', node: '0.0', host: 'a', text: '\u001b[31mswordfish\r' });
    expect(first.events).toEqual([
      { seq: 0, atMs: 1001, type: 'task.started', node: '0.0', host: 'a' },
      { seq: 1, atMs: 1002, type: 'task.progress', node: '0.0', host: 'a', text: '‹password›\n' },
    ]);
    expect(second.events).toEqual(first.events);
  });

  test('drops a reporter that throws, with one warning to the others', () => {
    const good = recorder();
    let calls = 0;
    const bad: Reporter = {
      on: () => {
        calls += 1;
        throw new Error('disk full');
      },
      close: () => Promise.resolve(),
    };
    const stream = createEventStream([bad, good], () => 0);
    stream.emit({ type: 'node.closed', node: '0.0' });
    stream.emit({ type: 'node.closed', node: '0.1' });
    expect(calls).toBe(1);
    expect(good.events.map(({ type }) => type)).toEqual(['node.closed', 'diagnostic', 'node.closed']);
    expect(good.events.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(good.events[1]).toMatchObject({
      diagnostic: { code: 'HAPB8090', message: 'a report ended early: disk full' },
    });
  });

  test('ends even when every reporter throws, and hands over what could not be reported', async () => {
    const bad: Reporter = { on: () => undefined, close: () => Promise.reject(new Error('no space')) };
    const throws: Reporter = {
      on: () => {
        throw new Error('x');
      },
      close: () => Promise.resolve(),
    };
    const only = createEventStream([throws], () => 0);
    only.emit({ type: 'node.closed', node: '0.0' });
    expect(await only.close()).toEqual([]);
    const problems = await createEventStream([bad, recorder()], () => 0).close();
    expect(problems.map(({ message }) => message)).toEqual(['a report ended early: no space']);
  });
});
