import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
  vip: '172.24.1.60',
  interface: 'ens33',
  port: 6443,
  prefix: null,
  services: false,
  loadBalancer: false,
  lease: null,
  kubeconfig: '/etc/kubernetes/admin.conf',
  bgp: null,
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
  ipv6: { vip: 'fd00::60', services: true },
  'super-admin': { kubeconfig: '/etc/kubernetes/super-admin.conf' },
  bgp: { interface: 'lo', services: true, bgp },
  'cidr-24': { prefix: 24 },
  'subnet-24': { prefix: 24 },
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
    .filter((name) => !(name === 'subnet-24' && flag === '--cidr'));
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
  it('are those of its documentation', () => {
    expect(kubeVipArguments({ ...controlplaneOnly, services: true }, '--vipSubnet').join(' ')).toBe(
      'manifest pod --interface ens33 --address 172.24.1.60 --controlplane --services --arp --leaderElection',
    );
  });

  it('name the prefix by the flag of the version', () => {
    expect(kubeVipArguments({ ...controlplaneOnly, prefix: 24 }, '--cidr').slice(-2)).toEqual([
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
    expect(kubeVipDefect(version)).not.toBeNull();
  });

  it.each(knownKubeVipVersions)('%s is not', (version) => {
    expect(kubeVipDefect(version)).toBeNull();
  });
});
