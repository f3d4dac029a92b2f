import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';
import type { DurableResult, HostWriter } from '../module.ts';
import { apiserverCertificatePath, renewalFolder } from './apiserver-certificate.ts';
import type { Fields } from './kubeadm-config.ts';
import { kubeadmFailure } from './kubeadm-errors.ts';
import { localKubectl } from './kubeadm-facts.ts';
import { yamlDocuments } from './yaml-text.ts';

/** A new certificate for the API server of a node. */
export interface Renewal {
  /** ClusterConfiguration, with all names in its certSANs. */
  readonly cluster: Fields;
  readonly nodeName: string;
  /** Its address, where its API server's manifest does not tell. */
  readonly address: string;
  readonly criSocket: string;
  /** Names that it must show in the end. */
  readonly names: readonly string[];
  /** How long its API server may take to show it. */
  readonly timeoutMs: number;
}

/** Beside the certificate, so that files only have to be renamed; `kubeadm reset` removes it with the rest. */
const workshop = `${apiserverCertificatePath.replace(/[^/]*$/, '')}${renewalFolder}`;

/**
 * $1: kubeadm's configuration, $2: seconds, the rest: names that must be served. kubeadm makes the pair in a folder of its
 * own, so a refusal leaves everything as it was; two renames put it in place, and nobody ever finds a file missing (an API
 * server that does stops watching for a minute). The folder goes when the pair is in place: one that is still there says
 * that the two may not belong together. The API server takes up a new pair by itself, at the latest after a minute.
 */
const script = `
${localKubectl}
e=/etc/kubernetes p=$e/pki d=${workshop}
config=$1 limit=$2
shift 2
cut=
[ ! -d "$d" ] || cut=yes
mkdir -p -m 700 "$d" && rm -rf "$d"/* || exit
trap '[ -n "$cut" ] || rm -rf "$d"' EXIT
trap 'exit 143' INT TERM HUP
ln -s "$p/ca.crt" "$d/ca.crt" && ln -s "$p/ca.key" "$d/ca.key" || exit
# What kubeadm writes has its usual permissions: others may read certificates.
umask 022
printf '%s' "$config" | kubeadm init phase certs apiserver --config /dev/stdin || exit
[ -d "$e/hapb-backup" ] || mkdir -m 700 "$e/hapb-backup" || exit
sync
[ -n "$cut" ] || for f in apiserver.crt apiserver.key; do [ ! -e "$p/$f" ] || cp -p "$p/$f" "$e/hapb-backup/$f" || exit; done
trap '' INT TERM HUP
cut=yes
mv -f "$d/apiserver.key" "$p/apiserver.key" && mv -f "$d/apiserver.crt" "$p/apiserver.crt" || exit
sync
rm -rf "$d"
trap 'exit 143' INT TERM HUP
served() {
  for n in "$@"; do k --tls-server-name "$n" get --raw /readyz >/dev/null 2>&1 || return; done
}
own() {
  address=$(sed -n 's/^ *- \\(--advertise-address=.*\\)/\\1/p' "$e/manifests/kube-apiserver.yaml")
  for q in /proc/[0-9]*; do
    read -r c 2>/dev/null <"$q/comm" || continue
    [ "$c" = kube-apiserver ] || continue
    tr '\\0' '\\n' 2>/dev/null <"$q/cmdline" | grep -qxF -- "$address" && echo "\${q#/proc/}"
  done
}
again() {
  pids=$(own)
  if [ -n "$pids" ]; then echo '[restart] kube-apiserver'; kill $pids; return; fi
  # The kubelet waits longer and longer before it starts what keeps ending; anew, it starts at once.
  echo '[restart] kubelet'
  systemctl restart kubelet 2>/dev/null || :
}
start=$(cut -d. -f1 /proc/uptime) restarted=
until served "$@"; do
  passed=$(($(cut -d. -f1 /proc/uptime) - start))
  [ "$passed" -lt "$limit" ] || exit 90
  if [ -z "$restarted" ] && { [ "$passed" -ge 75 ] || [ -z "$(own)" ]; }; then restarted=yes; again; fi
  sleep 1
done
`;

/**
 * Gives a node's API server a new certificate, and ends when that is what it shows. The pair that it replaces is kept in
 * /etc/kubernetes/hapb-backup.
 * @throws Failure HAPB6591, or what kubeadm says
 */
