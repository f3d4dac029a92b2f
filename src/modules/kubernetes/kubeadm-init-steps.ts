import { Failure } from '../../core/failure.ts';
import {
  type CertificateFault,
  certificateFault,
  hostOf,
  lacking,
  type ServingCertificate,
  union,
} from './apiserver-certificate.ts';
import { refuseWithoutCaKey } from './apiserver-sans-repair.ts';
import { type OnPartial, refuseDirectoryTrap, refuseForeign, refusePartial } from './kubeadm-common.ts';
import type { Fields } from './kubeadm-config.ts';
import type { KubeadmFacts } from './kubeadm-facts.ts';
import { refuseReset } from './kubeadm-reset.ts';
import { type InitState, initState, isControlPlane, type OtherNode } from './kubeadm-state.ts';
import { lifelongOf, parseStored, refuseOtherCluster, storedFields, withCertSans } from './kubeadm-stored.ts';

/** What decides what is next on the first node. */
export interface InitView {
  readonly own: KubeadmFacts;
  readonly others: readonly OtherNode[];
  readonly certificate: ServingCertificate | null;
}

/** Whether a member that is silent may still come back by itself. */
export type Patience = 'left' | 'gone';

/** What is wanted of it. */
export interface InitWish {
  readonly host: string;
  readonly kubernetesVersion: string;
  readonly onPartial: OnPartial;
  /** ClusterConfiguration, patches merged in. */
  readonly cluster: Fields;
}

/** The next thing to do. */
export type InitStep =
  | { readonly kind: 'init'; readonly summary: string }
  | { readonly kind: 'resume'; readonly summary: string }
  /** Of an init that was cut before etcd had begun; then comes `init`. */
  | { readonly kind: 'reset'; readonly summary: string }
  | { readonly kind: 'follow'; readonly summary: string }
  /** etcd needs other members, or the API server of a member does not answer. `hope`: what is waited for. */
  | { readonly kind: 'wait'; readonly summary: string; readonly hope: string }
  /** The API server gets a new certificate. */
  | (Repair & { readonly kind: 'renew'; readonly fault: CertificateFault })
  /** Its certificate does; the cluster is told of names that nodes which join later need too. */
  | (Repair & { readonly kind: 'store' });

/** What repairs of names share. */
interface Repair {
  readonly summary: string;
  /** The cluster's own ClusterConfiguration with all names. */
  readonly cluster: Fields;
  readonly certSans: readonly string[];
  /** Names that the cluster's stored configuration lacks. */
  readonly unstored: readonly string[];
}

/** Decides; `null`: nothing to do. @throws Failure for a node that must be left alone */
export function nextStep(wish: InitWish, view: InitView, patience: Patience = 'left'): InitStep | null {
  const { host } = wish;
  refuseDirectoryTrap(view.own, host);
  const found = initState(view.own, view.others);
  if (found.kind === 'running') {
    return { kind: 'follow', summary: `follow the kubeadm ${found.command} that is running` };
  }
  if (found.kind === 'foreign') return refuseForeign(host, found.evidence);
  if (found.kind === 'no-quorum') {
    return {
      kind: 'wait',
      summary: `wait for etcd to have its quorum back (off: ${found.lost.off.join(', ')})`,
      hope: 'the members of etcd come back',
    };
  }
  const wanted = lifelongOf(wish.cluster);
  const stored = storedOf(view);
  if (stored !== null) refuseOtherCluster(parseStored(stored), wanted);
  const repair = repairOf(wish, { view, stored });
  // Without it the API server does not start, whatever else is wrong.
  if (repair?.kind === 'renew' && repair.fault.kind === 'lost') return repair;
  if (found.kind === 'silent-member' && patience === 'left') {
    return {
      kind: 'wait',
      summary: `wait for its API server, which does not answer (cluster with ${found.others.join(', ')})`,
      hope: `the API server of ${host} comes back`,
    };
  }
  return found.kind === 'member' ? repair : made(wish, found, view.own.etcdData);
}

function made(
  wish: InitWish,
  found: Exclude<InitState, { readonly kind: 'running' | 'foreign' | 'no-quorum' | 'member' }>,
  etcdData: KubeadmFacts['etcdData'],
): InitStep {
  const { host } = wish;
  switch (found.kind) {
    case 'none':
      return {
        kind: 'init',
        summary: `initialise the control plane ${lifelongOf(wish.cluster).endpoint} (${wish.kubernetesVersion})`,
      };
    case 'resumable': {
      const missing = found.missing.join(', ');
      if (wish.onPartial === 'fail') refusePartial(host, `missing: ${missing}`);
      if (wish.onPartial === 'resume')
        return { kind: 'resume', summary: `finish the init that was cut (missing: ${missing})` };
      if (etcdData === 'present') refuseReset(host);
      return {
        kind: 'reset',
        summary: `reset the init that was cut (missing: ${missing}), and initialise anew`,
      };
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
  }
}

/** ClusterConfiguration as the node's cluster has it stored, told by whoever answers; `null`: nobody does. */
function storedOf({ own, others }: InitView): string | null {
  const same = others.filter(({ facts }) => own.ca !== null && facts.ca === own.ca);
  const told = [own, ...same.map(({ facts }) => facts)].map((facts) => facts.api?.clusterConfiguration ?? '');
  return told.find((text) => text !== '') ?? null;
}

/** Names that were asked for once stay: the certificate holds what the cluster has stored and what is wanted. */
function repairOf(
  wish: InitWish,
  { view, stored }: { readonly view: InitView; readonly stored: string | null },
): (InitStep & Repair) | null {
  if (!isControlPlane(view.own)) return null;
  const before = stored === null ? [] : parseStored(stored).certSans;
  const { certSans: asked, endpoint } = lifelongOf(wish.cluster);
  const certSans = union(before, asked);
  const fault = certificateFault(view.certificate, certSans);
  // kubeadm adds the endpoint by itself.
  const unstored = stored === null ? [] : lacking(certSans, [...before, hostOf(endpoint)]);
  if (fault === null && unstored.length === 0) return null;
  const cluster = withCertSans(storedFields(stored ?? '') ?? wish.cluster, certSans);
  const repair = { cluster, certSans, unstored };
  if (fault === null) {
    const summary = `store ${unstored.join(', ')} in the certSANs of kubeadm-config`;
    return { ...repair, kind: 'store', summary };
  }
  const names = fault.kind === 'lost' ? [] : fault.names;
  if (view.own.caKey === 'absent') refuseWithoutCaKey(wish.host, names);
  const summary =
    fault.kind === 'lost'
      ? "renew the API server's certificate, which is lost or was half renewed"
      : `renew the API server's certificate with ${names.join(', ')}`;
  return { ...repair, kind: 'renew', fault, summary };
}
