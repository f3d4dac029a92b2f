import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/**
 * Whether the kernel has what a module brings. `built-in` also where only the feature itself shows it (a kernel without
 * module support lists nothing).
 */
export interface KernelModuleState {
  readonly presence: 'loaded' | 'built-in' | 'absent';
}

// A built-in module has no /sys/module entry unless it has parameters, and not every node has modules.builtin.
const script = `
u=$(printf %s "$1" | tr - _)
if grep -qs "^$u " /proc/modules; then echo loaded; exit 0; fi
d=$(printf %s "$u" | tr _ -)
if grep -Eqs "/($u|$d|$1)[.]ko" "/lib/modules/$(uname -r)/modules.builtin"; then echo built-in; exit 0; fi
if [ -d "/sys/module/$u" ]; then echo built-in; exit 0; fi
case $u in
  br_netfilter) [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] ;;
  nf_conntrack) [ -e /proc/sys/net/netfilter/nf_conntrack_max ] ;;
  ip_tables) [ -e /proc/net/ip_tables_names ] ;;
  tun) [ -e /sys/class/misc/tun ] ;;
  overlay|overlayfs) grep -qs '[[:space:]]overlay$' /proc/filesystems ;;
  *) grep -qs "[[:space:]]$u\\$" /proc/filesystems ;;
esac && { echo built-in; exit 0; }
echo absent
`;

/** A kernel module. Key `kernel-module:NAME` with underscores. */
export function kernelModule(name: string): Ask<KernelModuleState> {
  return question<KernelModuleState>({
    key: kernelModuleKey(name),
    sh: script,
    args: [name],
    parse: (reply) => {
      const word = reply.stdout.trim();
      return { presence: word === 'loaded' || word === 'built-in' ? word : 'absent' };
    },
  });
}

/** The name of a kernel module in the vocabulary of asks and effects; the kernel takes `-` and `_` for the same. */
export function kernelModuleKey(name: string): string {
  return `kernel-module:${name.replaceAll('-', '_')}`;
}

/** The effect "this module will be loaded, or not". */
export function kernelModuleEffect(name: string, state: KernelModuleState): Effect {
  return { key: kernelModuleKey(name), state };
}
