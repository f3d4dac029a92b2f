import { isIPv4 } from 'node:net';
import { Failure } from '../../core/failure.ts';
import { extraFlags } from './kube-vip-extra.ts';
import type { KubeVipManifestArgs } from './kube-vip-manifest-args.ts';
import type { Bgp, KubeVipSettings } from './kube-vip-text.ts';
import type { Lease } from './kube-vip-versions.ts';

/** The VIPs of a task: one, or one of each family. @throws Failure HAPB6514 */
export function vipsOf({ vip }: Pick<KubeVipManifestArgs, 'vip'>): readonly string[] {
  const vips = typeof vip === 'string' ? [vip] : vip;
  const [first = '', second] = vips;
  if (second === undefined || isIPv4(first) !== isIPv4(second)) return vips;
  throw contradiction({
    message: `${first} and ${second} are of one family`,
    hint: 'Two VIPs are one IPv4 and one IPv6 address.',
    argument: 'vip',
  });
}

/** Where kubeadm's own kubeconfigs lie, or the path that was given. */
export function kubeconfigPath({ kubeconfig }: Pick<KubeVipManifestArgs, 'kubeconfig'>): string {
  return kubeconfig.startsWith('/') ? kubeconfig : `/etc/kubernetes/${kubeconfig}`;
}

/**
 * What the manifest is made from. `carrier`: the interface of the VIP.
 * @throws Failure HAPB6513, HAPB6514, HAPB6516, HAPB6518, HAPB6519 for arguments that cannot be, alone or together
 */
export function kubeVipSettings(args: KubeVipManifestArgs, carrier: string): KubeVipSettings {
  const { version, image, port, controlplane, services, lease } = args;
  const leaderElection = args.leader_election ?? args.mode === 'arp';
  if (!controlplane && !services) {
    throw contradiction({
      message: 'with neither controlplane nor services kube-vip has nothing to do and ends at once',
      hint: 'Switch one of them on, or remove kube-vip instead.',
      argument: 'controlplane',
    });
  }
  if (lease !== undefined && args.leader_election === false) {
    throw contradiction({
      message: 'lease says how fast leaders are elected, and leader_election is off',
      hint: 'Leave one of them out.',
      argument: 'lease',
    });
  }
  if (lease !== undefined) refuseLease(lease);
  const vips = vipsOf(args);
  const { loadBalancer, others } = extraFlags(args.extra_args);
  return {
    version,
    image,
    vips,
    interface: carrier,
    port,
    prefix: prefixOf(args.subnet, vips),
    controlplane,
    services,
    leaderElection,
    loadBalancer,
    lease: lease ?? null,
    kubeconfig: kubeconfigPath(args),
    bgp: bgpOf(args),
    extraArgs: others,
  };
}

function bgpOf({ mode, bgp }: KubeVipManifestArgs): Bgp | null {
  if (mode === 'arp' && bgp !== undefined) {
    throw contradiction({
      message: 'bgp is set, and the mode is arp',
      hint: 'Set `mode: bgp`, or leave `bgp` out.',
      argument: 'bgp',
    });
  }
  if (mode === 'arp') return null;
  if (bgp !== undefined) return { as: bgp.as, routerId: bgp.router_id, peers: bgp.peers };
  throw new Failure({
    code: 'HAPB6513',
    message: 'mode bgp needs `bgp:` with as, router_id and peers',
    hint: 'Add them, or use `mode: arp`.',
    argument: 'mode',
  });
}

/** Else kube-vip's leader election (client-go) ends at once: a deadline needs time for more than one try. */
function refuseLease({ duration, renew, retry }: Lease): void {
  if (duration > renew && renew > retry * 1.2) return;
  throw new Failure({
    code: 'HAPB6519',
    message: `a lease of ${duration} s cannot be renewed within ${renew} s by tries every ${retry} s`,
    hint: '`duration` must be longer than `renew`, and `renew` longer than 1.2 times `retry`: 5, 3, 1 or 15, 10, 2.',
    argument: 'lease',
  });
}

function prefixOf(subnet: string | number | undefined, vips: readonly string[]): string | null {
  if (subnet === undefined) return null;
  const prefixes = String(subnet).split(',');
  const fits = (vip: string, index: number): boolean => {
    const bits = Number(prefixes[index]);
    return bits >= 1 && bits <= (isIPv4(vip) ? 32 : 128);
  };
  if (prefixes.length === vips.length && vips.every(fits)) return prefixes.join(',');
  throw new Failure({
    code: 'HAPB6518',
    message: `subnet ${subnet} does not fit ${vips.join(' and ')}`,
    hint: 'One prefix length for each VIP: 1 to 32 for IPv4, 1 to 128 for IPv6. Leave it out for a single address.',
    argument: 'subnet',
  });
}

function contradiction(problem: {
  readonly message: string;
  readonly hint: string;
  readonly argument: string;
}): Failure {
  return new Failure({ code: 'HAPB6514', ...problem });
}
