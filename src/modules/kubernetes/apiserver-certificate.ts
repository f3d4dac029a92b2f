import { X509Certificate } from 'node:crypto';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { ShellReply } from '../../connection/connection.ts';
import type { Effect } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import { type Ask, question } from '../ask.ts';
import { kubeadmKey } from './kubeadm-facts.ts';

/** Where kubeadm puts the API server's certificate. */
export const apiserverCertificatePath = '/etc/kubernetes/pki/apiserver.crt';

/** A certificate that a server shows. */
export interface ServingCertificate {
  /** Names and addresses in it, as `canonicalName` writes them. */
  readonly names: readonly string[];
  /** Its last day; unknown where it is only foreseen. */
  readonly validTo: string | Unknown;
  /** `broken`: its key is not beside it, or a renewal that was cut may have left another one there. */
  readonly pair: 'whole' | 'broken';
}

/** Beside a certificate: where a new one is made. It is there for as long as its renewal is not through. */
export const renewalFolder = '.hapb-renew';

const script = `
k=\${1%.crt}.key
[ -s "$k" ] && [ ! -e "\${1%/*}/${renewalFolder}" ] && echo pair=whole
cat "$1" 2>/dev/null
exit 0
`;

/** The certificate at a path; `null`: none that can be read as one. Key `certificate:PATH`. */
export function servingCertificate(path: string): Ask<ServingCertificate | null> {
  return question({
    key: `certificate:${path}`,
    // What makes or renews the API server's says so under this key; that other nodes join leaves it as it is.
    reads: [...(path === apiserverCertificatePath ? [] : [kubeadmKey]), `file:${path}`],
    sh: script,
    args: [path],
    parse: parseCertificate,
  });
}

/** What is foreseen of the API server's certificate once it holds these names. */
export function certificateEffect(names: readonly string[]): Effect {
  const state: ServingCertificate = {
    names: [...new Set(names.map(canonicalName))],
    validTo: new Unknown('the certificate is made during the run'),
    pair: 'whole',
  };
  return { key: `certificate:${apiserverCertificatePath}`, state };
}

/** Reads what the script printed. */
export function parseCertificate(reply: ShellReply): ServingCertificate | null {
  const at = reply.stdout.indexOf('-----BEGIN CERTIFICATE');
  if (at === -1) return null;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(reply.stdout.slice(at));
  } catch {
    return null;
  }
  const names = (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [kind = '', ...rest] = entry.split(':');
    return kind === 'IP Address' || kind === 'DNS' ? [canonicalName(rest.join(':'))] : [];
  });
  return {
    names,
    validTo: new Date(certificate.validTo).toISOString().slice(0, 10),
    pair: reply.stdout.slice(0, at).includes('pair=whole') ? 'whole' : 'broken',
  };
}

/** One spelling for each name and address: lower case, IPv6 as short as RFC 5952 has it (OpenSSL prints it in full). */
export function canonicalName(name: string): string {
  const text = name.toLowerCase();
  return isIP(text) === 6 ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

/** Those of `wanted` that are not among `names`. */
export function lacking(wanted: readonly string[], names: readonly string[]): readonly string[] {
  const present = new Set(names.map(canonicalName));
  return wanted.filter((name) => !present.has(canonicalName(name)));
}

/** Names without repetition, in their order, whatever their spelling. */
export function union(...lists: readonly (readonly string[])[]): readonly string[] {
  const found = new Map<string, string>();
  for (const name of lists.flat()) {
    const key = canonicalName(name);
    if (!found.has(key)) found.set(key, name);
  }
  return [...found.values()];
}

/** Where the API server's certificate does not do. */
export type CertificateFault =
  | { readonly kind: 'lost' }
  | { readonly kind: 'lacks'; readonly names: readonly string[] };

/** What is wrong with the certificate of a node that is to be reached by these names; `null`: nothing. */
export function certificateFault(
  certificate: ServingCertificate | null,
  wanted: readonly string[],
): CertificateFault | null {
  if (certificate === null || certificate.pair === 'broken') return { kind: 'lost' };
  const names = lacking(wanted, certificate.names);
  return names.length === 0 ? null : { kind: 'lacks', names };
}

/** The names that kubeadm puts into every API server's certificate by itself (kubeadm: GetAPIServerAltNames). */
export function kubeadmNames(node: {
  readonly name: string;
  readonly address: string;
  readonly endpoint: string;
  readonly serviceSubnet: string;
  readonly dnsDomain: string;
}): readonly string[] {
  const service = ['', '.default', '.default.svc', `.default.svc.${node.dnsDomain}`];
  const first = firstAddress(node.serviceSubnet);
  return [
    node.name,
    ...service.map((end) => `kubernetes${end}`),
    node.address,
    hostOf(node.endpoint),
    ...(first === null ? [] : [first]),
  ];
}

/** The endpoint without its port and brackets. */
export function hostOf(endpoint: string): string {
  const bracketed = /^\[(.*)\](?::\d+)?$/.exec(endpoint)?.[1];
  return bracketed ?? (isIPv6(endpoint) ? endpoint : endpoint.replace(/:\d+$/, ''));
}

/** The first address of a network, which is that of the Service `kubernetes`; `null`: not foreseen. */
function firstAddress(subnets: string): string | null {
  const [address = '', length = ''] = (subnets.split(',')[0] ?? '').split('/');
  if (!isIPv4(address)) return isIPv6(address) && address.endsWith('::') ? `${address}1` : null;
  const bits = address.split('.').reduce((all, part) => all * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(bits / size) * size + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
}
