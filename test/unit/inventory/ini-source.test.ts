import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Float } from '../../../src/core/float.ts';
import { pythonLiteral } from '../../../src/inventory/python-literal.ts';
import { shellWords } from '../../../src/inventory/shell-words.ts';
import { complaints, good, loadText, variablesOf } from './harness.ts';

describe('an INI inventory', () => {
  const text = `
# a comment
lone ansible_host=192.0.2.9
[web]
web[1:2].example.com:2222 size=5 ok=True word=true mode=0755 names=[1,2] text="two words" # why
[web:vars]
a = 5
b=[1, 2]
c=x # note
d="{{ a }} and {{ size }}"
[prod:children]
web
[prod:vars]
; another comment
stage=prod
`;

  test('has hosts, groups and children', () => {
    const inventory = good(loadText('hosts', text));
    expect([...inventory.groups].map(([name, { hosts }]) => [name, hosts])).toEqual([
      ['all', ['lone', 'web1.example.com', 'web2.example.com']],
      ['ungrouped', ['lone']],
      ['web', ['web1.example.com', 'web2.example.com']],
      ['prod', ['web1.example.com', 'web2.example.com']],
    ]);
  });

  test('reads values as Ansible does', () => {
    expect(variablesOf(good(loadText('hosts', text)), 'web2.example.com')).toEqual({
      a: 5,
      ansible_port: 2222,
      b: [1, 2],
      c: 'x # note',
      d: '5 and 5',
      mode: '0755',
      names: [1, 2],
      ok: true,
      size: 5,
      stage: 'prod',
      text: 'two words',
      word: 'true',
    });
  });

  test('places a mistake inside a template exactly', () => {
    expect(complaints('hosts', '[g]\nh x="{{ a b }}"\n')[0]).toMatch(/^hosts:2:1[0-9] HAPB4\d{3} /);
  });
});

describe('a mistake in an INI inventory', () => {
  test.each([
    [
      '[web]\nh a=1 b\n',
      [
        'hosts:2:7 HAPB3104 `b` after a host is not name=value | Write name=value without blanks around the =, and quote values that hold blanks: name="two words".',
      ],
    ],
    [
      '[web]\nx=1\nh\n',
      [
        'hosts:2:1 HAPB3104 x is a variable where a host must stand | Variables of a group stand under [web:vars]; those of a host after its name.',
      ],
    ],
    [
      '[web:chidlren]\nh\n',
      ['hosts:1:1 HAPB3104 a section cannot end in :chidlren | Did you mean [web:children]?'],
    ],
    ['[web]\nh\n[wbe:vars]\nx=1\n', ['hosts:3:1 HAPB3108 there is no group wbe | Did you mean `web`?']],
    ['[web]\nh\n[prod:children]\nwep\n', ['hosts:4:1 HAPB3108 there is no group wep | Did you mean `web`?']],
    [
      '[web]\nh x="a\n',
      [
        'hosts:2:5 HAPB3104 the quote that opens here is not closed | Close the quote at the end of the value.',
      ],
    ],
    ['[web]\nh a=1 a=2\n', ['hosts:2:7 HAPB3104 a is given twice on one line | Remove one of the two.']],
    [
      '[web]\nh\n[web:vars]\nx\n',
      ['hosts:4:1 HAPB3104 `x` is not name=value | Write name=value, one a line.'],
    ],
    [
      '[web]\nall:\n',
      [
        'hosts:2:1 HAPB3104 all: looks like YAML in an INI inventory | Name the file .yml if it is YAML; in INI a host stands without a colon.',
      ],
    ],
  ])('%j', (text, expected) => {
    expect(complaints('hosts', text)).toEqual(expected);
  });
});

/** What ansible-core 2.19 makes of these values (`ansible-inventory --list`). */
const observed: readonly (readonly [string, unknown])[] = [
  ['5', 5],
  ['-5', -5],
  ['+5', 5],
  ['1.50', 1.5],
  ['1e3', new Float(1000)],
  ['-3.0', new Float(-3)],
  ['[1.0, 1]', [new Float(1), 1]],
  ['0x1f', 31],
  ['0o17', 15],
  ['1_000', 1000],
  ['True', true],
  ['None', null],
  ['[1, 2]', [1, 2]],
  ['(1,2)', [1, 2]],
  ['{1,2}', [1, 2]],
  ['1,2', [1, 2]],
  ['{"a": True}', { a: true }],
  ['"quoted"', 'quoted'],
  ["'a' 'b'", 'ab'],
  ['"a # b"', 'a # b'],
  ['1 # c', 1],
  ['"x" # c', 'x'],
  ['"a\\tb"', 'a\tb'],
  ["'it\\'s'", "it's"],
  ['-0', 0],
];
const texts = [
  'true',
  '0755',
  'x # note',
  'a=b',
  '{"a": true}',
  '',
  '1.2.3',
  '[1,a]',
  '...',
  '1__0',
  '"a',
  '[1',
  'a;b',
  '12345678901234567890',
];

test('Python literals are read as Ansible reads them', () => {
  for (const [text, value] of observed) expect([text, pythonLiteral(text)]).toEqual([text, { value }]);
  for (const text of texts) expect([text, pythonLiteral(text)]).toEqual([text, null]);
});

test('every value written as a Python literal is read back', () => {
  const scalar = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ maxLength: 8 }),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (Number.isInteger(value) ? 0.5 : value)),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(pythonLiteral(python(value))).toEqual({ value });
    }),
  );
});

function python(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `"${key}": ${python(item)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}

test('any text is a literal or none, and never takes long', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom('[', ']', '{', '}', '(', ')', ',', '"', "'", '\\', '1', 'True', ':', '#'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const literal = pythonLiteral(pieces.join(''));
      expect(literal === null || 'value' in literal).toBe(true);
    }),
  );
  expect(pythonLiteral('['.repeat(100_000))).toBeNull();
  expect(pythonLiteral('('.repeat(100_000))).toBeNull();
});

test('words of a host line lose their quotes, and # begins a comment even inside a word', () => {
  const words = (line: string): readonly string[] => shellWords(line).words.map(({ text }) => text);
  expect(words(String.raw`h a="x y" b='q"q' c=a\ b d="\d" e="\"" f=a#b g=1`)).toEqual([
    'h',
    'a=x y',
    'b=q"q',
    'c=a b',
    String.raw`d=\d`,
    'e="',
    'f=a',
  ]);
  expect(shellWords('h a="x').openAt).toBe(4);
});
