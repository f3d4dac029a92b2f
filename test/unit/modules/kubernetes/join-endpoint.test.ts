import { describe, expect, it } from 'vitest';
import { endpointAnswers, explained } from '../../../../src/modules/kubernetes/join-endpoint.ts';
import { kubeadmFailure } from '../../../../src/modules/kubernetes/kubeadm-errors.ts';
import { type FakeHost, fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';

/** A node on which kubectl says this of the endpoint, and the cluster's first host. */
function place(stderr: string, ipv4: readonly string[] = ['10.77.0.60'], clock = '1000\n') {
  const answers = (seconds: string) => ({
    'resolves:k8s-api.lab': { kind: 'addresses', ipv4, ipv6: [] },
    clock: Number(seconds),
    'etcd:view': null,
  });
  const from = fakeHost({ name: 'cp1', answers: answers('1000') });
  const host = fakeHost({
    name: 'cp2',
    answers: answers(clock),
    onRun: () => ({ exitCode: 1, stderr }),
  });
  return { host, from, endpoint: 'k8s-api.lab:6443' };
}

describe('the endpoint, asked on the joining node', () => {
  it.each([
    'error: You must be logged in to the server (Unauthorized)',
    'Error from server (Forbidden): forbidden: User "x" cannot get path "/version"',
  ])('answers by a refusal too: %s', async (said) => {
    await expect(endpointAnswers(place(said), 'PEM')).resolves.toBeUndefined();
  });

  it('with a certificate for another name is refused at once', async () => {
    const said =
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for cp1, not k8s-api.lab';
    await expect(endpointAnswers(place(said), 'PEM')).rejects.toMatchObject({
      problem: {
        code: 'HAPB6585',
        argument: 'endpoint',
        message:
          "cp2 cannot join through k8s-api.lab:6443: the API server's certificate is valid for cp1, but not for k8s-api.lab",
      },
    });
  });

  it('with a certificate of another cluster names pki and clock', async () => {
    const said =
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority';
    await expect(endpointAnswers(place(said), 'PEM')).rejects.toMatchObject({
      problem: { code: 'HAPB6545', hint: expect.stringMatching(/etc.kubernetes.pki.*clock/) as string },
    });
  });
});

describe('a failed join is explained', () => {
  const failed = (output: string) =>
    kubeadmFailure({ command: 'join', host: 'cp2', exitCode: 1, output, evidence: '' });

  it('with a clock that is behind', async () => {
    const failure = await explained(
      failed('x509: certificate has expired or is not yet valid'),
      place('', [], '900'),
    );
    expect(failure.problem.message).toBe(
      'kubeadm join failed on cp2: a certificate is not valid at the time that this node believes it is (its clock is 100 s behind that of cp1)',
    );
  });

  it('with what the endpoint resolves to', async () => {
    const failure = await explained(
      failed('dial tcp 10.77.0.60:6443: connect: connection refused'),
      place(''),
    );
    expect(failure.problem.message).toBe(
      'kubeadm join failed on cp2: nothing answers at 10.77.0.60:6443 (k8s-api.lab resolves to 10.77.0.60 on cp2)',
    );
  });

  it('with the VIP that a killed kube-vip has left on the node', async () => {
    const on = place('');
    const stdout = `2: eth0: <BROADCAST,UP> mtu 1500 \\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
--
2: eth0    inet 10.77.0.2/24 scope global eth0
2: eth0    inet 10.77.0.60/32 scope global eth0
--
`;
    (on.host as FakeHost).teach('network:interfaces', rawReply({ stdout }));
    const failure = await explained(failed('dial tcp 10.77.0.60:6443: connect: connection refused'), on);
    expect(failure.problem.message).toBe(
      'kubeadm join failed on cp2: nothing answers at 10.77.0.60:6443 (k8s-api.lab resolves to 10.77.0.60 on cp2; that address is on cp2 itself: take it off with `ip addr del 10.77.0.60/32 dev eth0`)',
    );
  });

  it('without more where nothing more is known', async () => {
    const failure = failed('[ERROR Swap]: running with swap on');
    expect(await explained(failure, place(''))).toBe(failure);
  });
});
