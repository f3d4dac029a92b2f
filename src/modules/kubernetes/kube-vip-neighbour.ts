import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';

/** A machine that has the VIP although nothing of the cluster answers there: its hardware address; `null`: none. */
export type Stranger = string | null;

// Where the manifest is there, or the VIP is on an interface of the node, nobody needs to be asked: a converged host
// waits for nothing. A VIP whose API server answers is the cluster's own, on another node.
const script = `
PATH=$PATH:/usr/sbin:/sbin
vip=$1 port=$2 dest=$3
[ ! -e "$dest" ] && [ -z "$(ip -o addr show to "$vip" 2>/dev/null)" ] || exit 0
command -v ping >/dev/null && command -v bash >/dev/null || exit 0
ping -c 1 -W 0.3 "$vip" >/dev/null 2>&1
m=$(ip neigh show "$vip" 2>/dev/null | sed -n '/FAILED/d; s/.* lladdr \\([0-9a-f:]*\\).*/\\1/p' | head -n 1)
[ -n "$m" ] || exit 0
timeout 2 bash -c ': >"/dev/tcp/$1/$2"' hapb "$vip" "$port" 2>/dev/null || echo "$m"
exit 0
`;

/** Whether a stranger has the VIP. Key `vip-stranger:VIP`. */
export function stranger(vip: string, at: { readonly port: number; readonly dest: string }): Ask<Stranger> {
  return question<Stranger>({
    key: `vip-stranger:${vip}`,
    sh: script,
    args: [vip, String(at.port), at.dest],
    parse: (reply) => reply.stdout.trim() || null,
  });
}

/** @throws Failure HAPB6515 */
export function refuseStranger(vip: string, found: Stranger): void {
  if (found === null) return;
  throw new Failure({
    code: 'HAPB6515',
    message: `the VIP ${vip} is in use: ${found} answers ARP for it, and no API server does`,
    hint: `Take another address, or switch that machine off. Where it is a node on which the VIP was left behind: ip addr del ${vip}/32 dev INTERFACE.`,
    argument: 'vip',
  });
}
