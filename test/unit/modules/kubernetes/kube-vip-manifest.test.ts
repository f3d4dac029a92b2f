import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { type FileState, regularFile } from '../../../../src/modules/asks/file-state.ts';
import { validated } from '../../../../src/modules/kubernetes/kube-vip-container.ts';
import { kubeVipManifest } from '../../../../src/modules/kubernetes/kube-vip-manifest.ts';
import type { KubeVipManifestArgs } from '../../../../src/modules/kubernetes/kube-vip-manifest-args.ts';
import { type KubeVipSettings, kubeVipText } from '../../../../src/modules/kubernetes/kube-vip-text.ts';
import { kubeVipVersion } from '../../../../src/modules/kubernetes/kube-vip-versions.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { bareNetwork, problemOf, taskOn } from './recorded.ts';

const args: KubeVipManifestArgs = {
  version: 'v1.1.2',
  image: 'ghcr.io/kube-vip/kube-vip',
  vip: '10.77.0.60',
  interface: 'auto',
  mode: 'arp',
  controlplane: true,
  services: true,
  port: 6443,
  kubeconfig: '/etc/kubernetes/admin.conf',
  extra_args: [],
  extra_env: {},
  generator: 'auto',
  dest: '/etc/kubernetes/manifests/kube-vip.yaml',
  mode_file: '0600',
  allow_defective: false,
};
const settings: KubeVipSettings = {
  version: 'v1.1.2',
  image: args.image,
  vips: ['10.77.0.60'],
  interface: 'host0',
  port: 6443,
  prefix: null,
  controlplane: true,
  services: true,
  leaderElection: true,
  loadBalancer: false,
  lease: null,
  kubeconfig: args.kubeconfig,
  bgp: null,
  extraArgs: [],
};
const known = kubeVipVersion('v1.1.2');
const builtin = known === null ? null : kubeVipText(settings, known);
if (builtin === null) throw new Error('v1.1.2 is known');
const text: string = builtin;
const absent: FileState = { kind: 'absent' };
const permissions = { mode: '0600', owner: 'root', group: 'root' };

function decide(
  over: Partial<KubeVipManifestArgs>,
  manifest: FileState = absent,
  kubeconfig: FileState = absent,
  strangers: readonly (string | null)[] = [],
) {
  return kubeVipManifest.diff(
    { ...args, ...over },
    { manifest, kubeconfig, network: bareNetwork, strangers },
    taskOn('cp5'),
  );
}

