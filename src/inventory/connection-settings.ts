import type { BecomeSettings } from '../connection/connection.ts';
import type { ConnectionSettings, HostKeyPolicy } from '../connection/settings.ts';
import { parseSshOptions, type SshOptions } from '../connection/ssh-options.ts';
import { splitWords } from '../connection/ssh-words.ts';
import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import type { Text } from '../core/secret.ts';
import type { Scope } from '../template/template.ts';
import { type ConnectionVariables, connectionVariables } from './connection-variables.ts';
import type { HostEntry } from './inventory.ts';

/** What the command line and the user's ssh configuration say; variables of the inventory win over all of it. */
export interface ConnectionDefaults {
  /** `--connection`. */
  readonly kind: 'ssh' | 'local' | 'openssh' | 'smart';
  /** `--user`; `null`: not given. */
  readonly user: string | null;
  /** Who runs hapb: the user where nothing else names one. */
  readonly localUser: string;
  readonly privateKeyFiles: readonly string[];
  /** From a prompt or a file. */
  readonly password: Text | null;
  readonly becomePassword: Text | null;
  readonly becomeMethod: BecomeSettings['method'];
  readonly becomeUser: string;
  /** From a prompt or a file. */
  readonly keyPassphrase: Text | null;
  /** SSH_AUTH_SOCK. */
  readonly agentSocket: string | null;
  /** `null`: not given; then the ssh configuration counts, and `strict` without one. */
  readonly hostKeyPolicy: HostKeyPolicy | null;
  readonly connectTimeoutMs: number | null;
  /** `--ssh-common-args`; empty: none. */
  readonly sshArgs: string;
  /** What `~/.ssh/config` says of this host's `ansible_host`; `null`: nothing. */
  readonly sshConfig: SshOptions | null;
}

/** Where ssh keeps host keys. */
export const usualKnownHostsFiles = {
  user: ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'],
  global: ['/etc/ssh/ssh_known_hosts'],
};

const usualPort = 22;
const usualTimeoutMs = 10_000;

/**
 * How to reach a host. Order of what counts: `ansible_*` variables, `ansible_ssh_common_args` and its like, the command
 * line, the ssh configuration. HAPB3130 to HAPB3133 at the variable's place for values that cannot be, HAPB5060 for
 * ssh options that are not supported.
 */
export function connectionSettings(
  host: HostEntry,
  variables: Scope,
  defaults: ConnectionDefaults,
): Result<ConnectionSettings> {
  const given = connectionVariables(host, variables);
  if (!given.ok) return given;
  const own = given.value;
  const sshArgs = [
    ...own.sshArgs,
    ...(defaults.sshArgs === '' ? [] : [{ text: defaults.sshArgs, span: host.span }]),
  ];
  const config = defaults.sshConfig ?? {};
  const wanted = own.kind ?? defaults.kind;
  const isOpenssh = wanted === 'openssh' || (wanted === 'smart' && config.needsOpenssh !== undefined);
  const kind = wanted === 'local' ? 'local' : isOpenssh ? 'openssh' : 'ssh';
  const problems: Diagnostic[] = [];
  const parsed = kind === 'ssh' ? sshArgs.map(({ text, span }) => parseSshOptions(text, span)) : [];
  for (const { diagnostics } of parsed) problems.push(...diagnostics);
  if (kind === 'ssh' && config.needsOpenssh !== undefined)
    problems.push(needsOpenssh(host, config.needsOpenssh));
  if (problems.length > 0) return failure(problems);
  const options: readonly SshOptions[] = [...parsed.map((one) => one.options), config];
  return success(combine({ host, kind, own, options, defaults, sshArgs: sshArgs.map(({ text }) => text) }));
}

interface Ingredients {
  readonly host: HostEntry;
  readonly kind: ConnectionSettings['kind'];
  readonly own: ConnectionVariables;
  /** Strongest first; the ssh configuration is last. */
  readonly options: readonly SshOptions[];
  readonly defaults: ConnectionDefaults;
  readonly sshArgs: readonly string[];
}

function combine({ host, kind, own, options, defaults, sshArgs }: Ingredients): ConnectionSettings {
  const byArgs = options.slice(0, -1);
  const first = <Key extends keyof SshOptions>(key: Key, among = options): SshOptions[Key] | undefined =>
    among.find((one) => one[key] !== undefined)?.[key];
  const keyFiles = options.flatMap((one) => one.identityFiles ?? []);
  const ownKeys = own.privateKeyFile === null ? defaults.privateKeyFiles : [own.privateKeyFile];
  const socket = first('agentSocket');
  return {
    host: host.name,
    span: host.span,
    kind,
    // The system's client finds in its configuration only what it is asked for by name.
    address: (kind === 'openssh' ? undefined : first('address')) ?? own.address ?? host.name,
    port: own.port ?? first('port') ?? usualPort,
    user: own.user ?? first('user', byArgs) ?? defaults.user ?? first('user') ?? defaults.localUser,
    password: own.password ?? defaults.password,
    privateKeyFiles: [...new Set([...ownKeys, ...keyFiles])],
    keyPassphrase: own.keyPassphrase ?? defaults.keyPassphrase,
    agentSocket: first('useAgent') === false ? null : socket === undefined ? defaults.agentSocket : socket,
    knownHostsFiles: [
      ...(first('knownHostsFiles') ?? usualKnownHostsFiles.user),
      ...(first('globalKnownHostsFiles') ?? usualKnownHostsFiles.global),
    ],
    hostKeyPolicy:
      own.hostKeyPolicy ??
      first('hostKeyPolicy', byArgs) ??
      defaults.hostKeyPolicy ??
      first('hostKeyPolicy') ??
      'strict',
    jumps: first('jumps') ?? [],
    connectTimeoutMs:
      own.connectTimeoutMs ??
      first('connectTimeoutMs', byArgs) ??
      defaults.connectTimeoutMs ??
      first('connectTimeoutMs') ??
      usualTimeoutMs,
    become: {
      method: own.becomeMethod ?? defaults.becomeMethod,
      user: own.becomeUser ?? defaults.becomeUser,
      password: own.becomePassword ?? defaults.becomePassword,
      flags: own.becomeFlags === null ? [] : splitWords(own.becomeFlags),
      ...(own.becomeExe === null ? {} : { program: splitWords(own.becomeExe) }),
    },
    ...(kind === 'openssh' ? { opensshArgs: sshArgs.flatMap((text) => splitWords(text)) } : {}),
  };
}

function needsOpenssh(host: HostEntry, option: string): Diagnostic {
  return error({
    code: 'HAPB3133',
    message: `the ssh configuration uses ${option} for ${host.name}, which the built-in client cannot do`,
    hint: 'Set `ansible_connection: openssh` for it, or `smart` to have that chosen by itself; ProxyJump needs neither.',
    span: host.span,
  });
}
