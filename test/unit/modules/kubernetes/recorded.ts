import { readFileSync } from 'node:fs';
import type { ShellReply } from '../../../../src/connection/connection.ts';
import type { ServingCertificate } from '../../../../src/modules/kubernetes/apiserver-certificate.ts';
import { type KubeadmFacts, parseKubeadmFacts } from '../../../../src/modules/kubernetes/kubeadm-facts.ts';
import { type Network, parseNetwork } from '../../../../src/modules/kubernetes/network.ts';
import type { TaskContext } from '../../../../src/modules/module.ts';

/** A reply with this output. */
export function reply(stdout: string, over: Partial<ShellReply> = {}): ShellReply {
  return { exitCode: 0, stdout, stderr: '', droppedBytes: 0, ...over };
}

/** What a probe printed on a real node; see fixtures/. */
export function recorded(name: string): ShellReply {
  return reply(readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8'));
}

/** Facts of a real first node of a cluster with cp1 to cp4. */
export const member: KubeadmFacts = parseKubeadmFacts(recorded('kubeadm-state-member'));

/** A certificate of its API server with the names that its cluster has stored. */
export const certificate: ServingCertificate = {
  names: ['k8s-api.lab', 'kubernetes', '10.77.0.60'],
  validTo: '2027-01-01',
  pair: 'whole',
};

/** The key of the question for it. */
export const certificateKey = 'certificate:/etc/kubernetes/pki/apiserver.crt';

/** Facts of a real bare node, cp5. */
export const bare: KubeadmFacts = parseKubeadmFacts(recorded('kubeadm-state-bare'));

/** Its interfaces: host0 with 10.77.0.5/24. */
export const bareNetwork: Network = parseNetwork(recorded('network-bare'));

/** The task of a host in a play of cp1 to cp3. */
export function taskOn(host: string): TaskContext {
  return { host, playHosts: ['cp1', 'cp2', 'cp3'], searchPath: ['/play'], renderText: (text) => text };
}

/** The problem that a call throws. */
export function problemOf(call: () => unknown): string {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof Error && 'problem' in thrown) {
      const { code, message, hint } = thrown.problem as { code: string; message: string; hint: string };
      return `${code}: ${message}\n  ${hint}`;
    }
    throw thrown;
  }
  return 'nothing was thrown';
}
