import { float } from '../../../src/core/float.ts';
import { Secret } from '../../../src/core/secret.ts';
import { positionsOf } from '../../../src/core/source.ts';
import { Unknown } from '../../../src/core/unknown.ts';
import type { Value } from '../../../src/core/value.ts';
import type { ScalarNode } from '../../../src/document/node.ts';
import { compileExpression } from '../../../src/template/compile-expression.ts';
import { compileTemplate } from '../../../src/template/compile-template.ts';
import { compileText } from '../../../src/template/compile-text.ts';
import type { Scope, Template } from '../../../src/template/template.ts';
import { attempt, type Read, soundValue } from '../sound.ts';
import { type Target, textOf } from '../target.ts';

const file = 'site.yml';
const variables: Readonly<Record<string, Value>> = {
  a: 1,
  b: { c: ['x', 'y', { d: 2 }], 'e f': null },
  f: float(2.5),
  s: 'some text, with {{ braces }} and\nlines',
  l: [3, 1, 2, 'z', true, null],
  t: true,
  secret: new Secret('hunter2-of-the-fuzzer', 'secret'),
  u: new Unknown('a fuzzer does not know it'),
};
const scope: Scope = {
  lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
  names: () => Object.keys(variables),
};

const words = [
  ...[
    'a',
    'b.c',
    'b["e f"]',
    'f',
    's',
    'l',
    't',
    'secret',
    'u',
    '1',
    '-2.5',
    "'x'",
    '"y"',
    '[1, 2]',
    '{"k": 1}',
    '(',
    ')',
    '[',
    ']',
    '.',
    ',',
    ':',
  ],
  ...[
    ' + ',
    ' - ',
    ' * ',
    ' ** ',
    ' // ',
    ' % ',
    ' ~ ',
    ' == ',
    ' < ',
    ' in ',
    ' not in ',
    ' and ',
    ' or ',
    'not ',
    ' if ',
    ' else ',
    ' is ',
    ' | ',
  ],
  ...[
    'defined',
    'none',
    'version("1.0", ">")',
    'match("(a+)+$")',
    'default(1)',
    'upper',
    'join(",")',
    'map("upper")',
    'selectattr("d", "eq", 2)',
    'int',
    'float',
  ],
  ...[
    'regex_replace("(x*)*", "\\\\1")',
    'regex_search',
    'range(1000000)',
    'format("%s")',
    'to_json',
    'from_json',
    'to_yaml',
    'from_yaml',
    'b64decode',
    'ipaddr',
    'dict2items',
    'combine',
    'random',
    'shuffle',
    'password_hash',
    'strftime',
    'sort',
    'unique',
    'batch',
    'zip',
    'product',
    'permutations',
  ],
];

/** Conditions and what stands in mustaches. */
export const expression: Target = {
  name: 'expression',
  seeds: [
    "b.c[0] | default('x') | upper ~ (l | join(',')) if a is defined and not t else {'k': [1, 2.5, none]}",
    's.split(",")[1:] | map("trim") | select("match", "w.*") | list | length > 1 or a in [1, 2]',
    '"%s-%05.2f" % (a, f) ~ s[::-1] ~ b["c"][2].d ** 2 // 3',
    's | regex_replace("(?P<w>\\\\w+)", "\\\\g<w>") | from_json | to_nice_yaml | b64encode | hash("sha256")',
  ],
  words,
  feed: (input) => {
    const text = textOf(input);
    const read = { file, text };
    compiled(soundValue(compileExpression(scalar(text)), read), read);
  },
};

/** Texts with mustaches: scalars of playbooks, and template files. */
export const template: Target = {
  name: 'template',
  seeds: [
    'x {{ a }} {{~ b.c[0] ~}} y\n{{#if t}}yes{{else if a > 1}}more{{else}}no{{/if}}\n',
    '{{#each l as |x i|}}{{ i }}: {{ x }} {{@index}} {{../a}}\n{{else}}none{{/each}}{{#unless t}}{{/unless}}{{#with b}}{{ c }}{{/with}}',
    '{{! comment }}{{!-- long --}}\\{{ raw }} {{{ s }}} {{ secret }} {{ u }} {% if x %} {# no #}',
    '{{ l | join("-") }}',
  ],
  words: [
    ...words,
    ...[
      '{{',
      '}}',
      '{{{',
      '}}}',
      '{{~',
      '~}}',
      '{{#if ',
      '{{/if}}',
      '{{else}}',
      '{{^}}',
      '{{#each l as |x|}}',
      '{{/each}}',
      '{{#each ',
      '{{#with b}}',
      '{{/with}}',
    ],
    ...['{{!--', '--}}', '{{> p}}', '@index', '../', 'this', '\\{{', '{%', '%}', '{#', '#}', '\n'],
  ],
  feed: (input) => {
    const text = textOf(input);
    const read = { file, text };
    compiled(soundValue(compileTemplate(scalar(text)), read), read);
    compiled(soundValue(compileText(text, file), read), read);
  },
};

function compiled(made: Template | null, read: Read): void {
  if (made !== null) attempt(() => made.render(scope), read);
}

function scalar(text: string): ScalarNode {
  const position = positionsOf(text);
  const spanOf = (start: number, end: number) => ({ file, start: position(start), end: position(end) });
  return { kind: 'scalar', value: text, tag: null, span: spanOf(0, text.length), spanOf };
}
