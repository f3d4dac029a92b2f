import { isIPv6 } from 'node:net';
import type { KubeVipVersion, Lease } from './kube-vip-versions.ts';
import { type Data, yamlText } from './yaml-text.ts';

/** What a kube-vip manifest is made from. */
export interface KubeVipSettings {
  /** With its `v`. */
  readonly version: string;
  /** Repository without tag. */
  readonly image: string;
  /** One, or one of each family. */
  readonly vips: readonly string[];
  /** `null`: kube-vip finds one itself. */
  readonly interface: string | null;
  readonly port: number;
  /** Prefix length of the VIP, for two of them with a comma between; `null`: that of a single address. */
  readonly prefix: string | null;
  readonly controlplane: boolean;
  readonly services: boolean;
  readonly leaderElection: boolean;
  readonly loadBalancer: boolean;
  /** `null`: the version's default. */
  readonly lease: Lease | null;
  /** Path on the node. */
  readonly kubeconfig: string;
  /** `null`: ARP. */
  readonly bgp: Bgp | null;
  /** Flags that only the container knows, with their values. */
  readonly extraArgs: readonly string[];
}

/** How kube-vip announces the VIP to routers. */
export interface Bgp {
  readonly as: number;
  readonly routerId: string;
  /** `ADDRESS:AS:PASSWORD:MULTIHOP`, as kube-vip writes them. */
  readonly peers: readonly string[];
}

/** Where kube-vip's manifest mounts the kubeconfig, wherever it lies on the node. */
const mountPath = '/etc/kubernetes/admin.conf';

/**
 * The text that `kube-vip manifest pod` of this version prints for these settings, to the byte (one final newline less).
 * `null`: the version's output was not recorded for such settings.
 */
export function kubeVipText(settings: KubeVipSettings, version: KubeVipVersion): string | null {
  if (settings.extraArgs.length > 0) return null;
  if (settings.vips.length > 1 && version.listPrefix === null) return null;
  const added = ['NET_ADMIN', 'NET_RAW'];
  const container: Data = {
    args: ['manager'],
    env: environment(settings, version),
    image: `${settings.image}:${settings.version}`,
    imagePullPolicy: version.pullPolicy,
    name: 'kube-vip',
    resources: {},
    securityContext: { capabilities: version.dropsAll ? { add: added, drop: ['ALL'] } : { add: added } },
    volumeMounts: [{ mountPath, name: 'kubeconfig' }],
  };
  return yamlText({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(version.creationTimestamp ? { creationTimestamp: null } : {}),
      name: 'kube-vip',
      namespace: 'kube-system',
    },
    spec: {
      containers: [container],
      hostAliases: [{ hostnames: ['kubernetes'], ip: '127.0.0.1' }],
      hostNetwork: true,
      volumes: [{ hostPath: { path: settings.kubeconfig }, name: 'kubeconfig' }],
    },
    status: {},
  });
}

function environment(settings: KubeVipSettings, version: KubeVipVersion): readonly Data[] {
  return [
    set('vip_arp', String(settings.bgp === null)),
    set('port', String(settings.port)),
    ...(version.nodeName
      ? [{ name: 'vip_nodename', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }]
      : []),
    ...(settings.interface === null ? [] : [set('vip_interface', settings.interface)]),
    set(version.prefix.variable, settings.prefix ?? singlePrefix(settings.vips, version)),
    set('dns_mode', 'first'),
    ...(version.dhcpMode ? [set('dhcp_mode', 'ipv4')] : []),
    ...(settings.controlplane ? [set('cp_enable', 'true'), set('cp_namespace', 'kube-system')] : []),
    ...(settings.services ? [set('svc_enable', 'true'), set('svc_leasename', 'plndr-svcs-lock')] : []),
    ...(settings.leaderElection ? election(settings.lease ?? version.lease) : []),
    ...(settings.bgp === null ? [] : announcement(settings.bgp)),
    ...(settings.loadBalancer ? balancer(settings.port) : []),
    set('address', settings.vips.join(',')),
    set('prometheus_server', ':2112'),
  ];
}

function singlePrefix(vips: readonly string[], version: KubeVipVersion): string {
  const each = vips.map((vip) => (isIPv6(vip) ? version.ipv6Prefix : '32'));
  return each.length > 1 && version.listPrefix === 'common' ? '32' : each.join(',');
}

function set(name: string, value: string): Data {
  return { name, value };
}

function election(lease: Lease): readonly Data[] {
  return [
    set('vip_leaderelection', 'true'),
    set('vip_leasename', 'plndr-cp-lock'),
    set('vip_leaseduration', String(lease.duration)),
    set('vip_renewdeadline', String(lease.renew)),
    set('vip_retryperiod', String(lease.retry)),
  ];
}

function announcement(bgp: Bgp): readonly Data[] {
  return [
    set('bgp_enable', 'true'),
    set('bgp_routerid', bgp.routerId),
    set('bgp_as', String(bgp.as)),
    { name: 'bgp_peeraddress' },
    { name: 'bgp_peerpass' },
    // kube-vip prints its flag's default here; the list below is what counts.
    set('bgp_peeras', '65000'),
    set('bgp_peers', bgp.peers.join(',')),
  ];
}

function balancer(port: number): readonly Data[] {
  return [set('lb_enable', 'true'), set('lb_port', String(port)), set('lb_fwdmethod', 'local')];
}

/** The arguments of `kube-vip` that ask for the same manifest. `prefixFlag`: the version's flag for the prefix length. */
export function kubeVipArguments(
  settings: KubeVipSettings,
  prefixFlag: '--cidr' | '--vipSubnet',
): readonly string[] {
  const bgp = settings.bgp;
  return [
    'manifest',
    'pod',
    ...(settings.interface === null ? [] : ['--interface', settings.interface]),
    '--address',
    settings.vips.join(','),
    ...(settings.controlplane ? ['--controlplane'] : []),
    ...(settings.services ? ['--services'] : []),
    ...(bgp === null ? ['--arp'] : []),
    ...(settings.leaderElection ? ['--leaderElection', ...leaseFlags(settings.lease)] : []),
    ...(bgp === null ? [] : bgpFlags(bgp)),
    ...(settings.port === 6443 ? [] : ['--port', String(settings.port)]),
    ...(settings.prefix === null ? [] : [prefixFlag, settings.prefix]),
    ...(settings.kubeconfig === mountPath ? [] : ['--k8sConfigPath', settings.kubeconfig]),
    ...(settings.loadBalancer ? ['--enableLoadBalancer'] : []),
    ...settings.extraArgs,
  ];
}

function leaseFlags(lease: Lease | null): readonly string[] {
  if (lease === null) return [];
  const { duration, renew, retry } = lease;
  return ['--leaseDuration', `${duration}`, '--leaseRenewDuration', `${renew}`, '--leaseRetry', `${retry}`];
}

function bgpFlags(bgp: Bgp): readonly string[] {
  return [
    '--bgp',
    '--localAS',
    `${bgp.as}`,
    '--bgpRouterID',
    bgp.routerId,
    '--bgppeers',
    bgp.peers.join(','),
  ];
}
