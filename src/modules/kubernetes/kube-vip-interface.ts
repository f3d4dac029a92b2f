import { Failure } from '../../core/failure.ts';
import { holderOf, type Interface, interfaceFor, isInNetwork, type Network } from './network.ts';

/** What decides which interface carries the VIP. */
export interface InterfaceChoice {
  readonly vip: string;
  /** An interface's name, or `auto`. */
  readonly interface: string;
  readonly mode: 'arp' | 'bgp';
  readonly host: string;
}

/**
 * The interface that is to carry the VIP: the named one, or the one whose network holds the VIP.
 * @throws Failure HAPB6501 (no such interface), HAPB6502 (it is down), HAPB6503 (VIP outside its network), HAPB6504 (VIP is a
 * node's own address)
 */
export function vipInterface(choice: InterfaceChoice, network: Network): string {
  refuseOwnAddress(choice, network);
  if (choice.mode === 'bgp') return choice.interface === 'auto' ? 'lo' : named(choice, network).name;
  if (choice.interface !== 'auto') return reachable(choice, named(choice, network)).name;
  const found = interfaceFor(choice.vip, network.interfaces);
  if (found !== null) return reachable(choice, found).name;
  throw outside(choice, network.interfaces);
}

function named(choice: InterfaceChoice, network: Network): Interface {
  const found = network.interfaces.find((one) => one.name === choice.interface);
  if (found !== undefined) return found;
  throw new Failure({
    code: 'HAPB6501',
    message: `${choice.host} has no network interface '${choice.interface}' (it has ${names(network.interfaces)})`,
    hint: 'Name the interface in the inventory, for this host alone if hosts differ, or leave it `auto`.',
    argument: 'interface',
  });
}

function reachable(choice: InterfaceChoice, found: Interface): Interface {
  if (!found.up) {
    throw new Failure({
      code: 'HAPB6502',
      message: `interface ${found.name} of ${choice.host} is down`,
      hint: `Bring it up (ip link set ${found.name} up) and make that permanent, or choose another interface.`,
      argument: 'interface',
    });
  }
  if (!found.addresses.some((own) => isInNetwork(choice.vip, own))) throw outside(choice, [found]);
  return found;
}

function outside(choice: InterfaceChoice, interfaces: readonly Interface[]): Failure {
  const networks = interfaces
    .filter((one) => one.name !== 'lo')
    .flatMap((one) => one.addresses.map((own) => `${one.name} ${own.address}/${own.prefix}`));
  return new Failure({
    code: 'HAPB6503',
    message: `the VIP ${choice.vip} lies in no network of ${choice.host} (${networks.join(', ') || 'no address at all'})`,
    hint: 'Take a free address of the network that all control-plane nodes share; in ARP mode the VIP cannot leave it.',
    argument: 'vip',
  });
}

/** A VIP that is up shows as an address of its own, with a prefix of one address. */
function refuseOwnAddress(choice: InterfaceChoice, network: Network): void {
  const holder = holderOf(choice.vip, network.interfaces);
  const own = holder?.addresses.find((address) => address.address === choice.vip);
  if (holder === null || own === undefined || own.prefix === 32 || own.prefix === 128) return;
  throw new Failure({
    code: 'HAPB6504',
    message: `the VIP ${choice.vip} is ${choice.host}'s own address on ${holder.name}`,
    hint: 'Choose an address that no machine has: the VIP moves from node to node.',
    argument: 'vip',
  });
}

function names(interfaces: readonly Interface[]): string {
  return interfaces.map((one) => one.name).join(', ') || 'none';
}
