import type { Value } from '../../../core/value.ts';
import { type FactSource, fields, whole } from './source.ts';

/** SELinux. */
export const selinux: FactSource = {
  name: 'selinux',
  subsets: ['min'],
  gives: ['selinux'],
  reads: ['file:/etc/selinux/config'],
  sh: `if [ -e /sys/fs/selinux/enforce ]; then f enforce /sys/fs/selinux/enforce; f policyvers /sys/fs/selinux/policyvers
grep -E '^SELINUX(TYPE)?=' /etc/selinux/config 2>/dev/null; fi`,
  read(lines) {
    const found = fields(lines, '=');
    const enforce = found.get('enforce');
    if (enforce === undefined) return { selinux: { status: 'disabled' } };
    return {
      selinux: {
        status: 'enabled',
        policyvers: whole(found.get('policyvers'), 'unknown'),
        config_mode: found.get('SELINUX')?.toLowerCase() ?? 'unknown',
        mode: enforce === '1' ? 'enforcing' : enforce === '0' ? 'permissive' : 'unknown',
        type: found.get('SELINUXTYPE') ?? 'unknown',
      },
    };
  },
};

/** AppArmor and FIPS mode. */
export const hardening: FactSource = {
  name: 'fips',
  subsets: ['min', 'apparmor'],
  gives: ['apparmor', 'fips'],
  sh: '[ -e /sys/kernel/security/apparmor ] && echo apparmor=1; f fips /proc/sys/crypto/fips_enabled',
  read(lines) {
    const found = fields(lines, '=');
    return {
      apparmor: { status: found.has('apparmor') ? 'enabled' : 'disabled' },
      fips: found.get('fips') === '1',
    };
  },
};

/** What the asking process may do. */
export const capabilities: FactSource = {
  name: 'caps',
  subsets: ['min'],
  gives: ['system_capabilities', 'system_capabilities_enforced'],
  sh: 'command -v capsh >/dev/null && capsh --print 2>/dev/null',
  read(lines) {
    if (lines.length === 0) return { system_capabilities: 'N/A', system_capabilities_enforced: 'N/A' };
    const current = lines
      .find((line) => line.startsWith('Current:'))
      ?.slice('Current:'.length)
      .trim();
    if (current === undefined) return { system_capabilities: [], system_capabilities_enforced: 'NA' };
    if (current === '=ep') return { system_capabilities: [], system_capabilities_enforced: 'False' };
    const held = (current.split('=')[1] ?? '').split(',').map((name) => name.trim());
    return { system_capabilities: held, system_capabilities_enforced: 'True' };
  },
};

/** Public host keys. */
export const hostKeys: FactSource = {
  name: 'ssh_pub_keys',
  subsets: ['min'],
  gives: ['ssh_host_key_*'],
  reads: ['file:/etc/ssh/*'],
  sh: `for d in /etc/ssh /etc/openssh /etc; do
  n=; for a in dsa rsa ecdsa ed25519; do [ -r $d/ssh_host_\${a}_key.pub ] && { f $a $d/ssh_host_\${a}_key.pub; n=1; }; done
  [ -n "$n" ] && break
done`,
  read(lines) {
    const facts: Record<string, Value> = {};
    for (const [kind, line] of fields(lines, '=')) {
      const [type = '', key = ''] = line.split(/\s+/);
      facts[`ssh_host_key_${kind}_public`] = key;
      facts[`ssh_host_key_${kind}_public_keytype`] = type;
    }
    return facts;
  },
};

/** The kernel's command line. */
export const kernelWords: FactSource = {
  name: 'cmdline',
  subsets: ['min'],
  gives: ['cmdline', 'proc_cmdline'],
  sh: 'cat /proc/cmdline',
  read([line = '']) {
    const last: Record<string, Value> = {};
    const all: Record<string, Value> = {};
    // A quote that begins a word holds it together; inside one it means nothing.
    for (const word of line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []) {
      const at = word.indexOf('=');
      const name = at === -1 ? word : word.slice(0, at);
      const value = at === -1 ? true : word.slice(at + 1);
      const before = all[name];
      last[name] = value;
      all[name] =
        before === undefined || value === true
          ? value
          : [...(Array.isArray(before) ? (before as Value[]) : [before]), value];
    }
    return { cmdline: last, proc_cmdline: all };
  },
};

/** How it is known to storage over a network. */
export const storageNames: FactSource = {
  name: 'iscsi',
  subsets: ['network', 'nvme', 'fibre_channel_wwn'],
  gives: ['iscsi_iqn', 'hostnqn', 'fibre_channel_wwn'],
  sh: `grep -h -m 1 '^InitiatorName=' /etc/iscsi/initiatorname.iscsi 2>/dev/null; grep -h -m 1 '^nqn\\.' /etc/nvme/hostnqn 2>/dev/null | sed 's/^/hostnqn=/'
for p in /sys/class/fc_host/*/port_name; do f port "$p"; done`,
  read(lines) {
    const found = fields(lines, '=');
    const ports = lines
      .filter((line) => line.startsWith('port='))
      .map((line) => line.slice('port=0x'.length));
    return {
      iscsi_iqn: found.get('InitiatorName') ?? '',
      hostnqn: found.get('hostnqn') ?? '',
      fibre_channel_wwn: ports,
    };
  },
};
