import { type FactSource, type Facts, fields } from './source.ts';

/** What a system is called in os-release(5) as `ID`, and Ansible's name and family for it. */
const systems: Readonly<Record<string, readonly [name: string, family: string]>> = {
  debian: ['Debian', 'Debian'],
  ubuntu: ['Ubuntu', 'Debian'],
  raspbian: ['Debian', 'Debian'],
  linuxmint: ['Linux Mint', 'Debian'],
  pop: ['Pop!_OS', 'Debian'],
  kali: ['Kali', 'Debian'],
  devuan: ['Devuan', 'Debian'],
  neon: ['Neon', 'Debian'],
  rhel: ['RedHat', 'RedHat'],
  centos: ['CentOS', 'RedHat'],
  fedora: ['Fedora', 'RedHat'],
  rocky: ['Rocky', 'RedHat'],
  almalinux: ['AlmaLinux', 'RedHat'],
  ol: ['OracleLinux', 'RedHat'],
  amzn: ['Amazon', 'RedHat'],
  eurolinux: ['EuroLinux', 'RedHat'],
  openeuler: ['openEuler', 'RedHat'],
  sles: ['SLES', 'Suse'],
  sled: ['SLED', 'Suse'],
  'opensuse-leap': ['openSUSE Leap', 'Suse'],
  'opensuse-tumbleweed': ['openSUSE Tumbleweed', 'Suse'],
  alpine: ['Alpine', 'Alpine'],
  arch: ['Archlinux', 'Archlinux'],
  manjaro: ['Manjaro', 'Archlinux'],
  gentoo: ['Gentoo', 'Gentoo'],
  flatcar: ['Flatcar', 'Flatcar'],
};

/** Which file Ansible takes the name of a family from. */
const files: Readonly<Record<string, readonly [path: string, variety: string]>> = {
  Debian: ['/etc/os-release', 'Debian'],
  RedHat: ['/etc/redhat-release', 'RedHat'],
  Suse: ['/etc/os-release', 'SUSE'],
  Alpine: ['/etc/alpine-release', 'Alpine'],
  Archlinux: ['/etc/arch-release', 'Archlinux'],
  Gentoo: ['/etc/gentoo-release', 'Gentoo'],
  Flatcar: ['/etc/os-release', 'Flatcar'],
};

/** Files of single systems that are read before those of their family. */
const ownFiles: Readonly<Record<string, readonly [path: string, variety: string]>> = {
  OracleLinux: ['/etc/oracle-release', 'OracleLinux'],
  Amazon: ['/etc/os-release', 'Amazon'],
};

/** System and family. */
export const distribution: FactSource = {
  name: 'distribution',
  subsets: ['min'],
  gives: ['distribution', 'distribution_*', 'os_family'],
  reads: ['os-release', 'debian_version', 'redhat-release'].map((name) => `file:/etc/${name}`),
  sh: `cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null
f debian_version /etc/debian_version; f release /etc/centos-release; f redhat /etc/redhat-release; f alpine /etc/alpine-release`,
  read: (lines) => distributionOf(lines),
};

function distributionOf(lines: readonly string[]): Facts {
  const os = osRelease(lines);
  const id = os.get('ID') ?? '';
  const { name, family } = systemOf(os);
  const version = versionOf(id, os);
  const [path, variety] = fileOf({ id, name, family, os });
  const [major = '', minor] = version.split('.');
  const debianMinor = /^\d+\.(\d+)/.exec(os.get('debian_version') ?? '')?.[1];
  const shownMinor = id === 'amzn' ? (minor ?? 'NA') : name === 'Debian' ? debianMinor : undefined;
  return {
    distribution: name,
    distribution_version: version,
    distribution_major_version: major || 'NA',
    ...(shownMinor === undefined ? {} : { distribution_minor_version: shownMinor }),
    distribution_release: releaseOf({ id, family, os, version }),
    distribution_file_parsed: true,
    distribution_file_path: path,
    distribution_file_variety: variety,
    ...(name === 'RedHat' ? { distribution_file_search_string: 'Red Hat' } : {}),
    ...(name === 'OracleLinux' ? { distribution_file_search_string: 'Oracle Linux' } : {}),
    os_family: family,
  };
}

