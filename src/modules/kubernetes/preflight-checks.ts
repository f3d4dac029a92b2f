import { coerce, lt } from 'semver';
import { quorumProblem } from './etcd-quorum.ts';
import { kubeVipDefect } from './kube-vip-versions.ts';
import type { KubeadmFacts } from './kubeadm-facts.ts';
import { parseStored } from './kubeadm-stored.ts';
import type { Identity, NodeFacts } from './preflight-facts.ts';

/** One thing that is wrong with a node, and what to do. */
export interface Finding {
  readonly verdict: 'error' | 'warning';
  readonly text: string;
  readonly remedy: string;
}

/** All that the checks look at. */
export interface Examined {
  readonly host: string;
  readonly own: Identity;
  readonly facts: NodeFacts;
  readonly kubeadm: KubeadmFacts;
  /** The other hosts in the order of the play. */
  readonly others: readonly { readonly host: string; readonly identity: Identity }[];
  /** The play's first host: what concerns all hosts is said by it alone. */
  readonly first: string;
  /** Hosts of the play behind this one: what two share is said by the earlier. */
  readonly later: readonly string[];
  readonly vip: string;
  readonly kubernetesVersion: string;
  /** `NAME:PORT`; `null`: not told. */
  readonly endpoint: string | null;
  /** `null`: not told. */
  readonly kubeVipVersion: string | null;
}

/** Largest difference of clocks that certificates and tokens bear. */
const skewLimitMs = 10_000;

/** Every check of a node, by itself and beside the other nodes. */
export function findings(examined: Examined): readonly Finding[] {
  return [
    ...machine(examined),
    ...system(examined),
    ...clock(examined.facts.skewMs),
    ...ports(examined),
    ...beside(examined),
    ...address(examined),
    ...cluster(examined),
  ];
}

function machine({ facts, own }: Examined): readonly Finding[] {
  return [
    ...problem(facts.uid !== 0, 'the tasks do not run as root', 'Add `become: true`.'),
    ...problem(
      facts.cpus < 2,
      `it has ${facts.cpus} CPU, and kubeadm wants 2`,
      'Give the machine more CPUs.',
    ),
    ...problem(
      facts.memoryKib < 1700 * 1000,
      `it has ${Math.round(facts.memoryKib / 1024)} MiB of memory, and kubeadm wants 1700 MB`,
      'Give the machine more memory.',
    ),
    ...problem(
      facts.freeKib < 4 * 1024 * 1024,
      `only ${Math.round(facts.freeKib / 1024)} MiB are free below /var/lib`,
      'Images, etcd and logs need some 10 GiB there: make room.',
      facts.freeKib < 1024 * 1024 ? 'error' : 'warning',
    ),
    ...problem(
      !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(own.hostname.toLowerCase()),
      `its host name '${own.hostname}' cannot be the name of a Node`,
      'Use letters, digits, dots and dashes: hostnamectl set-hostname NAME.',
    ),
    ...problem(own.machineId === '', 'it has no machine id', 'Run systemd-machine-id-setup on it.'),
  ];
}

function system({ facts, kubernetesVersion }: Examined): readonly Finding[] {
  const version = coerce(kubernetesVersion);
  const needsV2 = version !== null && !lt(version, '1.35.0');
  return [
    ...problem(
      facts.init !== 'systemd',
      `its first process is ${facts.init}, not systemd`,
      'Use a system with systemd.',
    ),
    ...problem(
      facts.missingTools.length > 0,
      `${facts.missingTools.join(', ')} is not installed`,
      'Install iproute2, mount and util-linux.',
    ),
    ...problem(
      facts.cgroups === 'v1',
      `it has cgroup v1${needsV2 ? `, which Kubernetes ${kubernetesVersion} refuses` : ''}`,
      'Boot with systemd.unified_cgroup_hierarchy=1.',
      needsV2 ? 'error' : 'warning',
    ),
    ...problem(
      facts.swaps.length > 0 && facts.container !== '',
      `swap is on (${facts.swaps.join(', ')}), and a container (${facts.container}) cannot turn it off`,
      'Turn it off on the machine below.',
    ),
    ...problem(
      facts.managesHosts === 'cloud-init',
      'cloud-init writes /etc/hosts anew at each boot',
      'Set manage_etc_hosts: false in /etc/cloud/cloud.cfg, or put the endpoint into your DNS.',
      'warning',
    ),
    ...problem(
      needsV2 && facts.containerd !== '' && lt(coerce(facts.containerd) ?? '0.0.0', '1.7.0'),
      `containerd ${facts.containerd} is too old for Kubernetes ${kubernetesVersion}`,
      'Install containerd 2.x.',
    ),
  ];
}

