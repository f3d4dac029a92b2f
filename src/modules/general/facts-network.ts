import type { Value, ValueMap } from '../../core/value.ts';

interface Address {
  readonly device: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefix: number;
  readonly broadcast: string;
  readonly scope: string;
}

/** Facts on interfaces and addresses: `default_ipv4`, `all_ipv4_addresses`, `interfaces`, one map an interface, `dns`. */
export function networkFacts(sections: ReadonlyMap<string, readonly string[]>): ValueMap {
  const addresses = (sections.get('addr') ?? []).flatMap(parseAddress);
  const facts: Record<string, Value> = {};
  const interfaces: string[] = [];
  const macs = new Map<string, string>();
  for (const line of sections.get('links') ?? []) {
    const [device = '', mac = '', mtu = '', state = ''] = line.split(' ');
    if (device === '' || device === '*') continue;
    interfaces.push(device);
    macs.set(device, mac);
    facts[device.replace(/[^A-Za-z0-9_]/g, '_')] = {
      device,
      macaddress: mac,
      mtu: Number(mtu),
      active: state === 'up' || state === 'unknown',
      type: device === 'lo' ? 'loopback' : 'ether',
      ...addressesOf(device, addresses),
    };
  }
  const outward = (family: Address['family']): readonly string[] =>
    addresses.filter((each) => each.family === family && each.device !== 'lo').map((each) => each.address);
  const [route4, route6] = routes(sections.get('route') ?? []);
  return {
    ...facts,
    interfaces: interfaces.sort(),
    all_ipv4_addresses: outward('ipv4'),
    all_ipv6_addresses: outward('ipv6'),
    default_ipv4: defaultRoute(route4, { addresses, macs }),
    default_ipv6: defaultRoute(route6, { addresses, macs }),
    dns: dns(sections.get('resolv') ?? []),
  };
}

function parseAddress(line: string): readonly Address[] {
  const match = /^\d+:\s+(\S+)\s+(inet6?)\s+([0-9a-fA-F.:]+)(?: peer \S+?)?\/(\d+)(.*)$/.exec(line);
  if (match === null) return [];
  const [, device = '', inet = '', address = '', prefix = '', rest = ''] = match;
  return [
    {
      device: device.split('@')[0] ?? device,
      family: inet === 'inet' ? 'ipv4' : 'ipv6',
      address,
      prefix: Number(prefix),
      broadcast: / brd (\S+)/.exec(rest)?.[1] ?? '',
      scope: / scope (\S+)/.exec(rest)?.[1] ?? '',
    },
  ];
}

function addressesOf(device: string, addresses: readonly Address[]): ValueMap {
  const own = addresses.filter((each) => each.device === device);
  const [first, ...others] = own.filter((each) => each.family === 'ipv4').map(ipv4Facts);
  const ipv6 = own
    .filter((each) => each.family === 'ipv6')
    .map((each) => ({ address: each.address, prefix: String(each.prefix), scope: each.scope }));
  return {
    ...(first === undefined ? {} : { ipv4: first }),
    ...(others.length === 0 ? {} : { ipv4_secondaries: others }),
    ...(ipv6.length === 0 ? {} : { ipv6 }),
  };
}

function ipv4Facts(address: Address): ValueMap {
  const mask = address.prefix === 0 ? 0 : (0xffffffff << (32 - address.prefix)) >>> 0;
  const number = address.address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return {
    address: address.address,
    netmask: dotted(mask),
    network: dotted((number & mask) >>> 0),
    prefix: String(address.prefix),
    broadcast: address.broadcast,
  };
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}

/** The lines of `ip route get`, by family. */
function routes(lines: readonly string[]): readonly [string, string] {
  const six = lines.find((line) => /^\S*:/.test(line)) ?? '';
  return [lines.find((line) => line !== six && line !== '') ?? '', six];
}

function defaultRoute(
  route: string,
  known: { readonly addresses: readonly Address[]; readonly macs: ReadonlyMap<string, string> },
): ValueMap {
  const device = / dev (\S+)/.exec(route)?.[1];
  const source = / src (\S+)/.exec(route)?.[1];
  if (device === undefined || source === undefined || route.startsWith('unreachable')) return {};
  const gateway = / via (\S+)/.exec(route)?.[1];
  const own = known.addresses.find((each) => each.address === source);
  const detail: ValueMap =
    own === undefined
      ? { address: source }
      : own.family === 'ipv4'
        ? ipv4Facts(own)
        : { address: source, prefix: String(own.prefix), scope: own.scope };
  return {
    ...detail,
    interface: device,
    alias: device,
    macaddress: known.macs.get(device) ?? '',
    ...(gateway === undefined ? {} : { gateway }),
  };
}

function dns(lines: readonly string[]): ValueMap {
  const of = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).flatMap((line) => line.split(/\s+/).slice(1));
  return { nameservers: of('nameserver'), search: of('search') };
}
