import { describe, expect, test } from 'vitest';
import { groupNames } from '../../../src/inventory/inventory.ts';
import { complaints, good, loadText, variablesOf } from './harness.ts';

describe('a YAML inventory', () => {
  const text = `
all:
  hosts:
    lone:
  vars:
    region: eu
    url: "https://{{ inventory_name }}"
  children:
    control_plane:
      hosts:
        cp[1:3]:
          etcd: true
        cp2:
          ansible_host: 192.0.2.12
      vars:
        region: us
    workers:
      hosts:
        w1:2222:
      children:
        gpu:
          hosts: g1
          vars: {region: gpu}
`;

  test('has hosts in the order of groups, own hosts first', () => {
    expect([...good(loadText('i.yml', text)).hosts.keys()]).toEqual([
      'lone',
      'cp1',
      'cp2',
      'cp3',
      'w1',
      'g1',
    ]);
  });

  test('gives hosts the variables of their groups, the nearer group winning', () => {
    const inventory = good(loadText('i.yml', text.replace('{{ inventory_name }}', '{{ region }}')));
    expect(variablesOf(inventory, 'cp2')).toEqual({
      ansible_host: '192.0.2.12',
      etcd: true,
      region: 'us',
      url: 'https://us',
    });
    expect(variablesOf(inventory, 'g1')).toEqual({ region: 'gpu', url: 'https://gpu' });
    expect(variablesOf(inventory, 'w1')).toEqual({ ansible_port: 2222, region: 'eu', url: 'https://eu' });
  });

  test('knows groups, their depth and who is ungrouped', () => {
    const inventory = good(loadText('i.yml', text));
    expect(
      [...inventory.groups].map(([name, { depth, hosts, children }]) => [name, depth, hosts, children]),
    ).toEqual([
      ['all', 0, ['lone', 'cp1', 'cp2', 'cp3', 'w1', 'g1'], ['ungrouped', 'control_plane', 'workers']],
      ['ungrouped', 1, ['lone'], []],
      ['control_plane', 1, ['cp1', 'cp2', 'cp3'], []],
      ['workers', 1, ['w1', 'g1'], ['gpu']],
      ['gpu', 2, ['g1'], []],
    ]);
    expect(groupNames(inventory, 'g1')).toEqual(['gpu', 'workers']);
  });

  test('takes ansible_group_priority into account among groups of one depth', () => {
    const priority =
      'a: {hosts: {h: }, vars: {v: a, ansible_group_priority: 10}}\nb: {hosts: {h: }, vars: {v: b}}\n';
    expect(variablesOf(good(loadText('i.yml', priority)), 'h').v).toBe('a');
    expect(variablesOf(good(loadText('i.yml', priority.replace('10', '1'))), 'h').v).toBe('b');
  });

  test('may be JSON', () => {
    expect([...good(loadText('i.json', '{"all": {"hosts": {"a": {}}}}')).hosts.keys()]).toEqual(['a']);
  });

  test('knows this machine though nobody lists it, with the variables of all', () => {
    const inventory = good(loadText('i.yml', 'all: {hosts: {a: }, vars: {x: 1}}\n'));
    expect(inventory.hosts.has('localhost')).toBe(false);
    expect(variablesOf(inventory, 'localhost')).toEqual({ ansible_connection: 'local', x: 1 });
  });
});

