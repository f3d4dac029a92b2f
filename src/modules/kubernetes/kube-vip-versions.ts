/** How the output of `kube-vip manifest pod` looks in one version. */
export interface KubeVipVersion {
  /** k8s.io/api before 0.34 prints `creationTimestamp: null`. */
  readonly creationTimestamp: boolean;
  readonly pullPolicy: 'Always' | 'IfNotPresent';
  /** Whether the node's name is passed by fieldRef. */
  readonly nodeName: boolean;
  /** The variable of the VIP's prefix length and the flag that sets it. */
  readonly prefix: { readonly variable: 'vip_cidr' | 'vip_subnet'; readonly flag: '--cidr' | '--vipSubnet' };
  /** Prefix length for an IPv6 VIP when none is asked for (0.8.0 and before: 32, as for IPv4). */
  readonly ipv6Prefix: '32' | '128';
  /** Prefix length for a list of VIPs: one for all, one for each, or `null`: not recorded. */
  readonly listPrefix: 'common' | 'each' | null;
  readonly dhcpMode: boolean;
  readonly dropsAll: boolean;
  /** Seconds. */
  readonly lease: Lease;
}

/** Durations of leader election, in seconds. */
export interface Lease {
  readonly duration: number;
  readonly renew: number;
  readonly retry: number;
}

const fast: Lease = { duration: 5, renew: 3, retry: 1 };
const cidr = { variable: 'vip_cidr', flag: '--cidr' } as const;
const subnet = { variable: 'vip_subnet', flag: '--vipSubnet' } as const;

const v080: KubeVipVersion = {
  creationTimestamp: true,
  pullPolicy: 'IfNotPresent',
  nodeName: true,
  prefix: cidr,
  ipv6Prefix: '32',
  listPrefix: 'common',
  dhcpMode: false,
  dropsAll: false,
  lease: fast,
};
const v0810: KubeVipVersion = { ...v080, ipv6Prefix: '128', listPrefix: null, dropsAll: true };
const v092: KubeVipVersion = { ...v0810, prefix: subnet };

/**
 * Versions whose output was recorded from the real binary (test/golden/kube-vip): for them the manifest is known without
 * running anything.
 */
const versions: ReadonlyMap<string, KubeVipVersion> = new Map([
  ['v0.7.2', { ...v080, pullPolicy: 'Always', nodeName: false, listPrefix: null }],
  ['v0.8.0', v080],
  ['v0.8.10', v0810],
  ['v0.9.2', v092],
  ['v1.0.0', v092],
  [
    'v1.1.2',
    {
      ...v092,
      creationTimestamp: false,
      listPrefix: 'each',
      dhcpMode: true,
      lease: { duration: 15, renew: 10, retry: 2 },
    },
  ],
]);

/** The version's facts, or `null` when its output was not recorded: then only its container knows. */
export function kubeVipVersion(version: string): KubeVipVersion | null {
  return versions.get(version) ?? null;
}

/** The versions that `kubeVipVersion` knows, oldest first. */
export const knownKubeVipVersions: readonly string[] = [...versions.keys()];

/** What kube-vip is to serve. */
export type Serves = 'control-plane' | 'services-alone';

/** Why a version must not be used, or `null`. kube-vip issues 1654, 1747, 1377, 1413. */
export function kubeVipDefect(version: string, serves: Serves): string | null {
  if (version === 'v1.2.2' && serves === 'control-plane')
    return 'it cannot take the lease on a cold start of the cluster (kube-vip issue 1654)';
  if (/^v1\.2\.[0-3]$/.test(version)) return 'it stays silent after losing the lease (kube-vip issue 1747)';
  if (/^v1\.0\.[123]$/.test(version)) return 'its leader election can stall (kube-vip issue 1377)';
  if (version === 'v1.0.4') return 'it leaves the VIP behind when it is stopped (kube-vip issue 1413)';
  return null;
}
