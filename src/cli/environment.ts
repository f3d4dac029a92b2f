import { type Diagnostic, warning } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { fileSpan } from '../core/source.ts';
import type { RunFlags } from './run-flags.ts';

/** A flag that the environment can set where the command line does not. */
export interface EnvironmentFlag {
  /** Behind `HAPB_` and `ANSIBLE_`, as in Ansible's configuration settings. */
  readonly name: string;
  readonly flag: keyof RunFlags;
  readonly kind:
    | 'text'
    | 'texts'
    | 'switch'
    | 'number'
    | 'connection'
    | 'become-method'
    | 'inventories'
    | 'paths';
}

/** In the order of the docs. */
export const environmentFlags: readonly EnvironmentFlag[] = [
  { name: 'INVENTORY', flag: 'inventory', kind: 'inventories' },
  { name: 'RUN_TAGS', flag: 'tags', kind: 'texts' },
  { name: 'SKIP_TAGS', flag: 'skipTags', kind: 'texts' },
  { name: 'DIFF_ALWAYS', flag: 'diff', kind: 'switch' },
  { name: 'FORKS', flag: 'forks', kind: 'number' },
  { name: 'VERBOSITY', flag: 'verbose', kind: 'number' },
  { name: 'BECOME', flag: 'become', kind: 'switch' },
  { name: 'BECOME_USER', flag: 'becomeUser', kind: 'text' },
  { name: 'BECOME_METHOD', flag: 'becomeMethod', kind: 'become-method' },
  { name: 'BECOME_PASSWORD_FILE', flag: 'becomePasswordFile', kind: 'text' },
  { name: 'CONNECTION_PASSWORD_FILE', flag: 'connectionPasswordFile', kind: 'text' },
  { name: 'VAULT_PASSWORD_FILE', flag: 'vaultPasswordFile', kind: 'texts' },
  { name: 'VAULT_IDENTITY_LIST', flag: 'vaultId', kind: 'texts' },
  { name: 'REMOTE_USER', flag: 'user', kind: 'text' },
  { name: 'TRANSPORT', flag: 'connection', kind: 'connection' },
  { name: 'TIMEOUT', flag: 'timeout', kind: 'number' },
  { name: 'PRIVATE_KEY_FILE', flag: 'privateKey', kind: 'texts' },
  { name: 'SSH_COMMON_ARGS', flag: 'sshCommonArgs', kind: 'text' },
  { name: 'SSH_EXTRA_ARGS', flag: 'sshExtraArgs', kind: 'text' },
  { name: 'LIBRARY', flag: 'modulePath', kind: 'paths' },
  { name: 'FORCE_HANDLERS', flag: 'forceHandlers', kind: 'switch' },
  { name: 'ROLES_PATH', flag: 'rolesPath', kind: 'paths' },
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment gives for the flags of a command that its words leave open: `HAPB_FORKS`, or `ANSIBLE_FORKS` as
 * Ansible's users have it. A variable of ours wins over Ansible's, an empty one counts as not set.
 * @throws Failure HAPB8013: a variable's value cannot be used
 */
export function flagsFromEnvironment(
  isOpen: (flag: keyof RunFlags) => boolean,
  env: Environment,
): Partial<Record<keyof RunFlags, unknown>> {
  const flags: Partial<Record<keyof RunFlags, unknown>> = {};
  for (const { name, flag, kind } of environmentFlags) {
    if (!isOpen(flag)) continue;
    const variable = [`HAPB_${name}`, `ANSIBLE_${name}`].find((candidate) => (env[candidate] ?? '') !== '');
    if (variable === undefined) continue;
    const value = readValue(kind, env[variable] ?? '', variable);
    if (value !== undefined) flags[flag] = value;
  }
  return flags;
}

/** What is set for Ansible, means something here, and has no effect: said once, since a run may differ by it. */
export function environmentWarnings(env: Environment): readonly Diagnostic[] {
  const checking = env.ANSIBLE_HOST_KEY_CHECKING ?? '';
  if (!isNo(checking)) return [];
  return [
    warning({
      code: 'HAPB8014',
      message: `ANSIBLE_HOST_KEY_CHECKING=${checking} has no effect: host keys are always checked`,
      hint: 'Pass --accept-new-host-keys once, or --known-hosts FILE.',
      span: environment,
    }),
  ];
}

const environment = fileSpan('<environment>');

function readValue(kind: EnvironmentFlag['kind'], text: string, variable: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'texts':
      return listed(text);
    case 'paths':
      return text.split(':').filter((path) => path !== '');
    case 'inventories':
      // A list of hosts ends with a comma, as on the command line.
      return text.endsWith(',') ? [text] : listed(text);
    case 'switch':
      if (isYes(text)) return true;
      if (isNo(text)) return undefined;
      throw unusable(variable, text, 'true or false');
    case 'number':
      if (/^\d+$/.test(text)) return Number(text);
      throw unusable(variable, text, 'a whole number');
    case 'connection':
      if (['ssh', 'local', 'openssh'].includes(text)) return text;
      if (text === 'smart') return undefined;
      throw unusable(variable, text, 'ssh, local or openssh');
    case 'become-method':
      if (['sudo', 'su', 'doas'].includes(text)) return text;
      throw unusable(variable, text, 'sudo, su or doas');
  }
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function isYes(text: string): boolean {
  return /^(?:1|y|yes|t|true|on)$/i.test(text);
}

function isNo(text: string): boolean {
  return /^(?:0|n|no|f|false|off)$/i.test(text);
}

function unusable(variable: string, text: string, wanted: string): Failure {
  const message = `${variable} must be ${wanted}, not '${text}'`;
  return new Failure({ code: 'HAPB8013', message, hint: `Correct it, or unset ${variable}.` }, environment);
}
