import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { evaluate, problemOf } from '../template/texts.ts';

const variables = {
  port: 6443,
  name: 'node-1',
  empty: {},
  nothing: null,
  ansible_facts: { hostname: 'cp1', default_ipv4: { address: '10.0.0.5' }, os_family: 'Debian' },
  nodes: [{ name: 'a', ip: '10.0.0.1' }, { name: 'b' }],
};

function problem(text: string): string {
  return problemOf(() => evaluate(text, variables));
}

describe('HAPB4001 syntax', () => {
  test.each([
    ['port = 6443', '"=" cannot follow here', 'To compare, write "==".'],
    ['port && name', '"&&" cannot follow here', 'Write "and".'],
    ['port || name', '"||" cannot follow here', 'Write "or".'],
    ['!port', '"!" has no meaning here', 'Write "not".'],
    ['port ? 1 : 2', '"?" cannot follow here', 'Write "A if CONDITION else B".'],
    ['port name', '"name" cannot follow here', 'Put an operator between the values'],
    ['port ==', 'a value is missing before the end of the expression', 'Write a variable'],
    ['and port', 'a value is missing before "and"', 'Write a variable'],
    ['(port', '")" is missing', 'Close it with )'],
    ['[port; name]', '";" has no meaning in an expression', 'Put text in quotes'],
    ['port |', 'the name of a filter must follow "|"', 'x | default("none")'],
    ['port is', 'the name of a test must follow "is"', 'x is defined'],
    ["'open", 'this text has no closing quote', "Add the missing '"],
    ['nodes.', 'a key must follow the dot', 'a["any key"]'],
    ['../port', '"../" is not known here', 'name outer items'],
    ['{port}', 'expected ":" but found "}"', 'Write : here.'],
    ['', 'the expression is empty', "an empty text is ''"],
  ])('%s', (text, message, hint) => {
    expect(problem(text)).toContain(`error HAPB4001: ${message}\n`);
    expect(problem(text)).toContain(hint);
  });

  test('is shown at its place', () => {
    expect(problem('port == (6443 and name')).toMatchInlineSnapshot(`
      "site.yml:1:9  error HAPB4001: ")" is missing
        1 | port == (6443 and name
          |         ^
        hint: Close it with ), or put an operator, a comma or "|" between the parts."
    `);
  });
});

