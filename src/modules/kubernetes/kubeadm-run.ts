import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import type { DurableCommand, DurableResult, HostWriter } from '../module.ts';
import { kubeadmFailure } from './kubeadm-errors.ts';
import { evidence, evidenceLines } from './node-evidence.ts';
import { nodeReport } from './node-report.ts';

/** How long kubeadm may be silent before the node is asked why. */
const patienceMs = 20_000;

/** One kubeadm command that works on the node's cluster state. */
export interface KubeadmRun {
  /** `init` or `join`. */
  readonly command: 'init' | 'join';
  /** Its configuration; a secret one may be on no command line. */
  readonly config: Text;
  /** For init: the key with which it uploads the certificates; `null` or absent: it uploads none. */
  readonly certificateKey?: Secret | null;
  readonly ignore: readonly string[];
  readonly timeoutMs: number;
  /**
   * Called once a second when kubeadm waits for its member of etcd, every five seconds before; `true`: leave it running
   * and return.
   */
  readonly until?: () => Promise<boolean>;
}

/** What kubeadm (1.28 to 1.36) prints when it has made its member of etcd and waits until it serves. */
const memberLine = '[etcd] Waiting for the new etcd member to join the cluster';

/** Where the configuration lies, in memory, while kubeadm runs. Only one of ours runs at a time on a node. */
export const runFolder = '/run/hapb-kubeadm';

// The configuration, which may hold secrets, is there for root alone and as long as kubeadm runs; a folder that a killed
// one left goes first. 90: somebody else's kubeadm got there first.
const script = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
if [ "$1" = follow ]; then exit 90; fi
umask 077
d=${runFolder}
rm -rf "$d" && mkdir "$d" || exit
trap 'rm -rf "$d"' EXIT
trap 'exit 143' INT TERM HUP
if [ -n "$3" ]; then
  key=$(cat)
  case $key in *[!0-9a-f]*) exit 91 ;; esac
  [ -z "$key" ] || [ "\${#key}" -eq 64 ] || exit 91
  # InitConfiguration is the first document.
  { [ -z "$key" ] || printf 'certificateKey: %s\n' "$key"; printf '%s' "$3"; } >"$d/config.yaml" || exit
else
  key=
  cat >"$d/config.yaml" || exit
fi
sed -n 's/^#discovery //p' "$d/config.yaml" >"$d/discovery.conf" || exit
set -- "$1" "$2" "$d/config.yaml"
# What kubeadm writes has its usual permissions: others may read certificates.
umask 022
[ "$1" = join ] || kubeadm config validate --config "$3" || exit
kubeadm "$1" --config "$3" \${2:+"--ignore-preflight-errors=$2"} \${key:+--upload-certs --skip-certificate-key-print} 2>&1
`;

/**
 * Runs kubeadm so that neither a lost connection nor a killed hapb stops it; one that runs already is followed. Its
 * phases are shown, and when it is silent for 20 s, what kubelet and containers say.
 * @throws Failure HAPB6530 to HAPB6549
 */
export async function runKubeadm(host: HostWriter, run: KubeadmRun): Promise<DurableResult> {
  const watch = watchSilence(host);
  const result = await followed(host, {
    resource: 'kubeadm',
    sh: script,
    args: [run.command, run.ignore.join(','), typeof run.config === 'string' ? run.config : ''],
    stdin: typeof run.config === 'string' ? (run.certificateKey ?? '') : run.config,
    timeoutMs: run.timeoutMs,
    onLine: watch.onLine,
    until: () => watch.tick(run.until),
  });
  return judged(host, run.command, result);
}

/** Follows a kubeadm that is running on the node; `null`: none is any more. @throws Failure when it fails */
export async function followKubeadm(
  host: HostWriter,
  follow: Omit<KubeadmRun, 'config' | 'ignore'>,
): Promise<DurableResult | null> {
  const watch = watchSilence(host);
  const result = await followed(host, {
    resource: 'kubeadm',
    sh: script,
    args: ['follow', '', ''],
    timeoutMs: follow.timeoutMs,
    onLine: watch.onLine,
    until: () => watch.tick(follow.until),
  });
  if (result.kind === 'finished' && result.exitCode === 90 && !result.adopted) return null;
  return judged(host, follow.command, result);
}

/** A kubeadm that takes too long, or was killed with its shell, is reported with what the node says of it. */
async function followed(host: HostWriter, command: DurableCommand): Promise<DurableResult> {
  try {
    return await host.durable(command);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const lines = evidenceLines(await host.ask(evidence()));
    if (lines.length === 0) throw thrown;
    const output = thrown.problem.details?.split('\n').slice(-4) ?? [];
    throw new Failure(
      { ...thrown.problem, details: withoutTokens([...output, ...lines].join('\n')) },
      thrown.span,
    );
  }
}

async function judged(host: HostWriter, command: string, result: DurableResult): Promise<DurableResult> {
  // null: another hapb took the end of a kubeadm that was followed; the caller asks what became of it.
  if (result.kind === 'running' || result.exitCode === 0 || result.exitCode === null) return result;
  if (result.exitCode === 91 && !result.adopted) throw badKey();
  const output = withoutTokens(result.output);
  throw kubeadmFailure({
    command,
    host: host.name,
    exitCode: result.exitCode,
    output,
    evidence: withoutTokens(await testimony(host, output)),
  });
}

/** What the node says of it, the digest first; nothing where kubeadm had not begun to change anything. */
async function testimony(host: HostWriter, output: string): Promise<string> {
  if (/error execution phase preflight/.test(output) || !/^\[/m.test(output)) return '';
  const [digest, report] = await Promise.all([host.ask(evidence()), host.ask(nodeReport())]);
  return [...evidenceLines(digest), report].join('\n');
}

function badKey(): Failure {
  return new Failure({
    code: 'HAPB6592',
    message: 'the certificate key is not 64 hexadecimal digits in lower case',
    hint: 'Make one with `openssl rand -hex 32`, or leave certificate_key out.',
    argument: 'certificate_key',
  });
}

/** kubeadm prints the token that it makes during init. It becomes known as a secret, and is taken out. */
export function withoutTokens(text: string): string {
  return text.replace(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, (token) =>
    String(new Secret(token, 'bootstrap token')),
  );
}

function watchSilence(host: HostWriter): {
  readonly onLine: (line: string) => void;
  readonly tick: (until: KubeadmRun['until']) => Promise<boolean>;
} {
  let quietSince = Date.now();
  let ticks = 0;
  let isMemberMade = false;
  let shown = '';
  let isSecond = false;
  const speak = async (): Promise<void> => {
    if (Date.now() - quietSince < patienceMs) return;
    quietSince = Date.now();
    const lines = evidenceLines(await host.ask(evidence()));
    const text = lines.join(' · ');
    if (text === '' || text === shown) return;
    shown = text;
    for (const line of lines) host.progress(line);
  };
  return {
    onLine: (line) => {
      quietSince = Date.now();
      if (line.startsWith(memberLine)) isMemberMade = true;
      if (/^\[[a-z-]+\]/.test(line)) host.progress(withoutTokens(line));
      // kubeadm repeats it every half second, for two minutes.
      if (isSecond || !line.includes('too many learner members')) return;
      isSecond = true;
      host.progress('another join is under way, and etcd admits one new member at a time: waiting for it');
    },
    tick: async (until) => {
      await speak();
      ticks += 1;
      // Each question costs the cluster an exec into etcd's container, just when its nodes have most to do.
      return until !== undefined && (isMemberMade || ticks % 5 === 0) ? await until() : false;
    },
  };
}
