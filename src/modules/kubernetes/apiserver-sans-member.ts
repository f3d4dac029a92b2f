import type { Edit, Effect } from '../../core/change.ts';
import type { DurableResult, HostWriter } from '../module.ts';
import {
  type CertificateFault,
  certificateEffect,
  certificateFault,
  kubeadmNames,
  type ServingCertificate,
} from './apiserver-certificate.ts';
import { refuseWithoutCaKey, renewCertificate } from './apiserver-sans-repair.ts';
import type { Fields } from './kubeadm-config.ts';
import type { KubeadmFacts } from './kubeadm-facts.ts';
import { isControlPlane } from './kubeadm-state.ts';
import { lifelongOf, parseStored, storedFields } from './kubeadm-stored.ts';

/** A member of a cluster that is there, its certificate, and what its cluster says. */
export interface MemberView {
  /** Inventory name. */
  readonly host: string;
  readonly own: KubeadmFacts;
  /** Of the host that speaks for the cluster. */
  readonly from: KubeadmFacts;
  readonly certificate: ServingCertificate | null;
}

/** A certificate that is to be renewed. */
export interface MemberRepair {
  readonly summary: string;
  readonly edits: readonly Edit[];
  readonly effects: readonly Effect[];
  readonly fault: CertificateFault;
  readonly certSans: readonly string[];
  readonly cluster: Fields;
}

/**
 * Whether a member's API server shows all names that the cluster has stored in its certSANs; `null`: it does, or the node
 * is no control plane, or the cluster is silent. @throws Failure HAPB6590
 */
export function memberRepair({ host, own, from, certificate }: MemberView): MemberRepair | null {
  const stored = from.api?.clusterConfiguration ?? '';
  const cluster = storedFields(stored);
  if (cluster === null || !isControlPlane(own) || own.ca !== from.ca) return null;
  const { certSans } = parseStored(stored);
  const fault = certificateFault(certificate, certSans);
  if (fault === null) return null;
  // Silent for a reason of its own, which a new certificate would not mend.
  if (own.api === null && fault.kind === 'lacks') return null;
  const names = fault.kind === 'lost' ? [] : fault.names;
  if (own.caKey === 'absent') refuseWithoutCaKey(host, names);
  const list = (all: readonly string[]): string => all.map((name) => `${name}\n`).join('');
  const before = fault.kind === 'lost' || certificate === null ? null : certificate.names;
  return {
    summary:
      fault.kind === 'lost'
        ? "renew the API server's certificate, which is lost or was half renewed"
        : `renew the API server's certificate with ${names.join(', ')}`,
    edits: [
      {
        subject: "names in the API server's certificate",
        before: before === null ? null : list(before),
        after: list(before === null ? certSans : [...before, ...names]),
      },
    ],
    effects: [certificateEffect([...(certificate?.names ?? []), ...certSans])],
    fault,
    certSans,
    cluster,
  };
}

/** Renews it, and ends when the API server shows it. @throws Failure HAPB6591, or what kubeadm says */
export function repairMember(
  host: HostWriter,
  repair: MemberRepair,
  node: {
    readonly nodeName: string;
    readonly address: string;
    readonly criSocket: string;
    readonly timeoutMs: number;
  },
): Promise<DurableResult> {
  host.progress(repair.summary);
  const names = repair.fault.kind === 'lacks' ? repair.fault.names : repair.certSans;
  return renewCertificate(host, { ...node, cluster: repair.cluster, names });
}

/** What is foreseen of the certificate that a node gets when it joins. */
export function joinedCertificate(from: KubeadmFacts, node: { name: string; address: string }): Effect {
  const cluster = storedFields(from.api?.clusterConfiguration ?? '') ?? {};
  const { endpoint, serviceSubnet, dnsDomain, certSans } = lifelongOf(cluster);
  return certificateEffect([...kubeadmNames({ ...node, endpoint, serviceSubnet, dnsDomain }), ...certSans]);
}
