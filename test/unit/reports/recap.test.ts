import { expect, test } from 'vitest';
import { colourPaint, plainPaint } from '../../../src/core/paint.ts';
import { emptyTally } from '../../../src/events/tally.ts';
import { recapLines } from '../../../src/reports/recap.ts';

// What ansible-playbook of ansible-core 2.19 printed for the same numbers.
const recap = {
  web1: { ...emptyTally, ok: 14, changed: 10, skipped: 3, rescued: 1, ignored: 3 },
  gone: { ...emptyTally, ok: 1, unreachable: 1, ignored: 1 },
  'a-host-with-a-very-long-name-indeed': {
    ...emptyTally,
    ok: 13,
    changed: 9,
    skipped: 3,
    rescued: 1,
    ignored: 3,
  },
};

test('recap lines are those of Ansible, byte for byte', () => {
  expect(recapLines(recap, plainPaint)).toEqual([
    'a-host-with-a-very-long-name-indeed : ok=13   changed=9    unreachable=0    failed=0    skipped=3    rescued=1    ignored=3   ',
    'gone                       : ok=1    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=1   ',
    'web1                       : ok=14   changed=10   unreachable=0    failed=0    skipped=3    rescued=1    ignored=3   ',
  ]);
});

test('coloured recap lines too', () => {
  expect(recapLines(recap, colourPaint)[1]).toBe(
    '\u001b[0;31mgone\u001b[0m                       : \u001b[0;32mok=1   \u001b[0m changed=0    \u001b[1;31munreachable=1   \u001b[0m failed=0    skipped=0    rescued=0    \u001b[1;35mignored=1   \u001b[0m',
  );
});

test('what check mode could not know, or foresees to fail, is appended', () => {
  const tally = { ...emptyTally, ok: 1, unknown: 2, wouldFail: 1 };
  expect(recapLines({ a: tally }, plainPaint)[0]).toMatch(/ignored=0 {4}unknown=2 {4}would-fail=1 {3}$/);
});
