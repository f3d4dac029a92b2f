import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import type { HostWriter } from '../module.ts';
import { type KubeVipSettings, kubeVipArguments } from './kube-vip-text.ts';

/** The repository that kube-vip writes into its output, whatever image it was started from. */
const ownImage = 'ghcr.io/kube-vip/kube-vip';

/**
 * What the kube-vip container on the node prints for these settings, with the image's name as asked for.
 * @throws Failure HAPB6506 (image absent), HAPB6507 (it refused), HAPB6508 (it printed something else than a manifest)
 */
export async function containerManifest(
  host: HostWriter,
  settings: KubeVipSettings,
  prefixFlag: '--cidr' | '--vipSubnet',
): Promise<string> {
  const image = `${settings.image}:${settings.version}`;
  const reply = await host.run({
    // A name of its own each time: what an interrupted run left would else be in the way.
    sh: `
i=$1 n=$2; shift 2
[ -n "$(ctr -n k8s.io images ls -q "name==$i")" ] || exit 90
exec ctr -n k8s.io run --rm --net-host "$i" "$n" /kube-vip "$@"
`,
    args: [image, `hapb-vip-${randomBytes(6).toString('hex')}`, ...kubeVipArguments(settings, prefixFlag)],
    timeoutMs: 120_000,
  });
  if (reply.exitCode === 90) {
    throw new Failure({
      code: 'HAPB6506',
      message: `the image ${image} is not on ${host.name}`,
      hint: 'Pull it with ctr_pull before this task, or set `generator: builtin`.',
      argument: 'image',
    });
  }
  if (reply.exitCode !== 0) throw refused(image, reply.stderr || reply.stdout);
  return validated({ text: reply.stdout, stderr: reply.stderr, settings });
}

function refused(image: string, output: string): Failure {
  const flag = /unknown flag: (\S+)/.exec(output)?.[1];
  return new Failure({
    code: 'HAPB6507',
    message: flag === undefined ? `${image} could not make its manifest` : `${image} does not know ${flag}`,
    hint:
      flag === undefined
        ? 'Read what it printed; `generator: builtin` does without the container for versions that hapb knows.'
        : 'Use arguments that this version of kube-vip has.',
    details: tail(output),
  });
}

/** Since 0.8.10 kube-vip reports errors with exit code 0 and may print its help instead: nothing unread is installed. */
export function validated(output: {
  readonly text: string;
  readonly stderr: string;
  readonly settings: KubeVipSettings;
}): string {
  const { settings } = output;
  const text = `${output.text.trim()}\n`.replaceAll(
    `image: ${ownImage}:${settings.version}\n`,
    `image: ${settings.image}:${settings.version}\n`,
  );
  const missing = [
    'apiVersion: v1\n',
    'kind: Pod\n',
    '  name: kube-vip\n',
    `      value: ${settings.vip}\n`,
    `    image: ${settings.image}:${settings.version}\n`,
  ].find((part) => !text.includes(part));
  if (missing === undefined && text.startsWith('apiVersion: ') && !/^---/m.test(text)) return text;
  throw new Failure({
    code: 'HAPB6508',
    message: `kube-vip ${settings.version} printed something else than a manifest for ${settings.vip}`,
    hint: 'Nothing was written. Check the arguments of the task against the version of kube-vip.',
    details: tail(`${output.stderr}${output.text}`),
  });
}

function tail(output: string): string {
  return output.trim().split('\n').slice(0, 30).join('\n');
}
