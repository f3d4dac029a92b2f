import type { Value } from '../../../core/value.ts';
import { type FactSource, type Facts, fields, whole } from './source.ts';

const cpuKeys =
  'processor|Processor|vendor_id|Vendor|model name|cpu|physical id|core id|cpu cores|siblings|# processors|max thread id|ncpus active';

/** Processors. */
export const processors: FactSource = {
  name: 'processor',
  subsets: ['hardware'],
  gives: ['processor', 'processor_*', 'flags'],
  sh: `echo "machine=$(uname -m)"; echo "nproc=$(nproc 2>/dev/null)"; [ -e /proc/xen ] && echo xen=1; f xen_type /sys/hypervisor/type
grep -m 1 '^flags' /proc/cpuinfo; grep -E '^(${cpuKeys})[[:blank:]]*:' /proc/cpuinfo`,
  read: (lines) => processorsOf(lines),
};

/** Counts as Ansible does, which counts sockets where the kernel tells them apart, and else what it finds listed. */
function processorsOf(lines: readonly string[]): Facts {
  const asked = fields(
    lines.filter((line) => /^(?:machine|nproc|xen|xen_type)=/.test(line)),
    '=',
  );
  const machine = asked.get('machine') ?? '';
  const sockets = new Map<string, number>();
  const cores = new Map<string, number>();
  const listed: string[] = [];
  const seen = new Map<string, number>();
  let [socket, core] = ['0', '0'];
  let flags: readonly string[] | null = null;
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at === -1) continue;
    const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (/^(?:model name|Processor|vendor_id|cpu|Vendor|processor)$/.test(key)) listed.push(value);
    else if (key === 'flags') flags = value.split(/\s+/).filter((flag) => flag !== '');
    else if (key === 'physical id') {
      socket = value;
      if (!sockets.has(socket)) sockets.set(socket, 1);
    } else if (key === 'core id') {
      core = value;
      if (!sockets.has(core)) cores.set(core, 1);
    } else if (key === 'cpu cores') sockets.set(socket, whole(value, 1));
    else if (key === 'siblings') cores.set(core, whole(value, 1));
  }
  const counted = (key: string): number => seen.get(key) ?? 0;
  const usual =
    counted('vendor_id') > 0 && counted('vendor_id') === counted('model name')
      ? counted('vendor_id')
      : listed.length;
  const byNumber = /^(?:armv|aarch|ppc)/.test(machine) ? counted('processor') : usual;
  const shared = { processor: listed, ...(flags === null ? {} : { flags }) };
  const available = whole(asked.get('nproc'), null);
  if (machine === 's390x') return { ...shared, ...mainframe(lines) };
  const isXen = asked.has('xen') || asked.get('xen_type') === 'xen';
  if (isXen && flags !== null && !flags.includes('vme'))
    return { ...shared, ...counts({ count: byNumber, cores: byNumber, threads: 1, available }) };
  const perSocket = [...sockets.values()][0] || 1;
  const siblings = [...cores.values()][0] ?? 1;
  const threads = roundHalfEven(siblings / perSocket);
  const count = sockets.size > 0 ? sockets.size : byNumber;
  const all = { count, cores: perSocket, threads, available: available ?? counted('processor') };
  return { ...shared, ...counts(all) };
}

function counts({
  count,
  cores,
  threads,
  available,
}: {
  readonly count: number;
  readonly cores: number;
  readonly threads: number;
  readonly available: number | null;
}): Facts {
  const vcpus = count * cores * threads;
  return {
    processor_count: count,
    processor_cores: cores,
    processor_threads_per_core: threads,
    processor_vcpus: vcpus,
    processor_nproc: available ?? vcpus,
  };
}

function mainframe(lines: readonly string[]): Facts {
  const found = fields(lines, ':');
  const all = whole(found.get('# processors'), 1);
  const threads = whole(found.get('max thread id'), 0) + 1;
  return counts({ count: 1, cores: roundHalfEven(all / threads), threads, available: all });
}

/** Python's rounding. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}

/** Memory and swap, in MiB. */
export const memory: FactSource = {
  name: 'memory',
  subsets: ['hardware'],
  gives: ['memtotal_mb', 'memfree_mb', 'swaptotal_mb', 'swapfree_mb', 'memory_mb'],
  reads: ['swaps'],
  unsure: ['swaptotal_mb', 'swapfree_mb', 'memory_mb'],
  sh: `grep -E '^(MemTotal|MemFree|Buffers|Cached|SwapTotal|SwapFree|SwapCached):' /proc/meminfo`,
  read(lines) {
    const found = fields(lines, ':');
    const mb = (name: string): number => Math.floor(Number.parseInt(found.get(name) ?? '0', 10) / 1024);
    const cached = mb('Cached') + mb('MemFree') + mb('Buffers');
    return {
      memtotal_mb: mb('MemTotal'),
      memfree_mb: mb('MemFree'),
      swaptotal_mb: mb('SwapTotal'),
      swapfree_mb: mb('SwapFree'),
      memory_mb: {
        real: { total: mb('MemTotal'), used: mb('MemTotal') - mb('MemFree'), free: mb('MemFree') },
        nocache: { free: cached, used: mb('MemTotal') - cached },
        swap: {
          total: mb('SwapTotal'),
          free: mb('SwapFree'),
          used: mb('SwapTotal') - mb('SwapFree'),
          cached: mb('SwapCached'),
        },
      },
    };
  },
};