describe('kube_vip_manifest', () => {
  it('foresees the exact text of a known version, with the interface whose network holds the VIP', () => {
    const change = decide({});
    expect(change?.edits).toEqual([{ subject: args.dest, before: null, after: text }]);
    expect(change?.forecast).toEqual({ kind: 'known' });
    expect(change?.effects).toEqual([
      { key: `file:${args.dest}`, state: regularFile(args.dest, text, permissions) },
    ]);
  });

  it('changes nothing where the manifest is there, in whichever spelling kube-vip left it', () => {
    expect(decide({}, regularFile(args.dest, text, permissions))).toBeNull();
    expect(decide({}, regularFile(args.dest, `${text}\n`, permissions))).toBeNull();
    const older = text.replace('metadata:\n', 'metadata:\n  creationTimestamp: null\n');
    expect(decide({}, regularFile(args.dest, older, permissions))).toBeNull();
  });

  it('mends the mode of a readable manifest', () => {
    const open = regularFile(args.dest, text, { ...permissions, mode: '0644' });
    expect(decide({}, open)?.edits).toContainEqual({
      subject: `${args.dest} mode`,
      before: '0644',
      after: '0600',
    });
  });

  it('says unknown for a version that only its container knows', () => {
    const forecast = decide({ version: 'v1.1.0' })?.forecast;
    expect(forecast?.kind === 'unknown' ? forecast.unknown : null).toEqual(
      new Unknown('only the container of kube-vip v1.1.0 knows its manifest'),
    );
  });

  it.each([
    ['an interface that is not there', { interface: 'ens33' }],
    ['a VIP of another network', { vip: '192.168.1.60' }],
    ["a VIP that is the node's own address", { vip: '10.77.0.5' }],
    ['a version that cannot start', { version: 'v1.2.2' }],
    ['the built-in text of an unknown version', { version: 'v1.1.0', generator: 'builtin' as const }],
    ['BGP without its settings', { mode: 'bgp' as const }],
    [
      'settings of BGP in ARP mode',
      { bgp: { as: 65000, router_id: '10.77.0.5', peers: ['10.77.0.1:65001::false'] } },
    ],
    ['a pod that would do nothing', { controlplane: false, services: false }],
    [
      'a lease where no leader is elected',
      { leader_election: false, lease: { duration: 5, renew: 3, retry: 1 } },
    ],
    ['a lease that cannot be renewed', { lease: { duration: 3, renew: 3, retry: 1 } }],
    ['a prefix length that no IPv4 address has', { subnet: '64' }],
    ['a prefix length for two VIPs', { subnet: '32,128' }],
    ['two VIPs of one family', { vip: ['10.77.0.60', '10.77.0.61'] }],
    ['a second VIP of another network', { vip: ['10.77.0.60', 'fd00::60'] }],
    ['a version that goes silent, for Services alone', { version: 'v1.2.2', controlplane: false }],
    ['a further flag that an argument sets', { extra_args: ['--leaseDuration=5'] }],
    ['a further flag that makes no manifest', { extra_args: ['--help'] }],
    ['a flag and its value in one text', { extra_args: ['--leaseName other'] }],
    ['a value without a flag', { extra_args: ['--leaseName', 'other', 'more'] }],
    [
      'the built-in text with a further flag',
      { extra_args: ['--leaseName', 'other'], generator: 'builtin' as const },
    ],
    ['a variable that an argument sets', { extra_env: { vip_interface: 'eth0' } }],
    ['a variable without a proper name', { extra_env: { 'a b': 'c' } }],
  ])('refuses %s', (_, over) => {
    expect(problemOf(() => decide(over))).toMatchSnapshot();
  });

  it('refuses a VIP that answers from a machine without API server', () => {
    expect(problemOf(() => decide({}, absent, absent, ['52:54:00:12:34:56']))).toMatchInlineSnapshot(`
      "HAPB6515: the VIP 10.77.0.60 is in use: 52:54:00:12:34:56 answers ARP for it, and no API server does
        Take another address, or switch that machine off. Where it is a node on which the VIP was left behind: ip addr del 10.77.0.60/32 dev INTERFACE."
    `);
  });

  it('says unknown for a further flag, and knows the one for load balancing', () => {
    const forecast = decide({ extra_args: ['--leaseName', 'other'] })?.forecast;
    expect(forecast?.kind === 'unknown' ? forecast.unknown : null).toEqual(
      new Unknown('only the container of kube-vip v1.1.2 knows its manifest with --leaseName other'),
    );
    expect(decide({ extra_args: ['--enableLoadBalancer'] })?.edits[0]?.after).toContain('name: lb_enable');
  });

  it('puts further variables behind the others, or in the place of what the generator sets by itself', () => {
    const after = decide({ extra_env: { prometheus_server: ':2113', vip_log: 5, tz: 'on' } })?.edits[0]
      ?.after;
    expect(after).toBe(
      text.replace(
        'value: :2112\n',
        'value: :2113\n    - name: vip_log\n      value: "5"\n    - name: tz\n      value: "on"\n',
      ),
    );
  });

  it('takes the short names of kubeadm’s kubeconfigs', () => {
    expect(decide({ kubeconfig: 'super-admin.conf' })?.edits[0]?.after).toContain(
      'path: /etc/kubernetes/super-admin.conf\n',
    );
  });

  it('elects no leader in BGP mode unless asked to', () => {
    const bgp = { as: 65000, router_id: '10.77.0.5', peers: ['10.77.0.1:65001::false'] };
    expect(decide({ mode: 'bgp', bgp })?.edits[0]?.after).not.toContain('vip_leaderelection');
    const elected = decide({ mode: 'bgp', bgp, leader_election: true })?.edits[0]?.after;
    expect(elected).toContain('vip_leaderelection');
    expect(elected).toContain('vip_interface\n      value: lo\n');
  });

  it('does not mind comments and another order of keys', () => {
    const [head = '', spec = ''] = text.split(/(?=^spec:)/m);
    const turned = `# by hand\n${spec.replace('status: {}\n', '')}${head}`;
    expect(decide({}, regularFile(args.dest, turned, permissions))).toBeNull();
    expect(decide({}, regularFile(args.dest, text.replace('6443', '6444'), permissions))).not.toBeNull();
    expect(decide({}, regularFile(args.dest, 'Usage: {', permissions))).not.toBeNull();
  });

  it('refuses a directory in the place of admin.conf', () => {
    const directory: FileState = { kind: 'directory', mode: '0755', owner: 'root', group: 'root' };
    expect(problemOf(() => decide({}, absent, directory))).toMatch(
      /^HAPB6511: \/etc\/kubernetes\/admin.conf on cp5 is a directory/,
    );
  });
});

describe("a container's output", () => {
  it('is taken when it is the manifest, with the image by its asked-for name', () => {
    const mirrored = { ...settings, image: 'mirror.example/kube-vip' };
    const printed = validated({ text: `${text}\n`, stderr: '', settings: mirrored });
    expect(printed).toContain('    image: mirror.example/kube-vip:v1.1.2\n');
  });

  it.each([
    ['help and exit code 0', 'Generate a Pod Manifest\n\nUsage:\n  kube-vip manifest pod [flags]\n'],
    ['nothing', ''],
    ['no YAML', '{'],
    ['another kind', text.replace('kind: Pod', 'kind: DaemonSet')],
    ['a pod of another name', text.replace('  name: kube-vip\n', '  name: kube-vip-ds\n')],
    ['an image of another version', text.replace('kube-vip:v1.1.2', 'kube-vip:v1.1.1')],
    ['a manifest for another address', text.replace('10.77.0.60', '10.77.0.61')],
    ['two documents', `${text}---\n${text}`],
  ])('is refused when it is %s', (_, printed) => {
    expect(problemOf(() => validated({ text: printed, stderr: 'ERROR no address\n', settings }))).toMatch(
      /^HAPB6508: /,
    );
  });
});

