import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/core/outcome.ts';
import type { Tally } from '../../../src/core/tally.ts';
import type { Verdict } from '../../../src/events/event.ts';
import { countOutcome, createTallyFold, emptyTally } from '../../../src/events/tally.ts';
import { changed, failed, ok, play, ran, skipped, task } from '../reports/log.ts';

function counted(outcome: Outcome, verdict: Verdict = 'final'): Partial<Tally> {
  const entries = Object.entries(countOutcome(emptyTally, outcome, verdict));
  return Object.fromEntries(entries.filter(([, value]) => value !== 0));
}

const bad = failed('no', 4);
const badChanged = failed('no', 4, { kind: 'ok', output: { changed: true } });
const { diagnostic } = bad as Outcome & { kind: 'failed' };
const wouldFail: Outcome = { kind: 'would-fail', diagnostic, output: {} };
const unreachable: Outcome = { kind: 'unreachable', diagnostic };
const change = { summary: 's', edits: [] };

describe('tally', () => {
  test.each<[string, Outcome, Verdict, Partial<Tally>]>([
    ['ok', ok, 'final', { ok: 1 }],
    ['changed counts in ok too', changed, 'final', { ok: 1, changed: 1 }],
    ['failed', bad, 'final', { failed: 1 }],
    ['an ignored failure counts in ok', bad, 'ignored', { ok: 1, ignored: 1 }],
    ['an ignored failure that changed something', badChanged, 'ignored', { ok: 1, changed: 1, ignored: 1 }],
    ['a rescued failure counts in nothing else', badChanged, 'rescued', { rescued: 1 }],
    ['skipped', skipped, 'final', { skipped: 1 }],
    ['a host that dropped out before', { kind: 'skipped', because: 'host-failed', output: {} }, 'final', {}],
    ['run_once on another host', { kind: 'skipped', because: 'not-this-host', output: {} }, 'final', {}],
    ['unreachable', unreachable, 'final', { unreachable: 1 }],
    ['an ignored unreachable host', unreachable, 'ignored', { ok: 1, ignored: 1 }],
    [
      'would change counts as changed',
      { kind: 'would-change', change, output: {} },
      'final',
      { ok: 1, changed: 1 },
    ],
    ['unknown', { kind: 'unknown', reason: 'r', cause: null, output: {} }, 'final', { unknown: 1 }],
    ['would fail', wouldFail, 'final', { wouldFail: 1 }],
    ['would fail but ignored', wouldFail, 'ignored', { ok: 1, ignored: 1 }],
  ])('counts %s', (_, outcome, verdict, expected) => {
    expect(counted(outcome, verdict)).toEqual(expected);
  });

  test('folds events per host, sorted, without barriers and without hosts for which nothing counted', () => {
    const fold = createTallyFold();
    const log = [
      play('p', ['b', 'a', 'c'], [task('0.0', 'x'), task('0.1', 'all', { kind: 'barrier' })]),
      ...ran('0.0', 'b', { outcome: changed }),
      ...ran('0.0', 'a', { outcome: ok }),
      ...ran('0.1', 'a', { outcome: ok }),
      ...ran('0.0', 'c', { outcome: { kind: 'skipped', because: 'not-this-host', output: {} } }),
    ];
    for (const event of log) fold.on(event);
    expect(Object.keys(fold.recap())).toEqual(['a', 'b']);
    expect(fold.recap().a).toEqual({ ...emptyTally, ok: 1 });
    expect(fold.recap().b).toEqual({ ...emptyTally, ok: 1, changed: 1 });
  });
});
