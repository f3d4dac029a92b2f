import type { ShellReply } from '../../connection/connection.ts';
import { type Ask, question } from '../ask.ts';
import { publicKeyHash } from './kubeadm-facts.ts';

/** What tells one machine from another. */
export interface Identity {
  /** As `uname -n` gives it. */
  readonly hostname: string;
  readonly machineId: string;
  /** Empty where the firmware has none, or the file may not be read. */
  readonly productUuid: string;
  readonly macs: readonly string[];
  /** Hash of the cluster CA's key; `null`: no cluster here. */
  readonly ca: string | null;
}

const identityScript = `
echo "hostname=$(uname -n)"
echo "machine-id=$(cat /etc/machine-id 2>/dev/null)"
echo "uuid=$(cat /sys/class/dmi/id/product_uuid 2>/dev/null)"
for i in /sys/class/net/*; do
  [ -e "$i/device" ] || [ "$(cat "$i/type" 2>/dev/null)" = 1 ] || continue
  case \${i##*/} in veth*|cali*|cni*|flannel*|docker*|br-*|lxc*|cilium*|kube-*|virbr*|tap*) continue ;; esac
  echo "mac=$(cat "$i/address" 2>/dev/null)"
done
[ ! -s /etc/kubernetes/pki/ca.crt ] || { echo ca-begin; cat /etc/kubernetes/pki/ca.crt; }
exit 0
`;

/** A machine's identity. Key `preflight:identity`. */
export function identityOfNode(): Ask<Identity> {
  return question({ key: 'preflight:identity', sh: identityScript, parse: parseIdentity });
}

/** Reads what the script printed. */
export function parseIdentity(reply: ShellReply): Identity {
  const [head = '', pem] = reply.stdout.split('ca-begin\n');
  const values = pairs(head);
  return {
    hostname: values.get('hostname')?.[0] ?? '',
    machineId: values.get('machine-id')?.[0] ?? '',
    productUuid: values.get('uuid')?.[0]?.toLowerCase() ?? '',
    macs: (values.get('mac') ?? []).filter((mac) => /[1-9a-f]/.test(mac.replaceAll(':', ''))),
    ca: pem === undefined ? null : publicKeyHash(pem),
  };
}

/** What a node must have for a control plane. */
export interface NodeFacts {
  readonly uid: number;
  readonly cpus: number;
  readonly memoryKib: number;
  /** Free space of the file system of /var/lib. */
  readonly freeKib: number;
  readonly init: string;
  /** `v1` or `v2`. */
  readonly cgroups: 'v1' | 'v2';
  /** Kind of container that the node itself is; empty: none. */
  readonly container: string;
  readonly swaps: readonly string[];
  /** Ports that are listened on, each with the program where it could be told. */
  readonly listeners: readonly { readonly port: number; readonly program: string }[];
  readonly missingTools: readonly string[];
  readonly managesHosts: 'cloud-init' | 'nobody';
  /** Host time minus the time here, milliseconds; the way of the reply is in it. */
  readonly skewMs: number;
  /** Hardware address that answers for the VIP; `null`: none does. */
  readonly vipMac: string | null;
  /** Of containerd, without `v`; empty: not installed. */
  readonly containerd: string;
}

// The neighbour table tells who has the VIP, once something was sent to it. UDP port 9 (discard) needs no tool but bash.
const factsScript = `
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
vip=$1
if [ -n "$vip" ] && [ -z "$(ip -o addr show to "$vip" 2>/dev/null)" ]; then
  if command -v ping >/dev/null; then ping -c 1 -W 1 "$vip" >/dev/null 2>&1
  elif command -v bash >/dev/null; then bash -c ': >"/dev/udp/$1/9"; echo >"/dev/udp/$1/9"' hapb "$vip" 2>/dev/null; sleep 1
  elif command -v logger >/dev/null; then logger -d -n "$vip" -P 9 hapb 2>/dev/null; sleep 1
  fi
  m=$(ip neigh show "$vip" 2>/dev/null | grep -v FAILED | sed -n 's/.* lladdr \\([0-9a-f:]*\\).*/\\1/p' | head -n 1)
  [ -z "$m" ] || echo "vip-mac=$m"
fi
echo "uid=$(id -u)"
echo "cpus=$(grep -c '^processor' /proc/cpuinfo)"
echo "cpus-usable=$(nproc 2>/dev/null)"
echo "memory=$(sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)"
echo "free=$(df -Pk /var/lib | awk 'NR == 2 { print $4 }')"
echo "init=$(cat /proc/1/comm)"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo cgroups=v2; else echo cgroups=v1; fi
echo "container=$(systemd-detect-virt -c 2>/dev/null | grep -v none)"
awk 'NR > 1 { print "swap=" $1 }' /proc/swaps
for t in ip mount nsenter; do command -v "$t" >/dev/null || echo "missing=$t"; done
if grep -qs '^manage_etc_hosts: *\\(true\\|localhost\\)' /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*; then echo hosts=cloud-init; fi
if command -v ss >/dev/null; then
  ss -Hltnp 2>/dev/null | awk '{ n = split($4, a, ":"); print "listen=" a[n] " " $6 }'
fi
echo "containerd=$(containerd --version 2>/dev/null | awk '{ print $3 }')"
echo "now=$(date +%s)"
exit 0
`;

/** Facts for the checks. Key `preflight:facts`. `vip: null`: nobody is asked for it. */
export function nodeFacts(vip: string | null): Ask<NodeFacts> {
  return question({ key: 'preflight:facts', sh: factsScript, args: [vip ?? ''], parse: parseNodeFacts });
}

/** Reads what the script printed. */
export function parseNodeFacts(reply: ShellReply): NodeFacts {
  const values = pairs(reply.stdout);
  const first = (key: string): string => values.get(key)?.[0] ?? '';
  return {
    uid: Number(first('uid')),
    cpus: Number(first('cpus-usable')) || Number(first('cpus')),
    memoryKib: Number(first('memory')),
    freeKib: Number(first('free')),
    init: first('init'),
    cgroups: first('cgroups') === 'v2' ? 'v2' : 'v1',
    container: first('container'),
    swaps: values.get('swap') ?? [],
    listeners: (values.get('listen') ?? []).map((line) => {
      const [port = '', users = ''] = line.split(' ');
      return { port: Number(port), program: /\("([^"]+)"/.exec(users)?.[1] ?? '' };
    }),
    missingTools: values.get('missing') ?? [],
    managesHosts: first('hosts') === 'cloud-init' ? 'cloud-init' : 'nobody',
    // `date` counts whole seconds: its middle is the better guess.
    skewMs: Number(first('now')) * 1000 + 500 - Date.now(),
    vipMac: values.get('vip-mac')?.[0] ?? null,
    containerd: first('containerd').replace(/^v/, ''),
  };
}

function pairs(text: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at === -1) continue;
    const key = line.slice(0, at);
    values.set(key, [...(values.get(key) ?? []), line.slice(at + 1)]);
  }
  return values;
}
