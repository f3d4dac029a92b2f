import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventBody, TaskNode } from '../../../src/events/event.ts';
import { createScreenOrder } from '../../../src/reports/screen-order.ts';
import { at, closed, numbered, ok, play, ran, task } from './log.ts';

function finishedInOrder(bodies: readonly EventBody[]): readonly string[] {
  const shown: string[] = [];
  const order = createScreenOrder((event) => {
    if (event.type === 'task.finished') shown.push(`${event.node} ${event.host}`);
  });
  for (const event of numbered(bodies)) order.on(event);
  return shown;
}

const end: EventBody = { type: 'run.finished', exitCode: 0, durationMs: 1, recap: {} };
const handler = (id: string): TaskNode => task(id, 'restart', { kind: 'handler', span: at(9) });

describe('screen order', () => {
  test('a handler stands where it was announced, each time that it runs', () => {
    const log: EventBody[] = [
      play('p', ['a', 'b'], [task('0.0', 'one'), task('0.1', 'two')]),
      ...ran('0.0', 'a', { outcome: ok }),
      { type: 'tasks.added', after: '0.0', tasks: [handler('0.9@1')] },
      ...ran('0.9@1', 'a', { outcome: ok }),
      ...ran('0.1', 'a', { outcome: ok }),
      ...ran('0.0', 'b', { outcome: ok }),
      closed('0.0'),
      closed('0.9@1'),
      ...ran('0.1', 'b', { outcome: ok }),
      closed('0.1'),
      { type: 'tasks.added', after: '', tasks: [handler('0.9@2')] },
      ...ran('0.9@2', 'a', { outcome: ok }),
    ];
    expect(finishedInOrder(log)).toEqual(['0.0 a', '0.0 b', '0.9@1 a', '0.1 a', '0.1 b', '0.9@2 a']);
  });

  test('a handler that is announced behind a closed task comes before the tasks that are open', () => {
    const log: EventBody[] = [
      play('p', ['a', 'b'], [task('0.0', 'one'), task('0.1', 'two')]),
      closed('0.0'),
      ...ran('0.1', 'b', { outcome: ok }),
      { type: 'tasks.added', after: '', tasks: [handler('0.9@1')] },
      ...ran('0.1', 'a', { outcome: ok }),
      ...ran('0.9@1', 'a', { outcome: ok }),
      closed('0.9@1'),
    ];
    expect(finishedInOrder(log)).toEqual(['0.1 b', '0.9@1 a', '0.1 a']);
  });

  test('tasks that an include brought stand behind it', () => {
    const log: EventBody[] = [
      play('p', ['a', 'b'], [task('0.0', 'include'), task('0.1', 'last')]),
      ...ran('0.0', 'a', { outcome: ok }),
      { type: 'tasks.added', after: '0.0', tasks: [task('0.0.0', 'x'), task('0.0.1', 'y')] },
      ...ran('0.0.0', 'a', { outcome: ok }),
      ...ran('0.0', 'b', { outcome: ok }),
      ...ran('0.1', 'b', { outcome: ok }),
      closed('0.0'),
      ...ran('0.0.1', 'a', { outcome: ok }),
      end,
    ];
    expect(finishedInOrder(log)).toEqual(['0.0 a', '0.0 b', '0.0.0 a', '0.0.1 a', '0.1 b']);
  });

  test('what comes after its task was closed is shown at once', () => {
    const log = [
      play('p', ['a'], [task('0.0', 'one'), task('0.1', 'two')]),
      closed('0.0'),
      ...ran('0.0', 'a', { outcome: ok }),
    ];
    expect(finishedInOrder(log)).toEqual(['0.0 a']);
  });

  test('any interleaving of hosts loses nothing and comes out in task order', () => {
    const hosts = ['a', 'b', 'c'];
    const nodes = ['0.0', '0.1', '0.2', '0.3'];
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 40 }), (picks) => {
        const next = new Map(hosts.map((host) => [host, 0]));
        const log: EventBody[] = [
          play(
            'p',
            hosts,
            nodes.map((id) => task(id, id)),
          ),
        ];
        const done = new Map(nodes.map((id) => [id, 0]));
        const step = (host: string): void => {
          const node = nodes[next.get(host) ?? 0];
          if (node === undefined) return;
          next.set(host, (next.get(host) ?? 0) + 1);
          log.push(...ran(node, host, { outcome: ok }));
          done.set(node, (done.get(node) ?? 0) + 1);
          if (done.get(node) === hosts.length) log.push(closed(node));
        };
        for (const pick of picks) step(hosts[pick] ?? 'a');
        for (const host of hosts) while (nodes[next.get(host) ?? 0] !== undefined) step(host);
        const shown = finishedInOrder(log).map((line) => line.split(' ')[0] ?? '');
        expect(shown).toHaveLength(12);
        expect(shown).toEqual([...shown].sort());
      }),
    );
  });
});
