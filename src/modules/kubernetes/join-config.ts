import type { Secret, Text } from '../../core/secret.ts';
import { combined } from '../../core/secret-text.ts';
import { kubeadmApi, localEndpoint, type NodeSettings, registration } from './kubeadm-config.ts';
import { runFolder } from './kubeadm-run.ts';
import { type Data, yamlDocuments, yamlText } from './yaml-text.ts';

/** What the configuration of `kubeadm join` is made from. */
export interface JoinSettings {
  readonly kubernetesVersion: string;
  readonly endpoint: string;
  readonly node: NodeSettings;
  readonly token: Text;
  readonly discovery: Discovery;
  /** `null`: the node becomes a worker. */
  readonly controlPlane: ControlPlaneSettings | null;
  readonly skipPhases: readonly string[];
}

/** How the node comes to trust the cluster: by the hash of its CA's key, or by having the CA (PEM). */
export type Discovery =
  | { readonly kind: 'token'; readonly caCertHash: string }
  | { readonly kind: 'file'; readonly ca: string };

/** `certificateKey` is `null` where the certificates lie on the node already. */
export interface ControlPlaneSettings {
  readonly certificateKey: Text | null;
}

/** Lines of a configuration that are files of their own; runKubeadm puts them beside it while kubeadm runs. */
const discoveryMark = '#discovery ';

/** The configuration for `kubeadm join`, secret as a whole. */
export function joinConfig(settings: JoinSettings): Secret {
  const api = kubeadmApi(settings.kubernetesVersion);
  const { controlPlane, discovery, node } = settings;
  const secrets = new Map<string, Text>([['TOKEN-GOES-HERE', settings.token]]);
  if (controlPlane?.certificateKey != null) secrets.set('KEY-GOES-HERE', controlPlane.certificateKey);
  const document: Data = {
    apiVersion: `kubeadm.k8s.io/${api}`,
    kind: 'JoinConfiguration',
    discovery:
      discovery.kind === 'token'
        ? {
            bootstrapToken: {
              apiServerEndpoint: settings.endpoint,
              token: 'TOKEN-GOES-HERE',
              caCertHashes: [discovery.caCertHash],
            },
          }
        : { file: { kubeConfigPath: `${runFolder}/discovery.conf` }, tlsBootstrapToken: 'TOKEN-GOES-HERE' },
    ...(controlPlane === null
      ? {}
      : {
          controlPlane: {
            localAPIEndpoint: localEndpoint(node),
            ...(controlPlane.certificateKey === null ? {} : { certificateKey: 'KEY-GOES-HERE' }),
          },
        }),
    nodeRegistration: registration(node, api),
    ...(settings.skipPhases.length === 0 ? {} : { skipPhases: settings.skipPhases }),
  };
  const text = yamlDocuments([document]);
  const file = discovery.kind === 'file' ? discoveryLines(settings.endpoint, discovery.ca) : '';
  return combined([...withSecrets(text, secrets), file], 'kubeadm join configuration');
}

/** Puts secrets, in quotes, into the places that were kept for them. */
function withSecrets(text: string, secrets: ReadonlyMap<string, Text>): readonly Text[] {
  return text.split(/(TOKEN-GOES-HERE|KEY-GOES-HERE)/).flatMap((part): readonly Text[] => {
    const secret = secrets.get(part);
    return secret === undefined ? [part] : ['"', secret, '"'];
  });
}

/** A kubeconfig that holds no credential: where the cluster is, and its CA. */
function discoveryLines(endpoint: string, ca: string): string {
  const kubeconfig = yamlText({
    apiVersion: 'v1',
    kind: 'Config',
    // Without name and context, as in cluster-info: kubeadm would want a user for a context.
    clusters: [
      {
        cluster: {
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
          server: `https://${endpoint}`,
        },
        name: '',
      },
    ],
  });
  return kubeconfig.replace(/^(?=.)/gm, discoveryMark);
}
