import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import type { FileState } from '../../../../src/modules/asks/file-state.ts';
import type { ServingCertificate } from '../../../../src/modules/kubernetes/apiserver-certificate.ts';
import { parseObjection } from '../../../../src/modules/kubernetes/kubeadm-dry-run.ts';
import type { KubeadmFacts } from '../../../../src/modules/kubernetes/kubeadm-facts.ts';
import { kubeadmInit } from '../../../../src/modules/kubernetes/kubeadm-init.ts';
import type { KubeadmInitArgs } from '../../../../src/modules/kubernetes/kubeadm-init-args.ts';
import { nextStep } from '../../../../src/modules/kubernetes/kubeadm-init-steps.ts';
import { parseStored } from '../../../../src/modules/kubernetes/kubeadm-stored.ts';
import type { DurableCommand } from '../../../../src/modules/module.ts';
import { type FakeHost, fakeHost } from '../../../../src/testing/fake-host.ts';
import {
  bare,
  bareNetwork,
  certificate,
  certificateKey,
  member,
  problemOf,
  reply,
  taskOn,
} from './recorded.ts';

const args: KubeadmInitArgs = {
  endpoint: 'k8s-api.lab',
  advertise_address: 'auto',
  port: 6443,
  cri_socket: 'unix:///run/containerd/containerd.sock',
  ignore_preflight_errors: [],
  on_partial: 'resume',
  timeout: 600,
  cert_sans: ['10.77.0.60'],
  service_subnet: '10.96.0.0/12',
  dns_domain: 'cluster.local',
  skip_phases: ['addon/kube-proxy'],
  feature_gates: {},
  kubelet: {},
  config_patch: [],
  upload_certs: true,
  config_path: '/etc/kubernetes/hapb-kubeadm.yaml',
};
const absent: FileState = { kind: 'absent' };
const state = {
  own: member,
  others: [] as { readonly host: string; readonly facts: KubeadmFacts }[],
  network: bareNetwork,
  certificate: certificate as ServingCertificate | null,
  kept: absent,
  version: 'v1.34.2',
  objection: null as ReturnType<typeof parseObjection>,
};

function diff(own: Partial<typeof state>, over: Partial<KubeadmInitArgs> = {}) {
  return kubeadmInit.diff({ ...args, ...over }, { ...state, ...own }, taskOn('cp1'));
}

const more = { cert_sans: ['10.77.0.60', 'api.example.org', 'FD00::1'] };

describe('names of a cluster that is there', () => {
  it('are added to the certificate and to what the cluster has stored', () => {
    const change = diff({}, more);
    expect(change?.summary).toBe("renew the API server's certificate with api.example.org, FD00::1");
    expect(change?.edits.slice(0, 2)).toEqual([
      {
        subject: "names in the API server's certificate",
        before: 'k8s-api.lab\nkubernetes\n10.77.0.60\n',
        after: 'k8s-api.lab\nkubernetes\n10.77.0.60\napi.example.org\nFD00::1\n',
      },
      {
        subject: 'certSANs in kubeadm-config',
        before: '10.77.0.60\nk8s-api.lab\n',
        after: '10.77.0.60\nk8s-api.lab\napi.example.org\nFD00::1\n',
      },
    ]);
  });

  it('are foreseen, with all else of the node as it is', () => {
    const effects = new Map(diff({}, more)?.effects.map(({ key, state }) => [key, state]));
    const facts = effects.get('kubeadm:state') as KubeadmFacts;
    expect({ ...facts, api: member.api }).toEqual(member);
    const stored = parseStored(facts.api?.clusterConfiguration ?? '');
    expect(stored).toEqual({
      ...parseStored(member.api?.clusterConfiguration ?? ''),
      certSans: ['10.77.0.60', 'k8s-api.lab', 'api.example.org', 'FD00::1'],
    });
    const { names } = effects.get(certificateKey) as ServingCertificate;
    for (const name of ['api.example.org', 'fd00::1', 'k8s-api.lab', '10.96.0.1', 'cp1'])
      expect(names).toContain(name);
  });

  it('are stored where only the certificate has them, as after a run that was cut', () => {
    const names = [...certificate.names, 'api.example.org', 'fd00::1'];
    expect(diff({ certificate: { ...certificate, names } }, more)?.summary).toBe(
      'store api.example.org, FD00::1 in the certSANs of kubeadm-config',
    );
  });

  it('are never taken away', () => {
    const names = [...certificate.names, 'old.example.org'];
    expect(diff({ certificate: { ...certificate, names } })).toBeNull();
  });

  it('stored by hand get into the certificate too', () => {
    const clusterConfiguration = (member.api?.clusterConfiguration ?? '').replace(
      '  - 10.77.0.60\n',
      '  - 10.77.0.60\n  - by-hand.lab\n',
    );
    const own = {
      ...member,
      api: { ...(member.api as NonNullable<KubeadmFacts['api']>), clusterConfiguration },
    };
    expect(diff({ own })?.summary).toBe("renew the API server's certificate with by-hand.lab");
  });
});

