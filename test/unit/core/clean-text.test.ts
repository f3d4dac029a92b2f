import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../src/core/clean-text.ts';

describe('cleanText', () => {
  test.each([
    ['colours and cursor movement', 'a\u001b[31mred\u001b[0m\u001b[2K\u001b[1;1Hb', 'aredb'],
    ['a window title', 'a\u001b]0;evil\u0007b\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'ablink'],
    [
      'device control and application commands',
      'a\u001bPq#0\u001b\\b\u001b_x\u001b\\c\u0090x\u009cd',
      'abcd',
    ],
    ['8-bit sequences', 'a\u009b31mb', 'ab'],
    ['a command without an end loses only its beginning', 'a\u001b]0;title\nb', 'a0;title\nb'],
    ['bells, backspaces, delete', 'a\u0007\b\u007fb', 'ab'],
    ['carriage returns', '10%\r20%\r\ndone', '10%\n20%\ndone'],
    ['reordering and invisible characters', 'a\u202eb\u200bc\ufeff', 'a<U+202E>b<U+200B>c<U+FEFF>'],
    ['newlines, tabs, umlauts and emoji', 'a\tb\nä 日本 🎉', 'a\tb\nä 日本 🎉'],
  ])('cleans %s', (_, dirty, clean) => {
    expect(cleanText(dirty)).toBe(clean);
  });

  test('leaves no control or reordering character in any text, and cleans once for all', () => {
    const nasty = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      'P',
      '\\',
      '\u0007',
      '\r',
      '\n',
      '\u009b',
      '\u009d',
      '3',
      'm',
      '\u202e',
      'x',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: nasty }), fc.string({ unit: 'binary' })), (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(
          /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/,
        );
        expect(cleanText(clean)).toBe(clean);
      }),
    );
  });

  test('keeps every printable text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(cleanText(text)).toBe(text);
      }),
    );
  });

  test.each(['\u009d', '\u001b]', '\u009b0', '\r', '\u001b ', '\u001b['])(
    'takes linear time for many of %j',
    (unit) => {
      const started = performance.now();
      cleanText(unit.repeat(300_000));
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});
