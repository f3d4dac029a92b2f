import { createHash, X509Certificate } from 'node:crypto';
import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';
import { type EtcdMember, parseMembers } from './etcd-members.ts';
import { type LostQuorum, localEtcdText, parseLostQuorum } from './etcd-quorum.ts';
import { objectsOf, textAt } from './object-path.ts';

/** The static pods that kubeadm writes on a control-plane node. */
export const controlPlanePods = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
] as const;

/** What one node shows of kubeadm's work: its files, its own API server, and etcd as it sees it. */
export interface KubeadmFacts {
  /** Name of its Node object: what kubeadm makes of the host name, unless told otherwise. */
  readonly nodeName: string;
  readonly adminConf: 'absent' | 'file' | 'directory';
  /** `bootstrap`: only the one with a token, of a join that was cut. */
  readonly kubeletConf: 'absent' | 'bootstrap' | 'file';
  /** Which of `controlPlanePods` have a manifest. */
  readonly manifests: readonly string[];
  /** `sha256:` and the hash of the cluster CA's public key, as kubeadm takes it; `null`: no CA here. */
  readonly ca: string | null;
  readonly caKey: 'absent' | 'file';
  readonly etcdData: 'absent' | 'present';
  /** The kubeadm command that is running now (`init`, `join`, …); `null`: none. */
  readonly running: string | null;
  /** `null`: its API server does not answer (or it has none). */
  readonly api: ApiView | null;
  /** `null`: not answered. */
  readonly etcd: readonly EtcdMember[] | null;
  /** `null`: the API server answers, etcd does not run here, or it has its quorum. */
  readonly lostQuorum: LostQuorum | null;
  /** The cluster's Nodes; `null`: not asked for, or not answered. */
  readonly nodes: readonly ClusterNode[] | null;
}

/** A Node of the cluster. */
export interface ClusterNode {
  readonly name: string;
  readonly ready: boolean;
  /** Its InternalIP; `null`: it has told none. */
  readonly address: string | null;
}

/** What the node's own API server says. */
export interface ApiView {
  readonly node: 'absent' | 'worker' | 'control-plane';
  /** ClusterConfiguration as kubeadm stored it; `null`: not stored. */
  readonly clusterConfiguration: string | null;
  /** `kube-public/cluster-info`, which joining nodes read. */
  readonly clusterInfo: 'absent' | 'present';
}

/** kubectl with the node's admin.conf against its own API server: neither endpoint nor VIP is involved, nothing is cached. */
export const localKubectl = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
conf=/etc/kubernetes/admin.conf
port=$(sed -n 's/^ *- --secure-port=//p' /etc/kubernetes/manifests/kube-apiserver.yaml 2>/dev/null)
k() {
  kubectl --kubeconfig "$conf" --server "https://127.0.0.1:\${port:-6443}" --tls-server-name kubernetes \\
    --request-timeout 10s --cache-dir /dev/null "$@"
}
etcdctl() {
  timeout 15 kubectl --kubeconfig "$conf" --server "https://127.0.0.1:\${port:-6443}" --tls-server-name kubernetes \\
    --cache-dir /dev/null -n kube-system exec "etcd-$node" -c etcd -- etcdctl --endpoints https://127.0.0.1:2379 \\
    --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt \\
    --key /etc/kubernetes/pki/etcd/healthcheck-client.key "$@"
}
`;

const nodesPath =
  '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status} {.status.addresses[?(@.type=="InternalIP")].address}{"\\n"}{end}';

// The questions to the cluster go out together; each answer is printed by one write, so they cannot mix.
const script = `
${localKubectl}
${localEtcdText}
e=/etc/kubernetes
node=$1
nodes='${nodesPath}'
[ -n "$node" ] || node=$(uname -n | tr 'A-Z' 'a-z')
echo "node=$node"
if [ -d "$conf" ]; then echo admin-conf=directory; elif [ -s "$conf" ]; then echo admin-conf=file; fi
if [ -s $e/kubelet.conf ]; then echo kubelet-conf=file; elif [ -s $e/bootstrap-kubelet.conf ]; then echo kubelet-conf=bootstrap; fi
for m in ${controlPlanePods.join(' ')}; do [ ! -s "$e/manifests/$m.yaml" ] || echo "manifest=$m"; done
[ ! -s $e/pki/ca.key ] || echo ca-key=file
[ ! -d /var/lib/etcd/member ] || echo etcd-data=present
for p in /proc/[0-9]*; do
  read -r c 2>/dev/null <"$p/comm" || continue
  [ "$c" = kubeadm ] || continue
  echo "running=$(tr '\\0' '\\n' 2>/dev/null <"$p/cmdline" | sed -n '2p')"
