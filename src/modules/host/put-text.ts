import { randomBytes } from 'node:crypto';
import type { FileWrite } from '../module.ts';
import { staleText } from './temporary.ts';

/** What a file is to be like besides its content; `null`: as the file that is there, else as the user's other files. */
export type Rights = Omit<FileWrite, 'path' | 'content'>;

/**
 * A script that puts a file in place of `$1`, whole or not at all, with mode `$2`, owner `$3` and group `$4`, after the command `$5`
 * has judged it. `$6` is what `putTag` gives: see `putWords`. `fill` writes the content to descriptor 4; it may use the arguments
 * from `$7` on.
 *
 * The temporary file has its owner, then its mode, then its content, and all are set by its descriptor, so that nobody who may rename files in the
 * folder leads them elsewhere. It must have been made with mode 0600: where the folder's default ACL lets others in, they may have opened
 * it already, and mktemp makes another one. Mostly the last program takes the place of the shell; where it fails, `dropText` cleans up.
 */
export function putText(fill: string, { mode, owner, group, validate }: Rights): string {
  const isOwned = owner !== null || group !== null;
  // With set-id bits and the like it comes last, since writing takes them away.
  const isEarly = mode !== null && /^0?[0-7]{3}$/.test(mode);
  const text = `
case $1 in */*) d=\${1%/*}; [ "$d" ] || d=/ ;; *) d=. ;; esac
[ -d "$d" ] || { echo "the folder $d does not exist" >&2; exit 20; }
[ ! -d "$1" ] || { echo "$1 is a folder" >&2; exit 20; }
mode=$2 owner=$3 group=$4
${staleText}${mode === null ? usualMode : ''}
${validate == null ? '' : 'u=$(umask)\n'}umask 077
own() { [ -z "$owner$group" ] || chown -- "$owner\${group:+:$group}" "$f" || exit 23; }
${isEarly ? makeEarly : makeLate}
trap 'rm -f -- "$t"' EXIT
if [ -e "$1" ] && ! { [ -O "$1" ] && [ -G "$1" ] && [ -G "$f" ]; }; then
  c=$(stat -L -c %u:%g -- "$1")
  owner=\${owner:-\${c%:*}} group=\${group:-\${c#*:}}
fi
${isOwned ? ownWishes : ''}own
${isEarly ? setEarly(Number.parseInt(mode, 8) === 0o600 ? "''" : "*' 0600 ('*") : ''}${fill} || exit 22
exec 4>&-
[ -z "$late" ] || chmod -- "$mode" "$t" || exit 23
${validate == null ? '' : judge}sync "$t" 2>/dev/null
[ "$late" ] || { trap - EXIT; exec mv -f -- "$t" "$1"; }
mv -f -- "$t" "$1" || exit 25
trap - EXIT
`;
  return text.replaceAll(/^ +/gm, '');
}

const makeLate = `t=$(mktemp "$mark$boot.$$.XXXXXX") && exec 4>"$t" || exit 21
f=$t late=yes`;

/** Made by the shell: it follows no link, and takes nothing that is there. */
const makeEarly = `f=/proc/self/fd/4 t=$mark$boot.$$.$6 late=yes
set -C
exec 4>"$t" || exit 21
set +C`;

/** Sets the mode; `was`: a pattern for what chmod tells of the mode that it had. */
function setEarly(was: string): string {
  return `[ -f $f ] && c=$(chmod -c -- "$2" $f 2>/dev/null) && case $c in ${was}) late= ;; esac
if [ "$late" ]; then
rm -f -- "$t"
${makeLate}
own
fi
`;
}

/** The first six arguments of such a script. */
export function putWords(path: string, rights: Rights, tag: string): readonly string[] {
  return [path, rights.mode ?? '', rights.owner ?? '', rights.group ?? '', rights.validate ?? '', tag];
}

const usualMode = `
if [ -e "$1" ]; then mode=$(stat -L -c %a -- "$1"); else mode=$(printf '%o' $(( 0666 & ~0$(umask) ))); fi`;

const ownWishes = `
uid= gid=
while read -r key one id rest; do
  case $key in Uid:) uid=$id ;; Gid:) gid=$id; break ;; esac
done </proc/self/status
[ ! -O "$f" ] || case $owner in "$uid") owner= ;; root) [ "$uid" != 0 ] || owner= ;; esac
[ ! -G "$f" ] || case $group in "$gid") group= ;; root) [ "$gid" != 0 ] || group= ;; esac
`;

const judge = `
v=$(printf '%s' "$5" | sed "s|%s|$t|g")
umask "$u"
sh -c "$v" || { printf '\\n%s' $?; exit 24; }
`;

/** `$1`: the path, `$2`: the tag. Removes the temporary file that `putText` could not give its name. */
export const dropText = `
case $1 in */*) d=\${1%/*} ;; *) d=. ;; esac
rm -f -- "$d"/.hapb.*."$2"
`;

/** Letters that nobody can guess. */
export function putTag(): string {
  return randomBytes(9).toString('base64').replaceAll(/[+/]/g, 'x').slice(0, 6);
}

/** Whether the script above has cleaned up after itself, by its exit code. */
export function hasCleanedUp(exitCode: number): boolean {
  return exitCode === 0 || (exitCode >= 20 && exitCode <= 25);
}
