import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { Span } from '../../../src/core/source.ts';
import type { Value } from '../../../src/core/value.ts';
import type { Template } from '../../../src/template/template.ts';
import { valueLayer } from '../../../src/variables/layer.ts';
import { precedence, rank } from '../../../src/variables/precedence.ts';
import {
  createScope,
  explain,
  extend,
  formatExplanation,
  type Layer,
  type VariableEntry,
} from '../../../src/variables/scope.ts';

function at(line: number): Span {
  return { file: 'site.yml', start: { line, column: 3, offset: 0 }, end: { line, column: 4, offset: 1 } };
}

let rendered = 0;

/** A template that joins the values of names with a plus sign. */
function joining(line: number, ...names: readonly string[]): VariableEntry {
  const template: Template = {
    span: at(line),
    references: [],
    constant: false,
    render(scope) {
      rendered += 1;
      return names.map((name) => JSON.stringify(scope.lookup(name))?.replaceAll('"', '')).join('+');
    },
  };
  return { kind: 'template', template, span: at(line) };
}

function layer(
  level: Layer['level'],
  entries: Readonly<Record<string, VariableEntry | Value>>,
  source = level as string,
): Layer {
  const isEntry = (value: unknown): value is VariableEntry =>
    typeof value === 'object' && value !== null && 'kind' in value;
  return {
    level,
    source,
    entries: new Map(
      Object.entries(entries).map(([name, entry]) => [
        name,
        isEntry(entry) ? entry : { kind: 'value', value: entry, span: null },
      ]),
    ),
  };
}

describe('a scope', () => {
  test('lets the stronger level win, whatever the order in which layers are given', () => {
    const scope = createScope([layer('extra vars', { x: 'extra' }), layer('play vars', { x: 'play' })]);
    expect(scope.lookup('x')).toBe('extra');
  });

  test('lets the later layer of one level win', () => {
    expect(createScope([layer('play vars', { x: 1 }), layer('play vars', { x: 2 })]).lookup('x')).toBe(2);
  });

  test('ranks every pair of neighbouring levels as listed', () => {
    for (const [index, { level }] of precedence.entries()) {
      const next = precedence[index + 1]?.level;
      if (next === undefined) continue;
      const scope = createScope([layer(next, { x: 'strong' }), layer(level, { x: 'weak' })]);
      expect([level, scope.lookup('x')]).toEqual([level, 'strong']);
      expect(rank(next)).toBeGreaterThan(rank(level));
    }
  });

  test('ranks role parameters above set_fact, and role vars below', () => {
    const set = layer('set_fact and registered vars', { x: 'fact' });
    expect(createScope([layer('role params', { x: 'param' }), set]).lookup('x')).toBe('param');
    expect(createScope([set, layer('role vars', { x: 'vars' })]).lookup('x')).toBe('fact');
  });

  test('resolves a variable where it is used: a stronger layer changes those built from it', () => {
    const weak = layer('role defaults', { url: joining(1, 'host', 'port'), host: 'a', port: 1 });
    expect(createScope([weak]).lookup('url')).toBe('a+1');
    expect(createScope([weak, layer('task vars', { host: 'b' })]).lookup('url')).toBe('b+1');
  });

  test('renders a template once', () => {
    rendered = 0;
    const scope = createScope([layer('play vars', { a: joining(1, 'b'), b: 5 })]);
    scope.lookup('a');
    scope.lookup('a');
    expect(rendered).toBe(1);
  });

  test('sees variables that are added to a shared layer later', () => {
    const entries = new Map<string, VariableEntry>();
    const scope = createScope([{ level: 'facts', source: 'facts', entries }]);
    expect(scope.lookup('os')).toBeUndefined();
    entries.set('os', { kind: 'value', value: 'debian', span: null });
    expect(scope.lookup('os')).toBe('debian');
  });

  test('takes a lazy value that is undefined for not set', () => {
    const none: VariableEntry = { kind: 'lazy', get: () => undefined };
    expect(createScope([layer('play vars', { x: 1 }), layer('magic', { x: none })]).lookup('x')).toBe(1);
  });

  test('names everything that can be looked up', () => {
    const scope = createScope([layer('play vars', { a: 1, b: 2 }), layer('facts', { b: 3, c: 4 })]);
    expect([...scope.names()].sort()).toEqual(['a', 'b', 'c']);
  });

  test('tells a cycle with its chain and its places', () => {
    const scope = createScope([
      layer('play vars', { a: joining(1, 'b'), b: joining(2, 'c'), c: joining(3, 'a'), ok: 1 }),
    ]);
    let failure: unknown;
    try {
      scope.lookup('b');
    } catch (cause) {
      failure = cause;
    }
    if (!(failure instanceof Failure)) throw new Error('no failure');
    expect([failure.problem, failure.span]).toEqual([
      {
        code: 'HAPB3002',
        message: 'the variable b depends on itself: b → c → a → b',
        hint: 'Give one of them a value that does not use the others, or another name.',
        details: 'b is set at site.yml:2:3\nc is set at site.yml:3:3\na is set at site.yml:1:3',
      },
      at(2),
    ]);
    expect(scope.lookup('ok')).toBe(1);
  });
});