/** How long it runs and how busy it is. */
export const load: FactSource = {
  name: 'uptime',
  subsets: ['hardware', 'loadavg'],
  gives: ['uptime_seconds', 'loadavg'],
  sh: 'f uptime /proc/uptime; f loadavg /proc/loadavg',
  read(lines) {
    const found = fields(lines, '=');
    const [one = '', five = '', fifteen = ''] = (found.get('loadavg') ?? '').split(' ');
    return {
      uptime_seconds: Math.floor(Number((found.get('uptime') ?? '0').split(' ')[0])),
      loadavg: { '1m': Number(one), '5m': Number(five), '15m': Number(fifteen) },
    };
  },
};

/** The kernel's names of what the firmware tells, dmidecode's, and Ansible's. */
const firmware: readonly (readonly [file: string, keyword: string, fact: string])[] = [
  ['bios_date', 'bios-release-date', 'bios_date'],
  ['bios_vendor', 'bios-vendor', 'bios_vendor'],
  ['bios_version', 'bios-version', 'bios_version'],
  ['board_asset_tag', 'baseboard-asset-tag', 'board_asset_tag'],
  ['board_name', 'baseboard-product-name', 'board_name'],
  ['board_serial', 'baseboard-serial-number', 'board_serial'],
  ['board_vendor', 'baseboard-manufacturer', 'board_vendor'],
  ['board_version', 'baseboard-version', 'board_version'],
  ['chassis_asset_tag', 'chassis-asset-tag', 'chassis_asset_tag'],
  ['chassis_serial', 'chassis-serial-number', 'chassis_serial'],
  ['chassis_vendor', 'chassis-manufacturer', 'chassis_vendor'],
  ['chassis_version', 'chassis-version', 'chassis_version'],
  ['chassis_type', 'chassis-type', 'form_factor'],
  ['product_name', 'system-product-name', 'product_name'],
  ['product_serial', 'system-serial-number', 'product_serial'],
  ['product_uuid', 'system-uuid', 'product_uuid'],
  ['product_version', 'system-version', 'product_version'],
  ['sys_vendor', 'system-manufacturer', 'system_vendor'],
];

/** Kinds of chassis by number: SMBIOS 3.2 (DSP0134), 7.4.1. */
const chassis = [
  'Unknown|Other|Unknown|Desktop|Low Profile Desktop|Pizza Box|Mini Tower|Tower|Portable|Laptop|Notebook|Hand Held',
  'Docking Station|All In One|Sub Notebook|Space-saving|Lunch Box|Main Server Chassis|Expansion Chassis|Sub Chassis',
  'Bus Expansion Chassis|Peripheral Chassis|RAID Chassis|Rack Mount Chassis|Sealed-case PC|Multi-system|CompactPCI',
  'AdvancedTCA|Blade|Blade Enclosure|Tablet|Convertible|Detachable|IoT Gateway|Embedded PC|Mini PC|Stick PC',
]
  .join('|')
  .split('|');

/** What the firmware tells of the machine. */
export const machine: FactSource = {
  name: 'dmi',
  subsets: ['hardware'],
  gives: ['bios_*', 'board_*', 'chassis_*', 'form_factor', 'product_*', 'system_vendor'],
  sh: `d=/sys/devices/virtual/dmi/id
if [ -e $d/product_name ]; then for k in ${firmware.map(([file]) => file).join(' ')}; do f $k $d/$k; done
elif command -v dmidecode >/dev/null; then
  for k in ${firmware.map(([file, keyword]) => `${file}:${keyword}`).join(' ')}; do
    t=$(dmidecode -s "\${k#*:}" 2>/dev/null | grep -v '^#' | head -n 1) && echo "\${k%%:*}=$t"
  done
fi`,
  read(lines) {
    const found = fields(lines, '=');
    const facts: Record<string, Value> = {};
    for (const [file, , fact] of firmware) {
      const value = found.get(file);
      const number = fact === 'form_factor' ? whole(value, null) : null;
      facts[fact] = value || 'NA';
      if (number !== null) facts[fact] = chassis[number] ?? `unknown (${number})`;
    }
    return facts;
  },
};