describe('a certificate that is lost', () => {
  const silent = { ...member, api: null, etcd: null };

  it.each([
    ['while the API server still runs', { certificate: null }],
    ['without its key, or half renewed', { certificate: { ...certificate, pair: 'broken' as const } }],
    ['and the API server cannot start', { certificate: null, own: silent }],
    [
      'on a silent member of a cluster',
      { certificate: null, own: silent, others: [{ host: 'cp2', facts: { ...member, nodeName: 'cp2' } }] },
    ],
  ])('is made anew %s', (_, own) => {
    expect(diff(own)?.summary).toBe("renew the API server's certificate, which is lost or was half renewed");
  });

  it('is not made anew without a CA key', () => {
    expect(
      problemOf(() => diff({ certificate: null, own: { ...member, caKey: 'absent' } })),
    ).toMatchInlineSnapshot(`
      "HAPB6590: the API server's certificate on cp1 is lost, and there is no CA key to sign a new one
        Put /etc/kubernetes/pki/ca.key there for this run, or have the certificate signed where the key is."
    `);
    expect(problemOf(() => diff({ own: { ...member, caKey: 'absent' } }, more))).toMatchInlineSnapshot(`
      "HAPB6590: the API server's certificate on cp1 is not valid for api.example.org, FD00::1, and there is no CA key to sign a new one
        Put /etc/kubernetes/pki/ca.key there for this run, or have the certificate signed where the key is."
    `);
  });
});

describe('a dry run', () => {
  const preflight = (...checks: readonly string[]) =>
    parseObjection(
      reply('', {
        exitCode: 1,
        stderr: `[preflight] Some fatal errors occurred:\n${checks.map((check) => `\t[ERROR ${check}]: no\n`).join('')}error: error execution phase preflight: preflight checks failed\n`,
      }),
    );

  it('refuses before anything is done', () => {
    const objection = preflight('FileContent--proc-sys-net-ipv4-ip_forward');
    expect(problemOf(() => diff({ own: bare, certificate: null, objection }))).toMatchInlineSnapshot(`
      "HAPB6532: kubeadm init --dry-run failed on cp1: the kernel setting net-ipv4-ip_forward is not 1
        Set it with the sysctl module; for bridge settings load br_netfilter with modprobe first."
    `);
  });

  it('lets an init be resumed over what it left', () => {
    const cut = { ...member, api: null, etcd: null, kubeletConf: 'absent' } as const;
    const left = { own: cut, certificate: null };
    expect(
      diff({ ...left, objection: preflight('Port-6443', 'DirAvailable--var-lib-etcd') })?.summary,
    ).toMatch(/^finish the init/);
    expect(problemOf(() => diff({ ...left, objection: preflight('Port-6443', 'Swap') }))).toMatch(
      /^HAPB6530/,
    );
  });

  it('says so where the container runtime is only warned of', () => {
    const stderr = 'WARNING: failed to create new CRI runtime service: connection refused\n';
    expect(parseObjection(reply('', { stderr }))).not.toBeNull();
    expect(parseObjection(reply('', { stderr: '[WARNING Hostname]: could not be reached\n' }))).toBeNull();
  });
});

/** A bare node on which `kubeadm init` makes a cluster. */
function node(own: KubeadmFacts, made: ServingCertificate | null): FakeHost {
  const host: FakeHost = fakeHost({
    name: 'cp1',
    answers: {
      'kubeadm:state': own,
      [certificateKey]: made,
      'kubeadm:apiserver-flags': { address: '10.77.0.1', port: 6443 },
      'kubeadm:since-boot': 600,
    },
    onRun: () => ({}),
    onDurable: (command) => {
      const names = [...certificate.names, 'api.example.org', 'fd00::1'];
      if (command.sh.includes('kubeadm reset')) host.teach('kubeadm:state', bare);
      else if (command.sh.includes('upload-config')) {
        const clusterConfiguration = String(command.args?.[0]).split('---\n')[1] ?? '';
        const api = member.api as NonNullable<KubeadmFacts['api']>;
        host.teach('kubeadm:state', { ...member, api: { ...api, clusterConfiguration } });
      } else {
        host.teach('kubeadm:state', member);
        host.teach(certificateKey, { ...certificate, names });
      }
      return { kind: 'finished', exitCode: 0, output: '', adopted: false };
    },
  });
  return host;
}

