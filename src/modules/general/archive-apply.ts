import type { Output } from '../../core/value.ts';
import { temporaryText } from '../host/temporary.ts';
import type { HostWriter } from '../module.ts';
import type { ArchiveChange } from './archive-plan.ts';
import { packers } from './archive-sources.ts';
import { applyPermissions } from './file-change.ts';
import { step } from './steps.ts';

/** Packs, sets permissions, and removes what was packed where that is asked for. @throws Failure HAPB6003 */
export async function applyArchive(wanted: ArchiveChange, host: HostWriter): Promise<Output> {
  const { packing, permissions, names } = wanted;
  const { dest, format, kind, root, paths } = packing;
  const hint = 'Read the output below; the folder must exist, and the program that packs must be installed.';
  const problem = { code: 'HAPB6003', message: `cannot pack ${dest}`, hint } as const;
  const program = format === 'tar' || format === 'zip' ? '' : packers[format];
  const owner = permissions.owner ?? '';
  const group = permissions.group ?? '';
  if (wanted.pack === 'no') await applyPermissions(dest, permissions, host);
  else if (kind === 'file') {
    const args = [dest, permissions.mode, owner, group, program, paths[0] ?? ''];
    await step(host, { sh: `${begin}"$5" -c <"$6" >"$t" || exit${end}`, args }, problem);
  } else {
    const args = [dest, permissions.mode, owner, group, program, root];
    const sh = `${begin}${format === 'zip' ? zipScript : tarScript}${end}`;
    await step(host, { sh, args, stdin: names.map((name) => `${name}\n`).join('') }, problem);
  }
  if (wanted.remove.length > 0) {
    const message = `cannot remove what was packed into ${dest}`;
    await step(host, { sh: 'rm -rf -- "$@"', args: wanted.remove }, { ...problem, message });
  }
  return wanted.result;
}

const begin = `
p=$1 mode=$2 owner=$3 group=$4
d=\${p%/*}
${temporaryText} || exit
trap 'rm -f -- "$t" "$t.tar" "$t.zip"' EXIT
`;

// busybox has no -T; its list goes among the words, where a name must not begin with a minus sign.
const tarScript = `
cd "$6" || exit
program=$5
case $(tar --version 2>/dev/null) in
  *GNU*) tar -cf "$t.tar" --no-recursion --verbatim-files-from --no-unquote -T - || exit ;;
  *)
    set --
    while IFS= read -r f; do set -- "$@" "./$f"; done
    tar -cf "$t.tar" --no-recursion "$@" || exit ;;
esac
if [ -n "$program" ]; then "$program" -c <"$t.tar" >"$t" || exit; else cat "$t.tar" >"$t" || exit; fi
`;

// zip writes no archive without members.
const zipScript = `
(cd "$6" && zip -q "$t.zip" -@) || exit
cat "$t.zip" >"$t" || exit
`;

const end = `
if [ -f "$p" ]; then
  [ -n "$owner" ] || owner=$(stat -L -c %u -- "$p")
  [ -n "$group" ] || group=$(stat -L -c %g -- "$p")
fi
if [ -n "$owner$group" ]; then chown -- "$owner\${group:+:$group}" "$t" || exit; fi
chmod -- "$mode" "$t" || exit
sync "$t" 2>/dev/null || :
mv -f -- "$t" "$p"
`;
