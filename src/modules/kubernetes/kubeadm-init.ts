import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { all, each, map, nothing, on } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect, regularFile } from '../asks/file-state.ts';
import type { Module } from '../module.ts';
import {
  apiserverCertificatePath,
  certificateEffect,
  kubeadmNames,
  type ServingCertificate,
  servingCertificate,
} from './apiserver-certificate.ts';
import { withPort } from './kubeadm-common.ts';
import { clusterOf, type Fields, initDocuments } from './kubeadm-config.ts';
import { dryRun, type Objection, refuseObjected } from './kubeadm-dry-run.ts';
import { type KubeadmFacts, kubeadmFacts, kubeadmKey, kubeadmVersion } from './kubeadm-facts.ts';
import { initArgs, type KubeadmInitArgs } from './kubeadm-init-args.ts';
import { type InitStep, type InitWish, nextStep } from './kubeadm-init-steps.ts';
import { type InitPlan, initialise, resumable } from './kubeadm-init-work.ts';
import { memberFacts, type OtherNode } from './kubeadm-state.ts';
import { lifelongOf } from './kubeadm-stored.ts';
import { type Network, network } from './network.ts';
import { nodeAddress } from './node-address.ts';
import { yamlDocuments, yamlText } from './yaml-text.ts';

interface State {
  readonly own: KubeadmFacts;
  readonly others: readonly OtherNode[];
  readonly certificate: ServingCertificate | null;
  readonly network: Network;
  /** What `config_path` holds. */
  readonly kept: FileState;
  readonly version: string;
  readonly objection: Objection;
}

interface Wanted extends Change {
  readonly plan: InitPlan;
  readonly step: InitStep['kind'];
  readonly output: Output;
}

/** Makes the first control-plane node. */
export const kubeadmInit: Module<KubeadmInitArgs, State, Wanted> = {
  name: 'kubeadm_init',
  summary: 'Makes the first node of a control plane with kubeadm init.',
  notes: [
    'What is there is judged by files, API server and etcd together, on this host and on the other hosts of the play: an init that was cut is taken up again (or as `on_partial` says), a node of another cluster is refused, and where another host of the play has a cluster already, no second one is made.',
    "On a cluster that is there, names are added: where `cert_sans` has one that the API server's certificate lacks, the certificate is made anew (the old pair is kept in /etc/kubernetes/hapb-backup), the API server takes it up without an interruption, and ClusterConfiguration is stored with it. Names are never taken away. kubeadm_join does the same for the other nodes, by what is stored. Endpoint, subnets and domain are fixed for life: other values are an error.",
    'kubeadm runs detached: a lost connection does not stop it, and the next run follows it. While it is silent, what the kubelet and crashing containers say is shown after 20 seconds; when it fails, the error tells what containers and kubelet said last.',
    '`certificate_key` reaches kubeadm through a file in /run that is gone when kubeadm ends. No join command is printed: kubeadm_join makes its own token and key for each join.',
    '`on_partial: reset` keeps the certificates and manifests that were there in a folder of /etc/kubernetes/hapb-backup, and puts back the manifests that are not of kubeadm, such as that of kube-vip. Where etcd has begun to write its data, it refuses.',
    'Undo: `kubeadm reset -f` on the node.',
  ],
  args: initArgs,
  traits: ['durable'],
  returns: {
    endpoint: 'Name and port of the control plane.',
    advertise_address: "The node's address.",
    ca_hash: "Hash of the cluster CA's public key, as `kubeadm join` wants it.",
    certificate_key: 'The key of certificates that were uploaded now (secret); else null.',
  },
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
      certificate: servingCertificate(apiserverCertificatePath),
      network: network(),
      kept: file(args.config_path, { content: 'text' }),
      version: args.kubernetes_version === undefined ? kubeadmVersion() : nothing(args.kubernetes_version),
      objection:
        args.dry_run === true ? dryRun(configToTry(args), args.ignore_preflight_errors) : nothing(null),
    });
  },
  diff: (args, found, task) => {
    const plan = planOf(args, found, task.host);
    const step = nextStep(plan.wish, found);
    if (step === null) return null;
    // A reset takes the CA with it.
    const state = step.kind === 'reset' ? { ...found, own: { ...found.own, ca: null } } : found;
    if (isMaking(step.kind)) {
      refuseObjected(state.objection, { host: task.host, expected: step.kind === 'init' ? [] : resumable });
    }
    return {
      plan,
      step: step.kind,
      output: outputOf(args, state, task.host),
      summary: step.summary,
      edits: editsOf(step, { plan, state }),
      effects: effectsOf(step, { plan, state }),
      forecast: step.kind === 'wait' ? { kind: 'unknown', unknown: comeBack(step.hope) } : known,
    };
  },
  apply: async (wanted, host) => ({ ...wanted.output, ...(await initialise(wanted.plan, host)) }),
  output: (args, state, task) => outputOf(args, state, task.host),
  foreseen: (wanted) => {
    const { ca_hash: hash = null, certificate_key: key = null, ...output } = wanted.output;
    const makesKey = wanted.plan.args.upload_certs && isMaking(wanted.step);
    return {
      ...output,
      // Somebody else has begun it.
      ...(wanted.step === 'follow' ? { changed: false } : {}),
      ...(makesKey ? {} : { certificate_key: key }),
      ...(hash === null ? {} : { ca_hash: hash }),
    };
  },
};

