import { expect, test } from 'vitest';
import { success } from '../../../src/core/diagnostic.ts';
import { Failure } from '../../../src/core/failure.ts';
import { Secret } from '../../../src/core/secret.ts';
import { Unknown } from '../../../src/core/unknown.ts';
import { type Value, whole } from '../../../src/core/value.ts';
import { parseYaml } from '../../../src/document/parse-yaml.ts';
import { compileExpression } from '../../../src/template/compile-expression.ts';
import type { Scope } from '../../../src/template/template.ts';
import { entriesOf } from '../../../src/variables/entries.ts';
import { type Layer, valueLayer } from '../../../src/variables/layer.ts';
import { createScope, extend } from '../../../src/variables/scope.ts';
import { sealEntry } from '../../../src/variables/seal.ts';
import { scalar } from '../template/texts.ts';

function layerOf(yaml: string): Layer {
  const parsed = parseYaml(yaml, 'vars.yml');
  if (!parsed.ok || parsed.value?.kind !== 'map') throw new Error('no map');
  const { entries } = entriesOf(parsed.value, (node) => success(node.value));
  return { level: 'play vars', source: 'vars.yml', entries };
}

function scopeOf(yaml: string): Scope {
  return createScope([layerOf(yaml)]);
}

/** What the expression comes to, or the code of the problem. */
function read(text: string, scope: Scope): Value {
  try {
    const compiled = compileExpression(scalar(text));
    if (!compiled.ok) throw new Error(text);
    return whole(compiled.value.render(scope));
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.problem.code;
    throw thrown;
  }
}

test('a member that cannot be rendered fails where it is read, not the members beside it', () => {
  const scope = scopeOf('m: {a: 1, b: "{{ no }}", c: {d: "{{ no }}", e: 2}}\nl: ["{{ no }}", 2]');
  expect(['m.a', 'm.c.e', 'l[1]', 'm | length', 'm.b is defined'].map((text) => read(text, scope))).toEqual([
    1,
    2,
    2,
    3,
    false,
  ]);
  expect(['m', 'm.b', 'm.c', 'l', 'l[0]'].map((text) => read(text, scope))).toEqual(
    Array.from({ length: 5 }, () => 'HAPB4002'),
  );
});

test('a member may use another of its variable, but not itself', () => {
  const scope = scopeOf(
    'k: {x: "{{ k.y }}", y: 5, z: "{{ k.in.p }}", in: {p: 6, q: "{{ k.z }}"}}\nc: {x: "{{ c.y }}", y: "{{ c.x }}", z: 3}\n' +
      'l: ["{{ l[1] }}", 7]',
  );
  expect(read('k', scope)).toEqual({ x: 5, y: 5, z: 6, in: { p: 6, q: 6 } });
  expect(read('l', scope)).toEqual([7, 7]);
  expect([read('c.z', scope), read('c.x', scope)]).toEqual([3, 'HAPB3002']);
});

test('a member that holds its own variable is a cycle', () => {
  const scope = scopeOf(
    'm: {a: "{{ m }}", b: 1}\nl: ["{{ l | length }}", "{{ l }}"]\nd: {p: {q: "{{ [d] }}"}, r: 2}\n' +
      'one: {x: "{{ two }}"}\ntwo: {y: "{{ one }}"}\nj: {a: "{{ j }}", b: "{{ j.a | to_json }}"}',
  );
  expect(['m.b', 'l[0]', 'd.r'].map((text) => read(text, scope))).toEqual([1, 2, 2]);
  expect(['m', 'm.a', 'l', 'l[1]', 'd', 'one', 'two.y', 'j.b'].map((text) => read(text, scope))).toEqual(
    Array.from({ length: 8 }, () => 'HAPB3002'),
  );
});

test('what was worked out on the way through an unfinished variable is worked out again afterwards', () => {
  const scope = scopeOf('first: "{{ m.b }}"\nm: {a: "{{ first }}", b: 1, c: "{{ m.a }}"}');
  expect([read('first', scope), read('m', scope)]).toEqual([1, { a: 1, b: 1, c: 1 }]);
});

test('a value that a member lent from an item is not kept for the next item', () => {
  const scope = scopeOf('k: {y: "{{ item }}", x: "{{ w }}"}\nw: "{{ k.y }}"');
  const seen = [1, 2].map((item) => {
    const inner = extend(scope, valueLayer('task vars', 'loop', { item }));
    return [read('k', inner), read('w', inner)];
  });
  expect(seen).toEqual([
    [{ x: 1, y: 1 }, 1],
    [{ x: 2, y: 2 }, 2],
  ]);
});

test('an unknown member leaves the others known; an unknown key leaves none', () => {
  const unknown = new Unknown('r is not known yet', null);
  const scope = extend(
    scopeOf('m: {a: 1, b: "{{ r }}"}\nk: {"{{ r }}": 1, a: 2}'),
    valueLayer('set_fact and registered vars', 'r', { r: unknown }),
  );
  expect([read('m.a', scope), read('m.b', scope), read('k.a', scope)]).toEqual([1, unknown, unknown]);
});

test('members that are omitted are left out', () => {
  expect(read('[m, l]', scopeOf('m: {a: "{{ omit }}", b: 1}\nl: ["{{ omit }}", 2]'))).toEqual([
    { b: 1 },
    [2],
  ]);
});

test('members of an encrypted file are secrets', () => {
  const layer = layerOf('m: {a: "x{{ 1 }}"}');
  const entries = new Map([...layer.entries].map(([name, entry]) => [name, sealEntry(name, entry)]));
  expect(read('m.a', createScope([{ ...layer, entries }]))).toBeInstanceOf(Secret);
});
