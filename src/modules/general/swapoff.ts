import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, all, question } from '../ask.ts';
import { type Swap, swaps } from '../asks/swaps.ts';
import { unitEffect } from '../asks/unit.ts';
import type { Module } from '../module.ts';
import { pathArgument } from './file-arguments.ts';
import { applyFile, type FilePlan } from './file-change.ts';
import { lastLines, step } from './steps.ts';
import { joinLines, planText, splitLines, type TextFile, textFile, textOf } from './text-file.ts';

/** Arguments of `swapoff`. */
export interface SwapoffArgs {
  readonly fstab?: string;
  readonly mask?: boolean;
}

/** What `swapoff` asks. */
export interface SwapoffState {
  readonly swaps: readonly Swap[];
  readonly fstab: TextFile;
  /** systemd units that would turn swap on again. */
  readonly units: readonly string[];
}

/** Swap areas to turn off and to keep off. */
export interface SwapoffChange extends Change {
  readonly swaps: readonly Swap[];
  readonly plan: FilePlan | null;
  readonly units: readonly string[];
}

/** Swap, off. */
export const swapoff: Module<SwapoffArgs, SwapoffState, SwapoffChange> = {
  name: 'swapoff',
  summary: 'Turns swap off, and keeps it off after a reboot.',
  notes: [
    'Comments the swap lines of /etc/fstab out and masks systemd’s swap units and zram services, so that neither fstab nor a partition of type swap brings it back.',
    'Turning swap off needs as much free memory as is swapped out. What cannot be turned off is named in the error.',
    'Undo: remove the `#` from /etc/fstab, `systemctl unmask` the units, `swapon -a`.',
  ],
  args: {
    type: 'object',
    properties: {
      fstab: { ...pathArgument('The table of file systems.'), default: '/etc/fstab' },
      mask: { type: 'boolean', default: true, description: 'Mask the systemd units that turn swap on.' },
    },
    additionalProperties: false,
  },
  returns: { swaps: 'What was in use: path and size in KiB.', units: 'Units that were masked.' },
  example: `- name: Kubelet does not start with swap
  swapoff:
`,
  probe: (args) =>
    all({
      swaps: swaps(),
      fstab: textFile(args.fstab ?? '/etc/fstab'),
      units: args.mask === false ? { queries: [], decode: () => [] } : swapUnits(),
    }),
  diff(args, state) {
    const path = args.fstab ?? '/etc/fstab';
    const text = textOf(path, state.fstab);
    const plan = text === null ? null : planText(path, withoutSwap(text), { now: state.fstab });
    const { swaps: used, units } = state;
    if (used.length === 0 && plan === null && units.length === 0) return null;
    const what = [
      ...used.map((swap) => `turn ${swap.path} off`),
      ...(plan === null ? [] : [`comment swap out of ${path}`]),
      ...units.map((name) => `mask ${name}`),
    ];
    return {
      summary: what.join(', '),
      edits: [
        ...used.map((swap) => ({
          subject: `swap ${swap.path}`,
          before: `${swap.type}, ${swap.sizeKib} KiB\n`,
          after: null,
        })),
        ...(plan?.edits ?? []),
        ...units.map((name) => ({ subject: `unit ${name}`, before: null, after: 'masked\n' })),
      ],
      effects: [
        { key: 'swaps', state: [] },
        ...(plan?.effects ?? []),
        { key: 'swap-units', state: [] },
        ...units.map((name) => unitEffect(name, masked)),
      ],
      forecast: known,
      swaps: used,
      plan,
      units,
    };
  },
  async apply(wanted, host) {
    if (wanted.plan !== null) await applyFile(wanted.plan, host);
    const complaints: string[] = [];
    for (const swap of wanted.swaps) {
      const reply = await host.run({ sh: 'PATH=$PATH:/usr/sbin:/sbin; swapoff "$1"', args: [swap.path] });
      if (reply.exitCode !== 0) complaints.push(lastLines(reply.stderr, 3));
    }
    if (wanted.units.length > 0 || wanted.plan !== null) {
      // --now stops a zram service, which frees its device.
      const sh = `[ -d /run/systemd/system ] || exit 0
if [ $# -gt 0 ]; then systemctl mask --now -- "$@" || exit; fi
systemctl daemon-reload`;
      const hint = 'Read the output below.';
      await step(
        host,
        { sh, args: wanted.units },
        { code: 'HAPB6003', message: 'cannot mask swap units', hint },
      );
    }
    const left = await host.ask(swaps());
    if (left.length > 0) throw stillOn(left, complaints.join('\n'));
    return outputOf(wanted.swaps, wanted.units);
  },
  output: () => outputOf([], []),
  foreseen: (wanted) => outputOf(wanted.swaps, wanted.units),
};

const masked = { load: 'masked', active: 'inactive', sub: null, unitFile: 'masked', needsReload: false };

// Units that fstab generates vanish with the line; a swap partition's own unit (systemd-gpt-auto-generator) does not.
const unitsScript = `
[ -d /run/systemd/system ] || exit 0
{ systemctl list-units --all --plain --no-legend --no-pager --type=swap
  systemctl list-units --all --plain --no-legend --no-pager 'systemd-zram-setup@*' zramswap.service zram-config.service
} 2>/dev/null | while read -r unit load active rest; do
  case $load in masked|not-found) ;; *) echo "$unit" ;; esac
done
systemctl list-unit-files --no-legend --no-pager --type=swap zramswap.service zram-config.service 2>/dev/null |
while read -r unit state rest; do case $state in masked|'') ;; *) echo "$unit" ;; esac; done
systemctl list-unit-files --no-legend --no-pager zramswap.service zram-config.service 2>/dev/null |
while read -r unit state rest; do case $state in enabled) echo "$unit" ;; esac; done
exit 0
`;

function swapUnits(): Ask<readonly string[]> {
  return question({
    key: 'swap-units',
    sh: unitsScript,
    parse: (reply) => [...new Set(reply.stdout.split('\n').filter((name) => name !== ''))].sort(),
  });
}

/** An fstab(5) whose swap lines are comments. */
export function withoutSwap(text: string): string {
  const { lines, newline } = splitLines(text);
  if (!lines.some(isSwap)) return text;
  return joinLines(
    lines.map((line) => (isSwap(line) ? `# ${line}` : line)),
    newline,
  );
}

function isSwap(line: string): boolean {
  const fields = line.trim().split(/\s+/);
  return !line.trim().startsWith('#') && fields[2] === 'swap';
}

function stillOn(left: readonly Swap[], complaints: string): Failure {
  const names = left.map((swap) => `${swap.path} (${swap.usedKib} KiB in use)`).join(', ');
  const denied = /not permitted/i.test(complaints);
  return new Failure({
    code: 'HAPB6070',
    message: `swap cannot be turned off: ${names}`,
    hint: denied
      ? 'Add `become: true`. A container sees the swap of the machine that it runs on; turn it off there.'
      : 'Free memory, or reboot the host: nothing turns swap on again.',
    details: complaints,
  });
}

function outputOf(
  used: readonly Swap[],
  units: readonly string[],
): Record<'swaps' | 'units', readonly (string | { path: string; size_kib: number })[]> {
  return { swaps: used.map((swap) => ({ path: swap.path, size_kib: swap.sizeKib })), units };
}
