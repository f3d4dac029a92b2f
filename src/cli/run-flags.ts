import { type Command, InvalidArgumentError, Option } from 'commander';
import { longestSeconds } from '../core/timer-limit.ts';
import type { OutputChoice } from '../reports/choose.ts';
import { parseOutput } from './output-choice.ts';
import type { PasswordSource, RunOptions, RunTask } from './run-options.ts';
import { usageFailure } from './usage.ts';
import { addVaultFlags, type VaultPasswordFlags, vaultSources } from './vault-password-flags.ts';

/** Flags as commander hands them over. */
export interface RunFlags extends VaultPasswordFlags {
  readonly inventory?: readonly string[];
  readonly inventoryFile?: readonly string[];
  readonly limit?: string;
  readonly extraVars?: readonly string[];
  readonly modulePath?: readonly string[];
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly check?: true;
  readonly diff?: true;
  readonly forks?: number;
  /** `false`: `--no-lease`. */
  readonly lease?: boolean;
  readonly verbose: number;
  readonly become?: true;
  readonly becomeUser?: string;
  readonly becomeMethod?: 'sudo' | 'su' | 'doas';
  readonly askBecomePass?: true;
  readonly becomePasswordFile?: string;
  readonly askPass?: true;
  readonly connectionPasswordFile?: string;
  readonly user?: string;
  readonly connection?: 'ssh' | 'local' | 'openssh' | 'smart';
  readonly timeout?: number;
  readonly privateKey?: readonly string[];
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly knownHosts?: readonly string[];
  readonly acceptNewHostKeys?: true;
  readonly syntaxCheck?: true;
  readonly listHosts?: true;
  readonly listTasks?: true;
  readonly listTags?: true;
  readonly rolesPath?: readonly string[];
  readonly startAtTask?: string;
  readonly step?: true;
  readonly forceHandlers?: true;
  readonly output?: readonly OutputChoice[];
  readonly profile?: true;
  readonly detailedExitcode?: true;
  readonly save?: string;
  readonly plan?: string;
  readonly resume?: true;
  readonly runTimeout?: number;
}

const append = <T>(value: T, before: readonly T[] = []): readonly T[] => [...before, value];
const words = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
];

/** Folders as PATH has them. */
export const paths = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(':').filter((path) => path !== ''),
];

/** Adds the flags of `run`; Ansible's names and letters, with a few more. */
export function addRunFlags(command: Command): Command {
  return (
    addInventoryFlags(command)
      .option('-t, --tags <tags>', 'only tasks with these tags (repeatable, comma-separated)', words)
      .option('--skip-tags <tags>', 'no tasks with these tags', words)
      .option('-C, --check', 'change nothing; show what would change')
      .option('-D, --diff', 'show differences')
      .option('-f, --forks <number>', 'tasks at the same time (default: all hosts up to 50)', positive)
      .option('--no-lease', 'change nodes even while another run changes them')
      .option('-b, --become', 'become another user')
      .option('--become-user <user>', 'the user to become (default: root)')
      .addOption(choice('--become-method <method>', 'how to become', ['sudo', 'su', 'doas']))
      .addOption(
        new Option('-K, --ask-become-pass', 'ask for the become password').conflicts('becomePasswordFile'),
      )
      .option(
        '--become-pass-file, --become-password-file <file>',
        'read the become password from a file, or run the file if it is executable',
      )
      .addOption(
        new Option('-k, --ask-pass', 'ask for the connection password').conflicts('connectionPasswordFile'),
      )
      .option(
        '--conn-pass-file, --connection-password-file <file>',
        'read the connection password from a file, or run the file if it is executable',
      )
      .option('-u, --user <user>', 'log in as this user')
      .addOption(choice('-c, --connection <kind>', 'how to connect', ['ssh', 'local', 'openssh', 'smart']))
      .option('-T, --timeout <seconds>', 'limit for connecting', seconds)
      .option('--run-timeout <seconds>', 'limit for the whole run, which then ends as by Ctrl-C', seconds)
      .option('--key-file, --private-key <file>', 'log in with this key (repeatable)', append<string>)
      .option('--ssh-common-args <args>', 'options for every ssh connection')
      .option('--ssh-extra-args <args>', 'options for ssh connections to hosts')
      .option('--known-hosts <file>', 'check host keys against this file (repeatable)', append<string>)
      .option('--accept-new-host-keys', 'accept and remember keys of hosts not seen before')
      .option('--syntax-check', 'load and check the playbook only')
      .option('--list-hosts', 'list the hosts of each play only')
      .option('--list-tasks', 'list the tasks of each play only')
      .option('--list-tags', 'list all tags only')
      .option('--roles-path <folders>', 'more folders with roles, separated by colons (repeatable)', paths)
      .option('--start-at-task <name>', 'begin with the first task of this name (a glob)')
      .option('--step', 'ask before each task')
      // Facts are never kept from one run to the next, so there is nothing to flush.
      .addOption(new Option('--flush-cache').hideHelp())
      .option('--force-handlers', 'run handlers even on hosts that failed')
      .option('-M, --module-path <folders>', 'more folders with modules (repeatable, : between)', paths)
      .option(
        '--output <kind[=file]>',
        'plain, tree, jsonl, junit, html, drift, drift-json or profile (repeatable)',
        collectOutput,
      )
      .option('--profile', 'show at the end what each task cost, and which of them the run waited for')
      .option('--detailed-exitcode', 'with --check: exit 3 when changes are pending or unknown')
      .option('--save <file>', 'with --check: keep what it foresaw as a plan')
      .option('--plan <file>', 'make only changes that this plan foresaw')
      .option('--resume', 'go on at the task where the last run of the same stopped')
  );
}

