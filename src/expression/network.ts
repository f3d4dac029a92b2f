import { Address4, Address6 } from 'ip-address';

/** An address with the length of its network's prefix. */
export interface Network {
  readonly version: 4 | 6;
  /** The address as a number. */
  readonly address: bigint;
  /** Length of the prefix in bits. */
  readonly prefix: number;
  /** Whether the prefix was written; an address alone is a network of one. */
  readonly written: boolean;
}

/** Reads `10.0.0.5`, `10.0.0.5/24`, `10.0.0.5/255.255.255.0`, `2001:db8::/64`; `null` for anything else. */
export function parseNetwork(text: string): Network | null {
  const [address = '', mask] = text.trim().split('/');
  if (text.split('/').length > 2 || address === '') return null;
  const bits = mask === undefined ? null : prefixOf(mask);
  const written = mask !== undefined;
  if (written && bits === null) return null;
  if (Address4.isValid(address)) {
    if (bits !== null && bits > 32) return null;
    return { version: 4, address: new Address4(address).bigInt(), prefix: bits ?? 32, written };
  }
  if (!address.includes(':') || address.includes('%') || !Address6.isValid(address)) return null;
  if (bits !== null && bits > 128) return null;
  return { version: 6, address: new Address6(address).bigInt(), prefix: bits ?? 128, written };
}

/** The bits of `24` or `255.255.255.0`. */
function prefixOf(mask: string): number | null {
  if (/^\d{1,3}$/.test(mask)) return Number(mask);
  if (!Address4.isValid(mask)) return null;
  const bits = new Address4(mask).bigInt().toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? (bits.indexOf('0') === -1 ? 32 : bits.indexOf('0')) : null;
}

/** How many bits an address has. */
export function widthOf({ version }: Network): number {
  return version === 4 ? 32 : 128;
}

/** How many addresses the network has. */
export function sizeOf(network: Network): bigint {
  return 1n << BigInt(widthOf(network) - network.prefix);
}

/** The first address of the network. */
export function firstOf(network: Network): bigint {
  return network.address - (network.address % sizeOf(network));
}

/** The last address of the network. */
export function lastOf(network: Network): bigint {
  return firstOf(network) + sizeOf(network) - 1n;
}

/** Whether all of `inner` lies in `outer`. */
export function within(inner: Network, outer: Network): boolean {
  return (
    inner.version === outer.version && firstOf(inner) >= firstOf(outer) && lastOf(inner) <= lastOf(outer)
  );
}

/** An address of this version as text, in its shortest form; `null` beyond its width. */
export function formatAddress(version: 4 | 6, address: bigint): string | null {
  if (address < 0n || address >= 1n << (version === 4 ? 32n : 128n)) return null;
  return version === 4
    ? Address4.fromBigInt(address).correctForm()
    : Address6.fromBigInt(address).correctForm();
}

/** The mask of the network as text: `255.255.255.0`. */
export function maskOf(network: Network): string {
  const all = (1n << BigInt(widthOf(network))) - 1n;
  return formatAddress(network.version, all - (sizeOf(network) - 1n)) ?? '';
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', '2001:db8::/32'];
const loopbackRanges = ['127.0.0.0/8', '::1/128'];
const specialRanges = [
  '0.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  'fe80::/10',
  'ff00::/8',
  '::/128',
];

/** Whether the address belongs to no public network: RFC 1918, RFC 4193, RFC 3849. */
export function isPrivate(network: Network): boolean {
  return inAny(network, privateRanges);
}

/** Whether the address is the machine's own. */
export function isLoopback(network: Network): boolean {
  return inAny(network, loopbackRanges);
}

/** Whether the address may be routed on the Internet. */
export function isPublic(network: Network): boolean {
  return !isPrivate(network) && !isLoopback(network) && !inAny(network, specialRanges);
}

function inAny(network: Network, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const outer = parseNetwork(range);
    return outer !== null && within(network, outer);
  });
}
