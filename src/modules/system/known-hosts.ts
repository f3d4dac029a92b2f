import { createHash } from 'node:crypto';
import { hashName } from '../../connection/known-hosts.ts';
import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { FileState } from '../asks/file-state.ts';
import { pathArgument } from '../general/file-arguments.ts';
import { applyFile, type FilePlan } from '../general/file-change.ts';
import { pathOutput } from '../general/file-output.ts';
import { pathInfo } from '../general/path-look.ts';
import { joinLines, planText, splitLines, type TextFile, textFile, textOf } from '../general/text-file.ts';
import type { Module } from '../module.ts';

/** Arguments of `known_hosts`. */
export interface KnownHostsArgs {
  readonly name: string;
  readonly key?: string;
  readonly path: string;
  readonly hash_host?: boolean;
  readonly state?: 'present' | 'absent';
}

/** A file to put in place. */
export interface KnownHostsChange extends Change {
  readonly plan: FilePlan;
  readonly result: Output;
}

/** Keys of hosts that may be connected to from the host. */
export const knownHosts: Module<KnownHostsArgs, TextFile, KnownHostsChange> = {
  name: 'known_hosts',
  summary: 'Keeps keys of SSH hosts in a known_hosts file of the host.',
  notes: [
    'A host may have a key of each type; another key of the same type replaces the one that is there. Hashed names are found too.',
    'ssh-keygen is not needed. The folder of the file must be there.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        pattern: '^[^\\s,]+$',
        description: 'The host, as `key` names it; with a port that is not 22 as [HOST]:PORT.',
        aliases: ['host'],
      },
      key: {
        type: 'string',
        description:
          'Lines of known_hosts, as ssh-keyscan prints them: HOST TYPE DATA. With absent: only these; else all of the host.',
      },
      path: {
        changes: 'file',
        ...pathArgument("The file; ~ is the home of the task's user."),
        default: '~/.ssh/known_hosts',
      },
      hash_host: { type: 'boolean', default: false, description: 'Write the name hashed.' },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be known.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: {
    name: 'The host.',
    key: 'The key as the task gives it.',
    path: 'The file.',
    state: 'file, or absent where there is no file.',
    mode: 'Octal permissions of the file.',
    owner: 'Owner of the file.',
    group: 'Group of the file.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    size: 'Size of the file in bytes.',
    hash_host: 'Whether the name is hashed.',
  },
  example: `- name: Know the host that backups go to
  known_hosts:
    name: backup.example.org
    path: /etc/ssh/ssh_known_hosts
    key: backup.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP2+Kl1jA+95uLZTLC/koSirFK4eAR5m23y/0LCTL/WI
`,
  probe: (args) => textFile(args.path),
  diff(args, file) {
    const { path } = args;
    const name = args.name.toLowerCase();
    const keys = keysOf(args, name);
    const { lines, newline } = splitLines(textOf(path, file) ?? '');
    const after =
      args.state === 'absent' ? without(lines, name, keys) : withKeys(args, lines, { name, keys });
    if (after.join('\n') === lines.join('\n')) return null;
    const plan = planText(path, joinLines(after, newline), { now: file });
    if (plan === null) return null;
    return {
      summary: `${args.state === 'absent' ? 'forget' : 'know'} the key of ${args.name}`,
      edits: plan.edits,
      effects: plan.effects,
      forecast: known,
      plan,
      result: resultOf(args, { file: plan.after, from: file }),
    };
  },
  async apply(wanted, host) {
    await applyFile(wanted.plan, host);
    return wanted.result;
  },
  output: (args, file) => resultOf(args, { file: file.file, from: file }),
  foreseen: (wanted) => wanted.result,
};

interface HostKey {
  readonly names: string;
  readonly type: string;
  readonly data: string;
  readonly rest: string;
}

function parseLine(line: string): HostKey | null {
  if (line.startsWith('#') || line.startsWith('@')) return null;
  const [names = '', type = '', data = '', ...rest] = line.trim().split(/\s+/);
  return data === '' ? null : { names, type, data, rest: rest.join(' ') };
}

function isOf(key: HostKey, name: string): boolean {
  if (!key.names.startsWith('|')) return key.names.toLowerCase().split(',').includes(name);
  const salt = key.names.split('|')[2] ?? '';
  return hashName(name, Buffer.from(salt, 'base64')) === key.names;
}

function keysOf(args: KnownHostsArgs, name: string): readonly HostKey[] {
  if (args.key === undefined) {
    if (args.state === 'absent') return [];
    throw new Failure({
      code: 'HAPB6006',
      message: 'known_hosts needs a key',
      hint: 'Add `key:`, or say `state: absent`.',
      argument: 'name',
    });
  }
  const lines = args.key.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const key = parseLine(line);
    if (key !== null && isOf(key, name)) return key;
    throw new Failure({
      code: 'HAPB6351',
      message:
        key === null
          ? 'the key is no line of known_hosts'
          : `the key is of ${key.names}, not of ${args.name}`,
      hint: `Write it as ssh-keyscan prints it: ${args.name} ssh-ed25519 AAAA….`,
      argument: 'key',
    });
  });
}

function withKeys(
  args: KnownHostsArgs,
  lines: readonly string[],
  { name, keys }: { readonly name: string; readonly keys: readonly HostKey[] },
): readonly string[] {
  const kept = lines.filter((line) => {
    const found = parseLine(line);
    if (found === null || !isOf(found, name)) return true;
    const wanted = keys.find(({ type }) => type === found.type);
    return wanted === undefined || isSame(args, found, wanted);
  });
  const missing = keys.filter(
    (key) =>
      !kept.some((line) => {
        const found = parseLine(line);
        return found !== null && isOf(found, name) && isSame(args, found, key);
      }),
  );
  return [...kept, ...missing.map((key) => lineOf(args, key, name))];
}

function isSame(args: KnownHostsArgs, found: HostKey, wanted: HostKey): boolean {
  const hashed = found.names.startsWith('|');
  return found.type === wanted.type && found.data === wanted.data && hashed === (args.hash_host === true);
}

function without(lines: readonly string[], name: string, keys: readonly HostKey[]): readonly string[] {
  return lines.filter((line) => {
    const found = parseLine(line);
    if (found === null || !isOf(found, name)) return true;
    return keys.length > 0 && !keys.some((key) => key.type === found.type && key.data === found.data);
  });
}

/** The salt comes from the line, so that planning twice gives the same. */
function lineOf(args: KnownHostsArgs, key: HostKey, name: string): string {
  const salt = createHash('sha1').update(`${name} ${key.data}`).digest();
  const names = args.hash_host === true ? hashName(name, salt) : key.names;
  return [names, key.type, key.data, key.rest].join(' ').trim();
}

/** As in Ansible, `state` is that of the file. */
function resultOf(
  args: KnownHostsArgs,
  { file, from }: { readonly file: FileState; readonly from: TextFile },
): Output {
  return {
    name: args.name,
    key: args.key ?? null,
    path: args.path,
    ...pathInfo(pathOutput(args.path, file, { now: from.file, who: from.who })),
    hash_host: args.hash_host ?? false,
  };
}
