import { isIPv4 } from 'node:net';
import { Failure } from '../../core/failure.ts';
import type { Network } from './network.ts';

/**
 * The address that a node's API server and etcd announce: the one asked for, or for `auto` the first of the interface
 * that its default route leaves by.
 * @throws Failure HAPB6520
 */
export function nodeAddress(wanted: string, network: Network, host: string): string {
  const all = network.interfaces.flatMap((one) =>
    one.addresses.map((own) => ({ ...own, interface: one.name })),
  );
  if (wanted !== 'auto') {
    if (all.some((own) => own.address === wanted)) return wanted;
    throw new Failure({
      code: 'HAPB6520',
      message: `${host} does not have the address ${wanted}`,
      hint: `Use one of its own: ${all
        .filter((own) => own.interface !== 'lo')
        .map((own) => own.address)
        .join(', ')}.`,
      argument: 'advertise_address',
    });
  }
  const candidates = all.filter((own) => own.interface === network.defaultInterface && own.prefix !== 32);
  const found = candidates.find((own) => isIPv4(own.address)) ?? candidates[0];
  if (found !== undefined) return found.address;
  throw new Failure({
    code: 'HAPB6520',
    message: `${host} has no default route that would tell which of its addresses to announce`,
    hint: 'Set `advertise_address` to the address by which the other nodes reach it.',
    argument: 'advertise_address',
  });
}
