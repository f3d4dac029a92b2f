import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection/connection.ts';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { longestSeconds } from '../../core/timer-limit.ts';
import { Unknown } from '../../core/unknown.ts';
import { type Ask, question } from '../ask.ts';
import type { HostWriter, Module } from '../module.ts';
import { step } from './steps.ts';

/** Arguments of `reboot`. */
export interface RebootArgs {
  readonly reboot_timeout?: number;
  readonly pre_reboot_delay?: number;
  readonly post_reboot_delay?: number;
  readonly test_command?: string;
  readonly msg?: string;
  readonly boot_time_command?: string;
  readonly reboot_command?: string;
  readonly connect_timeout?: number;
}

/** A reboot to come. */
export interface RebootChange extends Change {
  readonly args: RebootArgs;
  /** The kernel's boot id before it. */
  readonly bootId: string;
}

/** Boots a host anew. */
export const reboot: Module<RebootArgs, string, RebootChange> = {
  name: 'reboot',
  summary: 'Reboots the host and waits until it can be worked on again.',
  notes: [
    'It has come back when its boot id is another one and `test_command` succeeds. Put it into a handler, because it acts every time.',
  ],
  args: {
    type: 'object',
    properties: {
      reboot_timeout: {
        type: 'number',
        minimum: 1,
        maximum: longestSeconds,
        default: 600,
        description: 'Seconds in which it must be back.',
      },
      pre_reboot_delay: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 0,
        description: 'Seconds to wait before.',
      },
      post_reboot_delay: {
        type: 'number',
        minimum: 0,
        maximum: longestSeconds,
        default: 0,
        description: 'Seconds to wait when it answers again.',
      },
      test_command: {
        type: 'string',
        default: 'true',
        description: 'Text for sh that must succeed before it counts as back.',
      },
      msg: {
        type: 'string',
        default: 'Reboot initiated by hapb',
        description: 'What logged-in users are told.',
      },
      boot_time_command: {
        type: 'string',
        description: "Text for sh whose output differs after a reboot. Absent: the kernel's boot id.",
      },
      reboot_command: {
        type: 'string',
        description:
          'Text for sh that reboots the host. Absent: shutdown, systemctl or reboot, whichever works.',
      },
      connect_timeout: {
        type: 'number',
        minimum: 1,
        maximum: longestSeconds,
        default: 60,
        description: 'Seconds for test_command.',
      },
      search_paths: {
        type: 'array',
        items: { type: 'string' },
        description: 'Accepted; the sbin folders are always looked into.',
      },
    },
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: { rebooted: 'Always true.', elapsed: 'Seconds until it was back.' },
  example: `- name: Boot the new kernel
  reboot:
    reboot_timeout: 300
`,
  probe: (args) => bootId(args),
  diff: (args, now) => ({
    summary: 'reboot',
    edits: [],
    effects: volatile.map((key) => ({ key, state: new Unknown('only once it has booted that shows') })),
    forecast: known,
    args,
    bootId: now,
  }),
  async apply(wanted, host) {
    const { args } = wanted;
    await sleep((args.pre_reboot_delay ?? 0) * 1000, undefined, { signal: host.signal });
    const startMs = Date.now();
    // In the background, so that the answer still comes through.
    const own = 'shutdown -r now "$msg" || systemctl reboot || reboot';
    const sh = `msg=$1; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
( sleep 1; ${args.reboot_command ?? own} ) >/dev/null 2>&1 </dev/null &`;
    const problem = {
      code: 'HAPB6130',
      message: 'the host refuses to reboot',
      hint: 'Add `become: true`.',
    } as const;
    await step(host, { sh, args: [args.msg ?? 'Reboot initiated by hapb'] }, problem);
    await untilBack(wanted, { host, startMs });
    await sleep((args.post_reboot_delay ?? 0) * 1000, undefined, { signal: host.signal });
    return { rebooted: true, elapsed: Math.round((Date.now() - startMs) / 1000) };
  },
  foreseen: () => ({ rebooted: true }),
};

/** What a boot makes anew: services, what the kernel holds, and folders that it empties. */
const volatile = [
  ...['unit:*', 'user-unit:*', 'sysctl:*', 'kernel-module:*', 'mounts', 'swaps'],
  ...['file:/tmp/*', 'file:/run/*', 'file:/var/run/*', 'file:/dev/*', 'file:/proc/*', 'file:/sys/*'],
];

function bootId({ boot_time_command: command }: RebootArgs): Ask<string> {
  return question({
    key: `boot-id:${command ?? ''}`,
    sh: command ?? 'cat /proc/sys/kernel/random/boot_id',
    parse: (reply) => reply.stdout.trim(),
  });
}

async function untilBack(
  wanted: RebootChange,
  at: { readonly host: HostWriter; readonly startMs: number },
): Promise<void> {
  const { host, startMs } = at;
  const timeoutMs = (wanted.args.reboot_timeout ?? 600) * 1000;
  let seen = 'it still runs as before';
  while (Date.now() - startMs < timeoutMs) {
    await sleep(2000, undefined, { signal: host.signal });
    try {
      const now = await host.ask(bootId(wanted.args));
      if (now !== '' && now !== wanted.bootId) {
        const reply = await host.run({
          sh: wanted.args.test_command ?? 'true',
          timeoutMs: (wanted.args.connect_timeout ?? 60) * 1000,
        });
        if (reply.exitCode === 0) return;
        seen = `test_command ended with exit code ${reply.exitCode}: ${reply.stderr.trim()}`;
      }
    } catch (thrown) {
      if (!(thrown instanceof ConnectionError) || thrown.kind === 'host-key') throw thrown;
      seen = thrown.message;
      host.progress(`waiting for it to come back: ${thrown.message}`);
    }
  }
  throw new Failure({
    code: 'HAPB6131',
    message: `the host was not back ${wanted.args.reboot_timeout ?? 600} s after its reboot`,
    hint: 'Look at its console; raise `reboot_timeout` if it only takes longer.',
    details: seen,
  });
}
