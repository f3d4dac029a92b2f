import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';
import type { DurableCommand, HostWriter } from '../module.ts';
import { lastLines } from './steps.ts';

/** What apt's lists offer of a package. `candidate: null`: nothing. `versions`: newest first. */
export interface Offer {
  readonly candidate: string | null;
  readonly versions: readonly string[];
}

const offersScript = `
release=$1; shift
LC_ALL=C apt-cache \${release:+-o "APT::Default-Release=$release"} policy "$@" 2>/dev/null
exit 0
`;

/** What apt offers of some packages, which takes it a tenth of a second. `release`: what it is to prefer; empty: as it is set up. */
export function offers(names: readonly string[], release: string): Ask<ReadonlyMap<string, Offer>> {
  return question({
    key: `package-offers:${release}:${names.join(' ')}`,
    sh: offersScript,
    args: [release, ...names],
    parse: (reply) => parsePolicy(reply.stdout),
  });
}

/** Reads the output of `apt-cache policy`. */
export function parsePolicy(text: string): ReadonlyMap<string, Offer> {
  const found = new Map<string, { candidate: string | null; versions: string[] }>();
  let current: { candidate: string | null; versions: string[] } | undefined;
  for (const line of text.split('\n')) {
    const head = /^(\S+):$/.exec(line)?.[1];
    const candidate = /^ {2}Candidate: (\S+)/.exec(line)?.[1];
    const version = /^ (?:\*\*\*| {3}) (\S+) -?\d+$/.exec(line)?.[1];
    if (head !== undefined) {
      current = { candidate: null, versions: [] };
      found.set(head, current);
    } else if (current !== undefined && candidate !== undefined) {
      current.candidate = candidate === '(none)' ? null : candidate;
    } else if (current !== undefined && version !== undefined) {
      current.versions.push(version);
    }
  }
  return found;
}

/** What apt commands start with: no questions, old configuration files kept, locks waited for. */
const prelude = `
LC_ALL=C DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=l
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL DEBIAN_FRONTEND APT_LISTCHANGES_FRONTEND NEEDRESTART_MODE PATH
if [ -n "$(ls /var/lib/dpkg/updates 2>/dev/null)" ]; then dpkg --configure -a --force-confdef --force-confold || exit; fi
apt() { apt-get -q -y -o DPkg::Lock::Timeout=\${lock:-600} -o Dpkg::Use-Pty=0 \${dpkg_options:--o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold} "$@"; }
update() {
  try=0
  while ! out=$(apt -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@" update 2>&1); do
    try=$((try + 1))
    case $out in *'Could not get lock'*) [ $try -lt 120 ] || { printf '%s\\n' "$out"; return 100; }; sleep 5 ;;
      *) printf '%s\\n' "$out"; return 100 ;; esac
  done
  printf '%s\\n' "$out"
  touch -c /var/lib/apt/lists
}
`;

/** An apt command to run to its end on the host. `sh` may use the functions `apt` and `update`. */
export interface AptCommand {
  readonly sh: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** What the failure is called: `cannot install kubeadm`. */
  readonly what: string;
}

/**
 * Runs it detached, one at a time per host. Where another one was running, that one is followed to its end and
 * `adopted` is returned: look again before deciding anything. @throws Failure HAPB6082, HAPB6083
 */
export async function runApt(command: AptCommand, host: HostWriter): Promise<'done' | 'adopted'> {
  return (await aptOutput(command, host)) === null ? 'adopted' : 'done';
}

/** The same, with what it printed; `null`: adopted. */
export async function aptOutput(command: AptCommand, host: HostWriter): Promise<string | null> {
  const durable: DurableCommand = {
    resource: 'dpkg',
    sh: prelude + command.sh,
    args: command.args,
    // One that was done meanwhile need not be done again: what is asked next shows it.
    unseen: 'counts',
    timeoutMs: command.timeoutMs,
    onLine: (line) => host.progress(line),
  };
  const result = await host.durable(durable);
  if (result.kind === 'running' || result.adopted) return null;
  if (result.exitCode === 0) return result.output;
  throw aptFailure(command.what, result.output);
}

const causes: readonly { readonly pattern: RegExp; readonly says: string; readonly hint: string }[] = [
  {
    pattern: /has no installation candidate|Unable to locate package/,
    says: 'no source offers it',
    hint: 'Correct the name, or add its source with `package_repo`.',
  },
  {
    pattern: /Could not get lock|is locked by another process|held by process/,
    says: 'another package manager holds the lock',
    hint: 'Wait for it, or see which process it is in the output below.',
  },
  { pattern: /No space left on device/, says: 'the disk is full', hint: 'Free space on the host.' },
  {
    pattern: /NO_PUBKEY|not signed|EXPKEYSIG|signatures couldn't be verified/,
    says: 'the source’s signature cannot be verified',
    hint: 'Give the right key to `package_repo`; keys expire.',
  },
  {
    pattern: /[Cc]ertificate verification failed|No system certificates available/,
    says: 'the server’s certificate is not trusted',
    hint: 'Install the package ca-certificates first, or use a mirror over http.',
  },
  {
    pattern: /Temporary failure resolving|Could not resolve/,
    says: 'the host cannot resolve the server’s name',
    hint: 'Check DNS on the host, or set a proxy in /etc/apt/apt.conf.d.',
  },
  {
    pattern: /Could not connect|Connection timed out|Connection refused|Unable to connect/,
    says: 'the host does not reach the server',
    hint: 'Check the network of the host, or set a proxy in /etc/apt/apt.conf.d.',
  },
  {
    pattern: /404 +Not Found|does not have a Release file/,
    says: 'the server does not have what the source names',
    hint: 'Correct the source’s address, or read the lists anew with `update_cache: true`.',
  },
  {
    pattern: /Packages were downgraded and -y was used/,
    says: 'it would be a downgrade',
    hint: 'Add `allow_downgrade: true` if that is wanted.',
  },
  {
    pattern: /unmet dependencies|held broken packages/,
    says: 'its dependencies cannot be met',
    hint: 'See which ones in the output below; a pinned or held package may be in the way.',
  },
  { pattern: /Permission denied|are you root/, says: 'it may not', hint: 'Add `become: true`.' },
];

/** What apt's output says of a failure. */
export function aptFailure(what: string, output: string): Failure {
  const cause = causes.find(({ pattern }) => pattern.test(output));
  return new Failure({
    code: cause?.says.includes('lock') === true ? 'HAPB6083' : 'HAPB6082',
    message: cause === undefined ? `${what}: apt failed` : `${what}: ${cause.says}`,
    hint: cause?.hint ?? 'Read apt’s output below.',
    details: lastLines(output, 20),
  });
}
