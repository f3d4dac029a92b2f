import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kubeadmFailure } from '../../../../src/modules/kubernetes/kubeadm-errors.ts';

function failureOf(
  output: string,
  command = 'init',
): { code: string; message: string; hint: string; details?: string } {
  return kubeadmFailure({ command, host: 'cp1', exitCode: 1, output, evidence: '' }).problem;
}

describe("kubeadm's errors", () => {
  it.each([
    ['[ERROR Swap]: running with swap on is not supported', 'HAPB6530'],
    ['[ERROR Port-6443]: Port 6443 is in use', 'HAPB6531'],
    [
      '[ERROR FileContent--proc-sys-net-ipv4-ip_forward]: /proc/sys/net/ipv4/ip_forward contents are not set to 1',
      'HAPB6532',
    ],
    ['[ERROR CRI]: could not connect to the container runtime', 'HAPB6533'],
    [
      'failed to create new CRI runtime service: validate service connection: dial unix /run/containerd/containerd.sock',
      'HAPB6533',
    ],
    ['[ERROR ImagePull]: failed to pull image registry.k8s.io/etcd:3.6.5-0: rpc error', 'HAPB6534'],
    ['[ERROR NumCPU]: the number of available CPUs 1 is less than the required 2', 'HAPB6535'],
    [
      '[ERROR FileAvailable--etc-kubernetes-manifests-etcd.yaml]: /etc/kubernetes/manifests/etcd.yaml already exists',
      'HAPB6536',
    ],
    [
      'error: could not bootstrap the admin user in file admin.conf: unable to create ClusterRoleBinding',
      'HAPB6537',
    ],
    ['wait-control-plane: context deadline exceeded', 'HAPB6538'],
    [
      '[control-plane-check] kube-apiserver is not healthy after 4m0s\nerror: kube-apiserver check failed at https://10.77.0.1:6443/livez: dial tcp 10.77.0.1:6443: connect: connection refused',
      'HAPB6538',
    ],
    [
      '[certs] Generating "ca" certificate and key\nerror: open /etc/kubernetes/pki/ca.key: no space left on device',
      'HAPB6599',
    ],
    ['something new', 'HAPB6539'],
    ['sh: 12: kubeadm: not found', 'HAPB6593'],
    [
      'error: this version of kubeadm only supports deploying clusters with the control plane version >= 1.33.0. Current version: v1.30.0',
      'HAPB6594',
    ],
    [
      'error: error unmarshaling configuration schema.GroupVersionKind{Kind:"KubeletConfiguration"}: strict decoding error: unknown field "cgroupDriverr"',
      'HAPB6595',
    ],
    [
      'Secret "kubeadm-certs" was not found in the "kube-system" Namespace. This Secret might have expired',
      'HAPB6540',
    ],
    ['error decoding secret data with provided key: cipher: message authentication failed', 'HAPB6541'],
    ['etcdserver: too many learner members in cluster', 'HAPB6542'],
    ['etcdserver: can only promote a learner member which is in sync with leader', 'HAPB6543'],
    ['a Node with name "cp2" and status "Ready" already exists in the cluster', 'HAPB6544'],
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'HAPB6545'],
    ['x509: certificate has expired or is not yet valid: current time 2020-01-01', 'HAPB6546'],
    ['dial tcp 10.77.0.60:6443: connect: connection refused', 'HAPB6547'],
    ['dial tcp: lookup k8s-api.lan on 10.0.0.2:53: no such host', 'HAPB6548'],
    ["couldn't validate the identity of the API Server: timed out", 'HAPB6549'],
  ])('%s is %s', (output, code) => {
    expect(failureOf(output).code).toBe(code);
  });

  it('name what the output named', () => {
    expect(failureOf('[ERROR Port-10250]: Port 10250 is in use')).toMatchObject({
      message: 'kubeadm init failed on cp1: port 10250 is in use by another program',
    });
    expect(
      failureOf(
        'Post "https://k8s-api.lan:6443": dial tcp 10.77.0.60:6443: connect: connection refused',
        'join',
      ),
    ).toMatchObject({
      message: 'kubeadm join failed on cp1: nothing answers at 10.77.0.60:6443',
    });
    expect(failureOf('a Node with name "cp2" and status "Ready" already exists in the cluster').hint).toBe(
      'Two machines have one host name: rename one, or remove the old Node with `kubectl delete node cp2`.',
    );
  });

  it('name every part that did not come up', () => {
    const parts =
      '[control-plane-check] kube-scheduler is not healthy after 4m0s\n[control-plane-check] kube-apiserver is not healthy after 4m0s\n';
    expect(failureOf(parts).message).toBe(
      'kubeadm init failed on cp1: kube-scheduler, kube-apiserver did not come up in time',
    );
    const kubelet = '[kubelet-check] The kubelet is not healthy after 4m0.000s\n';
    expect(failureOf(kubelet).message).toBe(
      'kubeadm init failed on cp1: the kubelet did not come up in time',
    );
  });

  it('say which words of the configuration are refused', () => {
    const output =
      'error: featureGates: Invalid value: {"Nonsense":true}: Nonsense is not a valid feature name.\nTo see the stack trace of this error execute with --v=5 or higher\n';
    expect(failureOf(output).message).toBe(
      'kubeadm init failed on cp1: it refuses its configuration: featureGates: Invalid value: {"Nonsense":true}: Nonsense is not a valid feature name.',
    );
  });

  it('show their lines first, then what the node says', () => {
    const output =
      '[preflight] Running\nerror execution phase preflight: [preflight] Some fatal errors occurred:\n\t[ERROR Swap]: running with swap on\n[preflight] If you know';
    const { problem } = kubeadmFailure({
      command: 'init',
      host: 'cp1',
      exitCode: 1,
      output,
      evidence: 'kubelet: no space left',
    });
    expect(problem.details).toBe(
      'error execution phase preflight: [preflight] Some fatal errors occurred:\n\t[ERROR Swap]: running with swap on\nkubelet: no space left',
    );
  });

  it('are told apart from a kubeadm that was killed', () => {
    const exit = { command: 'join', host: 'cp2', exitCode: 137, output: '[etcd] Creating\n', evidence: '' };
    expect(kubeadmFailure(exit).problem).toMatchObject({
      code: 'HAPB6556',
      message: 'kubeadm join was killed on cp2 (signal 9)',
    });
  });
});

