import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { pullFailure } from '../../../../src/modules/kubernetes/ctr-errors.ts';
import { ctrPull } from '../../../../src/modules/kubernetes/ctr-pull.ts';
import type { CtrPullArgs } from '../../../../src/modules/kubernetes/ctr-pull-args.ts';
import { fullImageName, type ImageState, parseImage } from '../../../../src/modules/kubernetes/image.ts';
import type { DurableResult } from '../../../../src/modules/module.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { problemOf, reply, taskOn } from './recorded.ts';

const ref = 'ghcr.io/kube-vip/kube-vip:v1.1.2';
const args: CtrPullArgs = {
  image: ref,
  namespace: 'k8s.io',
  hosts_dir: '/etc/containerd/certs.d',
  plain_http: false,
  archive_from: 'node',
  force: false,
  timeout: 600,
  retries: 3,
  ctr: 'ctr',
  address: '/run/containerd/containerd.sock',
};
const absent: ImageState = { kind: 'absent' };
const present = (digest: string): ImageState => ({ kind: 'present', digest });

function decide(
  over: Partial<CtrPullArgs>,
  image: ImageState = absent,
  archive: 'none' | 'missing' = 'none',
) {
  const found = archive === 'none' ? { kind: archive } : { kind: archive, tried: [over.archive ?? ''] };
  return ctrPull.diff({ ...args, ...over }, { image, archive: found }, taskOn('cp1'));
}

describe("an image's name", () => {
  it.each([
    ['nginx:1', 'docker.io/library/nginx:1'],
    ['docker.io/nginx:1', 'docker.io/library/nginx:1'],
    ['index.docker.io/a/b:1', 'docker.io/a/b:1'],
    ['a/b:1', 'docker.io/a/b:1'],
    ['10.0.0.1:5000/a/b:v1', '10.0.0.1:5000/a/b:v1'],
    ['localhost/a:1', 'localhost/a:1'],
    [`ghcr.io/a@sha256:${'0'.repeat(64)}`, `ghcr.io/a@sha256:${'0'.repeat(64)}`],
  ])('%s is %s', (text, full) => {
    expect(fullImageName(text)).toBe(full);
  });

  it.each([
    'nginx',
    '10.0.0.1:5000/app',
    'ghcr.io/Kube-Vip/x:1',
    'a b:1',
    'a:',
    'a:-x',
    'a@sha256:12',
    'ghcr.io/:1',
  ])("'%s' is refused", (text) => {
    expect(problemOf(() => fullImageName(text))).toMatchSnapshot();
  });
});

describe('what ctr 1.6.20 says', () => {
  it.each([
    [
      `ctr: failed to resolve reference "${ref}": failed to do request: Head "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host\nctr github.com/containerd/containerd 1.6.20~ds1`,
    ],
    [
      `ctr: failed to resolve reference "${ref}": dial tcp 10.0.0.1:443: i/o timeout\nctr github.com/containerd/containerd/v2 2.0.1`,
    ],
    ['dial tcp 10.0.0.1:443: connect: connection refused'],
    ['pulling from host h failed with status code [manifests v1]: 401 Unauthorized'],
    ['unexpected status code [manifests v1]: 403 Forbidden'],
    [`ctr: failed to resolve reference "${ref}": ${ref}: not found`],
    ['manifest unknown: manifest unknown'],
    ['ctr: no match for platform in manifest: not found'],
    ['x509: certificate signed by unknown authority'],
    ['http: server gave HTTP response to HTTPS client'],
    ['ctr: failed to dial "/run/x.sock": dial unix /run/x.sock: connect: permission denied'],
    ['ctr: failed to dial "/run/x.sock": dial unix /run/x.sock: connect: connection refused'],
    ['no program named ctr'],
    ['something else'],
  ])('%s', (output) => {
    const { failure, again } = pullFailure({ ref, host: 'cp1', output });
    expect(
      `${again}\n${problemOf(() => {
        throw failure;
      })}`,
    ).toMatchSnapshot();
  });

  it('is not read from the tag', () => {
    const output = 'ctr: failed to resolve reference "a.b/c:1.403": a.b/c:1.403: not found';
    expect(pullFailure({ ref: 'a.b/c:1.403', host: 'cp1', output }).failure.problem.code).toBe('HAPB6567');
  });

  it('is the digest in the third column', () => {
    const line = `REF TYPE DIGEST SIZE PLATFORMS LABELS\n${ref} application/x sha256:12 1.0 MiB linux/amd64 -\n`;
    expect(parseImage(reply(line), ref)).toEqual(present('sha256:12'));
    expect(parseImage(reply(line), 'other:1')).toEqual(absent);
  });
});

