import { onNode } from '../lab/rig/lab.ts';

/**
 * Until /run/enough is there, collects every command line and environment of the node, and the configurations that kubeadm is
 * given, which hold what nobody else may see. They are in memory; with /run/enough they go.
 */
const watching = `rm -rf /run/enough /run/watched; mkdir -m 0700 /run/watched
while [ ! -e /run/enough ]; do
  cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' >>/run/watched/processes
  cat /run/hapb-kubeadm/config.yaml >>/run/watched/configurations 2>/dev/null
  sleep 0.3
done
sort -u /run/watched/processes; echo ===; cat /run/watched/configurations; rm -rf /run/watched /run/enough`;

/** What was seen of a node while it was watched. */
export interface Watched {
  readonly node: string;
  /** Command lines and environments, a word a line. */
  readonly processes: string;
  /** What kubeadm was given. */
  readonly configurations: string;
}

/** Watches a node until the promise that it gives is asked to end. */
export function watch(node: string): { readonly end: () => Promise<Watched> } {
  const seen = onNode(node, watching);
  return {
    end: async () => {
      await onNode(node, 'touch /run/enough');
      const [processes = '', configurations = ''] = (await seen).split('\n===\n');
      return { node, processes, configurations };
    },
  };
}

/** Bootstrap tokens and keys of certificates in a configuration: the part that is secret. */
export function madeSecrets(configurations: string): { readonly tokens: string[]; readonly keys: string[] } {
  const all = (pattern: RegExp): string[] => [
    ...new Set([...configurations.matchAll(pattern)].map(([, secret = '']) => secret)),
  ];
  return {
    tokens: all(/\b[a-z0-9]{6}\.([a-z0-9]{16})\b/g),
    keys: all(/certificateKey: "?([0-9a-f]{64})/g),
  };
}

/** Which files of a node hold one of these words, in memory, on disk or in the journal; the databases of the cluster aside. */
export async function filesWith(node: string, words: readonly string[]): Promise<readonly string[]> {
  const patterns = words.flatMap((word) => [word, Buffer.from(word).toString('base64').replace(/=+$/, '')]);
  const found = await onNode(
    node,
    `printf '%s\\n' ${patterns.map((word) => `'${word}'`).join(' ')} >/dev/shm/words
grep -rlFf /dev/shm/words /etc /root /home /tmp /var/tmp /var/log /run /srv /opt --exclude-dir=watched 2>/dev/null
journalctl -q --no-pager | grep -Ff /dev/shm/words | head -3
rm -f /dev/shm/words`,
  );
  return found.split('\n').filter((line) => line !== '');
}