done
[ ! -s $e/pki/ca.crt ] || { echo ca-begin; cat $e/pki/ca.crt; echo ca-end; }
if [ -f "$conf" ] && command -v kubectl >/dev/null; then
  { m=$(etcdctl member list -w simple 2>/dev/null) && printf 'etcd-begin\\n%s\\netcd-end\\n' "$m"; } &
  [ "$2" != nodes ] || { n=$(k get nodes -o "jsonpath=$nodes" 2>/dev/null) && printf 'nodes-begin\\n%s\\nnodes-end\\n' "$n"; } &
  { k get --raw /api/v1/namespaces/kube-public/configmaps/cluster-info >/dev/null 2>&1 && echo cluster-info=present; } &
  if a=$(k -n kube-system get --ignore-not-found "node/$node" cm/kubeadm-config -o json 2>/dev/null); then
    wait
    printf 'api-begin\\n%s\\n' "$a"
  else
    wait
    [ ! -d /var/lib/etcd/member ] || local_etcd
  fi
fi
exit 0
`;

/**
 * The facts of a node. Key `kubeadm:state`. `nodeName: null`: the host name is the node's name. The list of all Nodes is
 * asked for only with `nodes`. Runs as root: the files are readable by root alone.
 */
export function kubeadmFacts(nodeName: string | null, wish: 'own' | 'nodes' = 'own'): Ask<KubeadmFacts> {
  return question({ key: kubeadmKey, sh: script, args: [nodeName ?? '', wish], parse: parseKubeadmFacts });
}

/** The name of these facts in the vocabulary of asks and effects. */
export const kubeadmKey = 'kubeadm:state';

/** The version of the kubeadm on the node, with its `v`. Key `kubeadm:version`. @throws Failure HAPB6593 */
export function kubeadmVersion(): Ask<string> {
  return question({
    key: 'kubeadm:version',
    reads: ['package:kubeadm'],
    sh: 'PATH=$PATH:/usr/local/bin; kubeadm version -o short 2>/dev/null; exit 0',
    parse: ({ stdout }) => {
      const version = /^v\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
      if (version !== undefined) return version;
      throw new Failure({
        code: 'HAPB6593',
        message: 'kubeadm is not installed, so its version is not known',
        hint: 'Install the packages kubeadm, kubelet and kubectl first, or set kubernetes_version.',
      });
    },
  });
}

/** Reads what the script printed. */
export function parseKubeadmFacts(reply: ShellReply): KubeadmFacts {
  const [head = '', api] = split(reply.stdout, 'api-begin\n');
  const values = new Map<string, string[]>();
  for (const line of head.split('\n')) {
    const at = line.indexOf('=');
    if (at === -1) continue;
    const key = line.slice(0, at);
    values.set(key, [...(values.get(key) ?? []), line.slice(at + 1)]);
  }
  const first = (key: string): string | undefined => values.get(key)?.[0];
  const adminConf = first('admin-conf');
  const members = between(head, 'etcd-begin\n', 'etcd-end');
  const ca = between(head, 'ca-begin\n', 'ca-end');
  const nodes = between(head, 'nodes-begin\n', 'nodes-end');
  const kubeletConf = first('kubelet-conf');
  return {
    nodeName: first('node') ?? '',
    adminConf: adminConf === 'file' || adminConf === 'directory' ? adminConf : 'absent',
    kubeletConf: kubeletConf === 'file' || kubeletConf === 'bootstrap' ? kubeletConf : 'absent',
    manifests: values.get('manifest') ?? [],
    ca: ca === null ? null : publicKeyHash(ca),
    caKey: values.has('ca-key') ? 'file' : 'absent',
    etcdData: values.has('etcd-data') ? 'present' : 'absent',
    running: first('running') ?? null,
    api: api === undefined ? null : parseApi(api, values.has('cluster-info')),
    etcd: members === null ? null : parseMembers(members),
    lostQuorum: parseLostQuorum(values),
    nodes: nodes === null ? null : parseNodes(nodes),
  };
}

function parseNodes(text: string): readonly ClusterNode[] {
  return text.split('\n').flatMap((line): readonly ClusterNode[] => {
    const [name = '', ready, address = ''] = line.split(' ');
    return name === '' ? [] : [{ name, ready: ready === 'True', address: address === '' ? null : address }];
  });
}

/** The hash by which kubeadm pins a cluster's CA (`--discovery-token-ca-cert-hash`); `null`: not a certificate. */
export function publicKeyHash(pem: string): string | null {
  try {
    const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
    return `sha256:${createHash('sha256').update(key).digest('hex')}`;
  } catch {
    return null;
  }
}

function parseApi(json: string, clusterInfo: boolean): ApiView {
  // kubectl prints nothing when none of them exists, the object itself when one does, a List when both do.
  const items = json.trim() === '' ? [] : objectsOf(json);
  const node = items.find((item) => item.kind === 'Node');
  const config = items.find((item) => item.kind === 'ConfigMap');
  const label = textAt(node, '.metadata.labels["node-role.kubernetes.io/control-plane"]');
  return {
    node: node === undefined ? 'absent' : label === undefined ? 'worker' : 'control-plane',
    clusterConfiguration: textAt(config, '.data.ClusterConfiguration') ?? null,
    clusterInfo: clusterInfo ? 'present' : 'absent',
  };
}

function split(text: string, mark: string): readonly [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

function between(text: string, begin: string, end: string): string | null {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  return from === -1 || to === -1 ? null : text.slice(from + begin.length, to);
}
