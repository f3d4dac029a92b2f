import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { file } from '../asks/file.ts';
import { resolves } from '../asks/resolves.ts';
import type { HostWriter, Module } from '../module.ts';
import { changedPath } from './file-arguments.ts';
import { applyFile, type FilePlan } from './file-change.ts';
import { editHosts } from './hosts-text.ts';
import { isMounted, planText, type TextFile, textFile, textOf } from './text-file.ts';

/** Arguments of `hosts_entry`. */
export interface HostsEntryArgs {
  readonly name: string | readonly string[];
  readonly ip?: string;
  readonly state?: 'present' | 'absent';
  readonly path?: string;
  readonly exclusive?: boolean;
  readonly backup?: boolean;
  readonly verify?: boolean;
}

/** An edited hosts file, and what the names must resolve to afterwards. */
export interface HostsChange extends Change {
  readonly plan: FilePlan;
  readonly expected: {
    readonly names: readonly string[];
    readonly ip: string;
    readonly exclusive: boolean;
  } | null;
  readonly result: Output;
}

/** Entries of the hosts file. */
export const hostsEntry: Module<HostsEntryArgs, TextFile, HostsChange> = {
  name: 'hosts_entry',
  summary: 'Gives host names an address in /etc/hosts, and makes sure that programs see it.',
  notes: [
    'Comments, order, other names on shared lines and line ends stay as they are. A line that holds only these names is turned over to the new address where it stands.',
    'Where /etc/hosts is a mount, as in containers, it is written in place, because it cannot be renamed over.',
    'cloud-init with `manage_etc_hosts: true` rewrites /etc/hosts at boot; turn that off in its configuration.',
    'Undo: `state: absent`, or copy the backup back.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: ['string', 'array'],
        items: { type: 'string' },
        minItems: 1,
        description: 'Host name, or a list of names that share the address.',
      },
      ip: {
        type: 'string',
        description: 'IPv4 or IPv6 address. With absent: only lines with this address lose the names.',
      },
      state: {
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the names are to have the address.',
      },
      path: { ...changedPath('The hosts file.'), default: '/etc/hosts' },
      exclusive: {
        type: 'boolean',
        default: true,
        description:
          'Take the names off all other lines of the same address family, so that they have one answer.',
      },
      backup: {
        type: 'boolean',
        default: true,
        description: 'Keep the old file as PATH.HASH~ beside it, HASH being the start of its SHA-256.',
      },
      verify: {
        type: 'boolean',
        default: true,
        description:
          'Ask the host afterwards (getent) what the names resolve to. Only for /etc/hosts itself.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
  optional: ['backup_file'],
  returns: {
    path: 'The file.',
    names: 'The names.',
    ip: 'The address; absent when none was given.',
    backup_file: 'Where the old file was kept; absent where there was nothing to keep.',
  },
  example: `- name: Let the endpoint's name lead to the first node
  hosts_entry:
    name: k8s-api.example.org
    ip: 10.0.0.11
`,
  probe: (args) => textFile(pathOf(args)),
  diff(args, state) {
    const path = pathOf(args);
    const wish = wishOf(args);
    const plan = planText(path, editHosts(textOf(path, state) ?? '', wish), {
      now: state,
      edit: { backup: args.backup ?? true },
    });
    if (plan === null || (state.file.kind === 'absent' && wish.state === 'absent')) return null;
    const inPlace = isMounted(plan.path, state) ? ' (in place: it is a mount)' : '';
    const names = wish.names.join(', ');
    return {
      summary: `${wish.state === 'absent' ? `take ${names} out of` : `point ${names} to ${wish.ip ?? ''} in`} ${path}${inPlace}`,
      edits: plan.edits,
      effects: plan.effects,
      forecast: known,
      plan,
      expected:
        wish.state === 'present' && wish.ip !== null && args.verify !== false && path === '/etc/hosts'
          ? { names: wish.names, ip: wish.ip, exclusive: wish.exclusive }
          : null,
      result: { ...outputOf(args), ...(plan.backupPath === null ? {} : { backup_file: plan.backupPath }) },
    };
  },
  async apply(wanted, host) {
    await applyFile(wanted.plan, host);
    if (wanted.expected !== null) await verify(wanted.expected, host);
    return wanted.result;
  },
  output: (args) => outputOf(args),
  foreseen: (wanted) => wanted.result,
};

async function verify(expected: NonNullable<HostsChange['expected']>, host: HostWriter): Promise<void> {
  for (const name of expected.names) {
    let found: readonly string[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      // A cache looks at the file's time only now and then.
      if (attempt > 0) await sleep(500, undefined, { signal: host.signal });
      const state = await host.ask(resolves(name));
      if (state.kind === 'no-getent') return;
      found = isIP(expected.ip) === 6 ? state.ipv6 : state.ipv4;
      if (found.includes(expected.ip) && (found.length === 1 || !expected.exclusive)) return;
    }
    throw await unseen(name, { found, ip: expected.ip, host });
  }
}

async function unseen(
  name: string,
  at: { readonly found: readonly string[]; readonly ip: string; readonly host: HostWriter },
): Promise<Failure> {
  const nsswitch = await at.host.ask(file('/etc/nsswitch.conf', { content: 'text' }));
  const text = nsswitch.kind === 'file' && typeof nsswitch.content === 'string' ? nsswitch.content : '';
  const line = text.split('\n').find((each) => each.startsWith('hosts:')) ?? '';
  const why = / dns.* files/.test(line)
    ? `/etc/nsswitch.conf has 'dns' before 'files'`
    : 'a cache such as nscd or systemd-resolved answers, or another source comes first';
  return new Failure({
    code: 'HAPB6041',
    message: `${name} still resolves to ${at.found.join(' and ') || 'nothing'} instead of ${at.ip} after the edit: ${why}`,
    hint: 'Put `files` first in the line `hosts:` of /etc/nsswitch.conf, or restart the cache.',
    details: line,
  });
}

function pathOf(args: HostsEntryArgs): string {
  return args.path ?? '/etc/hosts';
}

function wishOf(args: HostsEntryArgs): Parameters<typeof editHosts>[1] {
  const names = typeof args.name === 'string' ? [args.name] : args.name;
  const state = args.state ?? 'present';
  const bad = names.find((name) => !/^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(name));
  if (bad !== undefined) {
    throw new Failure({
      code: 'HAPB6042',
      message: `'${bad}' is not a host name`,
      hint: 'Give names without blanks, ports and schemes.',
      argument: 'name',
    });
  }
  if (args.ip === undefined ? state === 'present' : isIP(args.ip) === 0) {
    throw new Failure({
      code: 'HAPB6042',
      message: args.ip === undefined ? 'hosts_entry needs an ip' : `'${args.ip}' is not an IP address`,
      hint: 'Give an IPv4 or IPv6 address in `ip`, without a prefix length.',
      argument: args.ip === undefined ? 'name' : 'ip',
    });
  }
  return { names, ip: args.ip ?? null, state, exclusive: args.exclusive ?? true };
}

function outputOf(args: HostsEntryArgs): Output {
  const names = typeof args.name === 'string' ? [args.name] : args.name;
  return { path: pathOf(args), names, ...(args.ip === undefined ? {} : { ip: args.ip }) };
}
