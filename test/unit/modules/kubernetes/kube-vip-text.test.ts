import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { podOf, podText } from '../../../../src/modules/kubernetes/kube-vip-pod.ts';
import {
  type KubeVipSettings,
  kubeVipArguments,
  kubeVipText,
} from '../../../../src/modules/kubernetes/kube-vip-text.ts';
import {
  knownKubeVipVersions,
  kubeVipDefect,
  kubeVipVersion,
} from '../../../../src/modules/kubernetes/kube-vip-versions.ts';

const golden = new URL('../../../golden/kube-vip/', import.meta.url);
const controlplaneOnly: KubeVipSettings = {
  version: '',
  image: 'ghcr.io/kube-vip/kube-vip',
  vips: ['172.24.1.60'],
  interface: 'ens33',
  port: 6443,
  prefix: null,
  controlplane: true,
  services: false,
  leaderElection: true,
  loadBalancer: false,
  lease: null,
  kubeconfig: '/etc/kubernetes/admin.conf',
  bgp: null,
  extraArgs: [],
};
const bgp = {
  as: 65000,
  routerId: '172.24.1.61',
  peers: ['172.24.1.1:65001::false', '172.24.1.2:65001::false'],
};

const cases: Readonly<Record<string, Partial<KubeVipSettings>>> = {
  seed: { services: true },
  'controlplane-only': {},
  'lease-5-3-1': { lease: { duration: 5, renew: 3, retry: 1 } },
  ipv6: { vips: ['fd00::60'], services: true },
  'super-admin': { kubeconfig: '/etc/kubernetes/super-admin.conf' },
  bgp: { interface: 'lo', services: true, leaderElection: false, bgp },
  'bgp-election': { interface: 'lo', services: true, bgp: { ...bgp, peers: bgp.peers.slice(0, 1) } },
  'bgp-services-only': {
    interface: 'lo',
    controlplane: false,
    services: true,
    leaderElection: false,
    bgp: { ...bgp, as: 65001, peers: ['172.24.1.1:65001:pass:true'] },
  },
  'services-only': { controlplane: false, services: true },
  neither: { controlplane: false },
  'no-election': { services: true, leaderElection: false },
  'no-election-lease': {
    services: true,
    leaderElection: false,
    lease: { duration: 5, renew: 3, retry: 1 },
  },
  'lease-15-10-2': { services: true, lease: { duration: 15, renew: 10, retry: 2 } },
  'prefix-24-services': {
    services: true,
    prefix: '24',
    port: 8443,
    lease: { duration: 60, renew: 40, retry: 5 },
  },
  'both-families': { services: true, vips: ['172.24.1.60', 'fd00::60'] },
  'cidr-24': { prefix: '24' },
  'subnet-24': { prefix: '24' },
  'no-interface': { interface: null },
  'port-8443': { port: 8443 },
  'load-balancer': { loadBalancer: true },
};

/** The recorded outputs; `--vipSubnet` of the versions that set their prefix by `--cidr` is not what we ask them for. */
function recorded(version: string): readonly string[] {
  const flag = kubeVipVersion(version)?.prefix.flag;
  return readdirSync(new URL(`${version}/`, golden))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .filter((name) => !(name === 'subnet-24' && flag === '--cidr') && name !== 'extra');
}

describe('the built-in kube-vip manifest', () => {
  const all = knownKubeVipVersions.flatMap((version) => recorded(version).map((name) => ({ version, name })));

  it('was recorded for every known version', () => {
    expect(all.length).toBeGreaterThanOrEqual(6 * 10);
  });

  it.each(all)('equals what kube-vip $version prints for $name', ({ version, name }) => {
    const known = kubeVipVersion(version);
    const settings = cases[name];
    if (known === null || settings === undefined) throw new Error(`no settings for ${name}`);
    const text = kubeVipText({ ...controlplaneOnly, ...settings, version }, known);
    expect(`${text}\n`).toBe(readFileSync(new URL(`${version}/${name}.yaml`, golden), 'utf8'));
  });

  it.each(all)('is read and printed again without a change for $version $name', ({ version, name }) => {
    const text = readFileSync(new URL(`${version}/${name}.yaml`, golden), 'utf8');
    const pod = podOf(text);
    expect(pod === null ? null : `${podText(pod)}\n`).toBe(text);
  });

  it.each([
    ['flags that only the container knows', 'v1.1.2', { extraArgs: ['--enableNodeLabeling'] }],
    ['two VIPs where that was not recorded', 'v0.9.2', { vips: ['172.24.1.60', 'fd00::60'] }],
  ])('is silent about %s', (_, version, over) => {
    const known = kubeVipVersion(version);
    if (known === null) throw new Error(`${version} is known`);
    expect(kubeVipText({ ...controlplaneOnly, version, ...over }, known)).toBeNull();
  });

  it('quotes what YAML would read as something else', () => {
    const known = kubeVipVersion('v1.1.2');
    if (known === null) throw new Error('v1.1.2 is known');
    expect(kubeVipText({ ...controlplaneOnly, version: 'v1.1.2', interface: '12' }, known)).toContain(
      'value: "12"',
    );
    expect(kubeVipText({ ...controlplaneOnly, version: 'v1.1.2', interface: 'on' }, known)).toContain(
      'value: "on"',
    );
  });
});

describe('the arguments of kube-vip', () => {
  it('leave out what is switched off, and end in further flags', () => {
    const off = { controlplane: false, leaderElection: false, extraArgs: ['--leaseName', 'other'] };
    expect(kubeVipArguments({ ...controlplaneOnly, services: true, ...off }, '--vipSubnet').join(' ')).toBe(
      'manifest pod --interface ens33 --address 172.24.1.60 --services --arp --leaseName other',
    );
  });

  it('are those of its documentation', () => {
    expect(kubeVipArguments({ ...controlplaneOnly, services: true }, '--vipSubnet').join(' ')).toBe(
      'manifest pod --interface ens33 --address 172.24.1.60 --controlplane --services --arp --leaderElection',
    );
  });

  it('name the prefix by the flag of the version', () => {
    expect(kubeVipArguments({ ...controlplaneOnly, prefix: '24' }, '--cidr').slice(-2)).toEqual([
      '--cidr',
      '24',
    ]);
  });

  it('set lease, port, kubeconfig and BGP only where asked for', () => {
    const lease = { duration: 5, renew: 3, retry: 1 };
    const settings = {
      ...controlplaneOnly,
      lease,
      port: 8443,
      kubeconfig: '/etc/kubernetes/super-admin.conf',
    };
    expect(kubeVipArguments(settings, '--cidr').slice(9).join(' ')).toBe(
      '--leaseDuration 5 --leaseRenewDuration 3 --leaseRetry 1 --port 8443 --k8sConfigPath /etc/kubernetes/super-admin.conf',
    );
    expect(kubeVipArguments({ ...controlplaneOnly, bgp }, '--cidr').join(' ')).toContain(
      '--bgp --localAS 65000',
    );
  });
});

describe('versions with a known defect', () => {
  it.each(['v1.2.2', 'v1.2.0', 'v1.2.3', 'v1.0.1', 'v1.0.4'])('%s is refused', (version) => {
    expect(kubeVipDefect(version, 'control-plane')).not.toBeNull();
  });

  it.each(knownKubeVipVersions)('%s is not', (version) => {
    expect(kubeVipDefect(version, 'control-plane')).toBeNull();
  });
});
