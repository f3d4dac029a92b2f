import { type FactSource, type Facts, fields, whole } from './source.ts';

/** Kernel, machine and name. */
export const platform: FactSource = {
  name: 'platform',
  subsets: ['min'],
  gives: [
    'system',
    'kernel',
    'kernel_version',
    'machine',
    'architecture',
    'userspace_bits',
    'userspace_architecture',
    'hostname',
    'nodename',
    'machine_id',
    'boot_id',
  ],
  reads: ['file:/etc/machine-id', 'file:/var/lib/dbus/machine-id'],
  sh: `for f in ostype osrelease version hostname random/boot_id; do f "$f" "/proc/sys/kernel/$f"; done
echo "machine=$(uname -m)"; echo "bits=$(getconf LONG_BIT 2>/dev/null)"
f dbus_id /var/lib/dbus/machine-id; f machine_id /etc/machine-id`,
  read(lines) {
    const found = fields(lines, '=');
    const node = found.get('hostname') ?? '';
    const machine = found.get('machine') ?? '';
    const bits = found.get('bits') || (/64|s390x/.test(machine) ? '64' : '32');
    const isIntel = /^(?:x86_64|i[3456]86|i86pc)$/.test(machine);
    const id = found.get('dbus_id') || found.get('machine_id');
    return {
      system: found.get('ostype') ?? '',
      kernel: found.get('osrelease') ?? '',
      kernel_version: found.get('version') ?? '',
      machine,
      architecture: isIntel && machine !== 'x86_64' ? 'i386' : machine,
      userspace_bits: bits,
      ...(isIntel ? { userspace_architecture: bits === '64' ? 'x86_64' : 'i386' } : {}),
      ...names(node),
      ...(id === undefined || id === '' ? {} : { machine_id: id }),
      boot_id: found.get('random/boot_id') ?? '',
    };
  },
};

/** The facts that hang on the name of the kernel. */
export function names(node: string): Facts {
  return { nodename: node, hostname: node.split('.')[0] ?? node };
}

/** The full name, which may need a name server. */
export const fullName: FactSource = {
  name: 'fqdn',
  subsets: ['min', 'platform'],
  gives: ['fqdn', 'domain'],
  reads: ['hostname', ...['hosts', 'nsswitch.conf', 'resolv.conf'].map((name) => `file:/etc/${name}`)],
  sh: `n=$(uname -n); echo "$n"
if command -v getent >/dev/null; then
  a=$(getent ahosts "$n" 2>/dev/null | { read -r a b; echo "$a"; })
  if [ -n "$a" ]; then getent hosts "$a" 2>/dev/null || echo; fi
else echo; hostname -f 2>/dev/null; fi`,
  read([node = '', found = '', answer = '']) {
    // As Python's getfqdn: of the names of the address the first one with a dot, or else the first.
    const known = found.split(/\s+/).slice(1);
    const fqdn = known.find((name) => name.includes('.')) ?? known[0] ?? (answer.trim() || node);
    return { fqdn, domain: fqdn.split('.').slice(1).join('.') };
  },
};

/** Whether this is the tree that the first process sees. */
export const chroot: FactSource = {
  name: 'chroot',
  subsets: [],
  gives: ['is_chroot'],
  sh: `echo "\${debian_chroot-}"; stat -Lc %d:%i / 2>/dev/null; stat -Lc %d:%i /proc/1/root/. 2>/dev/null || stat -f -c %T / 2>/dev/null`,
  read([named = '', own = '', first = '']) {
    if (named !== '') return { is_chroot: true };
    if (first.includes(':')) return { is_chroot: own !== first };
    // The root of a file system has a number that is known for its kind.
    const usual = first.startsWith('btrfs') ? '256' : first.startsWith('xfs') ? '128' : '2';
    return { is_chroot: own !== '' && own.split(':')[1] !== usual };
  },
};

const initNames: Readonly<Record<string, string>> = {
  procd: 'openwrt_init',
  'runit-init': 'runit',
  svscan: 'svc',
  'openrc-init': 'openrc',
};

/** What starts services. */
export const serviceManager: FactSource = {
  name: 'service_mgr',
  subsets: ['min'],
  gives: ['service_mgr', 'systemd'],
  sh: `c=; command -v systemctl >/dev/null && c=1
f comm /proc/1/comm; echo "link=$(readlink /sbin/init 2>/dev/null)"
for d in /run/systemd/system /dev/.run/systemd /dev/.systemd; do [ -n "$c" ] && [ -e $d ] && { echo booted=1; systemctl --version | head -n 2 | sed 's/^/systemd=/'; break; }; done
[ -n "$c" ] && echo systemctl=1
command -v initctl >/dev/null && [ -e /etc/init/ ] && echo upstart=1
[ -e /sbin/openrc ] && echo openrc=1
[ -e /etc/init.d/ ] && echo initd=1
[ -e /etc/dinit.d/ ] && echo dinit=1`,
  read(lines) {
    const found = fields(lines, '=');
    const link = (found.get('link') ?? '').split('/').at(-1) ?? '';
    const first = found.get('comm') || link;
    const [version = '', features = ''] = lines
      .filter((line) => line.startsWith('systemd='))
      .map((line) => line.slice('systemd='.length));
    const running =
      version === '' ? {} : { systemd: { features, version: whole(version.split(' ')[1], version) } };
    if (first !== '' && first !== 'init' && !first.endsWith('sh'))
      return { service_mgr: initNames[first] ?? first, ...running };
    if (found.has('booted')) return { service_mgr: 'systemd', ...running };
    if (found.has('upstart')) return { service_mgr: 'upstart' };
    if (found.has('openrc')) return { service_mgr: 'openrc' };
    if (found.has('systemctl') && link === 'systemd') return { service_mgr: 'systemd' };
    if (found.has('initd')) return { service_mgr: 'sysvinit' };
    return { service_mgr: found.has('dinit') ? 'dinit' : 'service' };
  },
};
