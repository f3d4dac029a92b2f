import type { Text } from '../../core/secret.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';
import { programArgument } from './file-arguments.ts';
import { type CommandChange, plainReturns, runPlain } from './run-command.ts';
import { textChange } from './shell.ts';

/** Arguments of `raw`. */
export interface RawArgs {
  readonly cmd: Text;
  readonly executable?: string;
}

/** Runs a text with the host's shell and nothing else. */
export const raw: Module<RawArgs, null, CommandChange> = {
  name: 'raw',
  summary: 'Runs a text with the host’s shell.',
  notes: [
    'In Ansible this is the way to hosts without Python. No module needs that here, so `raw` is `shell` with fewer arguments, for playbooks that have it.',
    'In check mode it does not run and its result is unknown, unless the task says `check_mode: false`.',
  ],
  args: {
    type: 'object',
    properties: {
      cmd: { type: 'string', minLength: 1, secret: 'allowed', description: 'The text to run.' },
      executable: programArgument('Path of another shell, such as /bin/bash. Absent: the host’s POSIX sh.'),
    },
    required: ['cmd'],
    additionalProperties: false,
  },
  freeForm: 'cmd',
  returns: plainReturns,
  traits: ['reads-everything'],
  example: `- name: How long has it been up?
  raw: uptime
  changed_when: false
`,
  probe: () => nothing(null),
  diff: (args) => textChange(args),
  apply: runPlain,
};