describe('ctr_pull', () => {
  it('has nothing to do where the image is, unless the tag may have moved', () => {
    expect(decide({}, present('sha256:1'))).toBeNull();
    expect(decide({ force: true }, present('sha256:1'))?.forecast.kind).toBe('unknown');
    expect(decide({})?.edits).toEqual([{ subject: `image ${ref}`, before: null, after: `${ref}\n` }]);
  });

  it('refuses an archive that is not there', () => {
    expect(problemOf(() => decide({ archive: '/srv/a.tar' }, absent, 'missing'))).toMatchInlineSnapshot(`
      "HAPB6572: there is no archive /srv/a.tar on cp1
        Bring it there first (copy_file), or set \`archive_from: controller\`."
    `);
  });

  function hostAfter(results: readonly Partial<DurableResult & { kind: 'finished' }>[], digest: string) {
    const left = [...results];
    return fakeHost({
      name: 'cp1',
      answers: { [`image:k8s.io/${ref}`]: present(digest) },
      onDurable: () => ({ kind: 'finished', exitCode: 0, output: '', adopted: false, ...left.shift() }),
    });
  }
  async function apply(
    host: ReturnType<typeof fakeHost>,
    over: Partial<CtrPullArgs>,
    before: ImageState = absent,
  ) {
    const change = decide(over, before);
    if (change === null) throw new Error('there is something to do');
    return ctrPull.apply(change, host);
  }
  function commands(host: ReturnType<typeof fakeHost>) {
    return host.deeds.flatMap((deed) => (deed.kind === 'durable' ? [deed.command] : []));
  }

  it('changed nothing when the forced pull brought the same digest', async () => {
    const over = { force: true };
    expect(await apply(hostAfter([], 'sha256:1'), over, present('sha256:1'))).toMatchObject({
      changed: false,
    });
    expect(await apply(hostAfter([], 'sha256:2'), over, present('sha256:1'))).toEqual({
      image: ref,
      digest: 'sha256:2',
    });
  });

  it('tries again when the registry does not answer, and not when it refuses', async () => {
    const host = hostAfter([{ exitCode: 1, output: 'i/o timeout' }], 'sha256:1');
    await apply(host, { retries: 1 });
    expect(commands(host)).toHaveLength(2);
    const refusing = hostAfter([{ exitCode: 1, output: 'manifest unknown' }], 'sha256:1');
    await expect(apply(refusing, {})).rejects.toMatchObject({ problem: { code: 'HAPB6567' } });
    expect(commands(refusing)).toHaveLength(1);
  });

  it('passes the login on stdin and nowhere else', async () => {
    const user = new Secret('robot:hidden-word', 'user');
    const host = hostAfter([], 'sha256:1');
    await apply(host, { user, ctr: '/opt/bin/ctr', plain_http: true, platform: 'linux/arm64' });
    const [command] = commands(host);
    expect(command?.stdin).toBe(user);
    expect(command?.args).toEqual([
      '/opt/bin/ctr',
      args.address,
      'k8s.io',
      ref,
      'linux/arm64',
      args.hosts_dir,
      'yes',
    ]);
  });

  it.each([
    [125, 'a login without a colon'],
    [126, 'a node without `script`'],
  ])('explains exit code %i: %s', async (exitCode) => {
    const user = new Secret('robot', 'user');
    await expect(apply(hostAfter([{ exitCode }], ''), { user })).rejects.toMatchObject({
      problem: { code: 'HAPB6573' },
    });
  });
});
