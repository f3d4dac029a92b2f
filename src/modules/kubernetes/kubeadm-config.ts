import { coerce, gte } from 'semver';
import { hostOf, union } from './apiserver-certificate.ts';
import { type Data, yamlDocuments } from './yaml-text.ts';

/** What the configuration of `kubeadm init` is made from. */
export interface InitSettings {
  /** With its `v`. */
  readonly kubernetesVersion: string;
  /** `NAME:PORT`. */
  readonly endpoint: string;
  readonly node: NodeSettings;
  readonly certSans: readonly string[];
  readonly podSubnet: string | null;
  readonly serviceSubnet: string;
  readonly dnsDomain: string;
  readonly skipPhases: readonly string[];
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly imageRepository: string | null;
  /** Fields of KubeletConfiguration. */
  readonly kubelet: Readonly<Record<string, Data>>;
  /** Documents that are merged over ours, by kind. */
  readonly patches: readonly Readonly<Record<string, Data>>[];
}

/** What init and join say about the node itself. */
export interface NodeSettings {
  /** `null`: the host name. */
  readonly name: string | null;
  /** `null`: kubeadm chooses it. */
  readonly address: string | null;
  readonly port: number;
  readonly criSocket: string;
}

/** A document of a configuration. */
export type Fields = Readonly<Record<string, Data>>;

/** v1beta4 came with 1.31 and is the only one from about 1.37 on; v1beta3 serves what is older. */
export function kubeadmApi(kubernetesVersion: string): 'v1beta4' | 'v1beta3' {
  const version = coerce(kubernetesVersion);
  return version !== null && gte(version, '1.31.0') ? 'v1beta4' : 'v1beta3';
}

/** The configuration for `kubeadm init`, InitConfiguration first. It holds no secret. */
export function initDocuments(settings: InitSettings): readonly Fields[] {
  const api = kubeadmApi(settings.kubernetesVersion);
  const apiVersion = `kubeadm.k8s.io/${api}`;
  const proxyDisabled = settings.skipPhases.includes('addon/kube-proxy');
  const init: Fields = {
    apiVersion,
    kind: 'InitConfiguration',
    // kubeadm makes a token in any case; this one is for nobody.
    bootstrapTokens: [{ ttl: '15m0s', description: 'made by kubeadm init' }],
    localAPIEndpoint: localEndpoint(settings.node),
    nodeRegistration: registration(settings.node, api),
    // Printing the join command would print its token.
    skipPhases: [...settings.skipPhases, 'show-join-command'],
  };
  const cluster: Fields = {
    apiVersion,
    kind: 'ClusterConfiguration',
    kubernetesVersion: settings.kubernetesVersion,
    controlPlaneEndpoint: settings.endpoint,
    // The endpoint's own name or address is always among them.
    apiServer: { certSANs: union([hostOf(settings.endpoint)], settings.certSans) },
    networking: {
      ...(settings.podSubnet === null ? {} : { podSubnet: settings.podSubnet }),
      serviceSubnet: settings.serviceSubnet,
      dnsDomain: settings.dnsDomain,
    },
    ...(api === 'v1beta4' && proxyDisabled ? { proxy: { disabled: true } } : {}),
    ...(settings.imageRepository === null ? {} : { imageRepository: settings.imageRepository }),
    ...(Object.keys(settings.featureGates).length === 0 ? {} : { featureGates: settings.featureGates }),
  };
  const kubelet: Fields = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupDriver: 'systemd',
    ...settings.kubelet,
  };
  return patched([init, cluster, kubelet], settings.patches);
}

/** The ClusterConfiguration among them. */
export function clusterOf(documents: readonly Fields[]): Fields {
  return documents.find(({ kind }) => kind === 'ClusterConfiguration') ?? {};
}

/** The same as text. */
export function initConfig(settings: InitSettings): string {
  return yamlDocuments(initDocuments(settings));
}

/** The configuration for `kubeadm init phase upload-certs`. Secret as a whole. */
export function uploadConfig(kubernetesVersion: string, certificateKey: string): string {
  const apiVersion = `kubeadm.k8s.io/${kubeadmApi(kubernetesVersion)}`;
  return yamlDocuments([
    { apiVersion, kind: 'InitConfiguration', certificateKey },
    // Without a version kubeadm would ask the internet for the newest one.
    { apiVersion, kind: 'ClusterConfiguration', kubernetesVersion },
  ]);
}

/** Where the node's API server announces itself. */
export function localEndpoint({ address, port }: NodeSettings): Fields {
  return { ...(address === null ? {} : { advertiseAddress: address }), bindPort: port };
}

/** The node's own part of a configuration. */
export function registration({ name, address, criSocket }: NodeSettings, api: 'v1beta4' | 'v1beta3'): Fields {
  const nodeIp = api === 'v1beta4' ? [{ name: 'node-ip', value: address }] : { 'node-ip': address };
  return {
    ...(name === null ? {} : { name }),
    criSocket,
    ...(address === null ? {} : { kubeletExtraArgs: nodeIp }),
  };
}

function patched(documents: readonly Fields[], patches: readonly Fields[]): readonly Fields[] {
  const merged = documents.map((document) =>
    patches.filter((patch) => patch.kind === document.kind).reduce<Fields>(merge, document),
  );
  const added = patches.filter((patch) => !documents.some((document) => document.kind === patch.kind));
  return [...merged, ...added];
}

function merge(base: Fields, over: Fields): Fields {
  const result: Record<string, Data> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const present = result[key];
    result[key] = isFields(present) && isFields(value) ? merge(present, value) : value;
  }
  return result;
}

/** Whether data is a map. */
export function isFields(data: Data | undefined): data is Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
