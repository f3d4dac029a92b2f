import { isList, type Value } from '../../core/value.ts';
import { answer, networkOf, noAddress } from '../address-query.ts';
import { numberArgument, textOf } from '../arguments.ts';
import type { Bound, Filter, Table } from '../callable.ts';
import { firstOf, formatAddress, lastOf, type Network, parseNetwork, sizeOf, widthOf } from '../network.ts';
import { codes, fail } from '../problems.ts';

/** A filter that works on one address or on each of a list, dropping what is none. */
function each(run: (input: Value, args: Bound) => Value): Filter['run'] {
  return (input, args) => {
    if (!isList(input)) return run(input, args);
    return input.map((item) => run(item, args)).filter((item) => item !== false && item !== null);
  };
}

function ofVersion(version: 4 | 6): Filter {
  return {
    parameters: ['query?'],
    reads: 'content',
    run: each((input, [query]) => {
      const network = networkOf(input);
      if (network?.version !== version) return false;
      return answer(
        network,
        query ?? '',
        network.written ? `${shown(network)}/${network.prefix}` : shown(network),
      );
    }),
  };
}

/** Filters of addresses and networks. */
export const ipFilters: Table<Filter> = {
  ipaddr: {
    parameters: ['query?'],
    reads: 'content',
    run: each((input, [query]) => {
      const network = networkOf(input);
      if (network === null) return false;
      return answer(network, query ?? '', typeof input === 'string' ? input : shown(network));
    }),
  },
  ipv4: ofVersion(4),
  ipv6: ofVersion(6),
  ipwrap: {
    parameters: [],
    reads: 'content',
    run: (input) => (isList(input) ? input.map(wrapped) : wrapped(input)),
  },
  ipsubnet: {
    parameters: ['query?', 'index?'],
    reads: 'content',
    run: (input, args) => {
      const network = need(input, 'ipsubnet');
      const prefix = numberArgument(args, 0, network.prefix);
      if (prefix > widthOf(network)) return noSubnet();
      if (prefix <= network.prefix)
        return args[1] === undefined && prefix < network.prefix && network.prefix === widthOf(network)
          ? subnetAt(network, prefix, 0n)
          : noSubnet();
      if (!network.written) return noSubnet();
      const count = 1n << BigInt(prefix - network.prefix);
      if (args[1] === undefined) return String(count);
      const index = BigInt(numberArgument(args, 1, 0));
      const place = index < 0n ? count + index : index;
      return place < 0n || place >= count ? false : subnetAt(network, prefix, place);
    },
  },
  ipmath: {
    parameters: ['amount'],
    reads: 'content',
    run: (input, args) => {
      const network = need(input, 'ipmath');
      const text = formatAddress(network.version, network.address + BigInt(numberArgument(args, 0, 0)));
      return (
        text ?? fail(codes.filterFailed, "'ipmath' leaves the range of addresses", 'Add or subtract less.')
      );
    },
  },
  nthhost: {
    parameters: ['query?'],
    reads: 'content',
    run: (input, args) => {
      const network = need(input, 'nthhost');
      const index = BigInt(numberArgument(args, 0, 0));
      const place = index < 0n ? lastOf(network) + 1n + index : firstOf(network) + index;
      return place < firstOf(network) || place > lastOf(network)
        ? false
        : formatAddress(network.version, place);
    },
  },
  network_in_network: {
    parameters: ['test'],
    reads: 'content',
    run: (input, [test = null]) => {
      const [outer, inner] = [need(input, 'network_in_network'), need(test, 'network_in_network')];
      return (
        outer.version === inner.version && firstOf(inner) >= firstOf(outer) && firstOf(inner) <= lastOf(outer)
      );
    },
  },
  network_in_usable: {
    parameters: ['test'],
    reads: 'content',
    run: (input, [test = null]) => {
      const [outer, inner] = [need(input, 'network_in_usable'), need(test, 'network_in_usable')];
      const edge = sizeOf(outer) > 2n ? 1n : 0n;
      const usable = inner.address >= firstOf(outer) + edge && inner.address <= lastOf(outer) - edge;
      return outer.version === inner.version && usable;
    },
  },
};

function need(input: Value, name: string): Network {
  return networkOf(input) ?? noAddress(name, input);
}

function noSubnet(): never {
  return fail(
    codes.filterFailed,
    "'ipsubnet' needs a prefix that is longer than the network's and fits into an address",
    "For example: '10.0.0.0/16' | ipsubnet(24, 3).",
  );
}

function subnetAt(network: Network, prefix: number, index: bigint): string {
  const size = 1n << BigInt(widthOf(network) - prefix);
  const start = network.address - (network.address % size);
  const base = network.written && prefix > network.prefix ? firstOf(network) + index * size : start;
  return `${formatAddress(network.version, base)}/${prefix}`;
}

function shown(network: Network): string {
  return formatAddress(network.version, network.address) ?? '';
}

/** An IPv6 address in brackets, as URLs need it; everything else as it is. */
function wrapped(input: Value): Value {
  const text = textOf(input);
  const network = parseNetwork(text);
  if (network === null) return text;
  const prefix = network.written ? `/${network.prefix}` : '';
  return network.version === 6 ? `[${shown(network)}]${prefix}` : `${shown(network)}${prefix}`;
}
