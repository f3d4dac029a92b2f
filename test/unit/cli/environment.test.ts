import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { refuseMergedMaps } from '../../../src/cli/ansible-settings.ts';
import { environmentFlags, flagsFromEnvironment } from '../../../src/cli/environment.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { fakeTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'hapb-environment-'));
afterAll(() => rmSync(folder, { recursive: true }));
const one = join(folder, 'one.yml');
const two = join(folder, 'two.yml');
writeFileSync(one, 'all: {hosts: {one: }}\n');
writeFileSync(two, 'all: {hosts: {two: }}\n');

const all = (env: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
  flagsFromEnvironment(() => true, env);

async function graph(env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> {
  const terminal = fakeTerminal({ env });
  await runProgram({ words: ['inventory', '--graph', ...words], version: '1', terminal });
  return terminal.out;
}

describe('the environment', () => {
  test('that asks for merged maps is refused, also by the ansible.cfg that Ansible would read', () => {
    const config = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const merging = config('merge.cfg', '[defaults]\nhash_behaviour=merge\n');
    const plain = config(
      'plain.cfg',
      '[other]\nhash_behaviour = merge\n[defaults]\n# hash_behaviour = merge\n',
    );
    expect(() => refuseMergedMaps({ ANSIBLE_HASH_BEHAVIOUR: 'merge' })).toThrow('is not supported');
    expect(() => refuseMergedMaps({ ANSIBLE_CONFIG: merging })).toThrow('hash_behaviour = merge');
    expect(() =>
      refuseMergedMaps({ ANSIBLE_CONFIG: merging, ANSIBLE_HASH_BEHAVIOUR: 'replace' }),
    ).not.toThrow();
    expect(() => refuseMergedMaps({ ANSIBLE_CONFIG: plain })).not.toThrow();
  });

  test('says what the words leave open', async () => {
    expect(await graph({ ANSIBLE_INVENTORY: one })).toContain('--one');
    const asked = await graph({ ANSIBLE_INVENTORY: one, HAPB_INVENTORY: one }, '-i', two);
    expect(asked).toContain('--two');
    expect(asked).not.toContain('--one');
  });

  test('of hapb wins over that of Ansible, and what is empty is not set', () => {
    expect(all({ ANSIBLE_FORKS: '5', HAPB_FORKS: '9' })).toEqual({ forks: 9 });
    expect(all({ ANSIBLE_FORKS: '5', HAPB_FORKS: '' })).toEqual({ forks: 5 });
    expect(all({ ANSIBLE_FORKS: '' })).toEqual({});
  });

  test('divides lists, but not a list of hosts', () => {
    expect(all({ ANSIBLE_RUN_TAGS: 'a, b', ANSIBLE_VAULT_IDENTITY_LIST: 'x@f,y@g' })).toEqual({
      tags: ['a', 'b'],
      vaultId: ['x@f', 'y@g'],
    });
    expect(all({ ANSIBLE_INVENTORY: 'a,b,' })).toEqual({ inventory: ['a,b,'] });
    expect(all({ ANSIBLE_INVENTORY: '/a,/b' })).toEqual({ inventory: ['/a', '/b'] });
  });

  test('turns switches on with the words that Ansible takes', () => {
    expect(all({ ANSIBLE_BECOME: 'True', ANSIBLE_DIFF_ALWAYS: 'no' })).toEqual({ become: true });
    expect(all({ ANSIBLE_TRANSPORT: 'smart' })).toEqual({});
  });

  test.each([
    ['ANSIBLE_FORKS', 'many', "ANSIBLE_FORKS must be a whole number, not 'many'"],
    ['HAPB_BECOME', 'perhaps', "HAPB_BECOME must be true or false, not 'perhaps'"],
    ['ANSIBLE_TRANSPORT', 'paramiko', "ANSIBLE_TRANSPORT must be ssh, local or openssh, not 'paramiko'"],
    ['ANSIBLE_BECOME_METHOD', 'runas', "ANSIBLE_BECOME_METHOD must be sudo, su or doas, not 'runas'"],
  ])('with %s=%s is refused', (name, value, message) => {
    expect(() => all({ [name]: value })).toThrow(message);
  });

  test('that turns off the check of host keys is told to have no effect', async () => {
    const terminal = fakeTerminal({ env: { ANSIBLE_HOST_KEY_CHECKING: 'False' } });
    const words = ['plan', '-i', one, join(folder, 'none.yml')];
    await runProgram({ words, version: '1', terminal }).catch(() => 1);
    expect(terminal.error).toContain(
      'warning HAPB8014: ANSIBLE_HOST_KEY_CHECKING=False has no effect: host keys are always checked',
    );
  });

  test('has each name once, and each flag', () => {
    expect(new Set(environmentFlags.map(({ name }) => name)).size).toBe(environmentFlags.length);
    expect(new Set(environmentFlags.map(({ flag }) => flag)).size).toBe(environmentFlags.length);
  });
});
