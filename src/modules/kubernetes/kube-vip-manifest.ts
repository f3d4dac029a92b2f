import type { Change } from '../../core/change.ts';
import { known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { all, each, nothing } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect, regularFile } from '../asks/file-state.ts';
import type { HostWriter, Module } from '../module.ts';
import { containerManifest } from './kube-vip-container.ts';
import { extraVariables } from './kube-vip-extra.ts';
import { vipInterface } from './kube-vip-interface.ts';
import { type KubeVipManifestArgs, kubeVipManifestArgs } from './kube-vip-manifest-args.ts';
import { refuseStranger, type Stranger, stranger } from './kube-vip-neighbour.ts';
import { podOf, podText, samePod, withVariables } from './kube-vip-pod.ts';
import { kubeconfigPath, kubeVipSettings, vipsOf } from './kube-vip-settings.ts';
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
  /** For each VIP. */
  readonly strangers: readonly Stranger[];
}

interface Wanted extends Change {
  readonly args: KubeVipManifestArgs;
  readonly settings: KubeVipSettings;
  /** `null`: only the container knows. */
  readonly version: KubeVipVersion | null;
  readonly builtin: string | null;
  readonly present: string | null;
  readonly mode: string | null;
}

/** Writes kube-vip's static pod, which gives the control plane its virtual address. */
export const kubeVipManifest: Module<KubeVipManifestArgs, State, Wanted> = {
  name: 'kube_vip_manifest',
  summary: "Writes the manifest of kube-vip's static pod, which carries the control plane's virtual address.",
  notes: [
    `For the versions ${knownKubeVipVersions.join(', ')} the manifest is known without running anything, so check mode shows its exact text; a run compares it with what the container prints, where its image is on the node, and writes nothing where they differ. For other versions, and with flags in \`extra_args\`, the container's output is used after it was checked, and check mode says unknown.`,
    'The manifest is compared by its meaning: comments and the order of keys do not count.',
    'In ARP mode kube-vip elects who carries the VIP of the control plane even without `leader_election`, with durations of its own.',
    'A password among the BGP peers stands in the manifest, which only root can read by default, and in the command line of the container while it makes its own; `generator: builtin` runs none.',
    'Undo: remove the file, wait until the container is gone (`crictl ps`), and take off what it may have left: `ip addr del VIP/32 dev INTERFACE`.',
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
      kubeconfig: file(kubeconfigPath(args), { content: 'none' }),
      network: network(),
      strangers:
        args.mode === 'bgp'
          ? nothing<readonly Stranger[]>([])
          : each(vipsOf(args).map((vip) => stranger(vip, args))),
    }),
  diff: (args, state, task) => {
    refuseDefects(args);
    const settings = kubeVipSettings(args, carrierOf(args, state, task.host));
    const variables = extraVariables(args.extra_env);
    if (state.kubeconfig.kind === 'directory') throw kubeconfigIsDirectory(settings.kubeconfig, task.host);
    for (const [index, vip] of settings.vips.entries()) refuseStranger(vip, state.strangers[index] ?? null);
    const version = kubeVipVersion(args.version);
    const plain = version === null || args.generator === 'container' ? null : kubeVipText(settings, version);
    const builtin = plain === null ? null : merged(plain, variables);
    if (args.generator === 'builtin' && builtin === null) throw notBuiltIn(settings, version);
    return change({ args, settings, version, builtin, state: state.manifest });
  },
  apply: async (wanted, host) => {
    const { args, settings, builtin } = wanted;
    const text = args.generator === 'builtin' && builtin !== null ? builtin : await checked(wanted, host);
    const output = { interface: settings.interface ?? '', dest: args.dest };
    if (builtin === null && wanted.present !== null && wanted.mode === args.mode_file) {
      if (samePod(wanted.present, text)) return { ...output, changed: false };
    }
    const folder = args.dest.slice(0, args.dest.lastIndexOf('/')) || '/';
    await host.run({ sh: '[ -d "$1" ] || mkdir -p -m 0755 "$1"', args: [folder] });
    await host.write({ path: args.dest, content: text, mode: args.mode_file, owner: 'root', group: 'root' });
    return output;
  },
  output: (args, state, task) => ({ interface: carrierOf(args, state, task.host), dest: args.dest }),
  foreseen: (wanted) => ({ interface: wanted.settings.interface ?? '', dest: wanted.args.dest }),
};

