import { describe, expect, it } from 'vitest';
import { knownSecrets, Secret } from '../../../../src/core/secret.ts';
import { type JoinSettings, joinConfig } from '../../../../src/modules/kubernetes/join-config.ts';

const settings: JoinSettings = {
  kubernetesVersion: 'v1.34.2',
  endpoint: 'k8s-api.lan:6443',
  node: {
    name: null,
    address: '172.24.1.61',
    port: 6443,
    criSocket: 'unix:///run/containerd/containerd.sock',
  },
  token: new Secret('123456.0123456789123456', 'token'),
  discovery: { kind: 'token', caCertHash: 'sha256:aa' },
  controlPlane: { certificateKey: new Secret('1'.repeat(64), 'certificate key') },
  skipPhases: [],
};

/** The newest text that is known as this configuration. */
function textOf(config: Secret): string {
  expect(String(config)).toBe('‹kubeadm join configuration›');
  return [...knownSecrets()].filter(([, label]) => label === config.label).at(-1)?.[0] ?? '';
}

describe('the configuration of a join', () => {
  it('holds token, hash and key, quoted, since YAML would read them as numbers', () => {
    expect(textOf(joinConfig(settings))).toMatchInlineSnapshot(`
      "apiVersion: kubeadm.k8s.io/v1beta4
      kind: JoinConfiguration
      discovery:
        bootstrapToken:
          apiServerEndpoint: k8s-api.lan:6443
          token: "123456.0123456789123456"
          caCertHashes:
          - sha256:aa
      controlPlane:
        localAPIEndpoint:
          advertiseAddress: 172.24.1.61
          bindPort: 6443
        certificateKey: "1111111111111111111111111111111111111111111111111111111111111111"
      nodeRegistration:
        criSocket: unix:///run/containerd/containerd.sock
        kubeletExtraArgs:
        - name: node-ip
          value: 172.24.1.61
      "
    `);
  });

  it('of a worker says nothing of a control plane', () => {
    const text = textOf(joinConfig({ ...settings, controlPlane: null }));
    expect(text).not.toContain('controlPlane');
    expect(text).toContain('kind: JoinConfiguration\n');
  });

  it('of a node that has its certificates has no key', () => {
    const text = textOf(joinConfig({ ...settings, controlPlane: { certificateKey: null } }));
    expect(text).toContain('    bindPort: 6443\nnodeRegistration:');
  });

  it('with a discovery file carries that file, which holds no credential', () => {
    const text = textOf(joinConfig({ ...settings, discovery: { kind: 'file', ca: 'PEM\n' } }));
    expect(text.slice(0, text.indexOf('controlPlane'))).toMatchInlineSnapshot(`
      "apiVersion: kubeadm.k8s.io/v1beta4
      kind: JoinConfiguration
      discovery:
        file:
          kubeConfigPath: /run/hapb-kubeadm/discovery.conf
        tlsBootstrapToken: "123456.0123456789123456"
      "
    `);
    expect(text.slice(text.indexOf('#discovery'))).toMatchInlineSnapshot(`
      "#discovery apiVersion: v1
      #discovery kind: Config
      #discovery clusters:
      #discovery - cluster:
      #discovery     certificate-authority-data: UEVNCg==
      #discovery     server: https://k8s-api.lan:6443
      #discovery   name: ""
      "
    `);
  });
});