describe('a mistake in a YAML inventory is told with the right form', () => {
  test.each([
    [
      '- web1\n',
      [
        'i.yml:1:1 HAPB3101 an inventory must be a map of groups, not a list | Write\nall:\n  hosts:\n    node1:\n      ansible_host: 192.0.2.1\n  vars:\n    ansible_user: admin',
      ],
    ],
    [
      'hosts:\n  a:\n',
      [
        'i.yml:1:1 HAPB3103 `hosts` stands at the top, where the names of groups stand | Put it under a group:\nall:\n  hosts:\n    node1:\n      ansible_host: 192.0.2.1\n  vars:\n    ansible_user: admin',
      ],
    ],
    [
      'all:\n  hosts:\n    - web1\n    - web2\n',
      [
        'i.yml:2:3 HAPB3102 the hosts of all are a list; an inventory lists them as keys | Write\nhosts:\n  web1:\n  web2:',
      ],
    ],
    [
      'all:\n  hosts:\n    a: 192.0.2.1\n',
      [
        'i.yml:3:8 HAPB3102 the host a must have a map of variables or nothing, not the value "192.0.2.1" | Write\na:\n  ansible_host: 192.0.2.1',
      ],
    ],
    [
      'web:\n  hsots:\n    a:\n',
      [
        'i.yml:2:3 HAPB3103 the group web has no key `hsots`; it has hosts, vars and children | Did you mean `hosts`?',
      ],
    ],
    [
      'web:\n  ansible_user: admin\n  hosts: {a: }\n',
      [
        "i.yml:2:3 HAPB3103 the group web has no key `ansible_user`; it has hosts, vars and children | A group's variables stand under vars:\nweb:\n  vars:\n    ansible_user: …",
      ],
    ],
    [
      'all:\n  web:\n    hosts: {a: }\n',
      [
        'i.yml:2:3 HAPB3103 the group all has no key `web`; it has hosts, vars and children | Put hosts under `hosts:` and groups under `children:`:\nall:\n  children:\n    web:',
      ],
    ],
    [
      'all:\n  hosts: {a: }\n  vars: [1]\n',
      [
        'i.yml:3:9 HAPB3102 the vars of all must be a map of names to values, not a list | Write `vars:` and below it one `name: value` a line, without dashes.',
      ],
    ],
    [
      'all:\n  hosts: {a: }\n  children: [web]\n',
      [
        'i.yml:3:3 HAPB3102 the children of all are a list; an inventory lists them as keys | Write\nchildren:\n  web:',
      ],
    ],
    [
      'web: [a, b]\n',
      [
        'i.yml:1:6 HAPB3102 the group web must be a map with hosts, vars or children, not a list | Write\nweb:\n  hosts:\n    a:\n    b:',
      ],
    ],
    [
      'all:\n  hosts:\n    "web[3:1]":\n',
      ['i.yml:3:5 HAPB3105 the host range web[3:1] runs backwards from 3 to 1 | Write [1:3].'],
    ],
    [
      'all:\n  hosts:\n    "{{ name }}":\n',
      [
        'i.yml:3:5 HAPB3106 `{{ name }}` cannot be the name of a host | Host names cannot be templates; write the name and put what varies into its variables.',
      ],
    ],
    [
      'all:\n  hosts:\n    a: {my-var: 1}\n',
      [
        'i.yml:3:9 HAPB3001 "my-var" cannot be the name of a variable | Use letters, digits and underscores, and begin with a letter or an underscore.',
      ],
    ],
    [
      'a: {children: {b: }}\nb: {children: {c: }}\nc: {children: {a: }, hosts: {h: }}\n',
      [
        'i.yml:3:16 HAPB3111 groups contain each other: a → b → c → a | Remove one of these from the children of the one before it.',
      ],
    ],
    [
      'all:\n  hosts:\n',
      [
        'i.yml:1:1 HAPB3115 there is no host in i.yml | Write\nall:\n  hosts:\n    node1:\n      ansible_host: 192.0.2.1',
      ],
    ],
  ])('%j', (text, expected) => {
    expect(complaints('i.yml', text)).toEqual(expected);
  });

  test('a host and a group of one name are only warned of', () => {
    expect(complaints('i.yml', 'web:\n  hosts: {web: , other: }\n')).toEqual([
      'fine',
      'i.yml:1:1 HAPB3112 web is the name of a host and of a group | Rename one; patterns would otherwise mean the host alone.',
    ]);
  });

  test('a variable that two places of one file set differently is warned of', () => {
    expect(complaints('i.yml', 'a: {hosts: {h: {x: 1}}}\nb: {hosts: {h: {x: 2}}}\n')).toEqual([
      'fine',
      'i.yml:2:17 HAPB3107 x of h is set twice with different values; the second counts | Remove one of the two.',
    ]);
  });
});

test('five thousand hosts load in about a second', () => {
  const hosts = Array.from(
    { length: 5000 },
    (_, index) =>
      `    node${index}:\n      ansible_host: 10.0.${index >> 8}.${index & 255}\n      rack: r${index % 40}`,
  );
  const text = `all:\n  vars:\n    ansible_user: admin\n  hosts:\n${hosts.join('\n')}\n`;
  const started = performance.now();
  expect(good(loadText('i.yml', text)).hosts.size).toBe(5000);
  // Generous, for machines that do other things too.
  expect(performance.now() - started).toBeLessThan(4000);
});
