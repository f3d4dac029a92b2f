import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all, each, map, on } from '../ask.ts';
import type { HostWriter, Module } from '../module.ts';
import { refuseDirectoryTrap, refuseForeign, refusePartial, withPort } from './kubeadm-common.ts';
import { initConfig } from './kubeadm-config.ts';
import { type KubeadmFacts, kubeadmFacts, kubeadmKey } from './kubeadm-facts.ts';
import { initArgs, type KubeadmInitArgs } from './kubeadm-init-args.ts';
import { followKubeadm, runKubeadm } from './kubeadm-run.ts';
import { type InitState, initState, memberFacts, type OtherNode } from './kubeadm-state.ts';
import { parseStored, refuseOtherCluster } from './kubeadm-stored.ts';
import { type Network, network } from './network.ts';
import { nodeAddress } from './node-address.ts';

interface State {
  readonly own: KubeadmFacts;
  readonly others: readonly OtherNode[];
  readonly network: Network;
}

interface Wanted extends Change {
  readonly config: string;
  readonly args: KubeadmInitArgs;
  readonly output: Output;
}

/** What an earlier init leaves behind and init may find again (kubeadm's names of its checks). */
const resumable = [
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'].map(
    (pod) => `FileAvailable--etc-kubernetes-manifests-${pod}.yaml`,
  ),
  ...[6443, 10250, 10257, 10259, 2379, 2380].map((port) => `Port-${port}`),
  'DirAvailable--var-lib-etcd',
];

/** Makes the first control-plane node. */
export const kubeadmInit: Module<KubeadmInitArgs, State, Wanted> = {
  name: 'kubeadm_init',
  summary: 'Makes the first node of a control plane with kubeadm init.',
  notes: [
    'What is there is judged by files, API server and etcd together, on this host and on the other hosts of the play: an init that was cut is taken up again, a node of another cluster is refused, and where another host of the play has a cluster already, no second one is made.',
    'kubeadm runs detached: a lost connection does not stop it, and the next run follows it. While it is silent, what the kubelet and crashing containers say is shown after 20 seconds.',
    'No certificates are uploaded and no join command is printed: kubeadm_join makes its own token and key for each join.',
    'Undo: `kubeadm reset -f` on the node.',
  ],
  args: initArgs,
  traits: ['durable'],
  returns: { endpoint: 'Name and port of the control plane.', advertise_address: "The node's address." },
  example: `- kubeadm_init:
    endpoint: k8s-api.example.net:6443
    kubernetes_version: v1.34.2
    cert_sans: [172.24.1.60, cp1, cp2, cp3]
    pod_subnet: 10.244.0.0/16
`,
  probe: (args, task) => {
    const others = task.playHosts.filter((name) => name !== task.host);
    return all({
      own: kubeadmFacts(args.node_name ?? null),
      others: each(
        others.map((host) =>
          map(on({ kind: 'other', host }, kubeadmFacts(null)), (facts) => ({ host, facts })),
        ),
      ),
      network: network(),
    });
  },
  diff: (args, state, task) => {
    refuseDirectoryTrap(state.own, task.host);
    const found = initState(state.own, state.others);
    const config = configOf(args, state, task.host);
    const output = outputOf(args, state, task.host);
    const step = stepFor(args, found, task.host);
    if (step === null) return null;
    return {
      config,
      args,
      output,
      summary: step.summary,
      edits: step.step === 'follow' ? [] : [{ subject: 'kubeadm init', before: null, after: config }],
      effects: [{ key: kubeadmKey, state: memberFacts(state.own, null) }],
      forecast: known,
    };
  },
  apply: async (wanted, host) => {
    const { args, config } = wanted;
    const timeoutMs = args.timeout * 1000;
    let worked = false;
    // Each round asks anew: a kubeadm that was followed may have been another one, or have failed to finish.
    for (let round = 0; round < 3; round += 1) {
      const now = initState(await host.ask(kubeadmFacts(args.node_name ?? null)), []);
      if (now.kind === 'member') break;
      if (now.kind === 'running') {
        await followKubeadm(host, { command: 'init', timeoutMs });
      } else {
        const ignore = [...args.ignore_preflight_errors, ...(now.kind === 'resumable' ? resumable : [])];
        const ended = await runKubeadm(host, { command: 'init', config, ignore, timeoutMs });
        worked ||= ended.kind === 'finished' && !ended.adopted;
        if (worked) break;
      }
    }
    await confirm(host, args.node_name ?? null);
    return { ...wanted.output, changed: worked };
  },
  output: (args, state, task) => outputOf(args, state, task.host),
  foreseen: (wanted) => wanted.output,
};