function durables(host: FakeHost): readonly DurableCommand[] {
  return host.deeds.flatMap((deed) => (deed.kind === 'durable' ? [deed.command] : []));
}

describe('a run', () => {
  const key = 'c0ffee'.repeat(10).padEnd(64, '0');

  it('hands kubeadm the certificate key in no argument and no file that stays', async () => {
    const host = node(bare, null);
    const given = new Secret(key, 'certificate key');
    const change = diff({ own: bare, certificate: null }, { certificate_key: given });
    if (change === null) throw new Error('nothing to do');
    const output = await kubeadmInit.apply(change, host);
    expect(output).toMatchObject({ changed: true, certificate_key: given, ca_hash: member.ca });
    const [command] = durables(host);
    expect(command?.stdin).toBe(given);
    expect(JSON.stringify(host.deeds)).not.toContain(key);
    const written = host.deeds.flatMap((deed) => (deed.kind === 'write' ? [deed.file] : []));
    expect(written).toMatchObject([{ path: '/etc/kubernetes/hapb-kubeadm.yaml', mode: '0600' }]);
    expect(String(written[0]?.content)).not.toContain('certificateKey');
  });

  it('resets first when told so, and hands kubeadm a bare node', async () => {
    const own = { ...member, api: null, etcd: null, kubeletConf: 'absent', etcdData: 'absent' } as const;
    const host = node(own, null);
    const change = diff({ own, certificate: null }, { on_partial: 'reset' });
    if (change === null) throw new Error('nothing to do');
    expect(await kubeadmInit.apply(change, host)).toMatchObject({ changed: true, ca_hash: member.ca });
    const [reset, init, ...rest] = durables(host);
    expect(rest).toEqual([]);
    expect(reset?.args).toEqual([args.cri_socket, 'init']);
    // Nothing that an init may find again is to be ignored now.
    expect(init?.args?.slice(0, 2)).toEqual(['init', '']);
  });

  it('does not reset an etcd that begins at this very moment', async () => {
    const own = { ...member, api: null, etcd: null, etcdData: 'absent' } as const;
    const change = diff({ own, certificate }, { on_partial: 'reset' });
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      name: 'cp1',
      answers: { 'kubeadm:state': own, [certificateKey]: certificate, 'kubeadm:since-boot': 600 },
      onDurable: () => ({ kind: 'finished', exitCode: 92, output: '', adopted: false }),
    });
    await expect(kubeadmInit.apply(change, host)).rejects.toThrow('a member of etcd is not reset');
  });

  it('waits for the API server of a member, and refuses one that does not come back', async () => {
    const others = [{ host: 'cp2', facts: { ...member, nodeName: 'cp2' } }];
    const silent = { own: { ...member, api: null, etcd: null }, others };
    const change = diff(silent);
    if (change === null) throw new Error('nothing to do');
    expect(change.summary).toBe('wait for its API server, which does not answer (cluster with cp2)');
    expect(change.forecast).toMatchObject({
      unknown: { reason: 'whether the API server of cp1 comes back' },
    });
    const host = node(member, certificate);
    expect(await kubeadmInit.apply(change, host)).toMatchObject({ changed: false });
    expect(durables(host)).toEqual([]);
    const view = { ...silent, certificate };
    expect(problemOf(() => nextStep(change.plan.wish, view, 'gone'))).toMatchInlineSnapshot(`
      "HAPB6523: cp1 is part of a cluster (with cp2), but its API server does not answer
        Repair it there (journalctl -u kubelet; crictl ps -a), or make another node the first one. It is not initialised again: that would make a second cluster."
    `);
  });

  it('uploads no certificates when told so', async () => {
    const host = node(bare, null);
    const change = diff({ own: bare, certificate: null }, { upload_certs: false });
    if (change === null) throw new Error('nothing to do');
    expect(await kubeadmInit.apply(change, host)).toMatchObject({ certificate_key: null });
    expect(durables(host)[0]?.stdin).toBe('');
  });

  it('renews the certificate first, and then stores the names', async () => {
    const host = node(member, certificate);
    const change = diff({}, more);
    if (change === null) throw new Error('nothing to do');
    expect(await kubeadmInit.apply(change, host)).toMatchObject({ changed: true, certificate_key: null });
    const [renew, store, ...rest] = durables(host);
    expect(rest).toEqual([]);
    expect(renew?.args?.slice(1)).toEqual(['600', 'kubernetes', 'api.example.org', 'FD00::1']);
    expect(renew?.args?.[0]).toContain('certificatesDir: /etc/kubernetes/pki/.hapb-renew\n');
    expect(store?.args?.[0]).toContain('certificatesDir: /etc/kubernetes/pki\n');
    expect(store?.args?.[0]).toContain('  - api.example.org\n');
  });
});
