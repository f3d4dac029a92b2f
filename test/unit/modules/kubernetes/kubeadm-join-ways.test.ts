import { describe, expect, it } from 'vitest';
import { knownSecrets, Secret } from '../../../../src/core/secret.ts';
import type { KubeadmFacts } from '../../../../src/modules/kubernetes/kubeadm-facts.ts';
import type { KubeadmJoinArgs } from '../../../../src/modules/kubernetes/kubeadm-join-args.ts';
import { join } from '../../../../src/modules/kubernetes/kubeadm-join-steps.ts';
import { withNode, workerFacts } from '../../../../src/modules/kubernetes/kubeadm-state.ts';
import type { DurableResult } from '../../../../src/modules/module.ts';
import { type FakeHost, fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { bare, certificate, certificateKey, member } from './recorded.ts';

const args: KubeadmJoinArgs = {
  endpoint: 'k8s-api.lab',
  advertise_address: 'auto',
  port: 6443,
  cri_socket: 'unix:///run/containerd/containerd.sock',
  ignore_preflight_errors: [],
  on_partial: 'resume',
  timeout: 60,
  from: 'cp1',
  role: 'worker',
  wait: 'complete',
  wait_etcd: true,
  wait_etcd_timeout: 300,
  discovery: 'token',
  certs: 'download',
  skip_phases: [],
};
const controlPlane = { ...args, role: 'control-plane' } as const;
const own: KubeadmFacts = { ...bare, nodeName: 'cp2' };
const voters = (member.etcd ?? []).filter((one) => one.name !== 'cp2');
const first: KubeadmFacts = { ...member, etcd: voters, nodes: [] };
const health = voters.map((one) => ({ endpoint: one.peerUrls[0] ?? '', healthy: true }));
const files = ['ca', 'sa', 'front-proxy-ca', 'etcd/ca'].flatMap((name) =>
  [name === 'sa' ? 'sa.pub' : `${name}.crt`, `${name}.key`].map((file) => ({
    name: file,
    content: new Secret(`content of ${file}\n`, file),
  })),
);

interface Wish {
  /** What each kubeadm prints when it fails; the next one succeeds. */
  readonly failures?: readonly string[];
  readonly knowsToken?: boolean;
}

/** A cluster of cp1, and cp2, on which kubeadm join works when its failures are used up. */
function cluster({ failures = [], knowsToken = true }: Wish = {}): { node: FakeHost; cp1: FakeHost } {
  const left = [...failures];
  const cp1 = fakeHost({
    name: 'cp1',
    answers: {
      'kubeadm:state': first,
      'etcd:view': { members: voters, health },
      'kubeadm:ca': 'PEM\n',
      'kubeadm:pki': files,
    },
    onRun: ({ sh }) => (sh.includes('token-secret') && !knowsToken ? { exitCode: 92 } : {}),
  });
  const finish = (role: string): void => {
    if (role === 'worker') {
      node.teach('kubeadm:state', workerFacts(own, first));
      node.teach('kubelet:healthz', 'healthy');
      cp1.teach('kubeadm:state', { ...first, nodes: withNode([], 'cp2') });
    } else {
      node.teach('kubeadm:state', { ...member, nodeName: 'cp2' });
      cp1.teach('kubeadm:state', member);
    }
  };
  const node: FakeHost = fakeHost({
    name: 'cp2',
    answers: {
      [certificateKey]: certificate,
      'kubeadm:state': own,
      'kubelet:healthz': 'silent',
      'kubeadm:evidence': { kubelet: null, containers: [] },
      'kubeadm:report': '',
      'resolves:k8s-api.lab': { kind: 'addresses', ipv4: ['10.77.0.60'], ipv6: [] },
    },
    others: { cp1 },
    onRun: () => ({}),
    onDurable: ({ stdin }): DurableResult => {
      const output = left.shift();
      if (output !== undefined) return { kind: 'finished', exitCode: 1, output, adopted: false };
      finish(configOf(stdin).includes('controlPlane:') ? 'control-plane' : 'worker');
      return { kind: 'finished', exitCode: 0, output: '', adopted: false };
    },
  });
  return { node, cp1 };
}

function configOf(stdin: unknown): string {
  expect(String(stdin)).toBe('‹kubeadm join configuration›');
  return [...knownSecrets().keys()].filter((text) => text.includes('kind: JoinConfiguration')).at(-1) ?? '';
}

/** The configurations that kubeadm was started with. */
function starts(node: FakeHost): number {
  return node.deeds.filter((deed) => deed.kind === 'durable').length;
}

function told(host: FakeHost): readonly string[] {
  return host.deeds.flatMap((deed) => (deed.kind === 'progress' ? [deed.text] : []));
}

const plan = (wanted: KubeadmJoinArgs) => ({ args: wanted, address: '10.77.0.2', nodeName: 'cp2' });
const gone =
  'error downloading the secret: Secret "kubeadm-certs" was not found in the "kube-system" Namespace.';

describe('a worker', () => {
  it('joins without certificates and etcd', async () => {
    const { node, cp1 } = cluster();
    expect(await join(plan(args), node)).toEqual({ node: 'cp2', phase: 'complete', changed: true });
    expect(told(node)).toEqual(['token from cp1']);
    const made = cp1.deeds.find((deed) => deed.kind === 'run');
    expect(made?.kind === 'run' ? made.call.args?.[1] : null).toBe('');
    expect(
      configOf(node.deeds.flatMap((deed) => (deed.kind === 'durable' ? [deed.command.stdin] : []))[0]),
    ).not.toContain('controlPlane');
  });

  it('whose kubelet is down gets it started, and is never reset', async () => {
    const { node } = cluster();
    await join(plan(args), node);
    node.teach('kubelet:healthz', rawReply({ stdout: 'silent\n' }));
    const before = starts(node);
    const again = join(plan(args), node);
    node.teach('kubelet:healthz', 'healthy');
    await again;
    expect(starts(node)).toBe(before);
  });
});

describe('token and certificates', () => {
  it('that the cluster does not take any more are made anew, once', async () => {
    const { node } = cluster({ failures: [gone] });
    await join(plan(controlPlane), node);
    expect(starts(node)).toBe(2);
    expect(told(node)).toEqual([
      'token and certificate key from cp1',
      'kubeadm join failed on cp2: the uploaded certificates are gone (they live two hours): once more with fresh ones',
      'token and certificate key from cp1',
    ]);
  });

  it('are not made a third time', async () => {
    const { node } = cluster({ failures: [gone, gone] });
    await expect(join(plan(controlPlane), node)).rejects.toThrow('the uploaded certificates are gone');
    expect(starts(node)).toBe(2);
  });

  it('that are given are used, and nothing is uploaded', async () => {
    const { node, cp1 } = cluster();
    const token = new Secret('abcdef.0123456789abcdef', 'token');
    const key = new Secret('ab'.repeat(32), 'certificate_key');
    await join(plan({ ...controlPlane, token, certificate_key: key }), node);
    expect(told(node)).toEqual([]);
    expect(cp1.deeds.filter((deed) => deed.kind === 'run' && deed.call.sh.includes('upload-certs'))).toEqual(
      [],
    );
    expect(configOf(new Secret('', 'kubeadm join configuration'))).toContain(
      `certificateKey: "${'ab'.repeat(32)}"`,
    );
  });

  it('of which the token has expired get a fresh one before kubeadm waits for it', async () => {
    const { node } = cluster({ knowsToken: false });
    const token = new Secret('zzzzzz.0123456789abcdef', 'token');
    await join(plan({ ...args, token }), node);
    expect(told(node)).toEqual([
      'the token is unknown to cp1, or has expired: a fresh one is made',
      'token from cp1',
    ]);
    expect(configOf(new Secret('', 'kubeadm join configuration'))).not.toContain('zzzzzz');
  });
});

describe('certs: copy', () => {
  it('puts the eight shared files onto the node, keys for root alone, and no key for a download', async () => {
    const { node } = cluster();
    await join(plan({ ...controlPlane, certs: 'copy' }), node);
    const written = node.deeds.flatMap((deed) => (deed.kind === 'write' ? [deed.file] : []));
    expect(written.map(({ path, mode, owner }) => `${path} ${mode} ${owner}`)).toMatchInlineSnapshot(`
      [
        "/etc/kubernetes/pki/ca.crt 0644 root",
        "/etc/kubernetes/pki/ca.key 0600 root",
        "/etc/kubernetes/pki/sa.pub 0644 root",
        "/etc/kubernetes/pki/sa.key 0600 root",
        "/etc/kubernetes/pki/front-proxy-ca.crt 0644 root",
        "/etc/kubernetes/pki/front-proxy-ca.key 0600 root",
        "/etc/kubernetes/pki/etcd/ca.crt 0644 root",
        "/etc/kubernetes/pki/etcd/ca.key 0600 root",
      ]
    `);
    expect(written.map(({ content }) => String(content))).toEqual(files.map(({ name }) => `‹${name}›`));
    expect(configOf(new Secret('', 'kubeadm join configuration'))).not.toContain('certificateKey');
  });

  it('says which file is missing, and writes nothing', async () => {
    const { node, cp1 } = cluster();
    cp1.teach(
      'kubeadm:pki',
      files.filter(({ name }) => name !== 'ca.key'),
    );
    await expect(join(plan({ ...controlPlane, certs: 'copy' }), node)).rejects.toThrow(
      'cp1 lacks /etc/kubernetes/pki/ca.key, which the nodes of a control plane share',
    );
    expect(node.deeds.filter((deed) => deed.kind === 'write')).toEqual([]);
  });
});

describe('a join that fails', () => {
  it('for the endpoint tells what that resolves to on the node', async () => {
    const refused =
      'couldn\'t validate the identity of the API Server: Get "https://k8s-api.lab:6443": dial tcp 10.77.0.60:6443: connect: connection refused';
    const { node } = cluster({ failures: [refused] });
    await expect(join(plan(args), node)).rejects.toThrow(
      'kubeadm join failed on cp2: nothing answers at 10.77.0.60:6443 (k8s-api.lab resolves to 10.77.0.60 on cp2)',
    );
  });

  it('for another member of etcd names it', async () => {
    const { node, cp1 } = cluster({ failures: ['etcdserver: too many learner members in cluster'] });
    const learner = {
      id: 'abc',
      name: 'cp3',
      state: 'learner',
      peerUrls: ['https://10.77.0.3:2380'],
    } as const;
    const joining = join(plan(args), node);
    cp1.teach('etcd:view', { members: [...voters, learner], health });
    await expect(joining).rejects.toThrow('another join is under way (it is that of cp3)');
  });

  it('revokes its token', async () => {
    const { node, cp1 } = cluster({ failures: ['[ERROR Port-10250]: Port 10250 is in use'] });
    await expect(join(plan(args), node)).rejects.toThrow('port 10250 is in use');
    expect(cp1.deeds.some((deed) => deed.kind === 'run' && deed.call.sh.includes('delete secret'))).toBe(
      true,
    );
  });
});
