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
  services: true,
  port: 6443,
  kubeconfig: '/etc/kubernetes/admin.conf',
  generator: 'auto',
  dest: '/etc/kubernetes/manifests/kube-vip.yaml',
  mode_file: '0600',
  allow_defective: false,
};
const settings: KubeVipSettings = {
  version: 'v1.1.2',
  image: args.image,
  vip: args.vip,
  interface: 'host0',
  port: 6443,
  prefix: null,
  services: true,
  loadBalancer: false,
  lease: null,
  kubeconfig: args.kubeconfig,
  bgp: null,
};
const known = kubeVipVersion('v1.1.2');
if (known === null) throw new Error('v1.1.2 is known');
const text = kubeVipText(settings, known);
const absent: FileState = { kind: 'absent' };
const permissions = { mode: '0600', owner: 'root', group: 'root' };

function decide(
  over: Partial<KubeVipManifestArgs>,
  manifest: FileState = absent,
  kubeconfig: FileState = absent,
) {
  return kubeVipManifest.diff(
    { ...args, ...over },
    { manifest, kubeconfig, network: bareNetwork },
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
  ])('refuses %s', (_, over) => {
    expect(problemOf(() => decide(over))).toMatchSnapshot();
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

  it.each([
    ['another manifest', text.replace('NET_RAW', 'SYS_ADMIN'), 0, 'HAPB6509'],
    ['its help', 'Generate a Pod Manifest\n', 0, 'HAPB6508'],
    ['an unknown flag', 'unknown flag: --cidr\n', 1, 'HAPB6507'],
    ['nothing, for the image is absent', '', 90, 'HAPB6506'],
  ])('writes nothing when the container prints %s', async (_, printed, exitCode, code) => {
    const host = hostThatPrints(printed, exitCode);
    const change = decide({});
    if (change === null) throw new Error('there is something to do');
    await expect(kubeVipManifest.apply(change, host)).rejects.toMatchObject({ problem: { code } });
    expect(writes(host)).toEqual([]);
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
