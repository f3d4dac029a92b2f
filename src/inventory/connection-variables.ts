import type { BecomeSettings } from '../connection/connection.ts';
import type { HostKeyPolicy } from '../connection/settings.ts';
import { type Diagnostic, failure, type Result, success } from '../core/diagnostic.ts';
import type { Text } from '../core/secret.ts';
import type { Span } from '../core/source.ts';
import type { Scope } from '../template/template.ts';
import type { HostEntry } from './inventory.ts';
import { variableReader } from './variable-reader.ts';

/** What variables of a host say of its connection; `null`: they do not say. */
export interface ConnectionVariables {
  readonly kind: 'ssh' | 'local' | 'openssh' | 'smart' | null;
  readonly address: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly password: Text | null;
  readonly privateKeyFile: string | null;
  readonly keyPassphrase: Text | null;
  /** Strings of ssh options with their places, strongest first. */
  readonly sshArgs: readonly { readonly text: string; readonly span: Span }[];
  readonly connectTimeoutMs: number | null;
  readonly hostKeyPolicy: HostKeyPolicy | null;
  readonly becomeMethod: BecomeSettings['method'] | null;
  readonly becomeUser: string | null;
  readonly becomePassword: Text | null;
  readonly becomeFlags: string | null;
  /** The program with its first words. */
  readonly becomeExe: string | null;
}

/** Names of all variables that say something of a connection. */
export const connectionVariableNames: readonly string[] = [
  'connection',
  'host',
  'host_key_checking',
  'password',
  'port',
  'private_key_file',
  'private_key_passphrase',
  'timeout',
  'user',
  ...['args', 'common_args', 'extra_args', 'host', 'host_key_checking', 'pass', 'password', 'port'].map(
    (name) => `ssh_${name}`,
  ),
  ...['private_key_file', 'private_key_passphrase', 'timeout', 'user'].map((name) => `ssh_${name}`),
  ...['become', 'sudo', 'su', 'doas'].flatMap((method) =>
    ['exe', 'flags', 'method', 'pass', 'password'].map((name) => `${method}_${name}`),
  ),
].map((name) => `ansible_${name}`);

/** Reads the connection variables under all names that Ansible knows for them. Fails with HAPB3130, HAPB3131. */
export function connectionVariables(host: HostEntry, variables: Scope): Result<ConnectionVariables> {
  const problems: Diagnostic[] = [];
  const read = variableReader({ host, variables, problems });
  const kind = read.choice(['ansible_connection'], {
    ssh: 'ssh',
    paramiko: 'ssh',
    paramiko_ssh: 'ssh',
    smart: 'smart',
    local: 'local',
    openssh: 'openssh',
    'ansible.builtin.ssh': 'ssh',
    'ansible.builtin.local': 'local',
  });
  const checking = read.flag(['ansible_host_key_checking', 'ansible_ssh_host_key_checking']);
  const timeout = read.number(['ansible_timeout', 'ansible_ssh_timeout'], { min: 1, max: 86_400 });
  const method = read.choice(['ansible_become_method'], {
    sudo: 'sudo',
    su: 'su',
    doas: 'doas',
    'ansible.builtin.sudo': 'sudo',
    'ansible.builtin.su': 'su',
    'community.general.doas': 'doas',
  });
  const argsOf = (name: string) => {
    const text = read.text([name]);
    return text === null || text.trim() === '' ? [] : [{ text, span: read.spanOf(name) }];
  };
  const found: ConnectionVariables = {
    kind,
    address: read.text(['ansible_host', 'ansible_ssh_host']),
    port: read.number(['ansible_port', 'ansible_ssh_port'], { min: 1, max: 65_535 }),
    user: read.text(['ansible_user', 'ansible_ssh_user']),
    password: read.secret(['ansible_password', 'ansible_ssh_password', 'ansible_ssh_pass']),
    privateKeyFile: read.text(['ansible_ssh_private_key_file', 'ansible_private_key_file']),
    keyPassphrase: read.secret(['ansible_private_key_passphrase', 'ansible_ssh_private_key_passphrase']),
    sshArgs: ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].flatMap(argsOf),
    connectTimeoutMs: timeout === null ? null : timeout * 1000,
    hostKeyPolicy: checking === null ? null : checking ? 'strict' : 'off',
    becomeMethod: method,
    becomeUser: read.text(['ansible_become_user', `ansible_${method ?? 'sudo'}_user`]),
    becomePassword: read.secret([
      'ansible_become_password',
      'ansible_become_pass',
      'ansible_sudo_pass',
      'ansible_su_pass',
    ]),
    becomeFlags: read.text(['ansible_become_flags', `ansible_${method ?? 'sudo'}_flags`]),
    becomeExe: read.text(['ansible_become_exe', `ansible_${method ?? 'sudo'}_exe`]),
  };
  return problems.length > 0 ? failure(problems) : success(found);
}
