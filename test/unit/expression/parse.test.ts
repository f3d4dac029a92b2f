import { describe, expect, test } from 'vitest';
import { isProblem, parse } from '../../../src/expression/parse.ts';
import { printNode } from '../../../src/expression/print-node.ts';

const grammar = { isHelper: (name: string) => ['join', 'upper', 'default', 'list'].includes(name) };

function parsed(text: string) {
  const node = parse(text, grammar, 'python');
  if (isProblem(node)) throw new Error(`${node.start}-${node.end}: ${node.message}`);
  return node;
}

/** The expression with nothing but the parentheses that it needs. */
function reprinted(text: string): string {
  return printNode(parsed(text));
}

describe('binding', () => {
  test.each([
    ['a or b and not c', 'a or b and not c'],
    ['(a or b) and c', '(a or b) and c'],
    ['((a)) + ((b * c))', 'a + b * c'],
    ['(a + b) * c', '(a + b) * c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a - b) - c', 'a - b - c'],
    ['a ** b ** c', 'a ** b ** c'],
    ['a ** (b ** c)', 'a ** (b ** c)'],
    ['(-a) | abs', '-a | abs'],
    ['-(a | abs)', '-(a | abs)'],
    ['not (a is defined)', 'not a is defined'],
    ['a == (b | int)', 'a == b | int'],
    ['(a == b) | int', '(a == b) | int'],
    ['a + (b ~ c)', 'a + b ~ c'],
    ['x if (a or b) else (y if c else z)', 'x if a or b else y if c else z'],
    ['(x if a else y).z', '(x if a else y).z'],
    ['a not in b', 'a not in b'],
    ['a.b[0]["c d"].e()', "a.b[0]['c d'].e()"],
    ['a.0.b', 'a[0].b'],
    ['x is not version("1.2", ">=", strict=true)', "x is not version('1.2', '>=', strict=true)"],
    ['x is version "1.2"', "x is version('1.2')"],
    ['x is in [1]', 'x is in([1])'],
    ['x is defined and y', 'x is defined and y'],
    ['(1, 2)', '[1, 2]'],
    ['[1, 2,][1:]', '[1, 2][1:]'],
    ["'a' 'b'", "'ab'"],
  ])('%s reads as %s', (text, canonical) => {
    expect(reprinted(text)).toBe(canonical);
  });
});

describe('helpers', () => {
  test('a registered name followed by values is a call', () => {
    expect(reprinted('join names ", "')).toBe("join(names, ', ')");
    expect(reprinted('default a.b "x" boolean=true')).toBe("default(a.b, 'x', boolean=true)");
    expect(reprinted('join (list a) ","')).toBe("join(list(a), ',')");
    expect(reprinted('upper x | trim')).toBe('upper(x) | trim');
  });

  test('a registered name alone, or before an operator, is a variable', () => {
    expect(reprinted('list')).toBe('list');
    expect(reprinted('list - 1')).toBe('list - 1');
    expect(reprinted('list[0]')).toBe('list[0]');
    expect(reprinted('list if upper else join')).toBe('list if upper else join');
  });

  test('an argument does not start a call of its own', () => {
    expect(reprinted("join list ','")).toBe("join(list, ',')");
  });
});

describe('places', () => {
  test('each node knows its own stretch of the text', () => {
    const text = "users | selectattr('name', 'equalto', who.name) | first";
    const node = parsed(text);
    expect(text.slice(node.start, node.end)).toBe(text);
    if (node.kind !== 'filter' || node.input.kind !== 'filter') throw new Error(node.kind);
    expect(text.slice(node.at.start, node.at.end)).toBe('first');
    expect(text.slice(node.input.start, node.input.end)).toBe(
      "users | selectattr('name', 'equalto', who.name)",
    );
    const last = node.input.args.positional[2];
    expect(text.slice(last?.start, last?.end)).toBe('who.name');
  });
});

describe('texts', () => {
  test('escapes have the meaning of the place they stand in', () => {
    const value = (escapes: 'python' | 'literal') => {
      const node = parse(String.raw`'a\n\d\'\u00e9'`, grammar, escapes);
      return !isProblem(node) && node.kind === 'literal' ? node.value : null;
    };
    expect(value('python')).toBe("a\n\\d'é");
    expect(value('literal')).toBe(String.raw`a\n\d\'\u00e9`);
  });
});

describe('limits', () => {
  test('depth is bounded in every direction of the grammar', () => {
    const deep = [
      '('.repeat(5000),
      '['.repeat(5000),
      '-'.repeat(5000),
      `${'not '.repeat(5000)}a`,
      `a${'.b'.repeat(5000)}`,
      `a${' + a'.repeat(5000)}`,
      `a${' | upper'.repeat(5000)}`,
      `${'a if b else '.repeat(5000)}c`,
      `${'upper ('.repeat(5000)}`,
    ];
    for (const text of deep) {
      const node = parse(text, grammar, 'python');
      expect(isProblem(node) && node.message).toBe('the expression nests more than 150 levels deep');
    }
  });

  test('length is bounded', () => {
    const node = parse(`'${'a'.repeat(100_000)}'`, grammar, 'python');
    expect(isProblem(node) && node.message).toBe('the expression is longer than 100000 characters');
  });
});
