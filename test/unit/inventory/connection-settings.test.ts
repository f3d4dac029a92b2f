import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { type ConnectionDefaults, connectionSettings } from '../../../src/inventory/connection-settings.ts';
import { hostEntry } from '../../../src/inventory/inventory.ts';
import { createScope } from '../../../src/variables/scope.ts';
import { good, loadText, said } from './harness.ts';

const defaults: ConnectionDefaults = {
  kind: 'ssh',
  user: null,
  localUser: 'me',
  privateKeyFiles: [],
  password: null,
  becomePassword: null,
  becomeMethod: 'sudo',
  becomeUser: 'root',
  keyPassphrase: null,
  agentSocket: '/agent',
  hostKeyPolicy: null,
  connectTimeoutMs: null,
  sshArgs: '',
  sshConfig: null,
};

function settings(variables: string, changed: Partial<ConnectionDefaults> = {}) {
  const inventory = good(
    loadText('i.yml', `all:\n  hosts:\n    h:\n${variables.replace(/^/gm, '      ')}\n`),
  );
  const host = hostEntry(inventory, 'h');
  if (host === undefined) throw new Error('no host');
  return connectionSettings(host, createScope(host.layers), { ...defaults, ...changed });
}

function complaint(variables: string, changed: Partial<ConnectionDefaults> = {}): readonly string[] {
  const result = settings(variables, changed);
  return result.ok ? [] : said(result.diagnostics);
}

describe('connectionSettings', () => {
  test('has usual values where nothing is said', () => {
    const { span: _span, ...rest } = good(settings('x: 1'));
    expect(rest).toEqual({
      host: 'h',
      kind: 'ssh',
      address: 'h',
      port: 22,
      user: 'me',
      password: null,
      privateKeyFiles: [],
      keyPassphrase: null,
      agentSocket: '/agent',
      knownHostsFiles: ['~/.ssh/known_hosts', '~/.ssh/known_hosts2', '/etc/ssh/ssh_known_hosts'],
      hostKeyPolicy: 'strict',
      jumps: [],
      connectTimeoutMs: 10_000,
      become: { method: 'sudo', user: 'root', password: null, flags: [] },
    });
  });

  test('takes variables before the command line before the ssh configuration', () => {
    const sshConfig = {
      user: 'cfg',
      port: 2200,
      address: '10.9.9.9',
      jumps: [{ user: null, address: 'gate', port: 22 }],
    };
    const { user, port, address, jumps } = good(settings('ansible_host: node', { sshConfig, user: 'cli' }));
    expect([user, port, address, jumps]).toEqual(['cli', 2200, '10.9.9.9', sshConfig.jumps]);
    expect(
      good(settings('ansible_user: own\nansible_port: "2222"', { sshConfig, user: 'cli' })),
    ).toMatchObject({ user: 'own', port: 2222 });
  });

  test('reads ssh options, with the jump host in them', () => {
    expect(
      good(
        settings('ansible_ssh_common_args: -o ProxyJump=admin@gate:2222 -o StrictHostKeyChecking=accept-new'),
      ),
    ).toMatchObject({
      jumps: [{ user: 'admin', address: 'gate', port: 2222 }],
      hostKeyPolicy: 'accept-new',
    });
  });

  test('hands options over as they are to the system client', () => {
    expect(
      good(settings('ansible_connection: openssh\nansible_ssh_common_args: -o "ProxyCommand=nc %h %p"')),
    ).toMatchObject({
      kind: 'openssh',
      opensshArgs: ['-o', 'ProxyCommand=nc %h %p'],
    });
  });

  test('makes secrets of passwords', () => {
    const { password, become } = good(settings('ansible_ssh_pass: hunter22\nansible_sudo_pass: hunter33'));
    expect([password, become?.password]).toEqual([expect.any(Secret), expect.any(Secret)]);
    expect(String(password)).toBe('‹ansible_ssh_pass of h›');
  });

  test('reads what become needs, and a word for a boolean', () => {
    expect(
      good(
        settings(
          'ansible_become_method: su\nansible_become_user: admin\nansible_become_flags: -l -m\nansible_host_key_checking: "no"',
        ),
      ),
    ).toMatchObject({
      become: { method: 'su', user: 'admin', flags: ['-l', '-m'] },
      hostKeyPolicy: 'off',
    });
  });

  test.each([
    [
      'ansible_port: ssh',
      [
        'i.yml:4:7 HAPB3130 ansible_port of h must be a whole number from 1 to 65535, not "ssh" | Write ansible_port: 22',
      ],
    ],
    [
      'ansible_user: 5',
      ['i.yml:4:7 HAPB3130 ansible_user of h must be a text, not 5 | Put it in quotes: "5".'],
    ],
    [
      'ansible_password: 12345678',
      [
        'i.yml:4:7 HAPB3130 ansible_password of h must be a text, not a number | Put it in quotes, so that no zero or sign is lost.',
      ],
    ],
    [
      'ansible_host_key_checking: maybe',
      [
        'i.yml:4:7 HAPB3130 ansible_host_key_checking of h must be true or false, not "maybe" | Write ansible_host_key_checking: false',
      ],
    ],
    [
      'ansible_connection: shh',
      ['i.yml:4:7 HAPB3131 ansible_connection of h cannot be "shh" | Did you mean `ssh`?'],
    ],
    [
      'ansible_become_method: pbrun',
      ['i.yml:4:7 HAPB3131 ansible_become_method of h cannot be "pbrun" | It can be sudo, su, doas.'],
    ],
    ['ansible_host: "{{ nowhere }}"', [expect.stringMatching(/^i.yml:4:25 HAPB4\d{3} .*nowhere/)]],
    ['ansible_ssh_common_args: -o ProxyCommand=x', [expect.stringMatching(/^i.yml:4:7 HAPB5060 /)]],
  ])('%s', (variables, expected) => {
    expect(complaint(variables)).toEqual(expected);
  });

  test('says when the ssh configuration asks for what only the system client can do, unless that may be chosen', () => {
    const sshConfig = { needsOpenssh: 'ProxyCommand' };
    expect(complaint('x: 1', { sshConfig })).toEqual([
      'i.yml:3:5 HAPB3133 the ssh configuration uses ProxyCommand for h, which the built-in client cannot do | Set `ansible_connection: openssh` for it, or `smart` to have that chosen by itself; ProxyJump needs neither.',
    ]);
    expect(good(settings('ansible_connection: smart', { sshConfig })).kind).toBe('openssh');
  });
});
