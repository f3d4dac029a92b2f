import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { fakeTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'hapb-inventory-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'inventory.yml');
writeFileSync(
  path,
  `all:
  hosts: {lone: {}}
  children:
    cp:
      hosts:
        cp1: {ansible_host: 10.0.0.1, ansible_password: geheim}
        cp2: {ansible_host: "{{ net }}.2", broken: "{{ nothing }}"}
      vars: {net: 10.0.0}
`,
);

async function show(...words: readonly string[]): Promise<string> {
  const terminal = fakeTerminal();
  await runProgram({ words: ['inventory', '-i', path, ...words], version: '1', terminal });
  expect(terminal.error).toBe('');
  return terminal.out;
}

test('the graph is that of ansible-inventory', async () => {
  expect(await show('--graph')).toBe(`@all:
  |--@ungrouped:
  |  |--lone
  |--@cp:
  |  |--cp1
  |  |--cp2
`);
});

test('variables of a host are rendered, passwords hidden, and what cannot be rendered says why', async () => {
  const variables = JSON.parse(await show('--host', 'cp2', '-e', 'extra=1')) as Record<string, unknown>;
  expect(variables).toMatchObject({ ansible_host: '10.0.0.2', net: '10.0.0', extra: '1' });
  expect(variables.broken).toMatch(/^‹.*nothing.*›$/);
  expect(await show('--host', 'cp1')).not.toContain('geheim');
});

test('the list has the form of an inventory script', async () => {
  const list = JSON.parse(await show('--list')) as Record<string, unknown>;
  expect(list).toMatchObject({
    _meta: { hostvars: { cp1: { ansible_host: '10.0.0.1' } } },
    all: { children: ['ungrouped', 'cp'] },
    cp: { hosts: ['cp1', 'cp2'] },
    ungrouped: { hosts: ['lone'] },
  });
});

test('the list and a host come as YAML too, and into a file', async () => {
  const file = join(folder, 'shown.yml');
  expect(await show('--list', '--yaml', '--limit', 'cp1', '--output', file)).toBe('');
  expect(readFileSync(file, 'utf8')).toMatchInlineSnapshot(`
    "all:
      children:
        cp:
          hosts:
            cp1:
              ansible_host: 10.0.0.1
              ansible_password: ‹ansible_password›
              net: 10.0.0
    "
  `);
  expect(await show('--host', 'lone', '-y')).toMatchInlineSnapshot(`
    "{}
    "
  `);
});

test('null is shown as Python shows it, and one thing is shown at a time', async () => {
  writeFileSync(join(folder, 'null.yml'), 'all: {hosts: {h: {nothing: null}}}');
  expect(await show('-i', join(folder, 'null.yml'), '--graph', '--vars')).toContain('{nothing = None}');
  const terminal = fakeTerminal();
  const words = ['inventory', '-i', path, '--list', '--graph'];
  await expect(runProgram({ words, version: '1', terminal })).rejects.toMatchObject({
    problem: { code: 'HAPB8001', message: 'hapb inventory was told to show several things' },
  });
});

test('a host that is not there is an error with the nearest name', async () => {
  await expect(show('--host', 'cp3')).rejects.toThrow("the inventory has no host 'cp3'");
});

test('the explanation of a variable names what won and what it hides, with lines', async () => {
  writeFileSync(join(folder, 'more.yml'), 'all: {vars: {net: 10.9.9}}\n');
  const more = ['-i', join(folder, 'more.yml'), '--explain', 'cp2'] as const;
  const text = (await show(...more, 'net')).replaceAll(`${folder}/`, '');
  expect(text).toMatchInlineSnapshot(`
    "net is set at inventory.yml:8:14 (inventory group vars)
      which hides more.yml:1:14 (inventory group vars)
      value: "10.0.0"
    "
  `);
  expect(await show(...more, 'ansible_host')).toContain('value: "10.0.0.2"');
  await expect(show(...more, 'nett')).rejects.toThrow(
    "nothing in the inventory or the extra variables sets 'nett' for cp2",
  );
  await expect(show('--explain', 'cp2')).rejects.toThrow('--explain takes a host and a variable');
});

test("a playbook's own folder of variables counts when it is named", async () => {
  mkdirSync(join(folder, 'book', 'host_vars'), { recursive: true });
  writeFileSync(join(folder, 'book', 'host_vars', 'cp1.yml'), 'port: 81\n');
  await expect(show('--explain', 'cp1', 'port')).rejects.toThrow("sets 'port' for cp1");
  const text = await show('--playbook-dir', join(folder, 'book'), '--explain', 'cp1', 'port');
  expect(text).toContain('host_vars/cp1.yml:1:1 (playbook host_vars/*)');
});

test('a limit leaves hosts of the list, a group begins the graph, and variables can be shown with it', async () => {
  expect(JSON.parse(await show('--list', '--limit', 'cp2'))).toEqual({
    _meta: {
      hostvars: { cp2: { ansible_host: '10.0.0.2', broken: "‹'nothing' is not defined›", net: '10.0.0' } },
    },
    all: { children: ['ungrouped', 'cp'] },
    cp: { hosts: ['cp2'] },
  });
  expect(await show('--graph', 'cp', '--vars')).toMatchInlineSnapshot(`
    "@cp:
      |--cp1
      |  |--{ansible_host = 10.0.0.1}
      |  |--{ansible_password = ‹ansible_password›}
      |  |--{net = 10.0.0}
      |--cp2
      |  |--{ansible_host = 10.0.0.2}
      |  |--{broken = ‹'nothing' is not defined›}
      |  |--{net = 10.0.0}
      |--{net = 10.0.0}
    "
  `);
  await expect(show('--graph', 'pc')).rejects.toThrow("the inventory has no group 'pc'");
});

test('names that the inventory gives to a host count in its templates', async () => {
  const named = join(folder, 'named.yml');
  writeFileSync(named, 'all: {hosts: {"n1.example": {fqdn: "{{ inventory_hostname_short }}.lan"}}}\n');
  expect(JSON.parse(await show('-i', named, '--host', 'n1.example'))).toEqual({ fqdn: 'n1.lan' });
});
