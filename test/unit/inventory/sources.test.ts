import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadInventory } from '../../../src/inventory/load.ts';
import { folderWith, good, said, variablesOf } from './harness.ts';

describe('several sources', () => {
  test('are merged, the later winning', () => {
    const folder = folderWith({
      'a.yml': 'web: {hosts: {h1: {x: 1, y: 1}}}\n',
      'b.ini': '[web]\nh2\nh1 x=2\n',
    });
    const inventory = good(loadInventory([join(folder, 'a.yml'), join(folder, 'b.ini')]));
    expect(inventory.groups.get('web')?.hosts).toEqual(['h1', 'h2']);
    expect(variablesOf(inventory, 'h1')).toEqual({ x: 2, y: 1 });
  });

  test('may be a folder, whose files are read in order and other things left out', () => {
    const folder = folderWith({
      '10-base.yml': 'all: {hosts: {a: }}\n',
      '20-more': 'b\n',
      'README.md': '# no\n',
      '.hidden': 'no\n',
      'old.bak': 'no\n',
      'group_vars/all.yml': 'x: 1\n',
    });
    const inventory = good(loadInventory([folder]));
    expect([...inventory.hosts.keys()].sort()).toEqual(['a', 'b']);
    expect(variablesOf(inventory, 'b')).toEqual({ x: 1 });
  });

  test('may be a list of hosts', () => {
    const inventory = good(loadInventory(['web[1:2],10.0.0.1:2222,']));
    expect([...inventory.hosts.keys()]).toEqual(['web1', 'web2', '10.0.0.1']);
    expect(variablesOf(inventory, '10.0.0.1')).toEqual({ ansible_port: 2222 });
  });
});

describe('group_vars and host_vars', () => {
  test('count by their place, the playbook before the inventory, hosts before groups', () => {
    const folder = folderWith({
      'inv/hosts.yml': 'all: {vars: {v: 1}, children: {web: {vars: {v: 2}, hosts: {h: {v: 5}}}}}\n',
      'inv/group_vars/all.yml': 'v: 3\na: inventory all\nb: inventory all\nc: inventory all\n',
      'inv/group_vars/web/10.yml': 'b: inventory web\nd: 10\ne: 10\n',
      'inv/group_vars/web/20.yml': 'e: 20\n',
      'book/group_vars/all.yaml': 'a: playbook all\nb: playbook all\n',
      'book/group_vars/web.json': '{"c": "playbook web"}\n',
      'book/host_vars/h.yml': 'f: playbook h\n',
      'inv/host_vars/h': 'f: inventory h\ng: inventory h\n',
    });
    const inventory = good(
      loadInventory([join(folder, 'inv/hosts.yml')], { playbookFolders: [join(folder, 'book')] }),
    );
    expect(variablesOf(inventory, 'h')).toEqual({
      a: 'playbook all',
      b: 'inventory web',
      c: 'playbook web',
      d: 10,
      e: 20,
      f: 'playbook h',
      g: 'inventory h',
      v: 5,
    });
  });

  test('tell problems of their files with the others', () => {
    const folder = folderWith({ 'i.yml': 'all: {hosts: {a: }}\n', 'group_vars/all.yml': '- x\n' });
    const result = loadInventory([join(folder, 'i.yml')]);
    expect(result.ok ? [] : said(result.diagnostics)).toEqual([
      'group_vars/all.yml:1:1 HAPB3004 group_vars/all.yml must hold a map of names to values, not a list | Write one `name: value` a line, without a dash in front.',
    ]);
  });

  test('warn of a file that a folder hides, and of a name that is nearly right', () => {
    const folder = folderWith({
      'i.yml': 'webservers: {hosts: {a: }}\n',
      'group_vars/all.yml': 'x: 1\n',
      'group_vars/all/main.yml': 'x: 2\n',
      'group_vars/webservres.yml': 'x: 3\n',
      'group_vars/other.yml': 'x: 4\n',
    });
    const result = loadInventory([join(folder, 'i.yml')]);
    expect(said(result.ok ? result.warnings : result.diagnostics)).toEqual([
      'group_vars/all.yml:1:1 HAPB3113 group_vars/all.yml is not read, because there is also all as a folder or file before it | Move it into the folder all/, or remove it.',
      'group_vars/webservres.yml:1:1 HAPB3114 group_vars/webservres.yml is not read: nothing in the inventory is called webservres | Did you mean `webservers`? Rename the file then.',
    ]);
  });
});

