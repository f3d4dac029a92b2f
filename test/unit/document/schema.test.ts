import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { formatPlace } from '../../../src/core/source.ts';
import { Unknown } from '../../../src/core/unknown.ts';
import { parseYaml } from '../../../src/document/parse-yaml.ts';
import { checkNode, problemsOf, schemaFault, validator } from '../../../src/document/schema.ts';

const schema = {
  type: 'object',
  properties: {
    src: { type: 'string', description: 'File to copy.' },
    content: { type: 'string', description: 'Text to write.', secret: 'allowed' },
    path: { type: 'string', description: 'Where it goes.', aliases: ['dest'] },
    mode: { type: 'string', numbers: 'refused', description: 'Octal mode.' },
    state: { enum: ['present', 'absent'], description: 'Whether it is there.' },
    backup: { type: 'boolean', description: 'Keep the old one.' },
    count: { type: 'integer', minimum: 1, description: 'How often.' },
    names: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      description: 'Names.',
    },
    that: { type: 'array', expression: 'list', description: 'Conditions.' },
  },
  required: ['path'],
  additionalProperties: false,
  oneOf: [{ required: ['src'] }, { required: ['content'] }],
};

function complaints(text: string): readonly string[] {
  const parsed = parseYaml(text, 'f');
  if (!parsed.ok || parsed.value === null) throw new Error('unreadable');
  return checkNode(schema, parsed.value, { name: 'copy', noun: 'argument' }).map(
    ({ span, code, message, hint }) => `${formatPlace(span)} ${code} ${message} | ${hint}`,
  );
}

const takes = 'It takes src, content, path, mode, state, backup, count, names, that.';

describe('checkNode', () => {
  test.each([
    ['path: /x\nsrc: a\n', []],
    [
      'dest: /x\ncontnet: hi\n',
      [`f:2:1 HAPB1030 copy has no argument "contnet" | Did you mean \`content\`? ${takes}`],
    ],
    ['paht: /x\nsrc: y\n', [`f:1:1 HAPB1030 copy has no argument "paht" | Did you mean \`path\`? ${takes}`]],
    ['path: a\nsrc: b\nzzz: 1\n', [`f:3:1 HAPB1030 copy has no argument "zzz" | ${takes}`]],
    ['src: a\n', ['f:1:1 HAPB1031 copy needs argument "path" | Add path: Where it goes.']],
    ['dest: [5]\nsrc: a\n', ['f:1:7 HAPB1032 copy: path must be a text, not a list | Where it goes.']],
    ['dest: 5\nsrc: a\nbackup: "yes"\ncount: "3"\n', []],
    [
      'path: a\nsrc: b\nmode: 644\n',
      [
        'f:3:7 HAPB1032 copy: mode must be a text, not the number 644 | Put it in quotes, with the zero in front: "0644".',
      ],
    ],
    [
      'path: a\nsrc: b\nbackup: yes please\n',
      ['f:3:9 HAPB1032 copy: backup must be true or false, not the text "yes please" | Keep the old one.'],
    ],
    [
      'path: a\nsrc: b\nstate: presnt\n',
      [
        'f:3:8 HAPB1033 copy: state must be present or absent, not the text "presnt" | Did you mean `present`?',
      ],
    ],
    [
      'path: a\nsrc: b\ncount: 0\n',
      ['f:3:8 HAPB1034 copy: count must be at least 1, not the number 0 | How often.'],
    ],
    [
      'path: a\nsrc: b\nnames: {a: 1}\n',
      ['f:3:8 HAPB1035 copy: names must be a text or a list of texts, not a map | Names.'],
    ],
    [
      'path: a\nsrc: b\nnames: [a, 1]\n',
      ['f:3:12 HAPB1032 copy: names[1] must be a text, not the number 1 | Put it in quotes: "1".'],
    ],
    ['path: a\nsrc: b\ncount: "5"\nbackup: "no"\nnames: a,b\n', []],
    ['dest: "{{ p }}"\nsrc: b\n', []],
    ['path: a\n', ['f:1:1 HAPB1036 copy needs one of src or content | Add src or content.']],
    [
      'path: a\nsrc: b\ncontent: c\n',
      ['f:1:1 HAPB1036 copy takes only one of src or content | Remove the others.'],
    ],
    [
      'path: a\ndest: b\nsrc: c\n',
      ['f:2:1 HAPB1036 copy takes path or dest, which mean the same, not both | Remove dest.'],
    ],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toEqual(expected);
  });

  test('holds nothing against templates, tagged texts and expressions', () => {
    expect(
      complaints(
        'path: "{{ p }}"\nsrc: a\ncount: "{{ n }}"\nnames: "{{ n }}"\nbackup: !vault x\nthat: a == b\n',
      ),
    ).toEqual([]);
  });

  test('still finds an unknown key beside a template', () => {
    expect(complaints('path: "{{ p }}"\nsrc: a\nstat: present\n')).toEqual([
      `f:3:1 HAPB1030 copy has no argument "stat" | Did you mean \`state\`? ${takes}`,
    ]);
  });
});

describe('problemsOf', () => {
  test('begins with the verb when nothing is named', () => {
    expect(problemsOf({ type: 'string', description: 'd' }, 5)).toEqual([
      {
        code: 'HAPB1032',
        path: [],
        at: 'value',
        message: 'must be a text, not the number 5',
        hint: 'Put it in quotes: "5".',
      },
    ]);
  });

  test('takes a secret for a text and an unknown for anything', () => {
    expect(problemsOf({ type: 'string' }, new Secret('hush-hush', 'token'))).toEqual([]);
    expect(
      problemsOf({ type: 'integer' }, new Secret('hush-hush', 'token')).map((problem) => problem.message),
    ).toEqual(['must be a whole number, not the text "‹token›"']);
    expect(problemsOf({ type: 'integer' }, new Unknown('later'))).toEqual([]);
  });

  test('leads to places inside by keys and indexes', () => {
    const nested = { type: 'object', properties: { list: { type: 'array', items: { type: 'integer' } } } };
    expect(problemsOf(nested, { list: [1, 'x'] })).toEqual([
      {
        code: 'HAPB1032',
        path: ['list', 1],
        at: 'value',
        message: 'list[1] must be a whole number, not the text "x"',
        hint: 'Change the value.',
      },
    ]);
  });
});

test('a validator answers with nothing for what fits', () => {
  const check = validator({ type: 'integer' });
  expect([check(1), check('x').length]).toEqual([[], 1]);
});

test('a schema that is itself wrong is told', () => {
  expect(schemaFault({ type: 'txt' })).toMatch(/type/);
  expect(schemaFault({ type: 'string' })).toBeNull();
});
