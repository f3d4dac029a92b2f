import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';

interface Known {
  readonly pattern: RegExp;
  readonly code: DiagnosticCode;
  /** `$1` and `$2` stand for what the pattern caught, `$*` for what its first group caught wherever it fits. */
  readonly message: string;
  readonly hint: string;
}

/** What kubeadm prints when it fails, the most telling first. Texts as of kubeadm 1.28 to 1.36. */
const known: readonly Known[] = [
  {
    pattern: /no space left on device/,
    code: 'HAPB6599',
    message: "the node's disk is full",
    hint: 'Free some space there, then run the same command again: it goes on from what kubeadm has done.',
  },
  {
    pattern: /kubeadm: (?:command )?not found/,
    code: 'HAPB6593',
    message: 'kubeadm is not installed',
    hint: 'Install the packages kubeadm, kubelet and kubectl first.',
  },
  {
    pattern:
      /only supports deploying clusters with the control plane version >= (\S+?)\. Current version: (\S+)/,
    code: 'HAPB6594',
    message: 'its kubeadm makes no control plane older than $1, and $2 is asked for',
    hint: 'Install the kubeadm of the version that you want, or set kubernetes_version to its version.',
  },
  {
    pattern:
      /strict decoding error: (.+)|json: (cannot unmarshal .+)|^error: ([\w.]+: Invalid value: .+)|^error: (hostport .+)/m,
    code: 'HAPB6595',
    message: 'it refuses its configuration: $1',
    hint: 'Look at cert_sans, feature_gates, kubelet and config_patch: something is misspelt, or this version does not know it.',
  },
  {
    pattern: /\[ERROR Swap\]/,
    code: 'HAPB6530',
    message: 'swap is on, and the kubelet refuses to start with it',
    hint: 'Turn it off for good with the swapoff module.',
  },
  {
    pattern: /\[ERROR Port-(\d+)\]/,
    code: 'HAPB6531',
    message: 'port $1 is in use by another program',
    hint: 'See who has it with `ss -ltnp` on the node; stop it, or clear an old cluster with `kubeadm reset`.',
  },
  {
    pattern: /\[ERROR FileContent--proc-sys-net-([a-z0-9-_]+)\]/,
    code: 'HAPB6532',
    message: 'the kernel setting net-$1 is not 1',
    hint: 'Set it with the sysctl module; for bridge settings load br_netfilter with modprobe first.',
  },
  {
    pattern: /\[ERROR CRI\]|container runtime is not running|failed to create new CRI runtime service/,
    code: 'HAPB6533',
    message: 'the container runtime does not answer',
    hint: 'Look at `systemctl status containerd`; its configuration must not disable the CRI plugin.',
  },
  {
    pattern: /\[ERROR ImagePull\]: failed to pull image (\S+?):? /,
    code: 'HAPB6534',
    message: 'the image $1 cannot be pulled',
    hint: 'Check the registry, the mirrors of containerd (containerd_config) and the proxy of the containerd service.',
  },
  {
    pattern: /\[ERROR NumCPU\]|\[ERROR Mem\]/,
    code: 'HAPB6535',
    message: 'the node is too small for a control plane',
    hint: 'kubeadm wants 2 CPUs and 1700 MB of memory.',
  },
  {
    pattern: /\[ERROR (FileAvailable|DirAvailable)--([^\]]+)\]/,
    code: 'HAPB6536',
    message: 'files of an earlier cluster are in the way ($2)',
    hint: 'If nothing on the node is needed any more, run `kubeadm reset -f` there and then this playbook again.',
  },
  {
    pattern: /could not bootstrap the admin user in file admin\.conf/,
    code: 'HAPB6537',
    message: 'kubeadm could not reach the control plane through its endpoint to give admin.conf its rights',
    hint: 'During init the endpoint must lead to the first node itself: check its hosts entry (hosts_entry) and any proxy setting.',
  },
  {
    pattern: /\[control-plane-check\] (\S+) is not healthy after/,
    code: 'HAPB6538',
    message: '$* did not come up in time',
    hint: 'The lines below say why. The next run takes up where this one stopped.',
  },
  {
    pattern:
      /\[kubelet-check\] The kubelet is not healthy|http:\/\/(?:localhost|127\.0\.0\.1):10248\/healthz' returned error/,
    code: 'HAPB6538',
    message: 'the kubelet did not come up in time',
    hint: 'The lines below say why. The next run takes up where this one stopped.',
  },
  {
    pattern: /Secret "kubeadm-certs" was not found|error downloading the secret/,
    code: 'HAPB6540',
    message: 'the uploaded certificates are gone (they live two hours)',
    hint: 'Run the playbook again: every join uploads them anew.',
  },
  {
    pattern: /error decoding secret data with provided key|cipher: message authentication failed/,
    code: 'HAPB6541',
    message: 'the certificate key does not fit the uploaded certificates',
    hint: 'Another join uploaded certificates in the meantime. Let joins follow one another (throttle: 1), and run again.',
  },
  {
    pattern: /too many learner members in cluster/,
    code: 'HAPB6542',
    message: 'etcd admits one new member at a time, and another join is under way',
    hint: 'Let joins follow one another (throttle: 1), and run again when the other one has finished.',
  },
  {
    pattern: /can only promote a learner member which is in sync with leader/,
    code: 'HAPB6543',
    message: "the node's etcd never caught up with the others, most often because it did not start",
    hint: 'Look at its log below; ports 2379 and 2380 must be open between the nodes. The next run clears the learner away.',
  },
  {
    pattern: /a Node with name "?([^" ]+)"? and status "?Ready"? already exists/,
    code: 'HAPB6544',
    message: 'a node named $1 is in the cluster already',
    hint: 'Two machines have one host name: rename one, or remove the old Node with `kubectl delete node $1`.',
  },
  {
    pattern: /One or more conditions for hosting a new control plane instance is not satisfied/,
    code: 'HAPB6596',
    message: 'what the nodes of a control plane share is not there',
    hint: 'The lines below name it. kubeadm_init stores an endpoint, and `certs: download` or `certs: copy` bring the certificates.',
  },
  {
    pattern:
      /could not find a JWS signature in the cluster-info ConfigMap for token ID|token id "[^"]*" is invalid for this cluster or it has expired|failed to verify JWS signature|couldn't validate the identity of the API Server: .*Unauthorized|config ?map: Unauthorized/i,
    code: 'HAPB6557',
    message: 'the cluster does not know the join token, or it has expired',
    hint: 'Tokens live a day at most. Leave `token` out, and every join gets a fresh one. Clocks that differ have this effect too.',
  },
  {
    pattern: /x509: certificate is valid for (.+?), not (\S+)/,
    code: 'HAPB6585',
    message: "the API server's certificate is valid for $1, but not for $2",
    hint: 'Use one of those names as `endpoint`, or add $2 to `cert_sans` of kubeadm_init.',
  },
  {
    pattern:
      /x509: certificate signed by unknown authority|none of the public keys .* are pinned|could not find the requested resource \(get configmaps cluster-info\)/,
    code: 'HAPB6545',
    message: 'the endpoint shows a certificate of another cluster',
    hint: 'Either it leads to another cluster, or /etc/kubernetes/pki on this node is a leftover of an older one (kubeadm reset -f clears it), or the clock is wrong.',
  },
  {
    pattern: /x509: certificate has expired or is not yet valid/,
    code: 'HAPB6546',
    message: 'a certificate is not valid at the time that this node believes it is',
    hint: 'Compare the clocks of the nodes (`date`), and set up NTP.',
  },
  {
    pattern: /dial tcp: lookup ([^\s:]+)(?: on \S+)?: /,
    code: 'HAPB6548',
    message: 'the name $1 does not resolve on this node',
    hint: 'Add it with hosts_entry, or to your DNS.',
  },
  {
    pattern:
      /dial tcp (\S+?):? connect: connection refused|dial tcp (\S+): connect: no route to host|The connection to the server (\S+) was refused/,
    code: 'HAPB6547',
    message: 'nothing answers at $1',
    hint: 'Check what the endpoint resolves to on this node (getent ahosts NAME) and that an API server or the VIP is up there.',
  },
  {
    pattern: /dial tcp (\S+): i\/o timeout|couldn't validate the identity of the API Server/,
    code: 'HAPB6549',
    message: 'the endpoint cannot be reached from this node, or does not know the join token',
    hint: 'Check firewalls (port 6443), what the endpoint resolves to here, and the clocks of the nodes.',
  },
  {
    pattern:
      /timed out waiting for the condition|context deadline exceeded|did not become healthy|is not healthy after/,
    code: 'HAPB6538',
    message: 'the control plane did not come up in time',
    hint: 'The lines below say which part and why. The next run takes up where this one stopped.',
  },
];

