import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { ShellReply } from '../../connection/connection.ts';
import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { question } from '../ask.ts';
import type { Module } from '../module.ts';
import { kubeadmKey } from './kubeadm-facts.ts';

interface Args {
  readonly names: readonly string[];
  readonly path: string;
}

/** The API server's certificate; `null`: there is none. */
type State = { readonly names: readonly string[]; readonly validTo: string } | null;

/** Verifies the names in the API server's certificate. */
export const apiserverSans: Module<Args, State> = {
  name: 'apiserver_sans',
  summary:
    "Verifies that the API server's certificate is valid for all names and addresses by which it is reached.",
  notes: [
    'Changes nothing, and needs no openssl on the node: the certificate is read there and parsed here.',
  ],
  args: {
    type: 'object',
    properties: {
      names: {
        description: 'Names and addresses that it must hold.',
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
      },
      path: { description: 'The certificate.', type: 'string', default: '/etc/kubernetes/pki/apiserver.crt' },
    },
    required: ['names'],
    additionalProperties: false,
  },
  returns: { names: 'All names and addresses in it.', valid_to: 'Its last day.' },
  example: `- apiserver_sans:
    names: [k8s-api.example.net, 172.24.1.60]
`,
  probe: (args) =>
    question({
      key: 'kubeadm:apiserver-certificate',
      reads: [kubeadmKey],
      sh: 'cat "$1" 2>/dev/null; exit 0',
      args: [args.path],
      parse: parseCertificate,
    }),
  diff: (args, state, task) => {
    const missing = args.names.filter((name) => !(state?.names ?? []).includes(name.toLowerCase()));
    if (missing.length === 0) return null;
    throw new Failure({
      code: 'HAPB6585',
      message:
        state === null
          ? `${task.host} has no certificate at ${args.path}`
          : `the API server's certificate on ${task.host} is not valid for ${missing.join(', ')}`,
      hint: `Add the names to apiServer.certSANs (kubectl -n kube-system edit cm kubeadm-config), move apiserver.crt and apiserver.key in /etc/kubernetes/pki away, run \`kubeadm init phase certs apiserver\` with that configuration, and restart the API server.`,
      ...(state === null ? {} : { details: `it holds ${state.names.join(', ')}` }),
    });
  },
  apply: (_wanted: Change): Promise<Output> => Promise.resolve({ changed: false }),
  output: (_args, state) => ({ names: state?.names ?? [], valid_to: state?.validTo ?? '' }),
};

/** Reads a certificate in PEM. */
export function parseCertificate(reply: ShellReply): State {
  if (!reply.stdout.includes('BEGIN CERTIFICATE')) return null;
  const certificate = new X509Certificate(reply.stdout);
  const names = (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [kind = '', ...rest] = entry.split(':');
    const text = rest.join(':').toLowerCase();
    if (kind === 'IP Address') return [isIP(text) === 6 ? shortened(text) : text];
    return kind === 'DNS' ? [text] : [];
  });
  return { names, validTo: new Date(certificate.validTo).toISOString().slice(0, 10) };
}

/** OpenSSL prints IPv6 addresses in full; people and hosts files shorten them (RFC 5952). */
function shortened(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
