import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import { sizeBytesOf } from '../../core/text-measure.ts';
import type { Module } from '../module.ts';
import { type GuardState, guardArguments, guards, notNeeded } from './command-guard.ts';
import { programArgument } from './file-arguments.ts';
import { inOwnProcess } from './own-process.ts';
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
    'The text is given to a new /bin/sh as an argument, or to the shell that `executable` names. One that holds a secret, or is longer than 100 kB, runs inside the shell that hapb has open already, so that nobody sees it in a process list.',
    'In check mode it does not run and its result is unknown, unless `creates` or `removes` decides, or the task says `check_mode: false`.',
    'A secret in the text is not visible in a process list by itself, but a program that the text gives it to as a word is; prefer `stdin`.',
  ],
  args: {
    type: 'object',
    properties: {
      cmd: { type: 'string', secret: 'allowed', description: 'The text to run.' },
      executable: programArgument('Path of another shell, such as /bin/bash. Absent: the host’s POSIX sh.'),
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
    sh: `${enterFolder}${isWord(cmd) ? inOwnProcess(`"\${2-/bin/sh}" -c "$1"`) : inThisShell}`,
    args: [args.chdir ?? '', cmd, ...(executable === undefined ? [] : [executable])],
    run: args,
  });
}

/** The longest text that is given to a shell as a word, in bytes: Linux takes 128 KiB. */
const maxWordBytes = 100_000;

/** Whether the text may be among the words of a process. */
function isWord(cmd: Text): cmd is string {
  return typeof cmd === 'string' && sizeBytesOf(cmd) <= maxWordBytes;
}

const inThisShell = 'hapb_text=$1; shift; eval "unset hapb_text; $hapb_text"';

function firstLine(text: string): string {
  const [first = '', ...rest] = text.trim().split('\n');
  return rest.length === 0 ? first : `${first} …`;
}
