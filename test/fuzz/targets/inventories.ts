import { fileSpan } from '../../../src/core/source.ts';
import { parseYaml } from '../../../src/document/parse-yaml.ts';
import { type InventoryBuilder, startInventory } from '../../../src/inventory/builder.ts';
import { growingInventory } from '../../../src/inventory/growing.ts';
import { selectHosts } from '../../../src/inventory/pattern.ts';
import { readIniSource } from '../../../src/inventory/read-ini-source.ts';
import { readScriptSource } from '../../../src/inventory/read-script-source.ts';
import { readYamlSource } from '../../../src/inventory/read-yaml-source.ts';
import { createScope } from '../../../src/variables/scope.ts';
import { plainTools } from '../../../src/variables/vars-file.ts';
import { attempt, mustBeSound, type Read, soundValue } from '../sound.ts';
import { type Target, textOf } from '../target.ts';
import { yamlWords } from './documents.ts';

/** INI inventories, up to the values of their hosts' variables. */
export const ini: Target = {
  name: 'ini',
  seeds: [
    'lone ansible_host=192.0.2.9\n[web]\nweb[1:2].example.com:2222 size=5 ok=True names=[1,2] text="two words" # why\n[web:vars]\na = 5\nb={"k": [1, 0x1f]}\nd="{{ a }}"\n[prod:children]\nweb\n',
    '[2001:db8::1]:22 x=(1, 2.5e3)\n[a:children]\nb\n[b:children]\na\n[c]\ndb-[a:f:2] v=\'x\' "w y"\n',
  ],
  words: [
    ...[
      '\n',
      '[',
      ']',
      ':',
      ':vars]\n',
      ':children]\n',
      '[a]\n',
      '=',
      '"',
      "'",
      '#',
      ';',
      '\\',
      '{{ ',
      ' }}',
      '[1:9]',
      '[a:z]',
      '[01:20:3]',
    ],
    ...[
      'True',
      'None',
      '0x',
      '1e999',
      '(',
      ')',
      '{',
      '}',
      ',',
      '\t',
      '\r\n',
      'ansible_group_priority=',
      'ansible_port=',
      '99999999999',
      '::',
    ],
  ],
  feed: (input) => {
    const text = textOf(input);
    readAll(text, { file: 'hosts', text }, (builder) => readIniSource(builder, text, 'hosts'));
  },
};

/** YAML and JSON inventories. */
export const yamlInventory: Target = {
  name: 'yaml-inventory',
  seeds: [
    'all:\n  hosts:\n    node[1:3]:\n      ansible_host: 192.0.2.1\n      x: "{{ y }}"\n  vars: {y: [1]}\n  children:\n    web:\n      hosts: {a: , b:22: }\n    db: {children: {web: }}\n',
    '{"g": {"hosts": {"h": {"v": {"w": "{{ inventory_hostname }}"}}}, "children": {"g": {}}}}',
  ],
  words: [
    ...yamlWords,
    'hosts:\n',
    'vars:\n',
    'children:\n',
    'all:\n',
    'node[1:3]',
    '{{ ',
    ' }}',
    'ansible_group_priority: ',
  ],
  feed: (input) => {
    const text = textOf(input);
    const read = { file: 'hosts.yml', text };
    const root = soundValue(parseYaml(text, 'hosts.yml'), read);
    if (root !== null) readAll(text, read, (builder) => readYamlSource(builder, root));
  },
};

/** What a program prints that is an inventory: JSON of groups and hosts, asked once more for each host where it has no `_meta`. */
export const scriptInventory: Target = {
  name: 'script-inventory',
  seeds: [
    '{"web": {"hosts": ["a", "b[1:3]"], "vars": {"x": "{{ y }}"}, "children": ["db"]}, "db": ["c"], "_meta": {"hostvars": {"a": {"n": [1, null]}, "z": {}}}}',
    '{"all": {"children": ["ungrouped"]}, "ungrouped": {"hosts": ["h:22"]}, "lone": {"ansible_host": "192.0.2.1", "__proto__": 1}}',
    '{"a": {"children": ["b"]}, "b": {"children": ["a"]}, "c": {"hosts": {"no": 1}, "vars": []}}',
  ],
  words: [
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\u0000',
      '\\',
      'null',
      'true',
      '1e999',
      '-0',
      '99999999999999999999',
    ],
    ...[
      '"_meta": ',
      '"hostvars": ',
      '"hosts": ',
      '"vars": ',
      '"children": ',
      '"all": ',
      '"__proto__": ',
      '"{{ x }}"',
    ],
    ...[
      '"ansible_port": ',
      '"ansible_group_priority": ',
      '"a[1:9]"',
      '"constructor": ',
      '"__ansible_vault": ',
      '\u001b[2J',
    ],
  ],
  feed: (input) => {
    const text = textOf(input);
    const path = './hosts.py';
    readAll(text, { file: path, text }, (builder) => readScriptSource(builder, path, () => text));
  },
};

const folderVars = { groups: () => [], hosts: () => [], spare: () => [] };

function readAll(text: string, read: Read, fill: (builder: InventoryBuilder) => void): void {
  const builder = startInventory(plainTools.decryptScalar);
  fill(builder);
  const inventory = growingInventory(builder, { sources: [], folder: '/', file: null, folderVars });
  mustBeSound(builder.problems, read);
  for (const host of [...inventory.hosts.values()].slice(0, 3)) {
    const scope = createScope(host.layers);
    for (const name of scope.names()) attempt(() => scope.lookup(name), read);
  }
  soundValue(selectHosts(text.slice(0, 100), inventory, fileSpan('--limit')), { file: '--limit', text: '' });
}