interface Step {
  readonly step: 'init' | 'resume' | 'follow';
  readonly summary: string;
}

function stepFor(args: KubeadmInitArgs, found: InitState, host: string): Step | null {
  const endpoint = withPort(args.endpoint, args.port);
  switch (found.kind) {
    case 'none':
      return {
        step: 'init',
        summary: `initialise the control plane ${endpoint} (${args.kubernetes_version})`,
      };
    case 'running':
      return { step: 'follow', summary: `follow the kubeadm ${found.command} that is running` };
    case 'resumable':
      if (args.on_partial === 'fail') refusePartial(host, `missing: ${found.missing.join(', ')}`);
      return {
        step: 'resume',
        summary: `finish the init that was cut (missing: ${found.missing.join(', ')})`,
      };
    case 'member': {
      const stored = parseStored(found.api.clusterConfiguration ?? '');
      refuseOtherCluster(stored, {
        endpoint,
        podSubnet: args.pod_subnet ?? null,
        serviceSubnet: args.service_subnet,
        dnsDomain: args.dns_domain,
      });
      return null;
    }
    case 'silent-member':
      throw new Failure({
        code: 'HAPB6523',
        message: `${host} is part of a cluster (with ${found.others.join(', ')}), but its API server does not answer`,
        hint: `Repair it there (journalctl -u kubelet; crictl ps -a), or make another node the first one. It is not initialised again: that would make a second cluster.`,
      });
    case 'cluster-elsewhere':
      throw new Failure({
        code: 'HAPB6524',
        message: `${found.host} has a control plane already, and ${host} is not part of it`,
        hint: `Put ${found.host} first into the group, so that ${host} joins it. Initialising ${host} would make a second cluster.`,
      });
    case 'foreign':
      return refuseForeign(host, found.evidence);
  }
}

function configOf(args: KubeadmInitArgs, state: State, host: string): string {
  return initConfig({
    kubernetesVersion: args.kubernetes_version,
    endpoint: withPort(args.endpoint, args.port),
    node: {
      name: args.node_name ?? null,
      address: nodeAddress(args.advertise_address, state.network, host),
      port: args.port,
      criSocket: args.cri_socket,
    },
    certSans: sansOf(args),
    podSubnet: args.pod_subnet ?? null,
    serviceSubnet: args.service_subnet,
    dnsDomain: args.dns_domain,
    skipPhases: args.skip_phases,
    featureGates: args.feature_gates,
    imageRepository: args.image_repository ?? null,
    kubelet: args.kubelet,
    patches: args.config_patch,
  });
}

/** The endpoint's own name or address is always among them. */
function sansOf(args: KubeadmInitArgs): readonly string[] {
  const endpoint = withPort(args.endpoint, args.port)
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
  return [...new Set([endpoint, ...args.cert_sans])];
}

function outputOf(args: KubeadmInitArgs, state: State, host: string): Output {
  return {
    endpoint: withPort(args.endpoint, args.port),
    advertise_address: nodeAddress(args.advertise_address, state.network, host),
  };
}

/** kubeadm's exit code is not enough: what the next run would ask is asked now. @throws Failure HAPB6527 */
async function confirm(host: HostWriter, nodeName: string | null): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = initState(await host.ask(kubeadmFacts(nodeName)), []);
    if (found.kind === 'member') return;
    if (Date.now() > deadline) {
      const missing = found.kind === 'resumable' ? `; missing: ${found.missing.join(', ')}` : '';
      throw new Failure({
        code: 'HAPB6527',
        message: `kubeadm init ended on ${host.name}, but its control plane is not whole (${found.kind}${missing})`,
        hint: 'Look at the kubelet (journalctl -u kubelet) and the containers (crictl ps -a); then run again.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