/** What is known of a failure's text. */
export interface KnownProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

/** Explains what kubeadm or kubectl printed; `null`: not known. */
export function knownProblem(output: string): KnownProblem | null {
  const found = known.find((one) => one.pattern.test(output));
  if (found === undefined) return null;
  const match = found.pattern.exec(output);
  const all = [...output.matchAll(new RegExp(found.pattern, 'gm'))].map(([, text]) => text);
  const fill = (text: string): string =>
    text
      .replaceAll('$*', () => [...new Set(all)].join(', '))
      .replace(
        /\$(\d)/g,
        (_, digit: string) => match?.[Number(digit)] ?? match?.slice(1).find(Boolean) ?? '',
      );
  return { code: found.code, message: fill(found.message), hint: fill(found.hint) };
}

/** A failed kubeadm command. */
export interface KubeadmExit {
  /** `init`, `join`, … */
  readonly command: string;
  readonly host: string;
  readonly exitCode: number;
  readonly output: string;
  /** What kubelet and containers say; empty when nothing was found. */
  readonly evidence: string;
}

/** The failure that explains it; HAPB6539 when its text is not known. */
export function kubeadmFailure(exit: KubeadmExit): Failure {
  if (exit.exitCode > 128) return killed(exit);
  const found = knownProblem(exit.output);
  const errors = exit.output
    .split('\n')
    .filter((line) => /\[ERROR |^error |^error:|^E\d{4} |failure loading /i.test(line.trim()))
    .slice(-12);
  const details = [...(errors.length > 0 ? errors : exit.output.trim().split('\n').slice(-12)), exit.evidence]
    .filter((line) => line !== '')
    .join('\n');
  if (found === null) {
    return new Failure({
      code: 'HAPB6539',
      message: `kubeadm ${exit.command} failed on ${exit.host} (${exit.exitCode === null ? 'it was killed' : `exit code ${exit.exitCode}`})`,
      hint: 'Read its words below; the next run takes up where this one stopped.',
      details,
    });
  }
  return new Failure({
    code: found.code,
    message: `kubeadm ${exit.command} failed on ${exit.host}: ${found.message}`,
    hint: found.hint,
    details,
  });
}

/** A shell's exit code above 128 is a signal. */
function killed({ command, host, exitCode, output }: KubeadmExit): Failure {
  return new Failure({
    code: 'HAPB6556',
    message: `kubeadm ${command} was killed on ${host} (signal ${exitCode - 128})`,
    hint: 'Somebody ended it, or memory ran out (dmesg tells). Run again: it is taken up from where it stopped.',
    details: output.trim().split('\n').slice(-3).join('\n'),
  });
}