function osRelease(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = [...fields(lines, '=')];
  return new Map(found.map(([name, value]) => [name, value.replace(/^(["'])(.*)\1$/, '$2')]));
}

/** Ansible's names for the system and its family; a system that it does not know is a family of its own. */
function systemOf(os: ReadonlyMap<string, string>): { readonly name: string; readonly family: string } {
  const known = systems[os.get('ID') ?? ''];
  if (known !== undefined) return { name: known[0], family: known[1] };
  const redHat = os.get('redhat')?.split(/\s+/)[0];
  const name = redHat || os.get('NAME') || 'NA';
  return { name, family: Object.values(systems).find(([other]) => other === name)?.[1] ?? name };
}

/** The lines of os-release(5) as `osRelease` reads them, for sources that depend on the family. */
export function familyIn(lines: readonly string[]): string {
  return systemOf(osRelease(lines)).family;
}

function versionOf(id: string, os: ReadonlyMap<string, string>): string {
  const written = os.get('VERSION_ID') ?? 'NA';
  const debian = os.get('debian_version') ?? '';
  if (id === 'debian' && debian !== '') return debian;
  if (id === 'alpine') return os.get('alpine') || written;
  // os-release knows only the first number of CentOS 7.
  const centos = /\b(\d+\.\d+)/.exec(os.get('release') ?? '')?.[1];
  return id === 'centos' ? (centos ?? written) : written;
}

function releaseOf({
  id,
  family,
  os,
  version,
}: {
  readonly id: string;
  readonly family: string;
  readonly os: ReadonlyMap<string, string>;
  readonly version: string;
}): string {
  if (id === 'centos' && /Stream/.test(os.get('NAME') ?? '')) return 'Stream';
  if (family === 'Suse') return version.split('.')[1] ?? (id.startsWith('sle') ? '0' : '');
  const inPretty = id === 'debian' ? /\(([^)]+)\)/.exec(os.get('PRETTY_NAME') ?? '')?.[1] : undefined;
  const named = inPretty ?? os.get('VERSION_CODENAME') ?? os.get('UBUNTU_CODENAME');
  return named ?? /\(([^)]+)\)/.exec(os.get('VERSION') ?? '')?.[1] ?? 'NA';
}

function fileOf({
  id,
  name,
  family,
  os,
}: {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly os: ReadonlyMap<string, string>;
}): readonly [string, string] {
  const own = ownFiles[name];
  if (own !== undefined) return own;
  if (id === 'centos' && /Stream/.test(os.get('NAME') ?? '')) return ['/etc/centos-release', 'CentOS'];
  if (systems[id] === undefined && os.has('redhat')) return ['/etc/redhat-release', 'RedHat'];
  return files[family] ?? ['/etc/os-release', 'NA'];
}

/** Where a package manager lies; the last one that is there wins. */
const managers: readonly (readonly [path: string, name: string])[] = [
  ['/usr/bin/rpm-ostree', 'atomic_container'],
  ['/usr/bin/yum', 'dnf'],
  ['/usr/bin/dnf-3', 'dnf'],
  ['/usr/bin/dnf5', 'dnf5'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/zypper', 'zypper'],
  ['/usr/sbin/urpmi', 'urpmi'],
  ['/usr/bin/pacman', 'pacman'],
  ['/bin/opkg', 'opkg'],
  ['/sbin/apk', 'apk'],
  ['/usr/bin/emerge', 'portage'],
  ['/usr/bin/xbps-install', 'xbps'],
  ['/usr/bin/swupd', 'swupd'],
];

/** What installs packages. */
export const packageManager: FactSource = {
  name: 'pkg_mgr',
  subsets: ['min'],
  gives: ['pkg_mgr'],
  sh: `grep -E '^(ID|NAME)=' /etc/os-release 2>/dev/null || grep -E '^(ID|NAME)=' /usr/lib/os-release 2>/dev/null
for p in ${managers.map(([path]) => path).join(' ')}; do [ -e $p ] && echo "has=$p"; done
[ -e /run/ostree-booted ] && echo ostree=1
for p in /usr/bin/dnf /usr/bin/microdnf; do [ -e $p ] && { echo "dnf=$(readlink -f $p)"; break; }; done
[ -e /usr/bin/rpm ] && rpm -q --whatprovides /usr/bin/apt-get >/dev/null 2>&1 && echo apt_rpm=1`,
  read(lines) {
    const found = fields(lines, '=');
    const there = new Set(lines.filter((line) => line.startsWith('has=')).map((line) => line.slice(4)));
    const usual = managers.findLast(([path]) => there.has(path))?.[1] ?? 'unknown';
    return { pkg_mgr: ofFamily(familyIn(lines), usual, found) };
  },
};

function ofFamily(family: string, usual: string, found: ReadonlyMap<string, string>): string {
  if (family === 'RedHat') {
    if (found.has('ostree')) return 'atomic_container';
    const dnf = found.get('dnf');
    return dnf === undefined ? 'unknown' : dnf === '/usr/bin/dnf5' ? 'dnf5' : 'dnf';
  }
  const manager = family === 'Debian' ? 'apt' : usual;
  return manager === 'apt' && found.has('apt_rpm') ? 'apt_rpm' : manager;
}

/** What lsb_release says, or its file. */
export const lsb: FactSource = {
  name: 'lsb',
  subsets: ['min'],
  gives: ['lsb'],
  reads: ['package:lsb-release', 'file:/etc/lsb-release'],
  sh: `if command -v lsb_release >/dev/null; then lsb_release -a 2>/dev/null; else cat /etc/lsb-release 2>/dev/null; fi`,
  read(lines) {
    const found = new Map([...fields(lines, ':'), ...fields(lines, '=')]);
    const pick = (name: string, ...keys: readonly string[]): Record<string, string> => {
      const value = keys.map((key) => found.get(key)).find((each) => each !== undefined && each !== '');
      return value === undefined ? {} : { [name]: value.replace(/^["'\\]+|["'\\]+$/g, '') };
    };
    const release = pick('release', 'Release', 'DISTRIB_RELEASE', 'LSB Version').release;
    return {
      lsb: {
        ...pick('id', 'Distributor ID', 'DISTRIB_ID'),
        ...pick('description', 'Description', 'DISTRIB_DESCRIPTION'),
        ...pick('codename', 'Codename', 'DISTRIB_CODENAME'),
        ...(release === undefined ? {} : { release, major_release: release.split('.')[0] ?? release }),
      },
    };
  },
};
