import { Failure } from '../../core/failure.ts';
import { lastLines } from '../general/steps.ts';
import type { HostWriter, ScriptCall } from '../module.ts';

const causes: readonly { readonly pattern: RegExp; readonly says: string; readonly hint: string }[] = [
  {
    pattern: /currently (used by process|logged in)/,
    says: 'it is in use',
    hint: 'End its processes first. To remove it all the same, add `force: true`.',
  },
  {
    pattern: /cannot remove the primary group/,
    says: 'it is the primary group of a user',
    hint: 'Remove or move that user first, or add `force: true`.',
  },
  {
    pattern: /invalid (user|group) name|is not a valid (user|group) name/,
    says: 'the host does not allow that name',
    hint: 'Use small letters, digits, - and _, with a letter in front.',
  },
  {
    pattern: /cannot lock|unable to lock|existing lock file/,
    says: 'another program is changing accounts',
    hint: 'Run it again. A lock file that a crash left behind (/etc/passwd.lock, /etc/group.lock) has to be removed by hand.',
  },
  {
    pattern: /[Pp]ermission denied|Only root/,
    says: 'the user may not',
    hint: 'Add `become: true`.',
  },
  {
    pattern: /[Nn]o space left|[Rr]ead-only file system/,
    says: 'the disk cannot be written',
    hint: 'Look at the disk of the host.',
  },
];

/** Runs a script that changes accounts. @throws Failure HAPB6301 with its cause in words */
export async function accountStep(host: HostWriter, call: ScriptCall, what: string): Promise<void> {
  const sh = `LC_ALL=C; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH\n${call.sh}`;
  const reply = await host.run({ ...call, sh });
  if (reply.exitCode === 0) return;
  const output = reply.stderr || reply.stdout;
  const cause = causes.find(({ pattern }) => pattern.test(output));
  throw new Failure({
    code: 'HAPB6301',
    message: `cannot ${what}${cause === undefined ? '' : `: ${cause.says}`}`,
    hint: cause?.hint ?? 'Read the output below.',
    details: lastLines(output, 10),
    output: { rc: reply.exitCode },
  });
}

/** A group cannot go while a user has it as the primary one. */
export function primaryGroup(name: string, users: readonly string[]): Failure {
  return new Failure({
    code: 'HAPB6301',
    message: `cannot remove group ${name}: it is the primary group of ${users.join(', ')}`,
    hint: 'Remove or move that user first, or add `force: true`.',
    argument: 'name',
  });
}

/** Another user or group has the number that is asked for. */
export function numberTaken(argument: 'uid' | 'gid', number: number, owner: string): Failure {
  return new Failure({
    code: 'HAPB6305',
    message: `${argument} ${number} is ${owner}'s`,
    hint: 'Choose another number, or allow it with `non_unique: true`.',
    argument,
  });
}

/** The host has no tools for accounts. */
export function noAccountTools(tool: string): Failure {
  return new Failure({
    code: 'HAPB6300',
    message: `the host has no ${tool}, so accounts cannot be changed`,
    hint: 'Install the package passwd (Debian), shadow-utils (Fedora) or shadow (Alpine).',
  });
}