describe('what kubeadm 1.34.2 printed when a join failed', () => {
  const failures = readFileSync(new URL('fixtures/kubeadm-join-failures.txt', import.meta.url), 'utf8');
  const explained = failures
    .split(/^##### /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      const { code, message } = failureOf(part.slice(end + 1), 'join');
      return `${part.slice(0, end)}: ${code} ${message}`;
    });

  it('is explained', () => {
    expect(explained.join('\n')).toMatchInlineSnapshot(`
      "token-unknown: HAPB6557 kubeadm join failed on cp1: the cluster does not know the join token, or it has expired
      token-secret: HAPB6557 kubeadm join failed on cp1: the cluster does not know the join token, or it has expired
      token-unauthorized: HAPB6557 kubeadm join failed on cp1: the cluster does not know the join token, or it has expired
      ca-hash: HAPB6545 kubeadm join failed on cp1: the endpoint shows a certificate of another cluster
      key-wrong: HAPB6541 kubeadm join failed on cp1: the certificate key does not fit the uploaded certificates
      certs-gone: HAPB6540 kubeadm join failed on cp1: the uploaded certificates are gone (they live two hours)
      certs-absent: HAPB6596 kubeadm join failed on cp1: what the nodes of a control plane share is not there
      refused: HAPB6547 kubeadm join failed on cp1: nothing answers at 10.77.22.60:6444
      no-such-host: HAPB6548 kubeadm join failed on cp1: the name nowhere.lab does not resolve on this node
      x509: HAPB6545 kubeadm join failed on cp1: the endpoint shows a certificate of another cluster
      node-exists: HAPB6544 kubeadm join failed on cp1: a node named cp2 is in the cluster already
      learner: HAPB6542 kubeadm join failed on cp1: etcd admits one new member at a time, and another join is under way"
    `);
  });
});
