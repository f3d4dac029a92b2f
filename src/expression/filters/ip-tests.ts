import type { Value } from '../../core/value.ts';
import { networkOf, noAddress } from '../address-query.ts';
import { properList } from '../arguments.ts';
import type { Table, Test } from '../callable.ts';
import { firstOf, isLoopback, isPrivate, isPublic, type Network, within } from '../network.ts';

/** A test that is false for what is no address, or no proper network: `10.0.0.5/24` is neither. */
function about(run: (network: Network) => boolean): Test {
  return {
    parameters: [],
    reads: 'content',
    run: (input) => {
      const network = proper(input);
      return network !== null && run(network);
    },
  };
}

function proper(input: Value): Network | null {
  const network = typeof input === 'string' ? networkOf(input) : null;
  return network === null || (network.written && firstOf(network) !== network.address) ? null : network;
}

function inNetwork(input: Value, container: Value): boolean {
  const inner = proper(input);
  const outer = networkOf(container) ?? noAddress('in_network', container);
  return inner !== null && within(inner, outer);
}

/** Tests of addresses and networks. */
export const ipTests: Table<Test> = {
  ip: about(() => true),
  ip_address: about((network) => !network.written),
  ipv4: about((network) => network.version === 4),
  ipv4_address: about((network) => network.version === 4 && !network.written),
  ipv6: about((network) => network.version === 6),
  ipv6_address: about((network) => network.version === 6 && !network.written),
  private: about((network) => !network.written && (isPrivate(network) || isLoopback(network))),
  public: about((network) => !network.written && isPublic(network)),
  loopback: about((network) => !network.written && isLoopback(network)),
  in_network: {
    parameters: ['network'],
    reads: 'content',
    run: (input, [network = null]) => inNetwork(input, network),
  },
  in_any_network: {
    parameters: ['networks'],
    reads: 'content',
    run: (input, [networks]) =>
      properList(networks, 'in_any_network').some((network) => inNetwork(input, network)),
  },
  subnet_of: {
    parameters: ['network'],
    reads: 'content',
    run: (input, [network = null]) => inNetwork(input, network),
  },
  supernet_of: {
    parameters: ['network'],
    reads: 'content',
    run: (input, [network = null]) => inNetwork(network, input),
  },
};