describe('HAPB4002 undefined variables', () => {
  test('the nearest name is offered', () => {
    expect(problem('prot > 1')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4002: 'prot' is not defined
        1 | prot > 1
          | ^^^^
        hint: Did you mean 'port'? Set it in the inventory, vars or set_fact, or give a value for when it is missing: prot | default(…)."
    `);
  });

  test('without a near name only the ways to define it are', () => {
    expect(problem('something.deep | upper')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4002: 'something' is not defined
        1 | something.deep | upper
          | ^^^^^^^^^
        hint: Did you mean 'nothing'? Set it in the inventory, vars or set_fact, or give a value for when it is missing: something | default(…)."
    `);
  });

  test('a condition without else has no value when it is false', () => {
    expect(problem("'x' if port == 1")).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4002: the condition is false and there is no "else"
        1 | 'x' if port == 1
          | ^^^^^^^^^^^^^^^^
        hint: Add else and a value: A if B else C."
    `);
  });
});

describe('HAPB4003 missing keys', () => {
  test('a map tells what it has', () => {
    expect(problem("ansible_facts.default_ipv4.adress == '10.0.0.5'")).toMatchInlineSnapshot(`
      "site.yml:1:28  error HAPB4003: 'ansible_facts.default_ipv4' has no 'adress'; it has 'address'
        1 | ansible_facts.default_ipv4.adress == '10.0.0.5'
          |                            ^^^^^^
        hint: Did you mean 'address'? Give a value for when it is missing: … | default(…), or test it: … is defined."
    `);
    expect(problem("ansible_facts['foo']")).toMatchInlineSnapshot(`
      "site.yml:1:15  error HAPB4003: 'ansible_facts' has no 'foo'; it has 'hostname', 'default_ipv4', 'os_family'
        1 | ansible_facts['foo']
          |               ^^^^^
        hint: Give a value for when it is missing: … | default(…), or test it: … is defined."
    `);
    expect(problem('empty.x')).toContain("'empty' has no 'x'; it is empty");
  });

  test('a list tells how long it is', () => {
    expect(problem('nodes[2].name')).toMatchInlineSnapshot(`
      "site.yml:1:7  error HAPB4003: 'nodes' has 2 items, none at 2
        1 | nodes[2].name
          |       ^
        hint: The first item is at 0, the last at -1."
    `);
    expect(problem('nodes.name')).toMatchInlineSnapshot(`
      "site.yml:1:7  error HAPB4003: 'nodes' is a list and has no 'name'
        1 | nodes.name
          |       ^^^^
        hint: Take one item first, as in …[0].name, or all of them: … | map(attribute='name')."
    `);
  });

  test('other values tell what they are', () => {
    expect(problem('nothing.stdout')).toMatchInlineSnapshot(`
      "site.yml:1:9  error HAPB4003: 'nothing' is null and has no 'stdout'
        1 | nothing.stdout
          |         ^^^^^^
        hint: Only maps have keys and only lists and texts have places; look at the value with the debug module."
    `);
    expect(problem('port.x')).toContain("'port' is a number and has no 'x'");
  });

  test('an item of a list that lacks the attribute', () => {
    expect(problem("nodes | map(attribute='ip') | join(',')")).toMatchInlineSnapshot(`
      "site.yml:1:9  error HAPB4003: an item has no 'ip'
        1 | nodes | map(attribute='ip') | join(',')
          |         ^^^^^^^^^^^^^^^^^^^
        hint: Keep the items that have it first: selectattr('ip', 'defined')."
    `);
  });

  test('nothing to take', () => {
    expect(problem("nodes | selectattr('name', 'equalto', 'z') | first")).toMatchInlineSnapshot(`
      "site.yml:1:46  error HAPB4003: 'first' finds no value
        1 | nodes | selectattr('name', 'equalto', 'z') | first
          |                                              ^^^^^
        hint: Give a value for when there is none: … | first | default(…)."
    `);
  });
});

describe('HAPB4004 wrong types', () => {
  test('operators name both sides', () => {
    expect(problem("port + '1'")).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4004: '+' cannot combine a number and a text
        1 | port + '1'
          | ^^^^^^^^^^
        hint: To join texts write "~" instead of "+"; to add numbers convert with | int."
    `);
    expect(problem('name < 5')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4004: '<' cannot order a text and a number
        1 | name < 5
          | ^^^^^^^^
        hint: Convert one side first, for example with | int, | float or | string."
    `);
    expect(problem("'a' in port")).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4004: 'in' needs a text, list or map to look into, not a number
        1 | 'a' in port
          | ^^^^^^^^^^^
        hint: Put the value that is looked for before "in", what holds it after."
    `);
    expect(problem('nodes - 1')).toContain("'-' cannot combine a list and a number");
    expect(problem('port[1:]')).toContain('a number cannot be sliced');
  });
});

