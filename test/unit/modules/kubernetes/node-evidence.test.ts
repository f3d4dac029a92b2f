import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownSecrets } from '../../../../src/core/secret.ts';
import { withoutTokens } from '../../../../src/modules/kubernetes/kubeadm-run.ts';
import { evidenceLines, parseEvidence } from '../../../../src/modules/kubernetes/node-evidence.ts';
import { reply } from './recorded.ts';

const runc = String.raw`E1124 20:12:33.123456    1234 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \"CreatePodSandbox\" for \"etcd-cp1_kube-system(8f)\" with CreatePodSandboxError: runc create failed: unable to start container process: can't get final child's PID from pipe: EOF" pod="kube-system/etcd-cp1" podUID="8f"`;
const refused = String.raw`E1124 20:12:33.223456    1234 controller.go:145] "Failed to ensure lease exists, will retry" err="Get \"https://k8s-api.lab:6443/apis\": dial tcp 10.77.0.1:6443: connect: connection refused" interval="7s"`;

describe('evidence from a node', () => {
  it('is the complaint that the kubelet repeats, not its consequences', () => {
    const again = runc.replace('20:12:33', '20:12:45').replace('"8f"', '"9a"');
    const stdout = ['kubelet-begin', refused, refused, refused, runc, again, 'kubelet-end', ''].join('\n');
    const found = parseEvidence(reply(stdout));
    expect(evidenceLines(found)).toEqual([
      `kubelet: failed to "CreatePodSandbox" for "etcd-cp1_kube-system(8f)" with CreatePodSandboxError: runc create failed: unable to start container process: can't get final child's PID from pipe: EOF`,
    ]);
  });

  it('is the last word of a container that keeps ending', () => {
    const line = 'container kube-apiserver 3 2026-11-24T20:12:33.1Z stderr F Error: unknown flag: --nonsense';
    const found = parseEvidence(reply(`kubelet-begin\nkubelet-end\n${line}\n`));
    expect(evidenceLines(found)).toEqual([
      'kube-apiserver restarted 3 times: Error: unknown flag: --nonsense',
    ]);
  });

  it('is nothing where the kubelet only waits for its configuration', () => {
    const line =
      'E1124 21:01:02.000000 99 run.go:72] "command failed" err="failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: no such file or directory"';
    expect(evidenceLines(parseEvidence(reply(`kubelet-begin\n${line}\nkubelet-end\n`)))).toEqual([]);
  });

  it('is the last word of a kubelet that keeps ending', () => {
    const ending = readFileSync(new URL('fixtures/kubelet-journal-ending.txt', import.meta.url), 'utf8');
    const found = parseEvidence(reply(`kubelet-begin\n${ending}kubelet-end\n`));
    expect(evidenceLines(found)).toEqual(['kubelet: it keeps ending: inotify_init: too many open files']);
  });
});

describe('the tokens that kubeadm prints', () => {
  it('are taken out and known as secrets from then on', () => {
    expect(withoutTokens('[bootstrap-token] Using token: m8q6vs.nnz2wkexv3aaycic')).toBe(
      '[bootstrap-token] Using token: ‹bootstrap token›',
    );
    expect(knownSecrets().has('m8q6vs.nnz2wkexv3aaycic')).toBe(true);
  });
});
