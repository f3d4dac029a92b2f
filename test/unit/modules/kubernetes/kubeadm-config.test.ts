import { describe, expect, it } from 'vitest';
import {
  type InitSettings,
  initConfig,
  kubeadmApi,
  uploadConfig,
} from '../../../../src/modules/kubernetes/kubeadm-config.ts';
import { parseStored, refuseOtherCluster } from '../../../../src/modules/kubernetes/kubeadm-stored.ts';
import { member, problemOf } from './recorded.ts';

const node = {
  name: null,
  address: '172.24.1.61',
  port: 6443,
  criSocket: 'unix:///run/containerd/containerd.sock',
};
const settings: InitSettings = {
  kubernetesVersion: 'v1.34.2',
  endpoint: 'k8s-api.lan:6443',
  node,
  certSans: ['k8s-api.lan', '172.24.1.60', 'fd00::60'],
  podSubnet: '10.244.0.0/16',
  serviceSubnet: '10.96.0.0/12',
  dnsDomain: 'cluster.local',
  skipPhases: ['addon/kube-proxy'],
  featureGates: {},
  imageRepository: null,
  kubelet: {},
  patches: [],
};

describe('the configuration of init', () => {
  it('is v1beta4 from 1.31 on', () => {
    expect(initConfig(settings)).toMatchInlineSnapshot(`
      "apiVersion: kubeadm.k8s.io/v1beta4
      kind: InitConfiguration
      bootstrapTokens:
      - ttl: 15m0s
        description: made by kubeadm init
      localAPIEndpoint:
        advertiseAddress: 172.24.1.61
        bindPort: 6443
      nodeRegistration:
        criSocket: unix:///run/containerd/containerd.sock
        kubeletExtraArgs:
        - name: node-ip
          value: 172.24.1.61
      skipPhases:
      - addon/kube-proxy
      - show-join-command
      ---
      apiVersion: kubeadm.k8s.io/v1beta4
      kind: ClusterConfiguration
      kubernetesVersion: v1.34.2
      controlPlaneEndpoint: k8s-api.lan:6443
      apiServer:
        certSANs:
        - k8s-api.lan
        - 172.24.1.60
        - fd00::60
      networking:
        podSubnet: 10.244.0.0/16
        serviceSubnet: 10.96.0.0/12
        dnsDomain: cluster.local
      proxy:
        disabled: true
      ---
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      cgroupDriver: systemd
      "
    `);
  });

  it('is v1beta3 before, with extra arguments as a map', () => {
    const text = initConfig({ ...settings, kubernetesVersion: 'v1.30.4' });
    expect(text).toContain('apiVersion: kubeadm.k8s.io/v1beta3\n');
    expect(text).toContain('  kubeletExtraArgs:\n    node-ip: 172.24.1.61\n');
    expect(text).not.toContain('proxy:');
    expect(kubeadmApi('v1.31.0')).toBe('v1beta4');
  });

  it('takes patches by their kind, deep, and adds other documents', () => {
    const patches = [
      { kind: 'ClusterConfiguration', apiServer: { extraArgs: [{ name: 'v', value: '2' }] } },
      { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', mode: 'nftables' },
    ];
    const text = initConfig({ ...settings, patches });
    expect(text).toContain('  - fd00::60\n  extraArgs:\n  - name: v\n    value: "2"\n');
    expect(text).toContain('kind: KubeProxyConfiguration\nmode: nftables\n');
  });
});

describe('the configuration of an upload', () => {
  it('quotes a key that YAML would read as a number', () => {
    expect(uploadConfig('v1.34.2', '1'.repeat(64))).toContain(`certificateKey: "${'1'.repeat(64)}"\n`);
    expect(uploadConfig('v1.34.2', `1e${'2'.repeat(62)}`)).toContain('certificateKey: "1e');
  });
});

describe('a stored configuration', () => {
  const stored = parseStored(member.api?.clusterConfiguration ?? '');

  it('is read from what kubeadm stores', () => {
    expect(stored).toEqual({
      endpoint: 'k8s-api.lab:6443',
      podSubnet: null,
      serviceSubnet: '10.96.0.0/12',
      dnsDomain: 'cluster.local',
      kubernetesVersion: 'v1.34.2',
      certSans: ['10.77.0.60'],
    });
  });

  it('that fits says nothing', () => {
    const wanted = {
      endpoint: 'k8s-api.lab:6443',
      podSubnet: '10.244.0.0/16',
      serviceSubnet: '10.96.0.0/12',
      dnsDomain: 'cluster.local',
    };
    expect(() => refuseOtherCluster(stored, wanted)).not.toThrow();
  });

  it('with another endpoint is refused, naming both', () => {
    const wanted = {
      endpoint: 'api.other:6443',
      podSubnet: null,
      serviceSubnet: '10.96.0.0/12',
      dnsDomain: 'cluster.local',
    };
    expect(problemOf(() => refuseOtherCluster(stored, wanted))).toMatchInlineSnapshot(`
      "HAPB6522: the cluster was made with endpoint k8s-api.lab:6443, and the playbook asks for api.other:6443
        endpoint is fixed when a cluster is made. Put k8s-api.lab:6443 back into the variables, or build a new cluster."
    `);
  });
});
