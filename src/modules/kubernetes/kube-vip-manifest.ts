import type { Change } from '../../core/change.ts';
import { known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { all } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect, regularFile } from '../asks/file-state.ts';
import type { Module } from '../module.ts';
import { containerManifest } from './kube-vip-container.ts';
import { vipInterface } from './kube-vip-interface.ts';
import { type KubeVipManifestArgs, kubeVipManifestArgs } from './kube-vip-manifest-args.ts';
import { type KubeVipSettings, kubeVipText } from './kube-vip-text.ts';
import {
  type KubeVipVersion,
  knownKubeVipVersions,
  kubeVipDefect,
  kubeVipVersion,
} from './kube-vip-versions.ts';
import { type Network, network } from './network.ts';

interface State {
  readonly manifest: FileState;
  readonly kubeconfig: FileState;
  readonly network: Network;
}

interface Wanted extends Change {
  readonly args: KubeVipManifestArgs;
  readonly settings: KubeVipSettings;
  /** `null`: only the container knows. */
  readonly version: KubeVipVersion | null;
  readonly builtin: string | null;
  readonly present: string | null;
}

/** Writes kube-vip's static pod, which gives the control plane its virtual address. */
export const kubeVipManifest: Module<KubeVipManifestArgs, State, Wanted> = {
  name: 'kube_vip_manifest',
  summary: "Writes the manifest of kube-vip's static pod, which carries the control plane's virtual address.",
  notes: [
    `For the versions ${knownKubeVipVersions.join(', ')} the manifest is known without running anything, so check mode shows its exact text; a run compares it with what the container on the node prints and writes nothing where they differ. For other versions the container's output is used after it was checked, and check mode says unknown.`,
    'Undo: remove the file and wait until the pod is gone; kube-vip takes the address off the interface.',
  ],
  args: kubeVipManifestArgs,
  returns: { interface: 'Interface that carries the VIP.', dest: 'Path of the manifest.' },
  example: `- kube_vip_manifest:
    version: v1.1.2
    vip: 172.24.1.60
    lease: { duration: 5, renew: 3, retry: 1 }
`,
  probe: (args) =>
    all({
      manifest: file(args.dest, { content: 'text' }),
      kubeconfig: file(args.kubeconfig, { content: 'none' }),
      network: network(),
    }),
  diff: (args, state, task) => {
    refuseDefects(args);
    if (state.kubeconfig.kind === 'directory') throw kubeconfigIsDirectory(args.kubeconfig, task.host);
    const settings = settingsOf(args, vipInterface({ ...args, host: task.host }, state.network));
    const version = kubeVipVersion(args.version);
    const builtin =
      version === null || args.generator === 'container' ? null : kubeVipText(settings, version);
    if (args.generator === 'builtin' && builtin === null) throw unknownVersion(args.version);
    return change({ args, settings, version, builtin, state: state.manifest });
  },
  apply: async (wanted, host) => {
    const { args, settings, builtin } = wanted;
    const text = args.generator === 'builtin' && builtin !== null ? builtin : await checked(wanted, host);
    const output = { interface: settings.interface ?? '', dest: args.dest };
    if (builtin === null && wanted.present !== null && significant(wanted.present) === significant(text)) {
      return { ...output, changed: false };
    }
    const folder = args.dest.slice(0, args.dest.lastIndexOf('/')) || '/';
    await host.run({ sh: '[ -d "$1" ] || mkdir -p -m 0755 "$1"', args: [folder] });
    await host.write({ path: args.dest, content: text, mode: args.mode_file, owner: 'root', group: 'root' });
    return output;
  },
  output: (args, state, task) => ({
    interface: vipInterface({ ...args, host: task.host }, state.network),
    dest: args.dest,
  }),
  foreseen: (wanted) => ({ interface: wanted.settings.interface ?? '', dest: wanted.args.dest }),
};

async function checked(wanted: Wanted, host: Parameters<typeof kubeVipManifest.apply>[1]): Promise<string> {
  const flag = wanted.version?.prefix.flag ?? '--vipSubnet';
  const printed = await containerManifest(host, wanted.settings, flag);
  const { builtin } = wanted;
  if (builtin === null) return printed;
  if (significant(printed) === significant(builtin)) return builtin;
  throw new Failure({
    code: 'HAPB6509',
    message: `the container's manifest of kube-vip ${wanted.settings.version} is not the one that was expected`,
    hint: 'Nothing was written. If the image is the one you want, set `generator: container`; else check where it came from.',
    details: `expected:\n${builtin}\nthe container printed:\n${printed}`,
  });
}