describe('an executable', () => {
  const run = (body: string): ReturnType<typeof loadInventory> =>
    loadInventory([join(folderWith({ 'inv.sh': `#!/bin/sh\n${body}\n` }), 'inv.sh')]);

  test('gives hosts, groups and variables, which are data and no templates', () => {
    const inventory = good(
      run(
        `echo '{"web": {"hosts": ["a"], "vars": {"x": "{{ no }}"}, "children": ["sub"]}, "sub": ["b"], "_meta": {"hostvars": {"a": {"y": [1]}}}}'`,
      ),
    );
    expect(variablesOf(inventory, 'a')).toEqual({ x: '{{ no }}', y: [1] });
    expect(inventory.groups.get('web')?.hosts).toEqual(['a', 'b']);
  });

  test('is asked for each host when it says nothing of them', () => {
    const inventory = good(
      run(`[ "$1" = --list ] && echo '{"web": ["a", "b"]}' || echo "{\\"name\\": \\"$2\\"}"`),
    );
    expect(variablesOf(inventory, 'b')).toEqual({ name: 'b' });
  });

  test('that fails is told with its last words', () => {
    const result = run('echo "no credentials" >&2; exit 3');
    if (result.ok) throw new Error('loaded');
    expect([said(result.diagnostics), result.diagnostics[0]?.details]).toEqual([
      [
        'inv.sh:1:1 HAPB3109 the inventory script inv.sh ended with exit code 3 | Run it by hand: inv.sh --list',
      ],
      'no credentials',
    ]);
  });

  test('that gives variables of a host which it does not list is warned of', () => {
    const result = run(`echo '{"web": ["a"], "_meta": {"hostvars": {"b": {"x": 1}}}}'`);
    expect([...good(result).hosts.keys()]).toEqual(['a']);
    expect(result.ok ? said(result.warnings) : []).toEqual([
      'inv.sh:1:1 HAPB3117 the inventory script inv.sh gives variables of b, which is in none of its groups | They are ignored. List the host in a group of the script, `all` or `ungrouped` for one.',
    ]);
  });

  test('that prints something else is told', () => {
    const text = run('echo hello');
    const form = run(`echo '{"web": {"hosts": "a"}}'`);
    expect(text.ok ? '' : said(text.diagnostics)[0]).toMatch(
      /^inv.sh:1:1 HAPB3109 the inventory script inv.sh did not print JSON: /,
    );
    expect(form.ok ? '' : said(form.diagnostics)[0]).toBe(
      'inv.sh:1:1 HAPB3110 the inventory script inv.sh gives `web.hosts` in no known form | It must be a list of names; see "Developing dynamic inventory" of Ansible for the JSON that --list prints.',
    );
  });
});

describe('a source that cannot be read', () => {
  test('is an error that says how a list of hosts is written', () => {
    const result = loadInventory(['/nonexistent/web1']);
    expect(result.ok ? [] : said(result.diagnostics)).toEqual([
      `/nonexistent/web1:1:1 HAPB1020 /nonexistent/web1 does not exist | Check the path; it is looked up from ${process.cwd()}. A list of hosts needs a comma: -i /nonexistent/web1,`,
    ]);
  });

  test('is told when it is TOML', () => {
    const result = loadInventory([join(folderWith({ 'i.toml': '[web]\n' }), 'i.toml')]);
    expect(result.ok ? '' : said(result.diagnostics)[0]).toBe(
      'i.toml:1:1 HAPB3116 i.toml is TOML, which is not read | Convert it once: ansible-inventory -i i.toml --list --yaml > inventory.yml',
    );
  });
});