/** The interface that carries every VIP. */
function carrierOf(args: KubeVipManifestArgs, state: State, host: string): string {
  const { mode } = args;
  return vipsOf(args).reduce(
    (carrier, vip) => vipInterface({ vip, interface: carrier, mode, host }, state.network),
    args.interface,
  );
}

function merged(text: string, variables: ReturnType<typeof extraVariables>): string {
  const pod = variables.length === 0 ? null : podOf(text);
  return pod === null ? text : podText(withVariables(pod, variables));
}

async function checked(wanted: Wanted, host: HostWriter): Promise<string> {
  const { settings, builtin, args } = wanted;
  const printed = await containerManifest(host, {
    settings,
    prefixFlag: wanted.version?.prefix.flag ?? '--vipSubnet',
    without: builtin === null ? 'image is an error' : 'image is nothing',
  });
  if (printed === null && builtin !== null) {
    host.progress(`the image of kube-vip ${settings.version} is not there to compare with`);
    return builtin;
  }
  const text = merged(printed ?? '', extraVariables(args.extra_env));
  if (builtin === null) return text;
  if (samePod(text, builtin)) return builtin;
  throw new Failure({
    code: 'HAPB6509',
    message: `the container's manifest of kube-vip ${settings.version} is not the one that was expected`,
    hint: 'Nothing was written. If the image is the one you want, set `generator: container`; else check where it came from.',
    details: `expected:\n${builtin}\nprinted:\n${text}`,
  });
}

function change(from: {
  readonly args: KubeVipManifestArgs;
  readonly settings: KubeVipSettings;
  readonly version: KubeVipVersion | null;
  readonly builtin: string | null;
  readonly state: FileState;
}): Wanted | null {
  const { args, settings, builtin, state } = from;
  if (state.kind === 'directory' || state.kind === 'other') throw destIsNoFile(args.dest, state.kind);
  const present = state.kind === 'file' && typeof state.content === 'string' ? state.content : null;
  const mode = state.kind === 'file' ? state.mode : null;
  const permissions = { mode: args.mode_file, owner: 'root', group: 'root' };
  const { version } = from;
  const summary = `write ${args.dest} (${args.mode_file})`;
  const base = { args, settings, version, builtin, present, mode, summary };
  if (builtin === null) {
    const what = settings.extraArgs.length > 0 ? ` with ${settings.extraArgs.join(' ')}` : '';
    const unknown = new Unknown(`only the container of kube-vip ${args.version} knows its manifest${what}`);
    const effects = [{ key: fileEffect(args.dest, { kind: 'absent' }).key, state: unknown }];
    return { ...base, edits: [], effects, forecast: { kind: 'unknown', unknown } };
  }
  const same = present !== null && samePod(present, builtin);
  if (same && mode === args.mode_file) return null;
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

function refuseDefects(args: KubeVipManifestArgs): void {
  const defect = kubeVipDefect(args.version, args.controlplane ? 'control-plane' : 'services-alone');
  if (defect === null || args.allow_defective) return;
  throw new Failure({
    code: 'HAPB6505',
    message: `kube-vip ${args.version} is not fit for ${args.controlplane ? 'a control plane' : 'use'}: ${defect}`,
    hint: 'Use v1.1.2, or set `allow_defective: true` if you know that this does not concern you.',
    argument: 'version',
  });
}

function notBuiltIn(settings: KubeVipSettings, version: KubeVipVersion | null): Failure {
  const names = knownKubeVipVersions.join(', ');
  const why =
    settings.extraArgs.length > 0 ? ` with ${settings.extraArgs.join(' ')}` : ' for these arguments';
  return new Failure({
    code: 'HAPB6510',
    message: `the manifest of kube-vip ${settings.version}${version === null ? '' : why} is not built in${version === null ? ` (known: ${names})` : ''}`,
    hint: `${version === null ? 'Use one of these versions' : 'Leave those out'}, or \`generator: auto\`, which asks the container.`,
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

function kubeconfigIsDirectory(path: string, host: string): Failure {
  return new Failure({
    code: 'HAPB6511',
    message: `${path} on ${host} is a directory`,
    hint: `The container runtime made it for a pod that mounts it before kubeadm had written the file. Move kube-vip.yaml away, run rmdir ${path}, and run again.`,
    argument: 'kubeconfig',
  });
}