/** Whether kubeadm init is run. */
function isMaking(kind: InitStep['kind']): boolean {
  return kind === 'init' || kind === 'resume' || kind === 'reset';
}

function planOf(args: KubeadmInitArgs, state: State, host: string): InitPlan {
  const address = nodeAddress(args.advertise_address, state.network, host);
  const documents = documentsOf(args, { address, version: state.version });
  const wish: InitWish = {
    host,
    kubernetesVersion: state.version,
    onPartial: args.on_partial,
    cluster: clusterOf(documents),
  };
  return { args, wish, address, others: state.others, config: yamlDocuments(documents) };
}

function configToTry(args: KubeadmInitArgs): string {
  const { advertise_address: wanted, kubernetes_version: version = '' } = args;
  return yamlDocuments(documentsOf(args, { address: wanted === 'auto' ? null : wanted, version }));
}

function documentsOf(
  args: KubeadmInitArgs,
  node: { readonly address: string | null; readonly version: string },
): readonly Fields[] {
  const endpoint = withPort(args.endpoint, args.port);
  return initDocuments({
    kubernetesVersion: node.version,
    endpoint,
    node: {
      name: args.node_name ?? null,
      address: node.address,
      port: args.port,
      criSocket: args.cri_socket,
    },
    certSans: args.cert_sans,
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

interface Step {
  readonly plan: InitPlan;
  readonly state: State;
}

function comeBack(hope: string): Unknown {
  return new Unknown(`whether ${hope}`);
}

function editsOf(step: InitStep, { plan, state }: Step): readonly Edit[] {
  if (step.kind === 'follow' || step.kind === 'wait') return [];
  const kept =
    state.kept.kind === 'file' && typeof state.kept.content === 'string' ? state.kept.content : null;
  const config: readonly Edit[] =
    kept === plan.config ? [] : [{ subject: plan.args.config_path, before: kept, after: plan.config }];
  if (!('certSans' in step)) return config;
  const list = (names: readonly string[]): string => names.map((name) => `${name}\n`).join('');
  const stored = step.certSans.filter((name) => !step.unstored.includes(name));
  const { certificate } = state;
  const lost = step.kind === 'renew' && step.fault.kind === 'lost';
  const missing = step.kind === 'renew' && step.fault.kind === 'lacks' ? step.fault.names : [];
  return [
    ...(step.kind === 'store'
      ? []
      : [
          {
            subject: "names in the API server's certificate",
            before: lost || certificate === null ? null : list(certificate.names),
            after: list(lost || certificate === null ? step.certSans : [...certificate.names, ...missing]),
          },
        ]),
    ...(step.unstored.length === 0
      ? []
      : [{ subject: 'certSANs in kubeadm-config', before: list(stored), after: list(step.certSans) }]),
    ...config,
  ];
}

function effectsOf(step: InitStep, { plan, state }: Step): readonly Effect[] {
  const { own } = state;
  if (step.kind === 'wait') return [{ key: kubeadmKey, state: comeBack(step.hope) }];
  const other = state.others.find(({ facts: { api } }) => api !== null);
  const { endpoint, serviceSubnet, dnsDomain, certSans } = lifelongOf(plan.wish.cluster);
  const made = kubeadmNames({
    name: own.nodeName,
    address: plan.address,
    endpoint,
    serviceSubnet,
    dnsDomain,
  });
  const names = 'certSans' in step ? [...step.certSans, ...(state.certificate?.names ?? [])] : certSans;
  const cluster = 'cluster' in step ? step.cluster : plan.wish.cluster;
  const api = {
    node: 'control-plane',
    clusterConfiguration: yamlText(cluster),
    clusterInfo: 'present',
  } as const;
  // A member stays what it is, but for the names; everything else becomes one.
  const facts = own.api !== null && 'cluster' in step ? own : memberFacts(own, other?.facts ?? null);
  const permissions = { mode: '0600', owner: 'root', group: 'root' };
  const { config_path: path } = plan.args;
  return [
    { key: kubeadmKey, state: { ...facts, api } },
    certificateEffect([...made, ...names]),
    ...(step.kind === 'follow' ? [] : [fileEffect(path, regularFile(path, plan.config, permissions))]),
  ];
}

function outputOf(args: KubeadmInitArgs, state: State, host: string): Output {
  return {
    endpoint: withPort(args.endpoint, args.port),
    advertise_address: nodeAddress(args.advertise_address, state.network, host),
    ca_hash: state.own.ca,
    certificate_key: null,
  };
}