/** Adds what says which hosts with which variables; shared by all commands that read an inventory. */
export function addInventoryFlags(command: Command): Command {
  return addVaultFlags(command)
    .option(
      '-i, --inventory <source>',
      'inventory file, folder, or list with a comma (repeatable)',
      append<string>,
    )
    .addOption(new Option('--inventory-file <source>').argParser(append<string>).hideHelp())
    .option('-l, --limit <pattern>', 'only these hosts; of several the last counts')
    .option('-e, --extra-vars <vars>', 'name=value, a map in braces, or @FILE (repeatable)', append<string>)
    .option(
      '-v, --verbose',
      'show more: -v results, -vv task paths, -vvv connections',
      (_, count: number) => count + 1,
      0,
    );
}

/** Adds the flags of `lint`. */
export function addLintFlags(command: Command): Command {
  return command
    .option(
      '-i, --inventory <source>',
      'inventory whose variables count as defined (repeatable)',
      append<string>,
    )
    .option('-e, --extra-vars <vars>', 'name=value, a map in braces, or @FILE (repeatable)', append<string>)
    .option('--roles-path <folders>', 'more folders with roles, separated by colons (repeatable)', paths)
    .option('-M, --module-path <folders>', 'more folders with modules (repeatable, : between)', paths)
    .addOption(
      new Option('--format <format>', 'how to show problems').choices(['text', 'json']).default('text'),
    )
    .option('--strict', 'exit 4 for warnings too');
}

