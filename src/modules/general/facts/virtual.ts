import type { FactSource, Facts } from './source.ts';

/** Virtual machine, container, or the host of such. */
export const virtualization: FactSource = {
  name: 'virtual',
  subsets: [],
  gives: ['virtualization_*'],
  sh: `[ -r /proc/1/cgroup ] && sed 's/^/cgroup /' /proc/1/cgroup
{ tr '\\000' '\\n' </proc/1/environ | grep 'container=' | sed 's/^/environ /'; } 2>/dev/null
for e in /proc/vz /proc/lve /proc/bc /.dockerenv /.dockerinit /proc/xen /dev/kvm; do [ -e $e ] && echo "exists $e"; done
grep -q control_d /proc/xen/capabilities 2>/dev/null && echo 'exists control_d'
l=; { read -r l </run/systemd/container; } 2>/dev/null; [ -n "$l" ] && echo "systemd $l"
for k in product_name sys_vendor product_family bios_vendor; do l=; { IFS= read -r l </sys/devices/virtual/dmi/id/$k; } 2>/dev/null; [ -n "$l" ] && echo "$k $l"; done
grep '^VxID:' /proc/self/status | sed 's/^/vserver /'
grep -E '^(model name|vendor_id|machine)' /proc/cpuinfo | sort -u | sed 's/^/cpu /'
grep -oE '^(kvm|vboxdrv|virtio) ' /proc/modules 2>/dev/null | sed 's/^/loaded /'`,
  read: (lines) => virtualOf(lines),
};

interface Sign {
  /** What `virtualization_tech_*` lists. */
  readonly tech: string;
  readonly role: 'guest' | 'host';
  readonly type: string;
}

/** The first sign names type and role, every sign is listed: the rules of Ansible in its order. */
function virtualOf(lines: readonly string[]): Facts {
  const signs = [...containerSigns(lines), ...machineSigns(lines), ...hostSigns(lines)];
  const listed = (role: Sign['role']): readonly string[] =>
    [...new Set(signs.filter((sign) => sign.role === role).map(({ tech }) => tech))].sort();
  const guest = listed('guest');
  const isContainer = guest.some((tech) => /^(?:docker|lxc|podman|openvz|containerd)$/.test(tech));
  const isSystemd = lines.some((line) => line.startsWith('systemd '));
  const first = signs[0];
  return {
    virtualization_type: first?.type ?? 'NA',
    virtualization_role: first?.role ?? 'NA',
    virtualization_tech_guest:
      isContainer || isSystemd ? [...new Set([...guest, 'container'])].sort() : guest,
    virtualization_tech_host: listed('host'),
  };
}

function sign(tech: string, role: Sign['role'] = 'guest'): Sign {
  return { tech, role, type: tech };
}

function valuesOf(lines: readonly string[], key: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
}

function containerSigns(lines: readonly string[]): readonly Sign[] {
  const there = new Set(valuesOf(lines, 'exists'));
  const signs: Sign[] = [];
  for (const group of valuesOf(lines, 'cgroup')) {
    if (/\/docker(?:\/|-[0-9a-f]+\.scope)/.test(group)) signs.push(sign('docker'));
    if (/\/lxc\/|\/machine\.slice\/machine-lxc/.test(group)) signs.push(sign('lxc'));
    if (/\/system\.slice\/containerd\.service/.test(group)) signs.push(sign('containerd'));
  }
  for (const variable of valuesOf(lines, 'environ')) {
    if (/container=lxc/.test(variable)) signs.push(sign('lxc'));
    if (/container=podman/.test(variable)) signs.push(sign('podman'));
    if (/^container=./.test(variable)) signs.push(sign('container'));
  }
  if (there.has('/proc/vz') && !there.has('/proc/lve'))
    signs.push(sign('openvz', there.has('/proc/bc') ? 'host' : 'guest'));
  for (const manager of valuesOf(lines, 'systemd')) signs.push(sign(manager));
  if (there.has('/.dockerenv') || there.has('/.dockerinit')) signs.push(sign('docker'));
  if (there.has('/proc/xen')) signs.push(sign('xen', there.has('control_d') ? 'host' : 'guest'));
  return signs;
}

/** What firmware says, by its key in the order in which it counts. */
const firmware: readonly (readonly [key: string, values: RegExp, tech: string])[] = [
  ['product_name', /^(?:KVM|KVM Server|Bochs|AHV|CloudStack KVM Hypervisor)$/, 'kvm'],
  ['sys_vendor', /^oVirt$/, 'oVirt'],
  ['product_name', /^RHEV Hypervisor$/, 'RHEV'],
  ['product_family', /^RHV$/, 'RHV'],
  ['product_name', /^VMware/, 'VMware'],
  ['product_name', /^OpenStack (?:Compute|Nova)$/, 'openstack'],
  ['bios_vendor', /^Xen$/, 'xen'],
  ['bios_vendor', /^innotek GmbH$/, 'virtualbox'],
  ['bios_vendor', /^(?:Amazon EC2|DigitalOcean|Hetzner|Linode)$/, 'kvm'],
  ['sys_vendor', /^(?:QEMU|Amazon EC2|DigitalOcean|Google|Scaleway|Nutanix)$/, 'kvm'],
  ['sys_vendor', /^KubeVirt$/, 'KubeVirt'],
  ['sys_vendor', /^Microsoft Corporation$/, 'VirtualPC'],
  ['sys_vendor', /^Parallels Software International Inc\.$/, 'parallels'],
  ['sys_vendor', /^OpenStack Foundation$/, 'openstack'],
];

const processors: readonly (readonly [line: RegExp, tech: string])[] = [
  [/^model name.*QEMU Virtual CPU/, 'kvm'],
  [/^vendor_id.*User Mode Linux/, 'uml'],
  [/^model name.*UML/, 'uml'],
  [/^machine.*CHRP IBM pSeries .emulated by qemu./, 'kvm'],
  [/^vendor_id.*PowerVM Lx86/, 'powervm_lx86'],
  [/^vendor_id.*IBM\/S390/, 'PR/SM'],
];

function machineSigns(lines: readonly string[]): readonly Sign[] {
  const isRedHat = valuesOf(lines, 'sys_vendor').includes('Red Hat');
  const signs = firmware
    .filter(([, , tech]) => !tech.startsWith('RH') || isRedHat)
    .filter(([key, values]) => valuesOf(lines, key).some((value) => values.test(value)))
    .map(([, , tech]) => sign(tech));
  for (const line of valuesOf(lines, 'vserver')) {
    const tech = sign('linux_vserver', /^VxID:\s+0/.test(line) ? 'host' : 'guest');
    signs.push(tech);
  }
  for (const line of valuesOf(lines, 'cpu')) {
    const tech = processors.find(([pattern]) => pattern.test(line))?.[1];
    if (tech !== undefined) signs.push(sign(tech));
  }
  return signs;
}

function hostSigns(lines: readonly string[]): readonly Sign[] {
  const loaded = new Set(valuesOf(lines, 'loaded').map((name) => name.trim()));
  return [
    ...(loaded.has('kvm') ? [sign('kvm', 'host')] : []),
    ...(loaded.has('vboxdrv') ? [sign('virtualbox', 'host')] : []),
    // Ansible lists this one among the hosts, yet takes it for the sign of a guest.
    ...(loaded.has('virtio') && !loaded.has('kvm') ? [sign('kvm', 'host')] : []),
    ...(valuesOf(lines, 'exists').includes('/dev/kvm') ? [sign('kvm', 'host')] : []),
  ];
}