function settingsOf(args: KubeVipManifestArgs, carrier: string): KubeVipSettings {
  const { version, image, vip, port, services, kubeconfig, lease, bgp } = args;
  if (args.mode === 'bgp' && bgp === undefined) throw bgpIsMissing();
  return {
    version,
    image,
    vip,
    interface: carrier,
    port,
    prefix: args.subnet === undefined ? null : Number(args.subnet),
    services,
    loadBalancer: false,
    lease: lease ?? null,
    kubeconfig,
    bgp:
      args.mode === 'bgp' && bgp !== undefined
        ? { as: bgp.as, routerId: bgp.router_id, peers: bgp.peers }
        : null,
  };
}

function change(from: {
  readonly args: KubeVipManifestArgs;
  readonly settings: KubeVipSettings;
  readonly version: KubeVipVersion | null;
  readonly builtin: string | null;
  readonly state: FileState;
}): Wanted | null {
  const { args, settings, version, builtin, state } = from;
  if (state.kind === 'directory' || state.kind === 'other') throw destIsNoFile(args.dest, state.kind);
  const present = state.kind === 'file' && typeof state.content === 'string' ? state.content : null;
  const mode = state.kind === 'file' ? state.mode : null;
  const permissions = { mode: args.mode_file, owner: 'root', group: 'root' };
  const base = {
    args,
    settings,
    version,
    builtin,
    present,
    summary: `write ${args.dest} (${args.mode_file})`,
  };
  if (builtin === null) {
    const unknown = new Unknown(`only the container of kube-vip ${args.version} knows its manifest`);
    const effects = [{ key: fileEffect(args.dest, { kind: 'absent' }).key, state: unknown }];
    return { ...base, edits: [], effects, forecast: { kind: 'unknown', unknown } };
  }
  if (present !== null && significant(present) === significant(builtin) && mode === args.mode_file)
    return null;
  const edits = [
    { subject: args.dest, before: present, after: builtin },
    ...(mode === null || mode === args.mode_file
      ? []
      : [{ subject: `${args.dest} mode`, before: mode, after: args.mode_file }]),
  ];
  return {
    ...base,
    edits,
    effects: [fileEffect(args.dest, regularFile(args.dest, builtin, permissions))],
    forecast: known,
  };
}

/** Lines that carry no meaning for the kubelet are left out of comparisons. */
function significant(text: string): string {
  return text
    .split('\n')
    .filter((line) => line !== '' && line !== 'status: {}' && line !== '  creationTimestamp: null')
    .join('\n');
}

function refuseDefects(args: KubeVipManifestArgs): void {
  const defect = kubeVipDefect(args.version);
  if (defect === null || args.allow_defective) return;
  throw new Failure({
    code: 'HAPB6505',
    message: `kube-vip ${args.version} is not fit for a control plane: ${defect}`,
    hint: 'Use v1.1.2, or set `allow_defective: true` if you know that this does not concern you.',
    argument: 'version',
  });
}

function unknownVersion(version: string): Failure {
  return new Failure({
    code: 'HAPB6510',
    message: `the manifest of kube-vip ${version} is not built in (known: ${knownKubeVipVersions.join(', ')})`,
    hint: 'Use one of these versions, or `generator: auto`, which asks the container.',
    argument: 'generator',
  });
}

function destIsNoFile(dest: string, kind: string): Failure {
  return new Failure({
    code: 'HAPB6512',
    message: `${dest} is a ${kind === 'directory' ? 'directory' : 'device or socket'}, not a file`,
    hint: 'Remove it, or choose another `dest`.',
    argument: 'dest',
  });
}

function bgpIsMissing(): Failure {
  return new Failure({
    code: 'HAPB6513',
    message: 'mode bgp needs `bgp:` with as, router_id and peers',
    hint: 'Add them, or use `mode: arp`.',
    argument: 'mode',
  });
}

function kubeconfigIsDirectory(path: string, host: string): Failure {
  return new Failure({
    code: 'HAPB6511',
    message: `${path} on ${host} is a directory`,
    hint: `The container runtime made it for a pod that mounts it before kubeadm had written the file. Move kube-vip.yaml away, run rmdir ${path}, and run again.`,
    argument: 'kubeconfig',
  });
}