/** What the flags mean. */
export function toRunOptions(playbooks: readonly string[], flags: RunFlags, task?: RunTask): RunOptions {
  return {
    playbooks,
    inventories: [...(flags.inventory ?? []), ...(flags.inventoryFile ?? [])],
    // An empty one limits nothing, as a variable of a script may be.
    limit: flags.limit || null,
    extraVars: flags.extraVars ?? [],
    modulePaths: flags.modulePath ?? [],
    tags:
      flags.tags ?? (flags.listTags !== undefined && flags.skipTags === undefined ? ['all', 'never'] : []),
    skipTags: flags.skipTags ?? [],
    rolesPath: flags.rolesPath ?? null,
    mode: flags.check === undefined ? 'apply' : 'check',
    dates: 'no',
    diff: flags.diff === undefined ? 'hide' : 'show',
    forks: flags.forks ?? null,
    runTimeoutSeconds: flags.runTimeout ?? null,
    leases: flags.lease === false ? 'none' : 'usual',
    verbosity: Math.min(flags.verbose, 4),
    connection: {
      kind: flags.connection === undefined || flags.connection === 'smart' ? null : flags.connection,
      user: flags.user ?? null,
      privateKeyFiles: flags.privateKey ?? [],
      connectTimeoutMs: flags.timeout === undefined ? null : flags.timeout * 1000,
      sshCommonArgs: flags.sshCommonArgs ?? null,
      sshExtraArgs: flags.sshExtraArgs ?? null,
      knownHostsFiles: flags.knownHosts ?? [],
      hostKeys: flags.acceptNewHostKeys === undefined ? 'strict' : 'accept-new',
      password: passwordSource(flags.askPass, flags.connectionPasswordFile),
    },
    become: {
      enabled: flags.become === undefined ? 'as-written' : 'yes',
      user: flags.becomeUser ?? null,
      method: flags.becomeMethod ?? null,
      password: passwordSource(flags.askBecomePass, flags.becomePasswordFile),
    },
    vault: { sources: vaultSources(flags) },
    task: task ?? taskOf(flags),
    lists: listsOf(flags),
    startAtTask: flags.startAtTask ?? null,
    tasks: flags.step === undefined ? 'all' : 'asked',
    handlers: flags.forceHandlers === undefined ? 'usual' : 'forced',
    outputs: [
      ...(flags.output ?? []),
      ...(flags.profile === undefined ? [] : [{ kind: 'profile', file: null } as const]),
    ],
    exitCodes: flags.detailedExitcode === undefined ? 'ansible' : 'detailed',
    ...planFiles(flags),
  };
}

function planFiles(flags: RunFlags): Pick<RunOptions, 'save' | 'plan' | 'from'> {
  const { check, save, plan, resume } = flags;
  if (save !== undefined && check === undefined)
    throw usageFailure('HAPB8001', '--save keeps what a check foresaw', 'Add --check, or use hapb check.');
  if (plan !== undefined && check !== undefined)
    throw usageFailure(
      'HAPB8001',
      '--plan holds a run to a plan; a check changes nothing',
      'Drop one of them.',
    );
  if (resume !== undefined && (check !== undefined || plan !== undefined || taskOf(flags) !== 'run'))
    throw usageFailure(
      'HAPB8001',
      '--resume goes on with a run, and neither a check nor a list nor a plan is one',
      'Drop one of them.',
    );
  return { save: save ?? null, plan: plan ?? null, from: resume === undefined ? 'beginning' : 'before' };
}

function taskOf(flags: RunFlags): RunTask {
  if (flags.syntaxCheck !== undefined) return 'syntax-check';
  return listsOf(flags).length === 0 ? 'run' : 'list';
}

function listsOf({ listHosts, listTasks, listTags }: RunFlags): RunOptions['lists'] {
  return [
    ...(listHosts === undefined ? [] : ['hosts' as const]),
    ...(listTasks === undefined ? [] : ['tasks' as const]),
    ...(listTags === undefined ? [] : ['tags' as const]),
  ];
}

function passwordSource(ask: true | undefined, path: string | undefined): PasswordSource {
  if (path !== undefined) return { kind: 'file', path };
  return { kind: ask === undefined ? 'none' : 'ask' };
}

/** One of a few words; Ansible's full names mean them too. */
function choice(flags: string, description: string, words: readonly string[]): Option {
  const option = new Option(flags, description).choices(words);
  return option.argParser((text: string) => {
    const word = text.replace(/^(?:ansible\.builtin|community\.general)\./, '');
    if (words.includes(word)) return word;
    throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function seconds(text: string): number {
  const value = positive(text);
  if (value > longestSeconds)
    throw new InvalidArgumentError(`It must be at most ${longestSeconds} seconds (24 days).`);
  return value;
}

function collectOutput(text: string, before: readonly OutputChoice[] = []): readonly OutputChoice[] {
  return [...before, parseOutput(text)];
}
