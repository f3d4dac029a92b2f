import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from '../../../src/connection/quote.ts';
import { shells } from './shells.ts';

const texts = fc.array(
  fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          "'",
          '"',
          '\\',
          '$',
          '`',
          '!',
          '*',
          '\n',
          ' ',
          '-',
          'a',
          '\x7f',
          '~',
          '#',
          '\r',
          '\t',
          '&',
          ';',
        ),
      }),
    )
    .map((text) => text.replaceAll('\0', '')),
  { minLength: 1, maxLength: 20 },
);

describe.each(shells)('quoting for $name', ({ argv: [program, ...args] }) => {
  it('gives every text back unchanged', () => {
    fc.assert(
      fc.property(texts, (words) => {
        const script = `printf '%s\\0' ${words.map(quote).join(' ')}`;
        const output = execFileSync(program, [...args, '-c', script], {
          env: { ...process.env, LC_ALL: 'C' },
        });
        const expected = Buffer.from(words.map((word) => `${word}\0`).join(''), 'utf8');
        expect(output.equals(expected)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('quoting', () => {
  it.each([
    ['plain', 'plain'],
    ['/etc/hosts', '/etc/hosts'],
    ['', "''"],
    ["it's", "'it'\\''s'"],
    ['a b', "'a b'"],
    ['~', "'~'"],
    ['ä', "'ä'"],
  ])('writes %j as %j', (text, expected) => {
    expect(quote(text)).toBe(expected);
  });

  it('refuses a NUL byte', () => {
    expect(() => quote('a\0')).toThrow('a text with a NUL byte cannot be passed to a shell');
  });
});