describe('names that do not exist', () => {
  test('HAPB4005 filters', () => {
    expect(problem('name | uper')).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4005: there is no filter 'uper'
        1 | name | uper
          |        ^^^^
        hint: Did you mean 'upper'? docs/expressions.md lists all of them."
    `);
    expect(problem('name | defined')).toContain("'defined' is a test: write x is defined.");
    expect(problem("nodes | map('uper')")).toContain("HAPB4005: there is no filter 'uper'");
    expect(problem('greet(name)')).toContain("there is no filter 'greet'");
  });

  test('HAPB4006 tests', () => {
    expect(problem('name is defnied')).toMatchInlineSnapshot(`
      "site.yml:1:9  error HAPB4006: there is no test 'defnied'
        1 | name is defnied
          |         ^^^^^^^
        hint: Did you mean 'defined'? docs/expressions.md lists all of them."
    `);
    expect(problem('name is upper2')).toContain("Did you mean 'upper'?");
    expect(problem('port is bool')).toContain("'bool' is a filter: write x | bool.");
    expect(problem("nodes | selectattr('name', 'equals', 'a')")).toContain("there is no test 'equals'");
  });

  test('HAPB4010 what Ansible has and we do not', () => {
    expect(problem('name | to_datetime')).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4010: 'to_datetime' is not supported
        1 | name | to_datetime
          |        ^^^^^^^^^^^
        hint: Compare times as numbers of seconds, such as ansible_date_time.epoch | int."
    `);
    expect(problem("lookup('pipe', 'date')")).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4010: the lookup 'pipe' is not supported
        1 | lookup('pipe', 'date')
          |        ^^^^^^
        hint: Run the program with command, delegate_to: localhost and register, then use r.stdout."
    `);
    expect(problem("lookup('evn', 'HOME')")).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4005: there is no lookup 'evn'
        1 | lookup('evn', 'HOME')
          |        ^^^^^
        hint: Did you mean 'env'? Known are env, vars, varnames, dict, items, list, together, nested, sequence, subelements, indexed_items, inventory_hostnames, first_found, fileglob, file, template."
    `);
    expect(problem('query()')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4007: 'query' needs the name of a lookup
        1 | query()
          | ^^^^^
        hint: For example lookup('env', 'HOME')."
    `);
    expect(problem('x | random_mac')).toContain('A run must be repeatable');
    expect(problem("'/x' is vault_encrypted")).toContain('opened where they are used');
  });

  test('HAPB4011 methods', () => {
    expect(problem('name.uper()')).toMatchInlineSnapshot(`
      "site.yml:1:6  error HAPB4011: no value has a method 'uper'
        1 | name.uper()
          |      ^^^^
        hint: Did you mean 'upper'? docs/expressions.md lists all of them."
    `);
    expect(problem('port.lower()')).toMatchInlineSnapshot(`
      "site.yml:1:6  error HAPB4011: a number has no method 'lower'
        1 | port.lower()
          |      ^^^^^^^
        hint: Convert it with | string first."
    `);
    expect(problem('nodes.append(1)')).toContain("'.append()' would change the value");
  });

  test('all of them are reported together', () => {
    expect(problem('a | b1 and c is d1 and e.f1()').match(/HAPB40\d\d/g)).toEqual([
      'HAPB4005',
      'HAPB4006',
      'HAPB4011',
    ]);
  });
});

describe('lookups', () => {
  test('a variable that is not there', () => {
    expect(problem("lookup('vars', 'nmae')")).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4002: 'nmae' is not defined
        1 | lookup('vars', 'nmae')
          | ^^^^^^^^^^^^^^^^^^^^^^
        hint: Set it, or give a value for when it is missing: lookup('vars', NAME, default=…)."
    `);
    expect(problem("undef(hint='Say who you are.')")).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4002: Say who you are.
        1 | undef(hint='Say who you are.')
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Set the variable in the inventory, under vars, or with -e."
    `);
  });

  test('the environment is data, and passwords in it are secrets', () => {
    process.env.HAPB_TEST_PLAIN = '{{ port }}';
    process.env.HAPB_TEST_PASSWORD = 'hunter2';
    try {
      expect(evaluate("lookup('env', 'HAPB_TEST_PLAIN')", variables)).toBe('{{ port }}');
      const both = evaluate("lookup('env', 'HAPB_TEST_PLAIN', 'HAPB_TEST_PASSWORD')", variables);
      expect(both).toBeInstanceOf(Secret);
    } finally {
      delete process.env.HAPB_TEST_PLAIN;
      delete process.env.HAPB_TEST_PASSWORD;
    }
  });
});

describe('arguments handed over with *', () => {
  test('must be a list, or a map behind **', () => {
    expect(problem('range(*port)')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB4008: '*' needs a list, not a number
        1 | range(*port)
          | ^^^^^^^^^^^^
        hint: Make it a list first: [x], or x.split(",")."
    `);
    expect(problem('name | replace(**nodes)')).toMatchInlineSnapshot(`
      "site.yml:1:8  error HAPB4008: '**' needs a map, not a list
        1 | name | replace(**nodes)
          |        ^^^^^^^^^^^^^^^^
        hint: Give it a map: {"key": value}."
    `);
  });
});

test('random without a seed chooses what is there', () => {
  expect([1, 2]).toContain(evaluate('[1, 2] | random'));
  expect(evaluate('[1, 2] | shuffle | sort')).toEqual([1, 2]);
  expect(problem('[] | random')).toMatchInlineSnapshot(`
    "site.yml:1:6  error HAPB4008: 'random' cannot choose from an empty list
      1 | [] | random
        |      ^^^^^^
      hint: Test first: list | length > 0."
  `);
});
