import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** A kernel setting as it is now. `value`: words separated by single spaces. */
export type SysctlState = { readonly kind: 'absent' } | { readonly kind: 'value'; readonly value: string };

// By a program: a shell reads byte by byte, and the kernel gives a setting in one read only.
const script = `
p=/proc/sys/$1
if [ -f "$p" ]; then printf 'value '; cat "$p" 2>/dev/null; else echo absent; fi
`;

// One grep for all that are there: it begins each line with the path.
const several = `
mark=$1; shift
count=$#
for name in "$@"; do [ ! -f "/proc/sys/$name" ] || set -- "$@" "/proc/sys/$name"; done
read_all() { shift "$count"; [ "$#" = 0 ] || grep -H '' "$@" 2>/dev/null; }
lines=$(read_all "$@")
set -f
IFS='
'
said=
for name in "$@"; do
  [ "$count" -gt 0 ] || break
  count=$((count - 1)) path=/proc/sys/$name found=
  for line in $lines; do
    case $line in "$path:"*) found="$found\${line#"$path:"} " ;; esac
  done
  if [ -f "$path" ]; then said="\${said}value $found$IFS$mark$IFS"; else said="\${said}absent$IFS$mark$IFS"; fi
done
printf '%s' "$said"
`;

/** Modules that bring settings into being when they are loaded. */
function bringers(name: string): readonly string[] {
  const path = sysctlPath(name);
  if (path.startsWith('net/bridge/')) return ['kernel-module:br_netfilter'];
  return path.startsWith('net/netfilter/') ? ['kernel-module:nf_conntrack'] : [];
}

/** A kernel setting, by its dotted name. Key `sysctl:PATH`, PATH below /proc/sys. */
export function sysctl(name: string): Ask<SysctlState> {
  return question<SysctlState>({
    key: sysctlKey(name),
    reads: bringers(name),
    sh: script,
    several,
    args: [sysctlPath(name)],
    parse: (reply) =>
      reply.stdout.startsWith('value')
        ? { kind: 'value', value: normalSysctlValue(reply.stdout.slice('value'.length)) }
        : { kind: 'absent' },
  });
}

/** The effect "this setting will have this value". */
export function sysctlEffect(name: string, state: SysctlState): Effect {
  return { key: sysctlKey(name), state };
}

/** The name of a setting in the vocabulary of asks and effects. */
export function sysctlKey(name: string): string {
  return `sysctl:${sysctlPath(name)}`;
}

/** `net.ipv4.ip_forward` → `net/ipv4/ip_forward`; where the first separator is a slash, slashes and dots keep their meaning (sysctl.d(5)). */
export function sysctlPath(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  if (separator === '/') return name;
  return name.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.'));
}

/** The kernel separates numbers by tabs, people by spaces. */
export function normalSysctlValue(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
