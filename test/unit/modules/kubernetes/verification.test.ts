import { describe, expect, it } from 'vitest';
import { knownSecrets } from '../../../../src/core/secret.ts';
import { containerdConfig, hostsToml } from '../../../../src/modules/kubernetes/containerd-files.ts';
import { pullFailure } from '../../../../src/modules/kubernetes/ctr-errors.ts';
import { etcdProblems, parseEtcdView } from '../../../../src/modules/kubernetes/etcd-view.ts';
import { fullImageName } from '../../../../src/modules/kubernetes/image.ts';
import { parseKubeconfig } from '../../../../src/modules/kubernetes/kubeconfig-fetch.ts';
import { parsePath, valuesAt } from '../../../../src/modules/kubernetes/object-path.ts';
import { objectProblems } from '../../../../src/modules/kubernetes/object-rules.ts';
import { objectTable } from '../../../../src/modules/kubernetes/object-table.ts';
import { vipProblems } from '../../../../src/modules/kubernetes/vip-state.ts';
import { problemOf, recorded, reply } from './recorded.ts';

const pod = {
  metadata: { name: 'etcd-cp1' },
  spec: { containers: [{ name: 'etcd' }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ ready: true, restartCount: 2 }],
  },
};

describe('objects of the cluster', () => {
  const phase = { path: '.status.phase', steps: parsePath('.status.phase') ?? [], wanted: 'Running' };
  const rules = {
    resource: 'pods',
    names: ['etcd-cp1'],
    where: [phase],
    contains: [],
    count: null,
    atLeast: 1,
  };

  it('that are as asked raise nothing', () => {
    expect(objectProblems([pod], rules)).toEqual([]);
  });

  it('are named with what they lack', () => {
    const pending = { ...pod, status: { phase: 'Pending' } };
    expect(objectProblems([pending], { ...rules, names: ['etcd-cp1', 'etcd-cp2'] })).toEqual([
      'pods etcd-cp2 does not exist',
      'etcd-cp1: .status.phase is Pending, not Running',
    ]);
    expect(objectProblems([], { ...rules, names: null })).toEqual([
      'there are 0 pods, at least 1 are needed',
    ]);
  });

  it('are reached by paths', () => {
    const at = (path: string) => valuesAt(pod, parsePath(path) ?? []);
    expect(at('.status.conditions[type=Ready].status')).toEqual(['True']);
    expect(at('spec.containers[*].name')).toEqual(['etcd']);
    expect(at('.spec.containers[0].name')).toEqual(['etcd']);
    expect(at('.metadata["name"]')).toEqual(['etcd-cp1']);
    expect(at('.metadata.__proto__')).toEqual([]);
    expect(parsePath('.status..phase')).toBeNull();
  });

  it('print as kubectl prints them', () => {
    expect(objectTable('pods', [pod])).toEqual([
      'NAME       READY   STATUS    RESTARTS',
      'etcd-cp1   1/1     Running   2',
    ]);
  });
});

describe('etcd', () => {
  it('is whole when every member is a healthy voter', () => {
    expect(etcdProblems(parseEtcdView(recorded('etcd-view-member')))).toEqual([]);
  });

  it('is not while one is a learner, unstarted, sick or silent', () => {
    const text = [
      'a1, started, cp1, https://10.77.0.1:2380, https://10.77.0.1:2379, false',
      'a2, unstarted, , https://10.77.0.2:2380, , true',
      'a3, started, cp3, https://10.77.0.3:2380, https://10.77.0.3:2379, true',
      'health',
      'https://10.77.0.1:2379 is unhealthy: failed to commit proposal: context deadline exceeded',
    ].join('\n');
    expect(etcdProblems(parseEtcdView(reply(text)))).toEqual([
      'member https://10.77.0.2:2380 is added but not started',
      'member cp3 is still a learner',
      'https://10.77.0.1:2379 is unhealthy',
    ]);
    expect(etcdProblems(parseEtcdView(recorded('etcd-view-bare')))).toEqual(['etcd does not answer']);
  });
});

describe('the VIP', () => {
  const seen = { readyz: 'ok', ownReadyz: 'ok', leader: 'cp1' };

  it('is as it should be with one holder', () => {
    expect(vipProblems('10.0.0.1', { holders: ['cp1'], seen })).toEqual([]);
  });

  it('is not with two, none, no lease or no answer', () => {
    expect(vipProblems('10.0.0.1', { holders: ['cp1', 'cp2'], seen: { ...seen, leader: '' } })).toEqual([
      'cp1 and cp2 both have 10.0.0.1: one of them must give it up',
      'nobody holds the lease of kube-vip',
    ]);
    expect(vipProblems('10.0.0.1', { holders: [], seen: { ...seen, readyz: '' } })).toEqual([
      'no node has 10.0.0.1 on an interface',
      'https://10.0.0.1 answers: nothing',
    ]);
  });
});

