import fc from 'fast-check';
import { test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { Unknown } from '../../../src/core/unknown.ts';
import { isList, isMap, type Value } from '../../../src/core/value.ts';
import { compileExpression } from '../../../src/template/compile-expression.ts';
import { scalar, scopeOf } from '../template/texts.ts';

/** What a run may give in the place of what a check does not know. */
const given: readonly Value[] = [
  ...[null, true, false, 0, 1, 2, '', 'a', 'b', 'a b', '1', [], ['a'], ['a', 'b'], [1, [2]]],
  ...[{}, { a: 1 }, { a: { b: 2 } }, { b: ['x'] }, [{ a: 1 }], [['a', 1]]],
];

const variables = (u: Value) => ({
  u,
  list: [1, u, 'a'],
  map: { a: 1, b: u, c: { d: u } },
  maps: [{ a: 1, b: u, k: 'x' }, { a: 2, k: 'y', b: ['z'] }, u],
  known: { a: { x: 1 }, b: ['q'], c: 'z' },
  names: ['a', 'b'],
});

/** Picks one of these, separated by two blanks. */
const oneOf = (texts: string) => fc.constantFrom(...texts.trim().split(/\s\s+/));
const input = oneOf(`
  u  u.a  u[0]  list  list[1]  map  map.b  map.c  maps  known  names  1  'a'  true  false  ''  []
  nope  known[u]  names[u]`);
const filters = oneOf(`
  default(1)  default('z', true)  default(u)  default(u, true)  length  first  last  list  reverse
  reverse | list  sort  unique  max  min  flatten  flatten(1)  union([1])  intersect([1, u])
  difference(['a'])  zip(names) | list  zip(list) | list  batch(2) | list  product(names) | list
  map('extract', known)  extract(known)  subelements('b')  subelements('b', skip_missing=true)
  dict2items  items2dict  items2dict(key_name='k', value_name='b')  dict  items | list  dictsort
  combine(known)  combine(map)  combine(known, recursive=true)  combine(map, recursive=true)
  combine({'b': ['n']}, list_merge='append')  combine({'b': ['n']}, list_merge='append_rp')
  combine({'b': ['n']}, list_merge='prepend_rp')  combine(map, list_merge='append_rp', recursive=true)
  groupby('a')  map(attribute='a') | list  map(attribute='b') | list
  map(attribute='a', default=9) | list  map(attribute='b.c', default=9) | list
  map('default', 5) | list  map('string') | list  map('length') | list  map('upper') | list
  select | list  reject | list  select('defined') | list  select('mapping') | list
  select('equalto', 'a') | list  reject('equalto', u) | list  selectattr('b') | list
  selectattr('b', 'defined') | list  selectattr('c', 'undefined') | list
  rejectattr('a', 'equalto', 1) | list  selectattr('b', 'contains', 'z') | list  ternary('y', 'n')
  ternary('y', u)  ternary(u, 'n', 'z')  type_debug  string  int  bool  join  join(',')  upper
  to_json  sum  sum(attribute='a')  json_query('[0]')  mandatory  combinations(2) | list
  permutations | list  zip_longest(names) | list  slice(2) | list  rekey_on_member('k')
  replace('a', u)  symmetric_difference(names)  select('in', names) | list  select('in', list) | list
  map('ternary', 1, 2) | list  split  regex_replace('a', 'c')  sort(attribute='a')
  unique(attribute='k')  max(attribute='a')  first | default(7)  dict2items | length  quote  hash
  b64encode  from_json  human_readable  abs  round  map('first') | list  map('combine', known) | list
  items | map('first') | list  subelements('c.d', skip_missing=true) | length`);
const tests = oneOf(`
  defined  undefined  not defined  none  string  mapping  iterable  sameas true  sameas 1  sameas u
  truthy  falsy  in names  in list  in map  contains u  contains 'a'  subset(names)  superset(names)
  all  any  changed  failed  skipped  succeeded  number  boolean  true  eq(1)  ne(u)  gt(0)
  match('a')  search('b')  version('1', '>')  sequence  integer  truthy(true)`);
const paths = oneOf(`
  .a  .b  [0]  ['a']  [u]  [1:]  [:u]  .keys() | list  .values() | list  .get('a')  .get(u)
  .get('b', u)  .get('zz', 4)  .split()  .index(1)  .count(1)  .startswith('a')  .items() | list
  .copy()`);
const expression = fc.letrec<{ whole: string }>((tie) => ({
  whole: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    input,
    fc
      .tuple(
        tie('whole'),
        fc.constantFrom('+', '-', '*', '%', '~', '==', '!=', '<', 'in', 'not in', 'and', 'or'),
        tie('whole'),
      )
      .map(([l, o, r]) => `(${l}) ${o} (${r})`),
    fc.tuple(tie('whole'), tie('whole'), tie('whole')).map(([a, b, c]) => `(${a}) if (${b}) else (${c})`),
    fc.tuple(fc.constantFrom('-', 'not '), tie('whole')).map(([o, x]) => `${o}(${x})`),
    fc.tuple(tie('whole'), filters).map(([x, f]) => `(${x}) | ${f}`),
    fc.tuple(tie('whole'), filters).map(([x, f]) => `(${x}) | ${f}`),
    fc.tuple(tie('whole'), tests).map(([x, f]) => `(${x}) is ${f}`),
    fc.tuple(tie('whole'), paths).map(([x, f]) => `(${x})${f}`),
    fc.array(tie('whole'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('whole'), tie('whole')).map(([a, b]) => `{'a': (${a}), 'b': (${b})}`),
    fc.tuple(tie('whole'), tie('whole')).map(([a, b]) => `{(${a}): (${b})}`),
  ),
})).whole;

/** Whether what a check says comes true; what it does not know may be anything. */
function fits(said: Value, came: Value): boolean {
  if (said instanceof Unknown) return true;
  if (isList(said) || isMap(said)) {
    if (!(isList(came) || isMap(came)) || isList(said) !== isList(came)) return false;
    const [one, two] = [new Map(Object.entries(said)), new Map(Object.entries(came))];
    return one.size === two.size && [...one].every(([key, item]) => fits(item, two.get(key) ?? null));
  }
  return JSON.stringify(said) === JSON.stringify(came);
}

test('what is known beside an unknown comes true whatever it will be', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const compiled = compileExpression(scalar(text));
      if (!compiled.ok) return;
      const say = (u: Value): Value | Failure => {
        try {
          return compiled.value.render(scopeOf(variables(u)));
        } catch (thrown) {
          if (thrown instanceof Failure) return thrown;
          throw thrown;
        }
      };
      const said = say(new Unknown('only a run tells'));
      for (const value of given) {
        const came = say(value);
        if (came instanceof Failure) continue;
        const words = said instanceof Failure ? said.problem.message : JSON.stringify(said);
        if (said instanceof Failure || !fits(said, came))
          throw new Error(`${text}: ${words}, but with ${JSON.stringify(value)} ${JSON.stringify(came)}`);
      }
    }),
    { numRuns: 1000 },
  );
}, 60_000);
