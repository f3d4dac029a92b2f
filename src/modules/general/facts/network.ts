import type { Value, ValueMap } from '../../../core/value.ts';
import { type Address, parseAddress, shownAddress } from './address.ts';
import { type FactSource, type Facts, fields, whole } from './source.ts';

/** Interfaces and addresses. Gives one fact an interface too, so it is asked for every name that no other source gives. */
export const network: FactSource = {
  name: 'network',
  subsets: [],
  gives: [
    'interfaces',
    'all_ipv4_addresses',
    'all_ipv6_addresses',
    'default_ipv4',
    'default_ipv6',
    'locally_reachable_ips',
  ],
  sh: `command -v ip >/dev/null || { ip() { :; }; echo none; }
for d in /sys/class/net/*; do
  [ -d "$d" ] || continue
  echo "device \${d##*/}"
  for k in address mtu operstate type speed flags bridge/bridge_id bridge/stp_state bonding/slaves bonding/mode bonding/miimon bonding/lacp_rate bonding/primary bonding/all_slaves_active bonding_slave/perm_hwaddr; do f $k "$d/$k"; done
  [ -e "$d/bridge" ] && { s=; for b in "$d"/brif/*; do [ -e "$b" ] && s="$s \${b##*/}"; done; echo "brif=$s"; }
  [ -e "$d/bonding" ] && echo bonding=1
  [ -L "$d/device" ] && echo "device=$(readlink "$d/device")"
  [ -e "$d/device/driver/module" ] && echo "module=$(readlink "$d/device/driver/module")"
done
ip -o addr show 2>/dev/null | sed 's/^/addr /'
ip -o -4 route get 8.8.8.8 2>/dev/null | sed 's/^/route4 /'; ip -o -6 route get 2404:6800:400a:800::1012 2>/dev/null | sed 's/^/route6 /'
{ ip -4 route show table local; ip -6 route show table local; } 2>/dev/null | sed -n 's/^local /local /p'`,
  read: (lines) => networkOf(lines),
};

interface Device {
  readonly name: string;
  readonly lines: string[];
}

function networkOf(lines: readonly string[]): Facts {
  if (lines[0] === 'none') return {};
  const devices: Device[] = [];
  const of = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  for (const line of lines) {
    const name = /^device (.*)$/.exec(line)?.[1];
    if (name !== undefined) devices.push({ name, lines: [] });
    else if (!/^(?:addr|route[46]|local) /.test(line)) devices.at(-1)?.lines.push(line);
  }
  const addresses = of('addr').flatMap(parseAddress);
  const interfaces = new Map<string, ValueMap>();
  for (const device of devices) {
    interfaces.set(device.name, { ...linkOf(device), ...addressesOf(device.name, addresses) });
    // A name that is given to an address only is an interface of its own.
    for (const { label } of addresses.filter((each) => isAlias(each, device.name)))
      interfaces.set(label, aliasOf(label, addresses));
  }
  const outward = (family: Address['family']): readonly string[] =>
    addresses
      .filter((each) => each.family === family && !/^(?:127\.|::1$)/.test(each.address))
      .map((each) => each.address);
  const named = [...interfaces].map(([name, facts]) => [name.replaceAll(':', '_'), facts] as const);
  const local = [...new Set(of('local').map((line) => line.split(' ')[0] ?? ''))];
  return {
    ...Object.fromEntries(named.map(([name, facts]) => [name.replaceAll('-', '_'), facts])),
    interfaces: named.map(([name]) => name),
    all_ipv4_addresses: outward('ipv4'),
    all_ipv6_addresses: outward('ipv6'),
    default_ipv4: defaultRoute(of('route4')[0] ?? '', { addresses, interfaces }),
    default_ipv6: defaultRoute(of('route6')[0] ?? '', { addresses, interfaces }),
    locally_reachable_ips: {
      ipv4: local.filter((address) => !address.includes(':')),
      ipv6: local.filter((address) => address.includes(':')),
    },
  };
}

const linkTypes: Readonly<Record<string, string>> = {
  '1': 'ether',
  '32': 'infiniband',
  '512': 'ppp',
  '772': 'loopback',
  '65534': 'tunnel',
};

