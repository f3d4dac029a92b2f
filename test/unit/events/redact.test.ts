import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { Unknown } from '../../../src/core/unknown.ts';
import { maskText, redactText, safeText, safeValue } from '../../../src/events/redact.ts';

const password = 's3cr t\'+/"$x';
new Secret(password, 'db password');
const key = `-----BEGIN KEY-----\n${'QUJDabcd'.repeat(30)}\n${'01234567'.repeat(8)}\n-----END KEY-----\n`;
new Secret(key, 'private key');

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('redaction', () => {
  test.each([
    ['itself', password],
    ['URL-encoded', encodeURIComponent(password)],
    ['form-encoded', new URLSearchParams({ a: password }).toString().slice(2)],
    ['in single quotes of a shell', `'${password.replaceAll("'", "'\\''")}'`],
    ['in JSON', JSON.stringify({ password })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ password }))],
    ['cut by a colour', `${password.slice(0, 4)}\u001b[0m${password.slice(4)}`],
  ])('finds a secret %s', (_, text) => {
    const safe = safeText(`before ${text} after`);
    expect(safe).toContain('‹db password›');
    expect(safe).not.toContain('s3cr');
    expect(safe).toMatch(/^before .* after$/);
  });

  test('finds base64 of a secret at any place in a text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 9 }),
        fc.string({ maxLength: 9 }),
        (before, after) => {
          const safe = redactText(base64(before + password + after));
          expect(safe).toContain('‹db password›');
          const rest = Buffer.from(safe.replace('‹db password›', ''), 'base64').toString();
          expect(rest).not.toContain('s3cr');
        },
      ),
    );
  });

  test('finds base64 that was wrapped, and the lines of a secret one by one', () => {
    const wrapped = base64(`head: 1\n${key}`).replace(/.{76}/g, '$&\n');
    expect(redactText(wrapped)).toBe('‹private key›');
    expect(redactText(`got ${key.split('\n')[1]}`)).toBe('got ‹private key›');
    const lines = safeValue({ stdout_lines: base64(key).match(/.{1,76}/g) });
    expect(JSON.stringify(lines)).not.toMatch(/[A-Za-z0-9]{20}/);
  });

  test('leaves no end of two secrets that overlap', () => {
    new Secret('abcd-1234', 'one');
    new Secret('1234-efgh', 'two');
    expect(redactText('x abcd-1234-efgh y')).toBe('x ‹one› y');
  });

  test('reaches keys, lists and values with toJSON, and keeps what is safe as it is', () => {
    const safe = { a: [1, null, { b: 'x' }], c: true };
    expect(safeValue(safe)).toBe(safe);
    const secret = new Secret('tokentoken', 'token');
    const event = {
      [`k ${password}`]: ['tokentoken', secret, new Unknown('not run')],
      ['__proto__']: 'tokentoken',
    };
    expect(JSON.stringify(safeValue(event))).toBe(
      '{"k ‹db password›":["‹token›","‹token›","‹unknown: not run›"],"__proto__":"‹token›"}',
    );
  });

  test('masks without moving columns', () => {
    expect(maskText('a: tokentoken # x')).toBe('a: •••••••••• # x');
  });

  test('redacts a long output in reasonable time', () => {
    const started = performance.now();
    safeValue({ stdout: 'a line of output\n'.repeat(60_000) });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
