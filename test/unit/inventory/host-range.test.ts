import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitPort } from '../../../src/core/host-port.ts';
import { expandRange } from '../../../src/inventory/host-range.ts';

function names(pattern: string): readonly string[] | string {
  const expansion = expandRange(pattern);
  return expansion.ok ? expansion.names : `${expansion.message} | ${expansion.hint}`;
}

describe('a host range', () => {
  test.each([
    ['web', ['web']],
    ['web[1:3]', ['web1', 'web2', 'web3']],
    ['web[08:10]', ['web08', 'web09', 'web10']],
    ['web[1:9:4].x', ['web1.x', 'web5.x', 'web9.x']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['r[1:2]n[a:b]', ['r1na', 'r1nb', 'r2na', 'r2nb']],
    ['w[:2]', ['w0', 'w1', 'w2']],
  ])('%s', (pattern, expected) => {
    expect(names(pattern)).toEqual(expected);
  });

  test.each([
    [
      'web[1-3]',
      'the host range web[1-3] holds [1-3], which is not FIRST:LAST or FIRST:LAST:STEP | Write a range as [01:20], [1:9:2] or [a:f].',
    ],
    [
      'web[01:100]',
      'the host range web[01:100] has ends of different length, 01 and 100 | With leading zeros both must have equally many digits: [01:100].',
    ],
    [
      'web[1:]',
      'the host range web[1:] holds [1:], which has no end | Write a range as [01:20], [1:9:2] or [a:f].',
    ],
    ['web[c:a]', 'the host range web[c:a] runs backwards from c to a | Write [a:c].'],
    ['web[1:9:0]', 'the host range web[1:9:0] has the step 0 | The step is a whole number from 1 on.'],
    [
      'web[1:3',
      'the host range web[1:3 has a [ that is not closed | Write a range as [01:20], [1:9:2] or [a:f].',
    ],
    [
      'web[1:999999999]',
      'the host range web[1:999999999] stands for more than 65536 hosts | Check its ends.',
    ],
    [
      'w[1:999][1:999]',
      'the host range w[1:999][1:999] stands for more than 65536 hosts | Check the ends of the range.',
    ],
  ])('%s is refused', (pattern, expected) => {
    expect(names(pattern)).toBe(expected);
  });

  test('holds each number from first to last, padded to one width', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.nat(500),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        (first, length, step, width) => {
          const last = first + length;
          const digits = Math.max(width, String(last).length);
          const pad = (number: number): string => String(number).padStart(digits, '0');
          const expected: string[] = [];
          for (let number = first; number <= last; number += step) expected.push(`n${pad(number)}`);
          expect(names(`n[${pad(first)}:${pad(last)}:${step}]`)).toEqual(
            expected.map((name) =>
              pad(first).startsWith('0') && digits > 1 ? name : `n${Number(name.slice(1))}`,
            ),
          );
        },
      ),
    );
  });
});

test('a port is split off, but not from an IPv6 address', () => {
  expect(splitPort('web:2222')).toEqual({ host: 'web', port: 2222 });
  expect(splitPort('web[1:3]:2222')).toEqual({ host: 'web[1:3]', port: 2222 });
  expect(splitPort('web[1:3]')).toEqual({ host: 'web[1:3]', port: null });
  expect(splitPort('2001:db8::1')).toEqual({ host: '2001:db8::1', port: null });
  expect(splitPort('[2001:db8::1]:22')).toEqual({ host: '2001:db8::1', port: 22 });
});
