import type { Output } from '../../core/value.ts';
import type { HostWriter } from '../module.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { permissionSteps } from './file-change.ts';
import type { FileChange } from './path-change.ts';
import { foundAt, lookScript } from './path-look.ts';
import { type Step, steps } from './steps.ts';

/** Does what `planPath` found, in one round trip. @throws Failure HAPB6003 */
export async function applyPath(wanted: FileChange, host: HostWriter): Promise<Output> {
  const { result, kind, args } = wanted;
  const isKnown = kind === 'absent' || ['uid', 'gid', 'size'].every((key) => key in result);
  if (isKnown) {
    await steps(host, stepsOf(wanted));
    return result;
  }
  const problem = {
    code: 'HAPB6003',
    message: `cannot look at ${args.path}`,
    hint: 'Run it again.',
  } as const;
  const look = { sh: lookScript, args: [args.path, kind === 'link' ? '' : '-L'], problem };
  return { ...result, ...foundAt(await steps(host, [...stepsOf(wanted), look])) };
}

function stepsOf(wanted: FileChange): readonly Step[] {
  const { args, kind, attributes, beyond } = wanted;
  const { path } = args;
  const problem = {
    code: 'HAPB6003',
    message: `cannot ${wanted.summary}`,
    hint: 'Read the output below; often `become: true` is missing, or the file system is read-only.',
  } as const;
  const run = (sh: string, ...words: readonly string[]): Step => ({ sh, args: words, problem });
  // What keeps the file from being changed goes first and comes last.
  const unlocked =
    attributes?.startsWith('-') === true
      ? [run('[ ! -e "$2" ] || chattr "$1" "$(readlink -f "$2")"', attributes, path)]
      : [];
  const linked = beyond === null ? [] : permissionSteps(path, beyond);
  switch (kind) {
    case 'absent':
      return [...unlocked, run('exec rm -rf "$1"', path)];
    case 'link':
      return [
        ...unlocked,
        ...(wanted.target === undefined ? [] : [run(linkScript, wanted.target, path)]),
        ...(args.follow === false ? linkOwner(path, args, run) : []),
        ...linked,
      ];
    case 'hard':
      return [
        ...unlocked,
        ...(wanted.target === undefined ? [] : [run('exec ln -f "$1" "$2"', wanted.target, path)]),
        ...linked,
      ];
    case 'directory':
    case 'touch':
    case 'file': {
      const { mode: _, ...owners } = args;
      const rights = { ...owners, ...(wanted.mode === null ? {} : { mode: wanted.mode }) };
      return [
        ...unlocked,
        ...(kind === 'touch' ? [run('[ -e "$1" ] || : >"$1"', path)] : []),
        ...(kind === 'directory'
          ? [...wanted.above.map((each) => ({ ...args, ...each })), { ...rights, path }].flatMap((each) =>
              folderSteps(each, run),
            )
          : permissionSteps(path, rights)),
        ...(args.recurse === true ? [below(wanted)] : []),
        ...(wanted.times === null ? [] : [run(touchScript, path, ...wanted.times)]),
        ...(attributes === null || unlocked.length > 0
          ? []
          : [run('chattr "$1" "$(readlink -f "$2")"', attributes, path)]),
      ];
    }
  }
}

type Run = (sh: string, ...words: readonly string[]) => Step;

/** A new folder is made with its mode. */
function folderSteps(
  { path, ...rights }: PermissionArgs & { readonly path: string },
  run: Run,
): readonly Step[] {
  const { mode = '', owner = '', group = '' } = rights;
  if (mode !== '' && owner === '' && group === '')
    return [
      run('if [ -d "$1" ]; then exec chmod "$2" "$1"; else exec mkdir -p -m "$2" "$1"; fi', path, mode),
    ];
  return [run('[ -d "$1" ] || exec mkdir -p "$1"', path), ...permissionSteps(path, rights)];
}

function linkOwner(path: string, { owner = '', group = '' }: FileChange['args'], run: Run): readonly Step[] {
  if (owner === '' && group === '') return [];
  return [run('chown -h "$2${3:+:$3}" "$1"', path, owner, group)];
}

function below({ args }: FileChange): Step {
  const { path, mode = '', owner = '', group = '' } = args;
  const sh = `
if [ -n "$3" ]; then chown -hR "$3" "$1" || exit; fi
if [ -n "$4" ]; then chgrp -hR "$4" "$1" || exit; fi
if [ -n "$2" ]; then chmod -R "$2" "$1"; fi`;
  const hint = 'Read the output below.';
  const problem = { code: 'HAPB6003', message: `cannot set the permissions below ${path}`, hint } as const;
  return { sh, args: [path, mode, owner, group], problem };
}

// Both at once needs no ownership of the file, only the right to write to it.
const touchScript = `
if [ "$2,$3" = now,now ]; then touch "$1"; exit; fi
case $2 in preserve) ;; now) touch -a "$1" ;; *) touch -a -t "$2" "$1" ;; esac || exit
case $3 in preserve) ;; now) touch -m "$1" ;; *) touch -m -t "$3" "$1" ;; esac
`;

// A link is replaced in one step, so that nobody finds it missing.
const linkScript = `
[ -e "$2" ] || [ -L "$2" ] || exec ln -s "$1" "$2"
t=\${2%/*}/.hapb-link.$$
rm -f "$t" && ln -s "$1" "$t" || exit
mv -fT "$t" "$2" 2>/dev/null && exit
rm -f "$t"
exec ln -sfn "$1" "$2"
`;
