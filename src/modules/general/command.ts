import { Failure } from '../../core/failure.ts';
import { printed } from '../../expression/print-value.ts';
import type { Module } from '../module.ts';
import { type GuardState, guardArguments, guards, notNeeded } from './command-guard.ts';
import { expandedWords } from './expand-words.ts';
import { inOwnProcess } from './own-process.ts';
import { refusedArgument } from './refused-argument.ts';
import {
  type CommandChange,
  commandChange,
  enterFolder,
  type RunArgs,
  requireProgram,
  runArguments,
  runCommand,
  runReturns,
  skippedOutput,
} from './run-command.ts';
import { splitWords } from './split-words.ts';

/** Arguments of `command`. */
export interface CommandArgs extends RunArgs {
  readonly cmd?: string;
  readonly argv?: readonly (string | number | boolean | null)[];
  readonly expand_argument_vars?: boolean;
}

/** Runs a program without a shell. */
export const command: Module<CommandArgs, GuardState, CommandChange> = {
  name: 'command',
  summary: 'Runs a program on the host, without a shell.',
  notes: [
    'Pipes, redirections and patterns mean nothing here; use `shell` for them. Variables of the host’s environment (`$HOME`) and `~` are filled in, as Ansible does.',
    'In check mode it does not run and its result is unknown, unless `creates` or `removes` decides, or the task says `check_mode: false`.',
    'A secret must not be among its words, because every user of the host can read the words of a running program; pass it with `stdin`.',
  ],
  args: {
    type: 'object',
    properties: {
      cmd: { type: 'string', description: 'The command line, split into words as a shell quotes them.' },
      argv: {
        type: 'array',
        items: { type: ['string', 'number', 'boolean', 'null'] },
        minItems: 1,
        description: 'The words as a list, instead of cmd.',
      },
      expand_argument_vars: {
        type: 'boolean',
        default: true,
        description: 'false: leave $NAME, ${NAME} and ~ in the words as they are.',
      },
      ...guardArguments,
      ...runArguments,
      executable: refusedArgument('`command` uses no shell; write a `shell` task for that.'),
    },
    additionalProperties: false,
  },
  freeForm: 'cmd',
  returns: runReturns,
  traits: ['reads-everything'],
  example: `- name: Make the cluster's key once
  command:
    argv: [ssh-keygen, -q, -t, ed25519, -N, '', -f, /etc/cluster.key]
    creates: /etc/cluster.key
`,
  probe: (args) => guards(args),
  diff(args, state) {
    const words = wordsOf(args);
    if (notNeeded(args, state) !== null) return null;
    const expanded = args.expand_argument_vars === false ? null : expandedWords(words);
    const set = expanded === null ? '' : `set -- ${expanded}\n`;
    return commandChange({
      summary: `run ${words.join(' ')}`,
      cmd: words,
      sh: `${enterFolder}${set}${requireProgram}${inOwnProcess('"$@"')}`,
      args: [args.chdir ?? '', ...(expanded === null ? words : [])],
      run: args,
    });
  },
  apply: runCommand,
  alone: ({ cmd }) => ({ cmd }),
  output: (args, state) => skippedOutput(wordsOf(args), notNeeded(args, state) ?? ''),
};

function wordsOf(args: CommandArgs): readonly string[] {
  if ((args.cmd === undefined) === (args.argv === undefined)) {
    throw new Failure({
      code: 'HAPB6006',
      message: args.cmd === undefined ? 'command has nothing to run' : 'command has both cmd and argv',
      hint: 'Give the command line as text, or its words with `argv:`.',
    });
  }
  const words = args.argv === undefined ? splitWords(args.cmd ?? '') : args.argv.map(printed);
  if (words.length === 0) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'command has nothing to run',
      hint: 'Give the command line.',
    });
  }
  return words;
}
