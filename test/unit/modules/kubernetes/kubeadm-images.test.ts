import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { kubeadmImages } from '../../../../src/modules/kubernetes/kubeadm-images.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { problemOf, taskOn } from './recorded.ts';

const args = {
  kubernetes_version: 'v1.34.2',
  skip: ['kube-proxy'],
  also: [] as readonly string[],
  hosts_dir: '/etc/containerd/certs.d',
  timeout: 900,
  retries: 3,
};
const pause = 'registry.k8s.io/pause:3.10.1';
const named = ['registry.k8s.io/kube-proxy:v1.34.2', pause];

function decide(also: readonly string[], present: readonly string[]) {
  return kubeadmImages.diff({ ...args, also }, { named, present }, taskOn('cp1'));
}

describe('kubeadm_images', () => {
  it('pulls what kubeadm names and what is to come with it', () => {
    expect(decide(['ghcr.io/kube-vip/kube-vip:v1.1.2'], [])).toMatchObject({
      summary: 'pull 2 of the images of Kubernetes v1.34.2',
      edits: [{ subject: `image ${pause}` }, { subject: 'image ghcr.io/kube-vip/kube-vip:v1.1.2' }],
    });
  });

  it('foresees before kubeadm is there that it may be any image of its registry, and which come with them', () => {
    const also = ['ghcr.io/kube-vip/kube-vip:v1.1.2'];
    const change = kubeadmImages.diff({ ...args, also }, { named: null, present: [] }, taskOn('cp1'));
    expect(change?.edits).toMatchObject([
      { subject: 'image the images of Kubernetes v1.34.2', fits: { subject: 'image registry.k8s.io/*' } },
      { subject: `image ${also[0]}` },
    ]);
    expect(change?.effects.map(({ key, state }) => [key, state instanceof Unknown])).toEqual([
      ['kubeadm-images:/v1.34.2', true],
      ['image:k8s.io/registry.k8s.io/*', true],
      [`image:k8s.io/${also[0]}`, false],
    ]);
  });

  it('has nothing to do when all of them are there, also by their short names', () => {
    expect(decide([], [pause])).toBeNull();
    expect(decide(['nginx:1'], [pause, 'docker.io/library/nginx:1'])).toBeNull();
    expect(decide(['nginx:1'], [pause])).not.toBeNull();
  });

  it('refuses a name without a tag', () => {
    expect(problemOf(() => decide(['ghcr.io/kube-vip/kube-vip'], [pause]))).toMatchInlineSnapshot(`
      "HAPB6560: 'ghcr.io/kube-vip/kube-vip' is not a full image name: it has no tag
        Write ghcr.io/kube-vip/kube-vip:TAG; there is no silent \`latest\`."
    `);
  });

  it('tries again for what is missing when a registry does not answer, and not when it refuses', async () => {
    const other = 'ghcr.io/kube-vip/kube-vip:v1.1.2';
    const pulls = (outputs: readonly string[], came: readonly (readonly string[])[]) => {
      const key = 'kubeadm-images:/v1.34.2';
      let round = 0;
      const host = fakeHost({
        answers: { [key]: { named, present: [] } },
        onDurable: () => {
          const output = outputs[round] ?? '';
          host.teach(key, { named, present: came[round] ?? [] });
          round += 1;
          return { kind: 'finished', exitCode: 1, output, adopted: false };
        },
      });
      return host;
    };
    const asked = (host: ReturnType<typeof fakeHost>) =>
      host.deeds.flatMap((deed) => (deed.kind === 'durable' ? [deed.command.args?.slice(3)] : []));
    const change = decide([other], []);
    if (change === null) throw new Error('there is something to do');

    const slow = pulls(['dial tcp: i/o timeout'], [[pause], [pause, other]]);
    expect(await kubeadmImages.apply(change, slow)).toEqual({ images: [pause, other] });
    expect(asked(slow)).toEqual([[pause, other], [other]]);

    const refusing = pulls(['manifest unknown'], [[pause]]);
    await expect(kubeadmImages.apply(change, refusing)).rejects.toMatchObject({
      problem: { code: 'HAPB6567' },
    });
    expect(asked(refusing)).toHaveLength(1);
  });
});