describe('extend', () => {
  test('adds names without touching the scope it extends', () => {
    const scope = createScope([layer('play vars', { x: 1 })]);
    expect(extend(scope, valueLayer('magic', 'loop', { item: 'a' })).lookup('item')).toBe('a');
    expect(scope.lookup('item')).toBeUndefined();
  });

  test('renders again only what depends on the added names', () => {
    const scope = createScope([
      layer('play vars', {
        fixed: joining(1, 'base'),
        moving: joining(2, 'item'),
        base: 'b',
        far: joining(3, 'moving'),
      }),
    ]);
    rendered = 0;
    expect([scope.lookup('fixed'), scope.lookup('far')]).toEqual(['b', '']);
    expect(rendered).toBe(3);
    for (const item of ['one', 'two']) {
      const inner = extend(scope, valueLayer('magic', 'loop', { item }));
      expect([inner.lookup('fixed'), inner.lookup('far')]).toEqual(['b', item]);
    }
    expect(rendered).toBe(7);
  });

  test('shares what does not depend on the item between the rounds of a loop', () => {
    let asked = 0;
    const hostvars: VariableEntry = {
      kind: 'lazy',
      get: () => {
        asked += 1;
        return 'all';
      },
    };
    const scope = createScope([
      layer('play vars', { url: joining(1, 'base'), base: 'b' }),
      layer('magic', { hostvars }),
    ]);
    rendered = 0;
    for (const item of ['one', 'two', 'three']) {
      const inner = extend(scope, valueLayer('magic', 'loop', { item }));
      expect([inner.lookup('url'), inner.lookup('hostvars'), inner.lookup('item')]).toEqual([
        'b',
        'all',
        item,
      ]);
    }
    expect([rendered, asked]).toEqual([1, 1]);
  });

  test('does not let a weaker level win', () => {
    const scope = createScope([layer('extra vars', { x: 'extra' })]);
    expect(extend(scope, layer('task vars', { x: 'task', y: 'task' })).lookup('x')).toBe('extra');
    expect(extend(scope, layer('task vars', { x: 'task', y: 'task' })).lookup('y')).toBe('task');
  });

  test('finds a cycle through an added layer', () => {
    const scope = extend(
      createScope([layer('play vars', { a: joining(1, 'b') })]),
      layer('task vars', { b: joining(2, 'a') }),
    );
    expect(() => scope.lookup('a')).toThrow('the variable a depends on itself: a → b → a');
  });

  test('works on a scope made elsewhere', () => {
    const foreign = {
      lookup: (name: string): Value | undefined => (name === 'x' ? 1 : undefined),
      names: () => ['x'],
    };
    const scope = extend(foreign, valueLayer('magic', 'loop', { item: 2 }));
    expect([scope.lookup('x'), scope.lookup('item'), [...scope.names()].sort()]).toEqual([
      1,
      2,
      ['item', 'x'],
    ]);
  });
});

test('explain names what won and what it hides', () => {
  const scope = createScope([
    layer('role defaults', { port: joining(4) }),
    layer('play vars', { port: joining(9) }),
    layer('extra vars', { port: '80' }, '--extra-vars'),
  ]);
  expect(formatExplanation(explain(scope, 'port'))).toBe(
    'port is set at --extra-vars (extra vars)\n  which hides site.yml:9:3 (play vars)\n  which hides site.yml:4:3 (role defaults)',
  );
  expect(formatExplanation(explain(scope, 'prot'))).toBe('prot is not defined');
});

test('ten thousand scopes over large layers take no noticeable time', () => {
  const large = layer(
    'facts',
    Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`fact${index}`, index])),
  );
  const started = performance.now();
  for (let index = 0; index < 10_000; index += 1) {
    const scope = extend(
      createScope([large, layer('play vars', { a: 1 })]),
      valueLayer('magic', 'loop', { item: index }),
    );
    expect(scope.lookup('fact4999')).toBe(4999);
  }
  expect(performance.now() - started).toBeLessThan(3000);
});