describe('applying', () => {
  function hostThatPrints(stdout: string, exitCode = 0) {
    return fakeHost({
      name: 'cp5',
      onRun: ({ sh }) => (sh.includes('ctr -n k8s.io run') ? { stdout, exitCode } : {}),
    });
  }
  function writes(host: ReturnType<typeof fakeHost>) {
    return host.deeds.flatMap((deed) => (deed.kind === 'write' ? [deed.file] : []));
  }

  it('writes the built-in text when the container prints the same', async () => {
    const host = hostThatPrints(`${text}\n`);
    const change = decide({});
    if (change === null) throw new Error('there is something to do');
    expect(await kubeVipManifest.apply(change, host)).toEqual({ interface: 'host0', dest: args.dest });
    expect(writes(host)).toEqual([{ path: args.dest, content: text, ...permissions }]);
  });

  it('asks the container again when ctr lost what it printed, and gives up when that goes on', async () => {
    const printed = ['', '', `${text}\n`];
    const flaky = fakeHost({
      name: 'cp5',
      onRun: ({ sh }) => (sh.includes('ctr -n k8s.io run') ? { stdout: printed.shift() ?? '' } : {}),
    });
    const change = decide({});
    if (change === null) throw new Error('there is something to do');
    await kubeVipManifest.apply(change, flaky);
    expect(writes(flaky)).toEqual([{ path: args.dest, content: text, ...permissions }]);
    const silent = hostThatPrints('');
    await expect(kubeVipManifest.apply(change, silent)).rejects.toMatchObject({
      problem: { code: 'HAPB6508' },
    });
    expect(silent.deeds).toHaveLength(3);
  });

  it.each([
    ['another manifest', text.replace('NET_RAW', 'SYS_ADMIN'), 0, 'HAPB6509'],
    ['its help', 'Generate a Pod Manifest\n', 0, 'HAPB6508'],
    ['an unknown flag', 'unknown flag: --cidr\n', 1, 'HAPB6507'],
    ['that a value is wrong', 'Error: invalid argument "x" for "--lbPort" flag: strconv', 1, 'HAPB6507'],
    ['that the socket is closed to it', '', 91, 'HAPB6565'],
  ])('writes nothing when the container prints %s', async (_, printed, exitCode, code) => {
    const host = hostThatPrints(printed, exitCode);
    const change = decide({});
    if (change === null) throw new Error('there is something to do');
    await expect(kubeVipManifest.apply(change, host)).rejects.toMatchObject({ problem: { code } });
    expect(writes(host)).toEqual([]);
  });

  it('names a full disk of the node as the reason why its container could not run', async () => {
    const words =
      'ctr: failed to prepare extraction snapshot: mkdir /var/lib/containerd/x: no space left on device\n';
    const change = decide({});
    if (change === null) throw new Error('there is something to do');
    const full = fakeHost({ name: 'cp5', onRun: () => ({ exitCode: 1, stderr: words }) });
    await expect(kubeVipManifest.apply(change, full)).rejects.toMatchObject({
      problem: {
        code: 'HAPB6507',
        message: 'ghcr.io/kube-vip/kube-vip:v1.1.2 could not make its manifest: no space left on device',
        hint: 'Free some space on the host, then run the same command again.',
      },
    });
  });

  it('writes the built-in text where there is no image to compare with, and needs one for others', async () => {
    const host = hostThatPrints('', 90);
    const change = decide({});
    const other = decide({ version: 'v1.1.0' });
    if (change === null || other === null) throw new Error('there is something to do');
    await kubeVipManifest.apply(change, host);
    expect(writes(host)).toEqual([{ path: args.dest, content: text, ...permissions }]);
    await expect(kubeVipManifest.apply(other, host)).rejects.toMatchObject({ problem: { code: 'HAPB6506' } });
  });

  it('adds further variables to what the container prints', async () => {
    const extra = readFileSync(
      new URL('../../../golden/kube-vip/v1.1.2/extra.yaml', import.meta.url),
      'utf8',
    );
    const host = hostThatPrints(extra.replace('172.24.1.60', args.vip as string));
    const change = decide({ extra_args: ['--enableNodeLabeling'], extra_env: { tz: 'UTC' } });
    if (change === null) throw new Error('there is something to do');
    await kubeVipManifest.apply(change, host);
    const written = writes(host)[0]?.content;
    expect(written).toContain('name: enable_node_labeling');
    expect(written).toContain('    - name: tz\n      value: UTC\n    image: ');
  });

  it('changes nothing when a version that only its container knows prints what is there', async () => {
    const unknown = text.replace('kube-vip:v1.1.2', 'kube-vip:v1.1.0');
    const host = hostThatPrints(unknown);
    const change = decide({ version: 'v1.1.0' }, regularFile(args.dest, unknown, permissions));
    if (change === null) throw new Error('only the container knows');
    expect(await kubeVipManifest.apply(change, host)).toMatchObject({ changed: false });
    expect(writes(host)).toEqual([]);
  });
});
