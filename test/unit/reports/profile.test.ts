import { describe, expect, it } from 'vitest';
import { plainPaint } from '../../../src/core/paint.ts';
import type { Event, EventBody, TaskCost } from '../../../src/events/event.ts';
import { createProfileReporter } from '../../../src/reports/profile/profile.ts';
import { play, task } from './log.ts';

const ok = { kind: 'ok', output: {} } as const;
type Bar = readonly [node: string, host: string, startMs: number, endMs: number, cost?: TaskCost];

/** The log of a run of so long in which these tasks ran. */
function logOf(
  titles: readonly string[],
  { bars, ms, handler }: { readonly bars: readonly Bar[]; readonly ms: number; readonly handler?: string },
): readonly Event[] {
  const hosts = [...new Set(bars.map(([, host]) => host))];
  const timed: (readonly [number, EventBody])[] = bars.flatMap(([node, host, startMs, endMs, cost]) => [
    [startMs, { type: 'task.started', node, host }],
    [
      endMs,
      {
        type: 'task.finished',
        node,
        host,
        delegate: null,
        looped: false,
        outcome: ok,
        verdict: 'final',
        durationMs: endMs - startMs,
        ...(cost === undefined ? {} : { cost }),
      },
    ],
  ]);
  const tasks = titles.map((title, index) =>
    task(`0.${index}`, title, title === handler ? { kind: 'handler' } : {}),
  );
  const head: EventBody[] = [
    { type: 'run.started', schema: 1, mode: 'apply', playbooks: ['site.yml'], hosts },
    play('', hosts, tasks),
  ];
  const all: (readonly [number, EventBody])[] = [
    ...head.map((body) => [0, body] as const),
    ...timed.sort(([a], [b]) => a - b),
    [ms, { type: 'run.finished', exitCode: 0, durationMs: ms, recap: {} }],
  ];
  return all.map(([atMs, body], seq) => ({ seq, atMs: 5000 + atMs, ...body }));
}

async function shown(events: readonly Event[]): Promise<string> {
  let text = '';
  const screen = {
    write: (more: string) => {
      text += more;
    },
    columns: 40,
    paint: plainPaint,
  };
  const reporter = createProfileReporter(screen, () => Promise.resolve());
  for (const event of events) reporter.on(event);
  await reporter.close();
  return text;
}

describe('the critical path', () => {
  it('leads from the task that ended last back over whom its host waited for', async () => {
    const bars: readonly Bar[] = [
      ['0.0', 'cp1', 0, 8000],
      ['0.0', 'cp2', 0, 3000],
      ['0.0', 'cp3', 0, 2000],
      ['0.1', 'cp1', 8001, 15_000],
      ['0.2', 'cp2', 15_001, 29_000],
      ['0.2', 'cp3', 29_002, 45_000],
      ['0.3', 'cp3', 45_000, 45_003],
    ];
    expect(
      await shown(logOf(['Install', 'Init', 'Join', 'Look'], { bars, ms: 45_100 })),
    ).toMatchInlineSnapshot(
      `
      "
      CRITICAL PATH of 45.1 s *****************
          8.00 s  cp1: Install
          7.00 s  cp1: Init
                  cp2 waited 12.0 s for cp1, before 'Join'
          14.0 s  cp2: Join
                  cp3 waited 27.0 s for cp2, before 'Join'
          16.0 s  cp3: Join
            3 ms  in 1 task of less than 0.45 s each
      "
    `,
    );
  });

  it('does not take a host that is ahead for the one that was waited for', async () => {
    const bars: readonly Bar[] = [
      ['0.0', 'a', 0, 5000],
      ['0.0', 'b', 0, 100],
      // `c` is two tasks further on, and ends one of them a moment before `b` goes on.
      ['0.0', 'c', 0, 50],
      ['0.2', 'c', 50, 5001],
      ['0.1', 'b', 5002, 9000],
    ];
    const text = await shown(logOf(['Begin', 'Throttled', 'Later'], { bars, ms: 9000 }));
    expect(text).toContain("b waited 4.90 s for a, before 'Throttled'");
  });

  it('leads over a handler of another host', async () => {
    const bars: readonly Bar[] = [
      ['0.0', 'a', 0, 100],
      ['0.0', 'b', 0, 100],
      ['0.1', 'a', 3000, 4000],
      ['0.2', 'b', 100, 2999],
    ];
    const text = await shown(
      logOf(['Change', 'After', 'restart it'], { bars, ms: 4000, handler: 'restart it' }),
    );
    expect(text).toContain("a waited 2.90 s for b, before 'After'");
    expect(text).toContain('2.90 s  b: restart it');
  });

  it('says when no task has ended', async () => {
    expect(await shown(logOf(['Never'], { bars: [], ms: 10 }))).toContain('No task has ended.');
  });
});

describe('the cost of tasks', () => {
  const cost = { roundTrips: 2, sentBytes: 1500, receivedBytes: 20, hostMs: 40, cpuMs: 3 };

  it('is not there in a log that does not have it', async () => {
    expect(await shown(logOf(['One'], { bars: [['0.0', 'a', 0, 50]], ms: 60 }))).not.toContain('COST');
  });

  it('has a line for each host, and one for all tasks', async () => {
    const bars: readonly Bar[] = [
      ['0.0', 'web1', 0, 50, cost],
      ['0.0', 'web2', 0, 70, { ...cost, receivedBytes: 0, roundTrips: 0 }],
      ['0.1', 'web1', 71, 90, cost],
    ];
    const text = await shown(logOf(['Write it', 'Look'], { bars, ms: 100 }));
    expect(text.slice(text.indexOf('COST'))).toMatchInlineSnapshot(`
      "COST OF EACH TASK ***********************
        host         time  waited  on host  trips    sent  received   cpu
      Write it
        web1        50 ms       -    40 ms      2  1.5 kB      20 B  3 ms
        web2        70 ms       -    40 ms      0  1.5 kB         -  3 ms
      Look
        web1        19 ms   21 ms    40 ms      2  1.5 kB      20 B  3 ms
        all tasks  0.14 s   21 ms   0.12 s      4  4.5 kB      40 B  9 ms
      "
    `);
  });

  it('of a task on many hosts is one line for all and one for each of the longest', async () => {
    const bars = Array.from({ length: 40 }, (_, index): Bar => ['0.0', `h${index}`, 0, 10 + index, cost]);
    const text = await shown(logOf(['Everywhere'], { bars, ms: 100 }));
    expect(text).toMatch(/ {2}40 hosts .* 80 .*\n {2}h39 .*\n {2}h38 .*\n {2}h37 .*\n {2}all tasks/);
  });
});
