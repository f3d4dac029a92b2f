import type { Output } from '../../core/value.ts';
import type { HostWriter } from '../module.ts';
import { applyPermissions } from './file-change.ts';
import type { FileChange } from './path-change.ts';
import { step } from './steps.ts';

/** Does what `planPath` found. @throws Failure HAPB6003 */
export async function applyPath(wanted: FileChange, host: HostWriter): Promise<Output> {
  const { args, kind } = wanted;
  const { path } = args;
  const problem = {
    code: 'HAPB6003',
    message: `cannot ${wanted.summary}`,
    hint: 'Read the output below; often `become: true` is missing, or the file system is read-only.',
  } as const;
  const run = (sh: string, ...words: readonly string[]): Promise<unknown> =>
    step(host, { sh, args: words }, problem);
  const { attributes } = wanted;
  // What keeps the file from being changed goes first and comes last.
  if (attributes?.startsWith('-') === true)
    await run('[ ! -e "$2" ] || chattr "$1" "$(readlink -f "$2")"', attributes, path);
  switch (kind) {
    case 'absent':
      await run('rm -rf "$1"', path);
      return wanted.result;
    case 'directory':
      for (const each of wanted.above) {
        await run('[ -d "$1" ] || mkdir -p "$1"', each.path);
        await applyPermissions(each.path, { ...args, mode: each.mode }, host);
      }
      await run('[ -d "$1" ] || mkdir -p "$1"', path);
      break;
    case 'touch':
      await run('[ -e "$1" ] || : >"$1"', path);
      break;
    case 'link':
      if (wanted.target !== undefined) await run(linkScript, wanted.target, path);
      await run(
        'if [ -n "$2$3" ]; then chown -h "$2${3:+:$3}" "$1"; fi',
        path,
        ...(args.follow === false ? [args.owner ?? '', args.group ?? ''] : ['', '']),
      );
      if (wanted.beyond !== null) await applyPermissions(path, wanted.beyond, host);
      return wanted.result;
    case 'hard':
      if (wanted.target !== undefined) await run('ln -f "$1" "$2"', wanted.target, path);
      if (wanted.beyond !== null) await applyPermissions(path, wanted.beyond, host);
      return wanted.result;
    case 'file':
      break;
  }
  const { mode: _, ...owners } = args;
  await applyPermissions(path, { ...owners, ...(wanted.mode === null ? {} : { mode: wanted.mode }) }, host);
  if (args.recurse === true) await applyBelow(wanted, host);
  if (wanted.times !== null) await run(touchScript, path, ...wanted.times);
  if (attributes !== null && !attributes.startsWith('-'))
    await run('chattr "$1" "$(readlink -f "$2")"', attributes, path);
  return wanted.result;
}

async function applyBelow(wanted: FileChange, host: HostWriter): Promise<void> {
  const { path, mode = '', owner = '', group = '' } = wanted.args;
  const sh = `
if [ -n "$3" ]; then chown -hR "$3" "$1" || exit; fi
if [ -n "$4" ]; then chgrp -hR "$4" "$1" || exit; fi
if [ -n "$2" ]; then chmod -R "$2" "$1"; fi`;
  const hint = 'Read the output below.';
  await step(
    host,
    { sh, args: [path, mode, owner, group] },
    { code: 'HAPB6003', message: `cannot set the permissions below ${path}`, hint },
  );
}

// Both at once needs no ownership of the file, only the right to write to it.
const touchScript = `
if [ "$2,$3" = now,now ]; then touch "$1"; exit; fi
case $2 in preserve) ;; now) touch -a "$1" ;; *) touch -a -t "$2" "$1" ;; esac || exit
case $3 in preserve) ;; now) touch -m "$1" ;; *) touch -m -t "$3" "$1" ;; esac
`;

// A link is replaced in one step, so that nobody finds it missing.
const linkScript = `
t=\${2%/*}/.hapb-link.$$
rm -f "$t" && ln -s "$1" "$t" || exit
mv -fT "$t" "$2" 2>/dev/null && exit
rm -f "$t"
ln -sfn "$1" "$2"
`;
