import { type Ask, question } from '../ask.ts';

/** The addresses that programs on the node get for a name. `kind: 'no-getent'`: the node cannot say. */
export type Resolution =
  | { readonly kind: 'no-getent' }
  | { readonly kind: 'addresses'; readonly ipv4: readonly string[]; readonly ipv6: readonly string[] };

const script = `
if ! command -v getent >/dev/null; then echo no-getent; exit 0; fi
getent ahostsv4 "$1" | while read -r a _; do echo "4 $a"; done
getent ahostsv6 "$1" | while read -r a _; do echo "6 $a"; done
exit 0
`;

/** What a name resolves to on the node, by way of nsswitch. Key `resolves:NAME`. */
export function resolves(name: string): Ask<Resolution> {
  return question<Resolution>({
    key: `resolves:${name}`,
    reads: ['file:/etc/hosts', 'file:/etc/nsswitch.conf', 'file:/etc/resolv.conf'],
    sh: script,
    args: [name],
    parse: (reply) => {
      if (reply.stdout.startsWith('no-getent')) return { kind: 'no-getent' };
      const lines = [...new Set(reply.stdout.split('\n'))];
      const of = (family: string): readonly string[] =>
        lines.filter((line) => line.startsWith(family)).map((line) => line.slice(2));
      // getent maps IPv4 addresses into IPv6 where a name has no other.
      return {
        kind: 'addresses',
        ipv4: of('4 '),
        ipv6: of('6 ').filter((each) => !each.startsWith('::ffff:')),
      };
    },
  });
}