export async function renewCertificate(host: HostWriter, renewal: Renewal): Promise<DurableResult> {
  const flags = await host.ask(apiserverFlags());
  const cluster = { ...renewal.cluster, certificatesDir: workshop };
  const config = yamlDocuments([initOf(renewal, flags ?? { address: renewal.address, port: 6443 }), cluster]);
  const names = renewal.names.map((name) => name.replace(/^\*/, 'any'));
  const done = await host.durable({
    resource: 'kubeadm',
    sh: script,
    args: [config, String(Math.ceil(renewal.timeoutMs / 1000)), 'kubernetes', ...names],
    timeoutMs: renewal.timeoutMs + 60_000,
    onLine: (line) => {
      if (line.startsWith('[')) host.progress(line);
    },
  });
  if (done.kind === 'running' || done.adopted || done.exitCode === 0) return done;
  if (done.exitCode === 90) {
    throw new Failure({
      code: 'HAPB6591',
      message: `${host.name} has a new certificate for its API server, but does not show it after ${renewal.timeoutMs / 1000} s`,
      hint: 'Look at the API server there (crictl ps -a, journalctl -u kubelet). The old pair lies in /etc/kubernetes/hapb-backup.',
    });
  }
  throw failed(host.name, 'init phase certs apiserver', done);
}

const uploading = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
printf '%s' "$1" | kubeadm init phase upload-config kubeadm --config /dev/stdin
`;

/** Stores ClusterConfiguration in the cluster, for the nodes that join later. @throws Failure of what kubeadm says */
export async function storeConfiguration(
  host: HostWriter,
  upload: Omit<Renewal, 'names'>,
): Promise<DurableResult> {
  const flags = (await host.ask(apiserverFlags())) ?? { address: upload.address, port: 6443 };
  const config = yamlDocuments([initOf(upload, flags), upload.cluster]);
  const done = await host.durable({
    resource: 'kubeadm',
    sh: uploading,
    args: [config],
    timeoutMs: upload.timeoutMs,
  });
  if (done.kind === 'running' || done.adopted || done.exitCode === 0) return done;
  throw failed(host.name, 'init phase upload-config', done);
}

/** @throws Failure HAPB6590 for a node that cannot sign a certificate */
export function refuseWithoutCaKey(host: string, names: readonly string[]): never {
  throw new Failure({
    code: 'HAPB6590',
    message: `the API server's certificate on ${host} ${names.length === 0 ? 'is lost' : `is not valid for ${names.join(', ')}`}, and there is no CA key to sign a new one`,
    hint: 'Put /etc/kubernetes/pki/ca.key there for this run, or have the certificate signed where the key is.',
  });
}

function failed(host: string, command: string, done: DurableResult & { readonly kind: 'finished' }): Failure {
  const { exitCode, output } = done;
  return kubeadmFailure({ command, host, exitCode: exitCode ?? 1, output, evidence: '' });
}

function initOf(renewal: Omit<Renewal, 'names'>, flags: ApiserverFlags): Fields {
  return {
    apiVersion: renewal.cluster.apiVersion ?? null,
    kind: 'InitConfiguration',
    localAPIEndpoint: { advertiseAddress: flags.address, bindPort: flags.port },
    nodeRegistration: { name: renewal.nodeName, criSocket: renewal.criSocket },
  };
}

interface ApiserverFlags {
  readonly address: string;
  readonly port: number;
}

/** What the node's API server was started with, which is what its certificate must fit; `null`: no manifest. */
function apiserverFlags(): Ask<ApiserverFlags | null> {
  return question({
    key: 'kubeadm:apiserver-flags',
    sh: "sed -n 's/^ *- --\\(advertise-address\\|secure-port\\)=/\\1=/p' /etc/kubernetes/manifests/kube-apiserver.yaml 2>/dev/null; exit 0",
    parse: ({ stdout }: ShellReply) => {
      const address = /^advertise-address=(\S+)$/m.exec(stdout)?.[1];
      const port = /^secure-port=(\d+)$/m.exec(stdout)?.[1];
      return address === undefined ? null : { address, port: Number(port ?? 6443) };
    },
  });
}