function clock(skewMs: number): readonly Finding[] {
  const seconds = Math.round(Math.abs(skewMs) / 100) / 10;
  const text = `its clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const remedy = 'Set up NTP (systemd-timesyncd or chrony): certificates and join tokens depend on the time.';
  return problem(Math.abs(skewMs) > 3000, text, remedy, Math.abs(skewMs) > skewLimitMs ? 'error' : 'warning');
}

/** A port in use is no problem where the node is part of this cluster already. */
function ports({ facts, kubeadm }: Examined): readonly Finding[] {
  if (kubeadm.manifests.length > 0) return [];
  const wanted = new Map([
    [6443, 'the API server'],
    [2379, 'etcd'],
    [2380, 'etcd'],
    [10257, 'the controller manager'],
    [10259, 'the scheduler'],
  ]);
  const taken = new Map<number, string>();
  for (const one of facts.listeners) if (wanted.has(one.port)) taken.set(one.port, one.program);
  return [...taken].map(([port, program]) => ({
    verdict: 'error',
    text: `port ${port}, which ${wanted.get(port) ?? ''} needs, is taken${program === '' ? '' : ` by ${program}`}`,
    remedy: `Stop it (ss -ltnp 'sport = :${port}' shows it).`,
  }));
}

function beside(examined: Examined): readonly Finding[] {
  const { own, others, kubeadm, later } = examined;
  const compared = others.filter((one) => later.includes(one.host));
  return [
    ...compared.flatMap(({ host: other, identity }) => [
      ...problem(
        identity.hostname.toLowerCase() === own.hostname.toLowerCase(),
        `${other} has the same host name (${own.hostname})`,
        'Give each machine its own: hostnamectl set-hostname NAME.',
      ),
      ...problem(
        own.machineId !== '' && identity.machineId === own.machineId,
        `${other} has the same machine id`,
        'It is a clone: rm /etc/machine-id; systemd-machine-id-setup; reboot.',
      ),
      ...problem(
        own.productUuid !== '' && identity.productUuid === own.productUuid,
        `${other} has the same product_uuid`,
        'Give each virtual machine its own UUID; Kubernetes tells nodes apart by it.',
      ),
      ...problem(
        identity.macs.some((mac) => own.macs.includes(mac)),
        `${other} has the same hardware address (${own.macs.filter((mac) => identity.macs.includes(mac)).join(', ')})`,
        'Give each virtual machine its own.',
      ),
    ]),
    ...membership(examined),
    ...problem(
      kubeadm.adminConf === 'directory',
      '/etc/kubernetes/admin.conf is a directory',
      'Move /etc/kubernetes/manifests/kube-vip.yaml away and run rmdir /etc/kubernetes/admin.conf.',
    ),
  ];
}

/** The first host's cluster is the one that is wanted; a node with another certificate authority is of another cluster. */
function membership({ own, others, first, host }: Examined): readonly Finding[] {
  const wanted = others.find((one) => one.host === first)?.identity.ca ?? null;
  if (host === first || own.ca === null || own.ca === wanted) return [];
  return [
    {
      verdict: 'error',
      text: `it belongs to another cluster than ${first}${wanted === null ? ', which belongs to none' : ''}`,
      remedy: `If its cluster is not wanted, run \`kubeadm reset -f\` on it and remove /etc/kubernetes/pki. If ${first} is the one that was lost, put a living node first in the group.`,
    },
  ];
}

function address({ facts, others, own, vip, host, first }: Examined): readonly Finding[] {
  const friends = [...own.macs, ...others.flatMap((one) => one.identity.macs)];
  return problem(
    host === first && facts.vipMac !== null && !friends.includes(facts.vipMac),
    `the VIP ${vip} is in use by another machine (${facts.vipMac ?? ''} answers for it)`,
    'Choose a free address, or take it away from that machine.',
  );
}

/** What is fixed already, by the cluster that is there or by the version asked for. */
function cluster({ kubeadm, kubernetesVersion, endpoint, kubeVipVersion }: Examined): readonly Finding[] {
  const stored = parseStored(kubeadm.api?.clusterConfiguration ?? '');
  const runs = stored.kubernetesVersion;
  const lost = kubeadm.lostQuorum === null ? null : quorumProblem(kubeadm.lostQuorum);
  const defect = kubeVipVersion === null ? null : kubeVipDefect(kubeVipVersion, 'control-plane');
  return [
    // Members may be about to start; kubeadm_init waits for them and refuses in the end.
    ...problem(lost !== null, lost?.text ?? '', lost?.remedy ?? '', 'warning'),
    ...problem(
      runs !== null && runs !== kubernetesVersion,
      `the cluster runs Kubernetes ${runs ?? ''}, and ${kubernetesVersion} is asked for`,
      `Ask for ${runs ?? ''}, or upgrade the cluster first (kubeadm upgrade, one node after the other): other packages alone would leave a kubelet newer than its API server.`,
    ),
    ...problem(
      stored.endpoint !== null && endpoint !== null && stored.endpoint !== endpoint,
      `the cluster was made with the endpoint ${stored.endpoint ?? ''}, and ${endpoint ?? ''} is asked for`,
      'The endpoint is fixed when a cluster is made: put the old one back, or build a new cluster.',
    ),
    ...problem(
      defect !== null,
      `kube-vip ${kubeVipVersion ?? ''} is not fit for a control plane: ${defect ?? ''}`,
      'Use v1.1.2.',
    ),
  ];
}

function problem(
  is: boolean,
  text: string,
  remedy: string,
  ...[verdict = 'error']: readonly ['error' | 'warning'] | readonly []
): readonly Finding[] {
  return is ? [{ verdict, text, remedy }] : [];
}
