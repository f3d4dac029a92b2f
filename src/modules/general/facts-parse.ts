import type { Value, ValueMap } from '../../core/value.ts';
import { networkFacts } from './facts-network.ts';

type Sections = ReadonlyMap<string, readonly string[]>;

/** Ansible's facts out of the output of `factsScript`. */
export function factsFrom(text: string): ValueMap {
  const sections = split(text);
  return {
    ...systemFacts(sections),
    ...hardwareFacts(sections),
    ...userFacts(sections),
    ...dateFacts(sections),
    ...networkFacts(sections),
    module_setup: true,
    gather_subset: ['all'],
  };
}

function split(text: string): Sections {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    if (/^@[a-z0-9]+$/.test(line)) {
      current = [];
      sections.set(line.slice(1), current);
    } else {
      current.push(line);
    }
  }
  return sections;
}

function lines(sections: Sections, name: string): readonly string[] {
  return sections.get(name) ?? [];
}

/** Ansible's families; the key is the ID of os-release(5). */
const families: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Debian',
  raspbian: 'Debian',
  linuxmint: 'Debian',
  rhel: 'RedHat',
  centos: 'RedHat',
  fedora: 'RedHat',
  rocky: 'RedHat',
  almalinux: 'RedHat',
  ol: 'RedHat',
  amzn: 'RedHat',
  sles: 'Suse',
  'opensuse-leap': 'Suse',
  'opensuse-tumbleweed': 'Suse',
  alpine: 'Alpine',
  arch: 'Archlinux',
  flatcar: 'Flatcar',
};

const distributions: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  sles: 'SLES',
  alpine: 'Alpine',
  arch: 'Archlinux',
  flatcar: 'Flatcar',
};

function systemFacts(sections: Sections): ValueMap {
  const [system = '', node = '', kernel = '', machine = '', version = ''] = lines(sections, 'uname');
  const os = osRelease(lines(sections, 'os'));
  const id = os.get('ID') ?? '';
  const release =
    id === 'debian' ? (lines(sections, 'debian')[0]?.trim() ?? '') : (os.get('VERSION_ID') ?? '');
  const shown = /^\d/.test(release) ? release : (os.get('VERSION_ID') ?? release);
  const fqdn = lines(sections, 'fqdn')[0]?.trim() || node;
  const [init = '', systemd = ''] = lines(sections, 'service');
  const manager = lines(sections, 'pkg')[0] ?? '';
  const like = (os.get('ID_LIKE') ?? '').split(' ').map((each) => families[each]);
  const virtual = lines(sections, 'virt').filter((line) => line !== '' && line !== 'none');
  const [machineId = '', ...boot] = lines(sections, 'machine');
  return {
    system,
    hostname: node.split('.')[0] ?? node,
    nodename: node,
    fqdn,
    domain: fqdn.includes('.') ? fqdn.slice(fqdn.indexOf('.') + 1) : '',
    kernel,
    kernel_version: version,
    architecture: machine,
    machine,
    userspace_bits: /64/.test(machine) || machine === 's390x' ? '64' : '32',
    distribution: distributions[id] ?? os.get('NAME') ?? 'NA',
    distribution_version: shown,
    distribution_major_version: shown.split('.')[0] ?? '',
    distribution_release: os.get('VERSION_CODENAME') ?? os.get('UBUNTU_CODENAME') ?? 'NA',
    distribution_file_parsed: true,
    os_family: families[id] ?? like.find((family) => family !== undefined) ?? distributions[id] ?? 'NA',
    service_mgr: systemd === 'systemd' ? 'systemd' : init,
    pkg_mgr: manager === 'apt-get' ? 'apt' : manager === '' ? 'unknown' : manager,
    machine_id: machineId,
    boot_id: boot.find((line) => line !== '') ?? '',
    virtualization_type: virtual[0] ?? 'NA',
    virtualization_role: virtual.length > 0 ? 'guest' : 'NA',
    is_chroot: false,
    selinux: selinux(lines(sections, 'selinux')[0]),
    cmdline: kernelWords(lines(sections, 'cmdline')[0] ?? ''),
  };
}

