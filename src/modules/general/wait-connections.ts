import { isIPv4 } from 'node:net';
import { type Ask, question } from '../ask.ts';
import { connectionStates, type Look, type WaitForArgs } from './wait-args.ts';

// The last lines are the addresses of the names that were given.
const script = `
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
for name in "$@"; do printf '/ %s ' "$name"; getent ahosts "$name" 2>/dev/null | awk '{ printf "%s ", $1 }'; echo; done
`;

/** Whether a port of the host has no active connections any more. */
export function connections(args: WaitForArgs, port: number): Ask<Look> {
  const { host = '127.0.0.1', exclude_hosts: excluded = [] } = args;
  const names = [host, ...excluded];
  const states = args.active_connection_states ?? defaultStates;
  return question({
    key: `connections:${port}`,
    sh: script,
    args: names,
    parse: (reply) => {
      const lines = reply.stdout.split('\n');
      const addressesOf = (name: string): readonly string[] => {
        const line = lines.find((each) => each.startsWith(`/ ${name} `)) ?? '';
        return [name, ...line.trim().split(' ').slice(2)].flatMap(kernelForms);
      };
      const here = new Set(addressesOf(host));
      const away = new Set(excluded.flatMap(addressesOf));
      const count = lines.filter((line) => {
        const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/);
        const [address = '', hex = ''] = local.split(':');
        return (
          Number.parseInt(hex, 16) === port &&
          states.some((name) => connectionStates[name] === state) &&
          (here.has(address) || here.has('any')) &&
          !away.has(remote.split(':')[0] ?? '')
        );
      }).length;
      const seen = `${host}:${port} has ${count} active connection${count === 1 ? '' : 's'}`;
      return {
        reached: count === 0,
        seen,
        found: { match_groups: [], match_groupdict: {}, state: 'drained' },
      };
    },
  });
}

const defaultStates = ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'] as const;

/** An address as /proc/net shows it on a little-endian machine: plain, and as an IPv4 address in IPv6. */
function kernelForms(address: string): readonly string[] {
  if (address === '0.0.0.0' || address === '::') return ['any'];
  if (isIPv4(address)) {
    const hex = address
      .split('.')
      .reverse()
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
    return [hex, `0000000000000000FFFF0000${hex}`];
  }
  return address === '::1' ? ['00000000000000000000000001000000'] : [];
}