function linkOf({ name, lines }: Device): Record<string, Value> {
  const found = fields(lines, '=');
  const facts: Record<string, Value> = { device: name };
  const take = (key: string, fact: string, read: (text: string) => Value | undefined): void => {
    const text = found.get(key);
    const value = text === undefined ? undefined : read(text);
    if (value !== undefined) facts[fact] = value;
  };
  const last = (text: string): string => text.split('/').at(-1) ?? text;
  take('address', 'macaddress', (text) => (/^(?:00:)*00$/.test(text) || text === '' ? undefined : text));
  take('mtu', 'mtu', (text) => whole(text, undefined));
  take('operstate', 'active', (text) => text !== 'down');
  take('module', 'module', last);
  take('type', 'type', (text) => linkTypes[text] ?? 'unknown');
  take('brif', 'type', () => 'bridge');
  take('brif', 'interfaces', (text) => text.split(' ').filter((port) => port !== ''));
  take('bridge/bridge_id', 'id', (text) => text);
  take('bridge/stp_state', 'stp', (text) => text === '1');
  take('bonding', 'type', () => 'bonding');
  take('bonding/slaves', 'slaves', (text) => text.split(' ').filter((port) => port !== ''));
  for (const key of ['mode', 'miimon', 'lacp_rate'])
    take(`bonding/${key}`, key, (text) => text.split(' ')[0] ?? '');
  if ((found.get('bonding/primary') ?? '') !== '') {
    take('bonding/primary', 'primary', (text) => text);
    take('bonding/all_slaves_active', 'all_slaves_active', (text) => text === '1');
  }
  take('bonding_slave/perm_hwaddr', 'perm_macaddress', (text) => text);
  take('device', 'pciid', last);
  take('speed', 'speed', (text) => whole(text, undefined));
  // IFF_PROMISC of netdevice(7).
  take('flags', 'promisc', (text) => (Number.parseInt(text, 16) & 0x100) !== 0);
  return facts;
}

function isAlias({ device, label, family }: Address, name: string): boolean {
  return family === 'ipv4' && device === name && label !== name;
}

function addressesOf(device: string, addresses: readonly Address[]): ValueMap {
  const own = addresses.filter((each) => each.device === device);
  const four = own.filter((each) => each.family === 'ipv4');
  const first = four.find((each) => each.label === device && each.rank === 'primary');
  const others = four.filter(
    (each) => each !== first && (each.label === device || each.rank === 'secondary'),
  );
  const six = own.filter((each) => each.family === 'ipv6').map(shownAddress);
  return {
    ...(first === undefined ? {} : { ipv4: shownAddress(first) }),
    ...(others.length === 0 ? {} : { ipv4_secondaries: others.map(shownAddress) }),
    ...(six.length === 0 ? {} : { ipv6: six }),
  };
}

function aliasOf(label: string, addresses: readonly Address[]): ValueMap {
  const own = addresses.filter((each) => each.family === 'ipv4' && each.label === label);
  const first = own.find((each) => each.rank === 'primary');
  const others = own.filter((each) => each !== first);
  return {
    ...(first === undefined ? {} : { ipv4: shownAddress(first) }),
    ...(others.length === 0 ? {} : { ipv4_secondaries: others.map(shownAddress) }),
  };
}

/** What `ip route get` says of the way out. */
function defaultRoute(
  route: string,
  known: { readonly addresses: readonly Address[]; readonly interfaces: ReadonlyMap<string, ValueMap> },
): ValueMap {
  const asked = route.split(' ')[0] ?? '';
  const device = / dev (\S+)/.exec(route)?.[1];
  const source = / src (\S+)/.exec(route)?.[1];
  if (device === undefined || !/^[0-9a-f]/.test(asked)) return {};
  const gateway = / via (\S+)/.exec(route)?.[1];
  const own = known.addresses.find((each) => each.address === source);
  const link = known.interfaces.get(own?.device ?? device) ?? {};
  const taken = Object.entries(link).filter(([name]) => ['macaddress', 'mtu', 'type'].includes(name));
  return {
    interface: device,
    ...(source === undefined ? {} : { address: source }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(own === undefined ? {} : { ...shownAddress(own), ...Object.fromEntries(taken) }),
    ...(own?.family === 'ipv4' ? { alias: own.label } : {}),
  };
}

/** resolv.conf(5). */
export const nameServers: FactSource = {
  name: 'dns',
  subsets: ['min'],
  gives: ['dns'],
  reads: ['file:/etc/resolv.conf'],
  sh: 'cat /etc/resolv.conf 2>/dev/null',
  read(lines) {
    const dns: Record<string, Value> = {};
    const options: Record<string, Value> = {};
    const servers: string[] = [];
    for (const line of lines) {
      const [word = '', ...rest] = line.trim().split(/\s+/);
      if (word === 'nameserver') servers.push(...rest);
      else if (word === 'domain' && rest[0] !== undefined) dns.domain = rest[0];
      else if (word === 'search' || word === 'sortlist') dns[word] = rest;
      else if (word === 'options') {
        for (const option of rest) {
          const at = option.indexOf(':');
          options[at === -1 ? option : option.slice(0, at)] = at === -1 ? true : option.slice(at + 1);
        }
        dns.options = options;
      }
    }
    return { dns: servers.length === 0 ? dns : { nameservers: servers, ...dns } };
  },
};
