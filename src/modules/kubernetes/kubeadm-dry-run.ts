import type { ShellReply } from '../../connection/connection.ts';
import { type Ask, question } from '../ask.ts';
import { kubeadmFailure } from './kubeadm-errors.ts';
import { kubeadmKey } from './kubeadm-facts.ts';

/** What kubeadm says of its configuration and of the node; `null`: nothing against them, or the node has a cluster. */
export type Objection = { readonly exitCode: number; readonly output: string } | null;

// The preflight of a dry run pulls no image, and writes nothing where it is given a folder for what it would write.
const script = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
e=/etc/kubernetes
[ ! -s $e/kubelet.conf ] || [ ! -s $e/manifests/kube-apiserver.yaml ] || exit 0
printf '%s' "$1" | kubeadm config validate --config /dev/stdin || exit
export KUBEADM_INIT_DRYRUN_DIR=/run
printf '%s' "$1" | kubeadm init phase preflight --dry-run --config /dev/stdin \${2:+"--ignore-preflight-errors=$2"}
`;

/** Lets kubeadm look at its configuration and at the node without changing anything. Key `kubeadm:dry-run`. */
export function dryRun(config: string, ignore: readonly string[]): Ask<Objection> {
  return question({
    key: 'kubeadm:dry-run',
    reads: [
      kubeadmKey,
      'package:*',
      'sysctl:*',
      'kernel-module:*',
      'swaps',
      'unit:containerd',
      'unit:kubelet',
      'containerd:*',
    ],
    sh: script,
    args: [config, ignore.join(',')],
    parse: parseObjection,
  });
}

/** Reads what kubeadm said. A container runtime that does not answer is only a warning to a dry run. */
export function parseObjection({ exitCode, stdout, stderr }: ShellReply): Objection {
  const output = `${stdout}${stderr}`;
  if (exitCode === 0 && !output.includes('failed to create new CRI runtime service')) return null;
  return { exitCode: Math.max(1, exitCode), output };
}

/** Throws what kubeadm objected to, but for checks whose names are in `expected`. @throws Failure HAPB6530 to HAPB6539, HAPB6593 to HAPB6595 */
export function refuseObjected(
  objection: Objection,
  at: { readonly host: string; readonly expected: readonly string[] },
): void {
  if (objection === null) return;
  const lines = objection.output.split('\n');
  const isExpected = (line: string): boolean => {
    const name = /\[ERROR ([^\]]+)\]/.exec(line)?.[1];
    return name !== undefined && at.expected.includes(name);
  };
  const rest = lines.filter((line) => !isExpected(line));
  if (rest.length < lines.length && !rest.some((line) => line.includes('[ERROR '))) return;
  throw kubeadmFailure({
    command: 'init --dry-run',
    host: at.host,
    exitCode: objection.exitCode,
    output: rest.join('\n'),
    evidence: '',
  });
}
