import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPlace } from '../../../src/core/source.ts';
import { parseYaml } from '../../../src/document/parse-yaml.ts';
import { toJson, toValue } from '../../../src/document/plain.ts';

/** Everything that is said about a text, one problem a line. */
function complaints(text: string): string {
  const result = parseYaml(text, 'site.yml');
  if (result.ok) return 'fine';
  return result.diagnostics
    .map(({ code, message, span, hint }) => `${formatPlace(span)} ${code} ${message} | ${hint}`)
    .join('\n');
}

function json(text: string): unknown {
  const result = parseYaml(text, 'site.yml');
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result.value === null ? null : toJson(result.value);
}

describe('a good document', () => {
  test('is YAML 1.2: yes is a text, octal needs 0o, and what begins with a zero keeps it', () => {
    expect(json('a: yes\nb: 0755\nc: 0o755\nd: ~\ne: 1.5\nf: true\n')).toEqual({
      a: 'yes',
      b: '0755',
      c: 493,
      d: null,
      e: 1.5,
      f: true,
    });
  });

  test('may be empty', () => {
    expect(json('# nothing here\n')).toBeNull();
    expect(json('---\n')).toBeNull();
  });

  test('has aliases and merge keys resolved, own keys before merged ones', () => {
    const text =
      'base: &base {a: 1, b: 2}\nlist: [*base]\nown:\n  <<: *base\n  b: 3\nboth:\n  <<: [{a: 9}, *base]\n';
    expect(json(text)).toEqual({
      base: { a: 1, b: 2 },
      list: [{ a: 1, b: 2 }],
      own: { a: 1, b: 3 },
      both: { a: 9, b: 2 },
    });
  });

  test('keeps keys as they are written and large numbers as text', () => {
    expect(json('1: a\n0x10: b\ntrue: c\nid: 12345678901234567890\n')).toEqual({
      1: 'a',
      '0x10': 'b',
      true: 'c',
      id: '12345678901234567890',
    });
  });

  test('keeps the tags of vault and unsafe texts', () => {
    const result = parseYaml('a: !vault |\n  $ANSIBLE_VAULT\n  61\nb: !unsafe "{{ x }}"\n', 'f');
    const node = result.ok ? result.value : null;
    if (node?.kind !== 'map') throw new Error('no map');
    const tags = node.entries.map(({ value }) => (value.kind === 'scalar' ? [value.tag, value.value] : null));
    expect(tags).toEqual([
      ['!vault', '$ANSIBLE_VAULT\n61\n'],
      ['!unsafe', '{{ x }}'],
    ]);
  });

  test('cannot reach the prototype of anything', () => {
    const result = parseYaml('__proto__: {polluted: 1}\n', 'f');
    if (!result.ok || result.value === null) throw new Error('unreadable');
    expect(Object.keys(toValue(result.value) as object)).toEqual(['__proto__']);
    expect(Object.keys(toJson(result.value) as object)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });
});

describe('a mistake is told at its place with the remedy', () => {
  test.each([
    [
      'a:\n\tb: 1\n',
      'site.yml:2:1 HAPB1002 a tab cannot indent a line in YAML | Indent with spaces; set the editor to insert spaces for the Tab key.',
    ],
    [
      '- name: {{ x }}\n',
      'site.yml:1:9 HAPB1003 a value that begins with {{ must be in quotes: YAML takes the braces for a map | Write "{{ x }}".',
    ],
    [
      'src: {{ dir }}/file # why\n',
      'site.yml:1:6 HAPB1003 a value that begins with {{ must be in quotes: YAML takes the braces for a map | Write "{{ dir }}/file".',
    ],
    [
      'a: {{ b | default("c") }}\n',
      'site.yml:1:4 HAPB1003 a value that begins with {{ must be in quotes: YAML takes the braces for a map | Write \'{{ b | default("c") }}\'.',
    ],
    [
      'a: 1\nb: 2\na: 3\n',
      'site.yml:3:1 HAPB1004 the key `a` is given twice | Remove one of the two, or rename it.',
    ],
    [
      '- name: a\n  copy:\n    src: x\n   dest: y\n',
      'site.yml:4:4 HAPB1005 this line does not line up with the lines it belongs to | It has 3 spaces in front; what is above it begins behind 4 or 2.',
    ],
    [
      '- name: a\n   copy: b\n',
      'site.yml:2:4 HAPB1005 this line is indented deeper than the key above it, whose value is already complete | Put 2 spaces in front of it, as above, or move that value below its key.',
    ],
    ['a: 1\nb:2\nc: 3\n', 'site.yml:2:2 HAPB1006 a space is missing after the colon | Write b: 2'],
    [
      'a: 1\nbecome=true\nc: 3\n',
      'site.yml:2:1 HAPB1006 between a key and its value stands a colon here, not "=" | Write become: true',
    ],
    [
      'copy: src=a dest: b\n',
      'site.yml:1:13 HAPB1014 arguments are written NAME=VALUE on one line, or NAME: VALUE each on a line of its own, not both | Write dest=b',
    ],
    [
      'a: *.log\n',
      'site.yml:1:4 HAPB1013 a value cannot begin with * unless it is in quotes | Write "*.log".',
    ],
    [
      "when: 'a' in b\n",
      'site.yml:1:11 HAPB1012 text follows the closing quote | Put the whole condition in the other quotes: "\'a\' in b".',
    ],
    [
      'when: {{ a }} == {{ b }}\n',
      'site.yml:1:7 HAPB1003 a value that begins with {{ must be in quotes: YAML takes the braces for a map | A condition needs no braces: write a == b.',
    ],
    [
      'a: 1\nbecome true\nc: 3\n',
      'site.yml:2:1 HAPB1006 a colon is missing after the key | Write become: and the value after it, or indent the line if it continues the one above.',
    ],
    [
      'a: "foo\nb: 1\n',
      "site.yml:1:4 HAPB1007 the quote that opens here is not closed | Add the closing quote at the end of the value. A quote inside the text is doubled in single quotes (it''s).",
    ],
    [
      'a: "foo\nb: "x"\nc: 1\n',
      "site.yml:1:4 HAPB1007 the quote that opens here is not closed | Add the closing quote at the end of the value. A quote inside the text is doubled in single quotes (it''s).",
    ],
    [
      'a: 1\n---\nb: 2\n',
      'site.yml:2:1 HAPB1008 the file holds more than one YAML document | Remove the `---` line in the middle, or split the file in two.',
    ],
    [
      'a: !env HOME\n',
      'site.yml:1:4 HAPB1009 unknown tag !env | Remove the tag, or quote the value if the exclamation mark belongs to it. Known are !vault and !unsafe.',
    ],
    [
      'a: *nobody\n',
      'site.yml:1:4 HAPB1011 there is no anchor &nobody before this alias | Add &nobody where the value is first written, or quote the value if the * belongs to it.',
    ],
    [
      'a: "{{ x }}" more\n',
      'site.yml:1:14 HAPB1012 text follows the closing quote | Move the closing quote to the end: "{{ x }} more".',
    ],
    [
      'a: @home\n',
      'site.yml:1:4 HAPB1013 a value cannot begin with @ unless it is in quotes | Write "@home".',
    ],
    [
      'msg: hello: world\n',
      'site.yml:1:11 HAPB1014 a colon and a space inside a value need quotes | Write "hello: world".',
    ],
    [
      'a: [1, 2\nb: 3\n',
      'site.yml:1:4 HAPB1015 the [ that opens here is not closed | Add the ] that is missing, or quote the value if the bracket belongs to a text.',
    ],
    [
      'a: "C:\\path"\n',
      'site.yml:1:7 HAPB1016 \\p is not an escape that YAML knows inside double quotes | Use single quotes, in which a backslash is only a backslash, or write two backslashes.',
    ],
    [
      '? [a]\n: b\n',
      'site.yml:1:3 HAPB1017 a key must be a text | Write `key: value`; quote the line if the colon belongs to a text.',
    ],
    [
      'a: {<<: 5}\n',
      'site.yml:1:9 HAPB1018 `<<` can only merge a map or a list of maps | Write `<<: *name` where `&name` stands at a map, or quote the key if it is meant as text.',
    ],
    [
      'a: \u0007\n',
      'site.yml:1:4 HAPB1019 the text holds the control character U+0007, which YAML does not allow | Remove it; inside double quotes it can be written as an escape such as \\x1b.',
    ],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toBe(expected);
  });

  test('several at once, each line once', () => {
    expect(
      complaints('d: 1\nd: 2\ne: @x\nf: "a" b\n')
        .split('\n')
        .map((line) => line.slice(0, 21)),
    ).toEqual(['site.yml:2:1 HAPB1004', 'site.yml:3:4 HAPB1013', 'site.yml:4:8 HAPB1012']);
  });
});

describe('a hostile document is refused, not followed', () => {
  test.each([
    ['flow nesting', '['.repeat(20_000)],
    ['compact nesting', '- '.repeat(20_000)],
    ['nested keys on a line', 'a: '.repeat(5000)],
    ['nested blocks', Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ])('%s', (_name, text) => {
    expect(complaints(text)).toMatch(/^site.yml:\d+:\d+ HAPB1010 the document nests deeper than 100 levels/);
  });

  test('aliases that multiply', () => {
    const lines = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`,
    );
    expect(complaints(`a0: &a0 [x]\n${lines.join('\n')}\n`)).toMatch(
      /HAPB1010 aliases stand for more than 200000 values/,
    );
  });

  test('aliases that nest', () => {
    const lines = Array.from({ length: 400 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}]`);
    expect(complaints(`a0: &a0 [x]\n${lines.join('\n')}\n`)).toMatch(
      /HAPB1010 aliases nest deeper than 200 levels/,
    );
  });
});

test('any text up to 2 kB is either read or explained inside itself', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 12, unit: 'binary' }),
    fc.constantFrom(
      ': ',
      '- ',
      '\n',
      '\n  ',
      '{{ ',
      ' }}',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '!vault ',
      '|\n',
      '>\n',
      '#',
      '<<: ',
      '? ',
      '\t',
      '---\n',
      'key',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 150 }), (pieces) => {
      const text = pieces.join('').slice(0, 2000);
      const result = parseYaml(text, 'f');
      if (result.ok) return;
      expect(result.diagnostics.length).toBeGreaterThan(0);
      for (const { span, message, hint } of result.diagnostics) {
        expect(span.start.offset).toBeGreaterThanOrEqual(0);
        expect(span.start.offset).toBeLessThanOrEqual(text.length);
        expect(message.length * hint.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 400 },
  );
});
