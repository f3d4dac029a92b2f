import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import type { Module } from '../module.ts';
import { type GuardState, guardArguments, guards, notNeeded } from './command-guard.ts';
import {
  type CommandChange,
  commandChange,
  enterFolder,
  type RunArgs,
  runArguments,
  runCommand,
  runReturns,
  skippedOutput,
} from './run-command.ts';

/** Arguments of `shell`. */
export interface ShellArgs extends RunArgs {
  readonly cmd: Text;
  readonly executable?: string;
}

/** Runs a text with a shell. */
export const shell: Module<ShellArgs, GuardState, CommandChange> = {
  name: 'shell',
  summary: 'Runs a text with a shell on the host: pipes, redirections and variables work.',
  notes: [
    'The text runs in the host’s sh, inside the shell that hapb has open already. With `executable` a new shell gets it as an argument.',
    'In check mode it does not run and its result is unknown, unless `creates` or `removes` decides, or the task says `check_mode: false`.',
    'A secret in the text is not visible in a process list by itself, but a program that the text gives it to as a word is; prefer `stdin`.',
  ],
  args: {
    type: 'object',
    properties: {
      cmd: { type: 'string', secret: 'allowed', description: 'The text to run.' },
      executable: {
        type: 'string',
        pattern: '^/',
        description: 'Path of another shell, such as /bin/bash. Absent: the host’s POSIX sh.',
      },
      ...guardArguments,
      ...runArguments,
    },
    required: ['cmd'],
    additionalProperties: false,
  },
  freeForm: 'cmd',
  returns: runReturns,
  traits: ['reads-everything'],
  example: `- name: Count the logged-in users
  shell: who | wc -l
  register: users
  changed_when: false
`,
  probe: (args) => guards(args),
  diff(args, state) {
    if (notNeeded(args, state) !== null) return null;
    return textChange(args);
  },
  apply: runCommand,
  alone: ({ cmd }) => ({ cmd }),
  output: (args, state) => skippedOutput(args.cmd, notNeeded(args, state) ?? ''),
};

/** The change of running a text with a shell. @throws Failure HAPB6006 where that would show a secret */
export function textChange(args: ShellArgs): CommandChange {
  const { cmd, executable } = args;
  if (executable !== undefined && cmd instanceof Secret) {
    throw new Failure({
      code: 'HAPB6006',
      message: `the text holds a secret, which every user of the host could read among the words of ${executable}`,
      hint: 'Leave `executable` out, or pass the secret with `stdin:`.',
      argument: 'cmd',
    });
  }
  return commandChange({
    summary: `run ${cmd instanceof Secret ? String(cmd) : firstLine(cmd)}`,
    cmd,
    sh:
      executable === undefined
        ? `${enterFolder}hapb_text=$1; shift; eval "unset hapb_text; $hapb_text"`
        : `${enterFolder}exec "$2" -c "$1"`,
    args: [args.chdir ?? '', cmd, ...(executable === undefined ? [] : [executable])],
    run: args,
  });
}

function firstLine(text: string): string {
  const [first = '', ...rest] = text.trim().split('\n');
  return rest.length === 0 ? first : `${first} …`;
}