describe('a kubeconfig', () => {
  const text = [
    'apiVersion: v1',
    'clusters:',
    '- cluster:',
    '    certificate-authority-data: AAAA',
    '    server: https://k8s-api.lab:6443',
    '  name: kubernetes',
    'contexts:',
    '- context:',
    '    cluster: kubernetes',
    '    user: kubernetes-admin',
    '  name: kubernetes-admin@kubernetes',
    'current-context: kubernetes-admin@kubernetes',
    'kind: Config',
    'users:',
    '- name: kubernetes-admin',
    '  user:',
    '    client-key-data: c2VjcmV0LWtleQ==',
    '',
  ].join('\n');

  it('is fetched as a secret, with its key known as one', () => {
    const fetched = parseKubeconfig(reply(text), {});
    expect(String(fetched?.text)).toBe('‹kubeconfig›');
    expect(knownSecrets().has('c2VjcmV0LWtleQ==')).toBe(true);
    expect(knownSecrets().has(text)).toBe(true);
  });

  it('gets the server and the context of your choice', () => {
    parseKubeconfig(reply(text), { server: 'https://10.77.0.60:6443', context: 'lab' });
    const wanted = text
      .replace('https://k8s-api.lab:6443', 'https://10.77.0.60:6443')
      .replace('  name: kubernetes\n', '  name: lab\n')
      .replace('    cluster: kubernetes\n', '    cluster: lab\n')
      .replaceAll('kubernetes-admin@kubernetes', 'lab');
    expect(knownSecrets().has(wanted)).toBe(true);
  });

  it('that is not there is nothing', () => {
    expect(parseKubeconfig(reply(''), {})).toBeNull();
  });
});

describe('images', () => {
  it('have full names', () => {
    expect(fullImageName('registry.k8s.io/pause:3.10.1')).toBe('registry.k8s.io/pause:3.10.1');
    expect(fullImageName('busybox:1')).toBe('docker.io/library/busybox:1');
    expect(fullImageName('kindest/node:v1')).toBe('docker.io/kindest/node:v1');
    expect(problemOf(() => fullImageName('localhost:5000/x'))).toMatch(
      /^HAPB6560: 'localhost:5000\/x' is not a full image name/,
    );
  });

  it.each([
    ['dial tcp: lookup ghcr.io: no such host', 'HAPB6561', 'worth-it'],
    ['server message: insufficient_scope: authorization failed', 'HAPB6562', 'useless'],
    ['no match for platform in manifest: not found', 'HAPB6563', 'useless'],
    ['x509: certificate signed by unknown authority', 'HAPB6564', 'useless'],
    [
      'dial unix /run/containerd/containerd.sock: connect: permission denied ... containerd.sock',
      'HAPB6565',
      'useless',
    ],
    ['sh: 1: ctr: not found', 'HAPB6566', 'useless'],
    ['failed to resolve reference "x:y": x:y: not found', 'HAPB6567', 'useless'],
    ['something new', 'HAPB6568', 'worth-it'],
  ])('that fail with %s are %s', (output, code, again) => {
    const found = pullFailure({ ref: 'x:y', host: 'cp1', output });
    expect([found.failure.problem.code, found.again]).toEqual([code, again]);
  });
});

describe("containerd's configuration", () => {
  it('says what the kubelet needs', () => {
    const text = containerdConfig({
      sandboxImage: 'registry.k8s.io/pause:3.10.1',
      cgroup: 'systemd',
      registryDir: '/etc/containerd/certs.d',
      cri: { disable_apparmor: true },
    });
    expect(text).toMatchInlineSnapshot(`
      "version = 2

      [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "registry.k8s.io/pause:3.10.1"
        disable_apparmor = true

      [plugins."io.containerd.grpc.v1.cri".registry]
        config_path = "/etc/containerd/certs.d"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = true
      "
    `);
  });

  it('leads to mirrors', () => {
    expect(hostsToml('docker.io', ['https://a.example', 'http://b.example:5000'])).toMatchInlineSnapshot(`
      "server = "https://registry-1.docker.io"

      [host."https://a.example"]
        capabilities = ["pull", "resolve"]

      [host."http://b.example:5000"]
        capabilities = ["pull", "resolve"]
      "
    `);
  });
});
