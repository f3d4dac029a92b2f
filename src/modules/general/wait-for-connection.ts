import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection/connection.ts';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { longestSeconds } from '../../core/timer-limit.ts';
import { nothing } from '../ask.ts';
import type { HostWriter, Module } from '../module.ts';

/** Arguments of `wait_for_connection`. */
export interface WaitForConnectionArgs {
  readonly connect_timeout?: number;
  readonly delay?: number;
  readonly sleep?: number;
  readonly timeout?: number;
}

/** A wait. */
export interface ConnectionWait extends Change {
  readonly args: WaitForConnectionArgs;
}

/** Waits for a host that can be worked on. */
export const waitForConnection: Module<WaitForConnectionArgs, null, ConnectionWait> = {
  name: 'wait_for_connection',
  summary: 'Waits until the host can be logged in to and runs commands.',
  notes: [
    'Use `gather_facts: false` in a play whose hosts may not be up yet, and ask for facts afterwards.',
    'A refused login is tried again, because a host that boots refuses many; a wrong host key fails at once. In check mode nothing is waited for.',
  ],
  args: {
    type: 'object',
    properties: {
      connect_timeout: {
        type: 'number',
        minimum: 1,
        maximum: longestSeconds,
        default: 5,
        description: 'Seconds for one command.',
      },
      delay: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 0,
        description: 'Seconds to wait before.',
      },
      sleep: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 1,
        description: 'Seconds between two attempts.',
      },
      timeout: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 600,
        description: 'Seconds after which it is given up.',
      },
    },
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: { elapsed: 'Seconds that it took.' },
  example: `- name: Wait until it is up
  wait_for_connection:
    timeout: 300
`,
  probe: () => nothing(null),
  diff: (args) => ({
    summary: 'wait for the host',
    edits: [],
    effects: [],
    forecast: known,
    args,
  }),
  async apply({ args }, host) {
    const startMs = Date.now();
    await sleep((args.delay ?? 0) * 1000, undefined, { signal: host.signal });
    await untilConnected(args, { host, startMs });
    return { changed: false, elapsed: Math.round((Date.now() - startMs) / 1000) };
  },
  foreseen: () => ({ changed: false }),
};

async function untilConnected(
  args: WaitForConnectionArgs,
  { host, startMs }: { readonly host: HostWriter; readonly startMs: number },
): Promise<void> {
  const timeoutMs = (args.timeout ?? 600) * 1000;
  for (;;) {
    let seen: string;
    try {
      const reply = await host.run({ sh: ':', timeoutMs: (args.connect_timeout ?? 5) * 1000 });
      if (reply.exitCode === 0) return;
      seen = `sh ended with exit code ${reply.exitCode}`;
    } catch (thrown) {
      if (!(thrown instanceof ConnectionError) || thrown.kind === 'host-key') throw thrown;
      seen = thrown.message;
      host.progress(`waiting: ${seen}`);
    }
    if (Date.now() - startMs >= timeoutMs) {
      throw new Failure({
        code: 'HAPB6132',
        message: `the host could not be worked on within ${args.timeout ?? 600} s`,
        hint: 'Look at its console; raise `timeout` if it only takes longer.',
        details: seen,
      });
    }
    await sleep((args.sleep ?? 1) * 1000, undefined, { signal: host.signal });
  }
}
