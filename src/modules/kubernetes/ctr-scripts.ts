// ctr draws progress for a terminal on stdout; what matters is on stderr. Its version tells where a proxy belongs.
const failed = `
rc=$?
[ "$rc" = 0 ] || "$ctr" --version
exit "$rc"
`;

const find = `
PATH=$PATH:/usr/local/bin
ctr=$1; shift
command -v "$ctr" >/dev/null || { echo "no program named $ctr"; exit 127; }
`;

/** Pulls. Arguments: program, socket, namespace, image, platform, hosts folder, `yes` for plain HTTP. */
export const pullScript = `${find}
a=$1 n=$2 ref=$3 platform=$4 hosts=$5 plain=$6
set --
[ -z "$platform" ] || set -- "$@" --platform "$platform"
[ ! -d "$hosts" ] || set -- "$@" --hosts-dir "$hosts"
[ "$plain" = no ] || set -- "$@" --plain-http
"$ctr" --address "$a" -n "$n" images pull "$@" "$ref" 2>&1 >/dev/null
${failed}`;

/**
 * The same with NAME:PASSWORD on stdin. ctr takes a password from its command line, where every user could read it, or
 * from a terminal: `script` gives it one, whose screen goes nowhere. The shell's own words pass the password on, so it
 * is in no command line, environment or file.
 */
export const pullAsUserScript = `${find}
command -v script >/dev/null || { echo 'no program named script'; exit 126; }
IFS= read -r user
# A terminal takes control characters as keys, and lines of up to 4095 bytes.
IFS= read -r more && user= || [ -z "$more" ] || user=
[ "\${#user}" -lt 4000 ] || user=
case $user in *[[:cntrl:]]*) exit 125 ;; ?*:?*) ;; *) exit 125 ;; esac
hapb_words() {
  for w in "$@"; do printf "'%s' " "$(printf '%s' "$w" | sed "s/'/'\\\\\\\\''/g")"; done
}
a=$1 n=$2 ref=$3 platform=$4 hosts=$5 plain=$6
set -- --user "\${user%%:*}"
[ -z "$platform" ] || set -- "$@" --platform "$platform"
[ ! -d "$hosts" ] || set -- "$@" --hosts-dir "$hosts"
[ "$plain" = no ] || set -- "$@" --plain-http
call=$(hapb_words "$ctr" --address "$a" -n "$n" images pull "$@" "$ref")
exec 3>&1
printf '%s\\n' "\${user#*:}" | SHELL=/bin/sh script -q -e -c "exec $call 2>&3" /dev/null >/dev/null
${failed}`;

/** Imports a file of the node. Arguments: program, socket, namespace, platform, file (\`-\`: stdin). */
export const importScript = `${find}
a=$1 n=$2 platform=$3 file=$4
set --
[ -z "$platform" ] || set -- "$@" --platform "$platform"
"$ctr" --address "$a" -n "$n" images import "$@" "$file" 2>&1
${failed}`;
