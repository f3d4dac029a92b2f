import { randomBytes } from 'node:crypto';
import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { withFullDisk } from '../host/full-disk.ts';
import type { HostWriter } from '../module.ts';
import { ctrFailure } from './ctr-errors.ts';
import { podOf, podText, withImage, wrongWith } from './kube-vip-pod.ts';
import { type KubeVipSettings, kubeVipArguments } from './kube-vip-text.ts';

/** What the container is asked for. */
export interface ManifestWish {
  readonly settings: KubeVipSettings;
  /** The version's flag for the prefix length. */
  readonly prefixFlag: '--cidr' | '--vipSubnet';
  /** What it means that the node does not have the image, or no containerd. */
  readonly without: 'image is an error' | 'image is nothing';
}

/** How often a container is run that prints nothing at all. */
const attempts = 3;

/**
 * What the kube-vip container on the node prints for these settings, with the image's name as asked for; `null`: the
 * node has no such image, and that is no error.
 * @throws Failure HAPB6506 (image absent), HAPB6507 (it refused), HAPB6508 (it printed something else than a manifest),
 * HAPB6565 (containerd may not be asked)
 */
export async function containerManifest(host: HostWriter, wish: ManifestWish): Promise<string | null> {
  const { settings } = wish;
  const image = `${settings.image}:${settings.version}`;
  let reply = await printed(host, image, wish);
  // On a busy node ctr may lose what a container printed that ends at once; kube-vip itself is never silent.
  for (let attempt = 1; attempt < attempts && isSilent(reply); attempt += 1)
    reply = await printed(host, image, wish);
  if (reply.exitCode === 90) {
    if (wish.without === 'image is nothing') return null;
    throw new Failure({
      code: 'HAPB6506',
      message: `the image ${image} is not on ${host.name}`,
      hint: 'Pull it with ctr_pull before this task, or set `generator: builtin`.',
      argument: 'image',
    });
  }
  if (reply.exitCode === 91) throw ctrFailure(reply.stderr);
  if (reply.exitCode !== 0) throw refused(image, reply.stderr || reply.stdout);
  return validated({ text: reply.stdout, stderr: reply.stderr, settings });
}

function printed(host: HostWriter, image: string, wish: ManifestWish): Promise<ShellReply> {
  return host.run({
    // A name of its own each time: what an interrupted run left would else be in the way.
    sh: `
PATH=$PATH:/usr/local/bin
i=$1 n=$2; shift 2
command -v ctr >/dev/null && [ -S /run/containerd/containerd.sock ] || exit 90
have=$(ctr -n k8s.io images ls -q "name==$i") || exit 91
[ -n "$have" ] || exit 90
# Of one that a power cut ended; one that runs is not removed.
for old in $(ctr -n k8s.io containers ls -q 2>/dev/null); do
  case $old in hapb-vip-*) ctr -n k8s.io containers rm "$old" >/dev/null 2>&1 ;; esac
done
exec ctr -n k8s.io run --rm --net-host "$i" "$n" /kube-vip "$@"
`,
    args: [
      image,
      `hapb-vip-${randomBytes(6).toString('hex')}`,
      ...kubeVipArguments(wish.settings, wish.prefixFlag),
    ],
    timeoutMs: 120_000,
  });
}

function isSilent({ exitCode, stdout, stderr }: ShellReply): boolean {
  return exitCode === 0 && stdout.trim() === '' && stderr.trim() === '';
}

function refused(image: string, output: string): Failure {
  const flag = /unknown (?:shorthand )?flag: (?:'\w+' in )?(\S+)/.exec(output)?.[1];
  const invalid = /invalid argument "([^"]*)" for "([^"]*)" flag/.exec(output);
  const what =
    flag !== undefined
      ? `does not know ${flag}`
      : invalid !== null
        ? `does not take '${invalid[1]}' for ${invalid[2]}`
        : 'could not make its manifest';
  const problem = { message: `${image} ${what}`, hint: refusalHint(flag, invalid !== null) };
  return new Failure({ code: 'HAPB6507', ...withFullDisk(problem, output), details: tail(output) });
}

function refusalHint(flag: string | undefined, invalid: boolean): string {
  if (flag === '--cidr')
    return 'It has --vipSubnet since 0.9.0: use `subnet`, and the version that the image really is.';
  if (flag === '--vipSubnet') return 'It has --cidr before 0.9.0: use the version that the image really is.';
  if (flag !== undefined)
    return 'Use arguments that this version of kube-vip has; `kube-vip manifest pod --help` lists them.';
  if (invalid) return 'Correct the value in `extra_args`.';
  return 'Read what it printed; `generator: builtin` does without the container for versions that hapb knows.';
}

/** Since 0.8.10 kube-vip reports errors with exit code 0 and may print its help instead: nothing unread is installed. */
export function validated(output: {
  readonly text: string;
  readonly stderr: string;
  readonly settings: KubeVipSettings;
}): string {
  const { settings } = output;
  const parsed = podOf(output.text);
  const pod = parsed === null ? null : withImage(parsed, settings);
  const wrong = pod === null ? null : wrongWith(pod, settings);
  if (pod !== null && wrong === null) return podText(pod);
  const why = output.text.trim() === '' ? 'nothing at all' : 'something else than a manifest';
  throw new Failure({
    code: 'HAPB6508',
    message: `kube-vip ${settings.version} printed ${why} for ${settings.vips.join(',')}${wrong === null ? '' : `: ${wrong}`}`,
    hint: 'Nothing was written. Check the arguments of the task against the version of kube-vip.',
    details: tail(`${output.stderr}${output.text}`),
  });
}

function tail(output: string): string {
  return output.trim().split('\n').slice(0, 30).join('\n');
}
