import { Failure } from '../../core/failure.ts';
import { question } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `ping`. */
export interface PingArgs {
  readonly data?: string;
}

/** Proves that a host can be worked on. */
export const ping: Module<PingArgs, string> = {
  name: 'ping',
  summary: 'Runs an empty command on the host, as the task’s user.',
  args: {
    type: 'object',
    properties: { data: { type: 'string', default: 'pong', description: 'What to return; crash fails.' } },
    additionalProperties: false,
  },
  returns: { ping: 'The data.' },
  example: `- name: Can it be reached?
  ping:
`,
  probe: (args) =>
    question({
      key: 'ping',
      sh: 'printf %s "$1"',
      args: [args.data ?? 'pong'],
      parse: (reply) => reply.stdout,
    }),
  diff(args) {
    if (args.data !== 'crash') return null;
    throw new Failure({
      code: 'HAPB6121',
      message: 'ping crashes, as it was told to',
      hint: 'Take `data: crash` out.',
      argument: 'data',
    });
  },
  apply: async () => ({}),
  output: (_args, answer) => ({ ping: answer }),
};
