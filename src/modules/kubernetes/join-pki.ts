import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import { type Ask, question } from '../ask.ts';
import type { HostWriter } from '../module.ts';
import { kubeadmKey } from './kubeadm-facts.ts';

const folder = '/etc/kubernetes/pki';

/** What all control-plane nodes have in common, and no more: kubeadm makes the rest for each node. */
const shared = [
  'ca.crt',
  'ca.key',
  'sa.pub',
  'sa.key',
  'front-proxy-ca.crt',
  'front-proxy-ca.key',
  'etcd/ca.crt',
  'etcd/ca.key',
] as const;

const script = `
cd ${folder} || exit
for f in ${shared.join(' ')}; do
  [ ! -s "$f" ] || { echo "file $f"; cat "$f"; echo; echo "end"; }
done
`;

type SharedFile = { readonly name: string; readonly content: Secret };

/** The shared certificates and keys of a control-plane node. Each is a secret. Key `kubeadm:pki`. */
function sharedFiles(): Ask<readonly SharedFile[]> {
  return question({ key: 'kubeadm:pki', reads: [kubeadmKey], sh: script, parse: parseShared });
}

/** Reads what the script printed. */
export function parseShared(reply: ShellReply): readonly SharedFile[] {
  return [...reply.stdout.matchAll(/^file (\S+)\n([\s\S]*?\n)\n?end$/gm)].map(
    ([, name = '', content = '']) => ({
      name,
      content: new Secret(content, name),
    }),
  );
}

/**
 * Copies them from one node to another, through the controller's memory. They are there before kubeadm looks, which then
 * downloads nothing.
 * @throws Failure HAPB6596 when one is missing
 */
export async function copyPki(from: HostWriter, host: HostWriter): Promise<void> {
  const files = await from.ask(sharedFiles());
  const missing = shared.filter((name) => !files.some((file) => file.name === name));
  if (missing.length > 0) {
    throw new Failure({
      code: 'HAPB6596',
      message: `${from.name} lacks ${missing.map((name) => `${folder}/${name}`).join(', ')}, which the nodes of a control plane share`,
      hint: 'A CA whose key is kept elsewhere cannot be shared: put certificates made with it onto the node, as for the first one. Otherwise name another control-plane host in `from`.',
      argument: 'from',
    });
  }
  const made = await host.run({ sh: `umask 022; mkdir -p ${folder}/etcd`, timeoutMs: 60_000 });
  if (made.exitCode !== 0) {
    throw new Failure({
      code: 'HAPB6596',
      message: `${folder}/etcd cannot be made on ${host.name}: ${made.stderr.trim()}`,
      hint: 'Free the disk or the path, and run again.',
    });
  }
  await Promise.all(
    files.map(({ name, content }) =>
      host.write({
        path: `${folder}/${name}`,
        content,
        mode: name.endsWith('.key') ? '0600' : '0644',
        owner: 'root',
        group: 'root',
      }),
    ),
  );
}
