/**
 * Removes the temporary files of this machine in the folder d whose writer is gone: it was at work before the last boot, or its
 * process is no more. The name tells: `.hapb.HOST.BOOT.PID.` and random letters; a writer may make one more by adding a dot and
 * three letters. Other machines may share the folder. Leaves the beginning of a name in mark and boot: `$mark$boot.PID.`
 */
export const staleText = `
node= boot=
{ read -r node </proc/sys/kernel/hostname; read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
mark=$d/.hapb.$node.
boot=\${boot%%-*}
for s in "$mark"????????.*.?????? "$mark"????????.*.??????.???; do
  [ -f "$s" ] || continue
  w=\${s#"$mark"????????.}
  w=\${w%%.*}
  case $s in "$mark$boot.$w."*) [ ! -d "/proc/$w" ] || continue ;; esac
  rm -f -- "$s" 2>/dev/null
done`;

/** Sets t to a new file in the folder d, and does what the above does. Its exit code is that of making the file. */
export const temporaryText = `
${staleText}
t=$(mktemp "$mark$boot.$$.XXXXXX")`;
