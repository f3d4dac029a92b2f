import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { createSecureContext } from 'node:tls';
import { onNode } from '../lab/rig/lab.ts';

const kubectl = 'kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout=5s';

/** Members of etcd that are started and no learners, as the node's own etcd says. */
export async function livingVoters(node: string): Promise<number> {
  const pki = '/etc/kubernetes/pki/etcd';
  const flags = `--cacert ${pki}/ca.crt --cert ${pki}/healthcheck-client.crt --key ${pki}/healthcheck-client.key`;
  const list = await onNode(
    node,
    `${kubectl} -n kube-system exec etcd-${node} -- etcdctl ${flags} member list`,
  );
  return list.split('\n').filter((line) => / started,/.test(line) && / false$/.test(line)).length;
}

/** Pods of kube-system that are ready, those of a network plugin or DNS aside. */
export async function readyPods(node: string): Promise<number> {
  const list = await onNode(node, `${kubectl} -n kube-system get pods --no-headers`);
  return list.split('\n').filter((line) => / 1\/1 +Running /.test(line)).length;
}

/** Nodes that have the VIP on an interface. */
export async function holders(nodes: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    nodes.map(async (node) => [node, await onNode(node, 'ip -o -4 addr')] as const),
  );
  return found.filter(([, addresses]) => /10\.77\.\d+\.60\//.test(addresses)).map(([node]) => node);
}

interface Access {
  readonly server: URL;
  readonly agent: Agent;
}

function accessOf(kubeconfig: string): Access {
  const text = readFileSync(kubeconfig, 'utf8');
  const field = (name: string): string => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? '';
  const data = (name: string): Buffer => Buffer.from(field(name), 'base64');
  const secureContext = createSecureContext({
    ca: data('certificate-authority-data'),
    cert: data('client-certificate-data'),
    key: data('client-key-data'),
  });
  return { server: new URL(field('server')), agent: new Agent({ secureContext, keepAlive: false }) };
}

/** Whether `/readyz` is served at the kubeconfig's address with a certificate that is valid for it. */
export function vipAnswers(kubeconfig: string): Promise<boolean> {
  const { server, agent } = accessOf(kubeconfig);
  return new Promise((resolve) => {
    const request = get(new URL('/readyz', server), { agent, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Seconds until the VIP answers, after it has first stopped to; `Infinity` when it does not within the limit. */
export async function untilVipAnswers(kubeconfig: string, limitSeconds: number): Promise<number> {
  const started = Date.now();
  const elapsed = (): number => (Date.now() - started) / 1000;
  while (await vipAnswers(kubeconfig)) {
    if (elapsed() > limitSeconds) return elapsed();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  while (elapsed() < limitSeconds) {
    if (await vipAnswers(kubeconfig)) return elapsed();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return Number.POSITIVE_INFINITY;
}

/** The names and addresses for which a node's API server certificate is valid. */
export async function certificateNames(node: string): Promise<string> {
  return (
    new X509Certificate(await onNode(node, 'cat /etc/kubernetes/pki/apiserver.crt')).subjectAltName ?? ''
  );
}
