import type { Value } from '../core/value.ts';
import { textOf } from './arguments.ts';
import { withArticle } from './compare.ts';
import {
  firstOf,
  formatAddress,
  isLoopback,
  isPrivate,
  isPublic,
  lastOf,
  maskOf,
  type Network,
  parseNetwork,
  sizeOf,
  widthOf,
  within,
} from './network.ts';
import { codes, fail, suggest } from './problems.ts';

/** Reads a text, or a number as an IPv4 address; `null` for what is no address. */
export function networkOf(input: Value): Network | null {
  if (typeof input === 'string') return parseNetwork(input);
  if (typeof input !== 'number' || !Number.isInteger(input) || input < 0 || input >= 2 ** 32) return null;
  return { version: 4, address: BigInt(input), prefix: 32, written: false };
}

/** Fails because a filter of addresses was given something else. */
export function noAddress(name: string, input: Value): never {
  const shown = typeof input === 'string' ? `'${input}'` : withArticle(input);
  const hint = 'Addresses are written 10.0.0.5, 10.0.0.5/24 or 2001:db8::1.';
  return fail(codes.filterFailed, `'${name}' needs an address, not ${shown}`, hint);
}

/** What is asked about an address; `text` is the address as it was given, the answer of questions it fulfils. */
export function answer(network: Network, query: Value, text: string): Value {
  if (typeof query === 'number') return placeIn(network, query, text);
  if (typeof query !== 'string') return noQuery(textOf(query));
  const outer = parseNetwork(query);
  if (outer !== null) return within(network, outer) ? text : null;
  if (/^-?\d+$/.test(query)) return placeIn(network, Number(query), text);
  const ask = Object.hasOwn(queries, query) ? queries[query] : undefined;
  return ask === undefined ? noQuery(query) : ask(network, text);
}

function noQuery(query: string): never {
  const names = Object.keys(queries).filter((name) => name !== '');
  const hint = suggest(query, names, `Known are ${names.join(', ')}, a number and a network.`);
  return fail(codes.filterFailed, `'ipaddr' knows no question '${query}'`, hint);
}

type Query = (network: Network, text: string) => Value;

const first = (network: Network) => format(network, firstOf(network));
const own = (network: Network) => format(network, network.address);
const withPrefix = (network: Network, address: bigint) => `${format(network, address)}/${network.prefix}`;

function format({ version }: Network, address: bigint): string {
  return formatAddress(version, address) ?? '';
}

/** Whether this is the address of one machine and not of a network. */
function isHost(network: Network): boolean {
  return sizeOf(network) <= 2n || network.address !== firstOf(network);
}

function isNetwork(network: Network): boolean {
  return sizeOf(network) > 1n && network.address === firstOf(network);
}

function hostPrefix(network: Network): Value {
  return isHost(network) ? withPrefix(network, network.address) : false;
}

function placeIn(network: Network, index: number, text: string): Value {
  if (sizeOf(network) === 1n) return text;
  const place = index < 0 ? lastOf(network) + 1n + BigInt(index) : firstOf(network) + BigInt(index);
  return place < firstOf(network) || place > lastOf(network) ? false : withPrefix(network, place);
}

/** The first and last address that a machine may have; `null` in a network of one. */
function usable(network: Network): readonly [string, string] | null {
  if (!network.written) {
    const hint = 'Write the length of the prefix: 10.0.0.5/24.';
    return fail(codes.filterFailed, `${own(network)} is an address without a network`, hint);
  }
  if (sizeOf(network) === 1n) return null;
  const edge = sizeOf(network) === 2n ? 0n : 1n;
  return [format(network, firstOf(network) + edge), format(network, lastOf(network) - edge)];
}

function wildcard(network: Network): string {
  return format(network, sizeOf(network) - 1n);
}

const queries: Readonly<Record<string, Query>> = {
  '': (network, text) => (/\/\d+\./.test(text) ? withPrefix(network, network.address) : text),
  address: (network) => (isHost(network) || network.version === 6 ? own(network) : null),
  host: (network) => (isHost(network) ? withPrefix(network, network.address) : null),
  'host/prefix': hostPrefix,
  'address/prefix': hostPrefix,
  gateway: hostPrefix,
  network: first,
  network_id: first,
  'network/prefix': (network) => withPrefix(network, firstOf(network)),
  subnet: (network) => withPrefix(network, firstOf(network)),
  net: (network) => (isNetwork(network) ? withPrefix(network, network.address) : null),
  netmask: maskOf,
  network_netmask: (network) => `${first(network)} ${maskOf(network)}`,
  prefix: (network) => network.prefix,
  hostmask: wildcard,
  wildcard,
  broadcast: (network) => (sizeOf(network) > 2n ? format(network, lastOf(network)) : null),
  size: (network) => Number(sizeOf(network)),
  cidr: (network) => withPrefix(network, network.address),
  'ip/prefix': (network) =>
    isHost(network) && sizeOf(network) > 1n ? withPrefix(network, network.address) : null,
  ip_netmask: (network) =>
    isHost(network) && sizeOf(network) > 1n ? `${own(network)} ${maskOf(network)}` : null,
  version: (network) => network.version,
  type: (network) => (isNetwork(network) ? 'network' : 'address'),
  bool: () => true,
  private: (network, text) => (isPrivate(network) || isLoopback(network) ? text : null),
  public: (network, text) => (isPublic(network) ? text : null),
  loopback: (network, text) => (isLoopback(network) ? text : null),
  first_usable: (network) => usable(network)?.[0] ?? null,
  last_usable: (network) => usable(network)?.[1] ?? null,
  range_usable: (network) => usable(network)?.join('-') ?? null,
  ipv4: (network, text) => (network.version === 4 ? text : false),
  wrap: (network, text) =>
    network.version === 6 ? `[${own(network)}]${network.written ? `/${network.prefix}` : ''}` : text,
  revdns: (network) => reverseName(network),
};

function reverseName(network: Network): string {
  if (network.version === 4) return `${own(network).split('.').reverse().join('.')}.in-addr.arpa.`;
  const digits = network.address.toString(16).padStart(widthOf(network) / 4, '0');
  return `${[...digits].reverse().join('.')}.ip6.arpa.`;
}
