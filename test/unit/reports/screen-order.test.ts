import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/events/event.ts';
import { createScreenOrder } from '../../../src/reports/screen-order.ts';
import { closed, numbered, ok, play, ran, task } from './log.ts';

function finishedInOrder(bodies: readonly EventBody[]): readonly string[] {
  const shown: string[] = [];
  const order = createScreenOrder((event) => {
    if (event.type === 'task.finished') shown.push(`${event.node} ${event.host}`);
  });
  for (const event of numbered(bodies)) order.on(event);
  return shown;
}

const end: EventBody = { type: 'run.finished', exitCode: 0, durationMs: 1, recap: {} };
const handler = task('0.h0', 'restart', { kind: 'handler' });

describe('screen order', () => {
  test('a handler stands behind the task after which it ran, each time that it ran', () => {
    const log = [
      play('p', ['a'], [task('0.0', 'one'), task('0.1', 'two'), handler]),
      ...ran('0.0', 'a', { outcome: ok }),
      closed('0.0'),
      ...ran('0.h0', 'a', { outcome: ok }),
      ...ran('0.1', 'a', { outcome: ok }),
      closed('0.1'),
      ...ran('0.h0', 'a', { outcome: ok }),
    ];
    expect(finishedInOrder(log)).toEqual(['0.0 a', '0.h0 a', '0.1 a', '0.h0 a']);
  });

  test('tasks that an include brought stand behind it', () => {
    const log: EventBody[] = [
      play('p', ['a', 'b'], [task('0.0', 'include'), task('0.1', 'last')]),
      ...ran('0.0', 'a', { outcome: ok }),
      { type: 'tasks.added', after: '0.0', tasks: [task('0.0.0', 'x'), task('0.0.1', 'y')] },
      ...ran('0.0.0', 'a', { outcome: ok }),
      ...ran('0.0', 'b', { outcome: ok }),
      closed('0.0'),
      { type: 'tasks.added', after: '0.0', tasks: [task('0.0.2', 'z')] },
      ...ran('0.0.2', 'b', { outcome: ok }),
      ...ran('0.0.1', 'a', { outcome: ok }),
      end,
    ];
    expect(finishedInOrder(log)).toEqual(['0.0 a', '0.0 b', '0.0.0 a', '0.0.1 a', '0.0.2 b']);
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
        const at = new Map(hosts.map((host) => [host, 0]));
        const log: EventBody[] = [
          play(
            'p',
            hosts,
            nodes.map((id) => task(id, id)),
          ),
        ];
        const done = new Map(nodes.map((id) => [id, 0]));
        const step = (host: string): void => {
          const node = nodes[at.get(host) ?? 0];
          if (node === undefined) return;
          at.set(host, (at.get(host) ?? 0) + 1);
          log.push(...ran(node, host, { outcome: ok }));
          done.set(node, (done.get(node) ?? 0) + 1);
          if (done.get(node) === hosts.length) log.push(closed(node));
        };
        for (const pick of picks) step(hosts[pick] ?? 'a');
        for (const host of hosts) while (nodes[at.get(host) ?? 0] !== undefined) step(host);
        const shown = finishedInOrder(log).map((line) => line.split(' ')[0] ?? '');
        expect(shown).toHaveLength(12);
        expect(shown).toEqual([...shown].sort());
      }),
    );
  });
});
