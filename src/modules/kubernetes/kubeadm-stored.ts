import { Failure } from '../../core/failure.ts';

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

/** What a cluster keeps for life. */
export interface Lifelong {
  readonly endpoint: string;
  readonly podSubnet: string | null;
  readonly serviceSubnet: string;
  readonly dnsDomain: string;
}

/** @throws Failure HAPB6522 when the cluster was made with another endpoint, subnet or domain */
export function refuseOtherCluster(stored: StoredConfig, wanted: Lifelong): void {
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
