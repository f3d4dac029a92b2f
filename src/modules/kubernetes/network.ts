import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { ShellReply } from '../../connection/connection.ts';
import { type Ask, question } from '../ask.ts';

/** A network interface of a node. */
export interface Interface {
  readonly name: string;
  readonly up: boolean;
  /** `null`: it has none (lo, tunnels). */
  readonly mac: string | null;
  readonly addresses: readonly InterfaceAddress[];
}

/** An address with the length of its network's prefix in bits. */
export interface InterfaceAddress {
  readonly address: string;
  readonly prefix: number;
}

/** A node's interfaces, and the one that its default route leaves by; `null`: no default route. */
export interface Network {
  readonly interfaces: readonly Interface[];
  readonly defaultInterface: string | null;
}

const script = `
PATH=$PATH:/usr/sbin:/sbin
ip -o link show || exit
echo --
ip -o addr show || exit
echo --
ip -o route show default; ip -o -6 route show default 2>/dev/null; :
`;

/** Interfaces and addresses of a node. Key `network:interfaces`. */
export function network(): Ask<Network> {
  return question({ key: 'network:interfaces', sh: script, parse: parseNetwork });
}

/** Reads what iproute2 printed for `network`. */
export function parseNetwork(reply: ShellReply): Network {
  const [links = '', addresses = '', routes = ''] = reply.stdout.split(/^--$/m);
  const found = new Map<string, InterfaceAddress[]>();
  for (const line of addresses.split('\n')) {
    const match = /^\d+:\s+(\S+)\s+inet6?\s+([\da-fA-F.:]+)(?:\/(\d+))?/.exec(line);
    if (match === null) continue;
    const [, name = '', address = '', prefix] = match;
    const list = found.get(name) ?? [];
    found.set(name, [...list, { address, prefix: Number(prefix ?? (isIPv6(address) ? 128 : 32)) }]);
  }
  const interfaces = links.split('\n').flatMap((line): readonly Interface[] => {
    const match = /^\d+:\s+([^\s:@]+)[^<]*<([^>]*)>/.exec(line);
    if (match === null) return [];
    const [, name = '', flags = ''] = match;
    const mac = /link\/ether ([\da-f:]{17})/.exec(line)?.[1] ?? null;
    return [{ name, up: flags.split(',').includes('UP'), mac, addresses: found.get(name) ?? [] }];
  });
  return { interfaces, defaultInterface: /\bdev (\S+)/.exec(routes)?.[1] ?? null };
}

/** Whether an address lies in the network of `of`. A network of one address (a VIP that is up) holds nobody else. */
export function isInNetwork(address: string, of: InterfaceAddress): boolean {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if ((family === 'ipv4') !== isIPv4(of.address)) return false;
  if (of.prefix === (family === 'ipv4' ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(of.address, of.prefix, family);
  return list.check(address, family);
}

/** The interface whose network holds the address, or `null`. */
export function interfaceFor(address: string, interfaces: readonly Interface[]): Interface | null {
  return interfaces.find((one) => one.addresses.some((own) => isInNetwork(address, own))) ?? null;
}

/** The interface that carries exactly this address, or `null`. */
export function holderOf(address: string, interfaces: readonly Interface[]): Interface | null {
  return interfaces.find((one) => one.addresses.some((own) => own.address === address)) ?? null;
}

/** The address of a node by which the others of the VIP's network reach it, or `null`. */
export function addressBeside(vip: string, interfaces: readonly Interface[]): string | null {
  for (const one of interfaces) {
    const own = one.addresses.find((address) => address.address !== vip && isInNetwork(vip, address));
    if (own !== undefined) return own.address;
  }
  return null;
}
