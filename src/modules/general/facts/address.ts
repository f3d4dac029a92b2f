import type { ValueMap } from '../../../core/value.ts';

/** An address of an interface. */
export interface Address {
  readonly device: string;
  /** The name that the address itself carries: that of its device, or an alias such as `eth0:1`. */
  readonly label: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly rank: 'primary' | 'secondary';
  readonly address: string;
  readonly prefix: number;
  readonly broadcast: string;
  readonly scope: string;
}

/** A line of `ip -o addr show`. */
export function parseAddress(line: string): readonly Address[] {
  const match = /^\d+:\s+(\S+)\s+(inet6?)\s+([0-9a-fA-F.:]+)(?:\/(\d+)|\s+peer\s+\S+?\/(\d+))?(.*)$/.exec(
    line,
  );
  if (match === null) return [];
  const [, name = '', inet = '', address = '', own, peer, tail = ''] = match;
  const device = name.split('@')[0] ?? name;
  const rest = tail.split('\\')[0] ?? tail;
  const family = inet === 'inet' ? 'ipv4' : 'ipv6';
  const last = rest.trim().split(/\s+/).at(-1) ?? '';
  // The address of one end of a line between two has no network of its own.
  const prefix = own ?? (family === 'ipv4' ? '32' : (peer ?? '128'));
  return [
    {
      device,
      label: family === 'ipv4' && last !== '' ? last : device,
      family,
      rank: / secondary\b/.test(rest) ? 'secondary' : 'primary',
      address,
      prefix: Number(prefix),
      broadcast: / brd (\S+)/.exec(rest)?.[1] ?? '',
      scope: / scope (\S+)/.exec(rest)?.[1] ?? '',
    },
  ];
}

/** An address as Ansible shows it. */
export function shownAddress({ family, address, prefix, broadcast, scope }: Address): ValueMap {
  if (family === 'ipv6') return { address, prefix: String(prefix), scope };
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return {
    address,
    broadcast,
    netmask: dotted(mask),
    network: dotted((number & mask) >>> 0),
    prefix: String(prefix),
  };
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}
