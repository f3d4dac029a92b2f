import { describe, expect, test } from 'vitest';
import { error } from '../../../src/core/diagnostic.ts';
import { colourPaint, plainPaint } from '../../../src/core/paint.ts';
import { printDiagnostic, printDiagnostics } from '../../../src/core/print-diagnostic.ts';
import { positionsOf, type Span } from '../../../src/core/source.ts';

function spanOf(source: string, marked: string): Span {
  const at = positionsOf(source);
  const start = source.indexOf(marked);
  return { file: 'site.yml', start: at(start), end: at(start + marked.length) };
}

function print(
  source: string,
  marked: string,
  more: { details?: string; paint?: typeof plainPaint } = {},
): string {
  const { paint = plainPaint, ...rest } = more;
  const span = spanOf(source, marked);
  const diagnostic = error({
    code: 'HAPB2004',
    message: 'unknown keyword',
    span,
    hint: 'remove it',
    ...rest,
  });
  return printDiagnostic(diagnostic, { source: () => source, paint });
}

describe('printDiagnostic', () => {
  test('shows place, code, message, source with carets, details and hint', () => {
    expect(print('- hosts: all\n  taks: []\n', 'taks', { details: 'one\n\ntwo\n' })).toMatchInlineSnapshot(`
      "site.yml:2:3  error HAPB2004: unknown keyword
        2 |   taks: []
          |   ^^^^
          one

          two
        hint: remove it"
    `);
  });

  test('sets carets right below tabs and wide characters', () => {
    expect(print('\t日本: \tab\n', 'ab')).toMatchInlineSnapshot(`
      "site.yml:1:7  error HAPB2004: unknown keyword
        1 |     日本:   ab
          |             ^^
        hint: remove it"
    `);
    expect(print('名前: 日本\n', '日本')).toMatchInlineSnapshot(`
      "site.yml:1:5  error HAPB2004: unknown keyword
        1 | 名前: 日本
          |       ^^^^
        hint: remove it"
    `);
  });

  test('marks each line of a span of several lines, and leaves out the middle of a long one', () => {
    expect(print('a:\n  b: 1\n  c: 2\nd: 3\n', 'b: 1\n  c')).toMatchInlineSnapshot(`
      "site.yml:2:3  error HAPB2004: unknown keyword
        2 |   b: 1
          |   ^^^^
        3 |   c: 2
          |   ^
        hint: remove it"
    `);
    expect(print('1\n2\n3\n4\n5\n6\n7\n', '2\n3\n4\n5\n6\n')).toMatchInlineSnapshot(`
      "site.yml:2:1  error HAPB2004: unknown keyword
        2 | 2
          | ^
        3 | 3
          | ^
          | …
        6 | 6
          | ^
        hint: remove it"
    `);
  });

  test('points behind the last character, and shows no source where there is none', () => {
    const span: Span = {
      file: 'x',
      start: { line: 1, column: 4, offset: 3 },
      end: { line: 1, column: 4, offset: 3 },
    };
    const diagnostic = error({ code: 'HAPB1001', message: 'm', span, hint: '' });
    expect(printDiagnostic(diagnostic, { source: () => 'a: ', paint: plainPaint })).toMatchInlineSnapshot(`
      "x:1:4  error HAPB1001: m
        1 | a:
          |    ^"
    `);
    expect(printDiagnostic(diagnostic, { source: () => '', paint: plainPaint })).toContain('x:1:4');
    expect(printDiagnostic(diagnostic, { source: () => null, paint: plainPaint })).toBe(
      'x:1:4  error HAPB1001: m',
    );
  });

  test('cuts a long line around what is marked', () => {
    const printed = print(`${'x'.repeat(500)} here ${'y'.repeat(500)}`, 'here').split('\n');
    expect(printed[1]?.length).toBeLessThan(180);
    const column = printed[1]?.indexOf('here');
    expect(printed[2]?.indexOf('^^^^')).toBe(column);
    expect(printed[1]).toMatch(/…x+ here y+…$/);
  });

  test('shows control characters of a source as replacement characters', () => {
    expect(print('a\u001b[31mb: c', 'b')).toContain('a�[31mb: c');
  });

  test('colours when asked, and shows related places', () => {
    expect(print('a: b', 'b', { paint: colourPaint })).toContain('\u001b[0;31merror HAPB2004\u001b[0m');
    const span = spanOf('a: b', 'b');
    const related = [{ message: 'first seen here', span: { ...span, file: 'other.yml' } }];
    const diagnostic = error({ code: 'HAPB1001', message: 'm', span, hint: '', related });
    expect(printDiagnostic(diagnostic, { source: () => 'a: b', paint: plainPaint })).toMatchInlineSnapshot(`
      "site.yml:1:4  error HAPB1001: m
        1 | a: b
          |    ^
        other.yml:1:4  first seen here
        1 | a: b
          |    ^"
    `);
  });

  test('prints errors behind warnings', () => {
    const base = { span: spanOf('a', 'a'), hint: '' };
    const printed = printDiagnostics(
      [
        { ...base, code: 'HAPB1001', severity: 'error', message: 'bad' },
        { ...base, code: 'HAPB1002', severity: 'warning', message: 'hm' },
      ],
      { source: () => null, paint: plainPaint },
    );
    expect(printed).toBe('site.yml:1:1  warning HAPB1002: hm\n\nsite.yml:1:1  error HAPB1001: bad\n');
  });
});