function kernelWords(line: string): ValueMap {
  const words: Record<string, Value> = {};
  for (const word of line.split(' ').filter((each) => each !== '')) {
    const at = word.indexOf('=');
    if (at === -1) words[word] = true;
    else words[word.slice(0, at)] = word.slice(at + 1);
  }
  return words;
}

function selinux(enforce: string | undefined): ValueMap {
  if (enforce === '1') return { status: 'enabled', mode: 'enforcing' };
  return enforce === '0' ? { status: 'enabled', mode: 'permissive' } : { status: 'disabled' };
}

function osRelease(text: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text) {
    const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line);
    if (match !== null) values.set(match[1] ?? '', match[3] ?? '');
  }
  return values;
}

function hardwareFacts(sections: Sections): ValueMap {
  const [count = '1', available = '', model = ''] = lines(sections, 'cpu');
  const memory = new Map(
    lines(sections, 'mem').map((line) => {
      const [name = '', kib = '0'] = line.split(/:\s+/);
      return [name, Math.floor(Number.parseInt(kib, 10) / 1024)] as const;
    }),
  );
  const mb = (name: string): number => memory.get(name) ?? 0;
  const dmi = new Map(
    lines(sections, 'dmi').map((line) => [
      line.split('=')[0] ?? '',
      line.slice(line.indexOf('=') + 1).trim(),
    ]),
  );
  const fact = (name: string): string => dmi.get(name) || 'NA';
  return {
    processor_count: Number(count) || 1,
    processor_vcpus: Number(count) || 1,
    processor_nproc: Number(available) || Number(count) || 1,
    processor: model === '' ? [] : [model.slice(model.indexOf(':') + 1).trim()],
    memtotal_mb: mb('MemTotal'),
    memfree_mb: mb('MemFree'),
    swaptotal_mb: mb('SwapTotal'),
    swapfree_mb: mb('SwapFree'),
    memory_mb: {
      real: { total: mb('MemTotal'), free: mb('MemFree'), used: mb('MemTotal') - mb('MemFree') },
      nocache: { free: mb('MemAvailable'), used: mb('MemTotal') - mb('MemAvailable') },
      swap: {
        total: mb('SwapTotal'),
        free: mb('SwapFree'),
        used: mb('SwapTotal') - mb('SwapFree'),
        cached: 0,
      },
    },
    uptime_seconds: Math.floor(Number(lines(sections, 'uptime')[0]?.split(' ')[0] ?? 0)),
    product_uuid: fact('product_uuid'),
    product_name: fact('product_name'),
    product_serial: fact('product_serial'),
    system_vendor: fact('sys_vendor'),
  };
}

function userFacts(sections: Sections): ValueMap {
  const [id = '', uid = '', , gid = '', dir = '', shell = ''] = lines(sections, 'user');
  return { user_id: id, user_uid: Number(uid), user_gid: Number(gid), user_dir: dir, user_shell: shell };
}

function dateFacts(sections: Sections): ValueMap {
  const [stamp = '', offset = '', zone = '', epoch = ''] = (lines(sections, 'date')[0] ?? '').split(' ');
  const [date = '', time = ''] = stamp.split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const [hour = '', minute = '', second = ''] = time.split(':');
  const when: Record<string, Value> = {
    date,
    time,
    year,
    month,
    day,
    hour,
    minute,
    second,
    epoch,
    epoch_int: epoch,
    tz: zone,
    tz_offset: offset,
  };
  const utc = new Date(Number(epoch) * 1000);
  if (!Number.isNaN(utc.getTime()) && epoch !== '') when.iso8601 = utc.toISOString().replace(/\.\d+Z$/, 'Z');
  return { date_time: when };
}
