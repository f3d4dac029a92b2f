import { Failure } from '../../core/failure.ts';
import { parseYaml } from '../../document/parse-yaml.ts';
import { toJson } from '../../document/plain.ts';
import { type Fields, isFields } from './kubeadm-config.ts';
import type { Data } from './yaml-text.ts';

/** What can be compared of a stored ClusterConfiguration. `null`: not in it. */
export interface StoredConfig {
  readonly endpoint: string | null;
  readonly podSubnet: string | null;
  readonly serviceSubnet: string | null;
  readonly dnsDomain: string | null;
  readonly kubernetesVersion: string | null;
  readonly certSans: readonly string[];
}

/** Reads the fields out of ClusterConfiguration as kubeadm stores it (block style, one key a line). */
export function parseStored(text: string): StoredConfig {
  const value = (key: string): string | null => {
    const raw = new RegExp(`^ *${key}: *(.+?) *$`, 'm').exec(text)?.[1];
    return raw === undefined || raw === '""' ? null : unquoted(raw);
  };
  const sans = /^( *)certSANs:\n((?:\1 *- .*\n?)*)/m.exec(text)?.[2] ?? '';
  return {
    endpoint: value('controlPlaneEndpoint'),
    podSubnet: value('podSubnet'),
    serviceSubnet: value('serviceSubnet'),
    dnsDomain: value('dnsDomain'),
    kubernetesVersion: value('kubernetesVersion'),
    certSans: sans
      .split('\n')
      .filter((line) => line.includes('- '))
      .map((line) => unquoted(line.slice(line.indexOf('- ') + 2).trim())),
  };
}

/** All of a stored ClusterConfiguration; `null`: it cannot be read. */
export function storedFields(text: string): Fields | null {
  const parsed = parseYaml(text, 'kubeadm-config');
  if (!parsed.ok || parsed.value === null) return null;
  const data: Data = toJson(parsed.value);
  return isFields(data) ? data : null;
}

/** ClusterConfiguration with other names for the API server's certificates. */
export function withCertSans(cluster: Fields, certSANs: readonly string[]): Fields {
  const { apiServer } = cluster;
  return { ...cluster, apiServer: { ...(isFields(apiServer) ? apiServer : {}), certSANs } };
}

/** What a cluster keeps for life, and the names it is reached by. */
export interface Lifelong {
  readonly endpoint: string;
  readonly podSubnet: string | null;
  readonly serviceSubnet: string;
  readonly dnsDomain: string;
  readonly certSans: readonly string[];
}

/** The same of a ClusterConfiguration that is to be. */
export function lifelongOf(cluster: Fields): Lifelong {
  const part = (key: string): Fields => {
    const value = cluster[key];
    return isFields(value) ? value : {};
  };
  const text = (value: Data | undefined): string => (typeof value === 'string' ? value : '');
  const { podSubnet, serviceSubnet, dnsDomain } = part('networking');
  const { certSANs } = part('apiServer');
  return {
    endpoint: text(cluster.controlPlaneEndpoint),
    podSubnet: text(podSubnet) === '' ? null : text(podSubnet),
    serviceSubnet: text(serviceSubnet),
    dnsDomain: text(dnsDomain),
    certSans: Array.isArray(certSANs) ? certSANs.map(String) : [],
  };
}

/** @throws Failure HAPB6522 when the cluster was made with another endpoint, subnet or domain */
export function refuseOtherCluster(stored: StoredConfig, wanted: Omit<Lifelong, 'certSans'>): void {
  const fields = [
    ['endpoint', stored.endpoint, wanted.endpoint],
    ['pod_subnet', stored.podSubnet, wanted.podSubnet],
    ['service_subnet', stored.serviceSubnet, wanted.serviceSubnet],
    ['dns_domain', stored.dnsDomain, wanted.dnsDomain],
  ] as const;
  // A field that was not stored or is not asked for says nothing.
  const other = fields.find(([, is, should]) => is !== null && should !== null && is !== should);
  if (other === undefined) return;
  const [argument, is, should] = other;
  throw new Failure({
    code: 'HAPB6522',
    message: `the cluster was made with ${argument} ${is}, and the playbook asks for ${should}`,
    hint: `${argument} is fixed when a cluster is made. Put ${is} back into the variables, or build a new cluster.`,
    argument,
  });
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}
