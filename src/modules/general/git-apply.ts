import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { HostWriter } from '../module.ts';
import { gitFunctions, gitWords, repoOf, shownRepo } from './git-ask.ts';
import { type GitChange, gitSaid, unreachable } from './git-plan.ts';
import { lastLines } from './steps.ts';

/**
 * Clones, or fetches and checks out. A clone that was cut off has no commit checked out and is brought to its end by
 * fetching, so there is one way for both once the folder has a `.git`.
 */
const script = `${gitFunctions}
dest=$1 repo=$2 remote=$3 version=$4 kind=$5 commit=$6 depth=$7
shift 7
bare=$1 single=$2 refspec=$3 reference=$4 submodules=$5 track=$6 verify=$7
shift 7
mask=$1 force=$2
[ -z "$mask" ] || umask "$mask"
fail() { code=$?; echo "hapb-stage $1 $code" >&2; exit 1; }
deep=; [ "$depth" = 0 ] || deep="--depth $depth"
here() { "$git" -C "$dest" "$@"; }
inside="$dest/.git"; [ "$bare" != yes ] || inside="$dest/config"
if [ ! -e "$inside" ]; then
  case $dest in */*/*) mkdir -p "\${dest%/*}" || fail folder ;; esac
  set -- --origin "$remote"
  [ "$bare" != yes ] || set -- --bare
  [ -z "$reference" ] || set -- "$@" --reference "$reference"
  [ "$single" != yes ] || set -- "$@" --single-branch
  case $kind in branch|tag) set -- "$@" --branch "$version" ;; esac
  # A commit in the depths is fetched by its name afterwards.
  "$git" clone -q $deep "$@" "$repo" "$dest" || fail remote
fi
[ "$force" != yes ] || [ "$bare" = yes ] || here reset -q --hard || fail local
if [ "$(here config --get "remote.$remote.url")" != "$repo" ]; then
  here remote set-url "$remote" "$repo" 2>/dev/null || here remote add "$remote" "$repo" || fail local
fi
heads="+refs/heads/*:refs/remotes/$remote/*"
if [ "$bare" = yes ]; then heads='+refs/heads/*:refs/heads/*'
elif [ "$single" = yes ] || [ "$depth" != 0 ]; then
  case $kind in
    branch) heads="+refs/heads/$version:refs/remotes/$remote/$version" ;;
    tag) heads="+refs/tags/$version:refs/tags/$version" ;;
    *) heads=HEAD ;;
  esac
fi
here fetch -q $deep --force "$remote" "$heads" || fail remote
[ "$depth" != 0 ] || here fetch -q --force "$remote" '+refs/tags/*:refs/tags/*' || fail remote
[ -z "$refspec" ] || here fetch -q --force "$remote" "$refspec" || fail remote
if [ "$kind" = commit ] && ! here cat-file -e "$version^{commit}" 2>/dev/null; then
  here fetch -q $deep "$remote" "$version" || fail version
fi
if [ "$bare" != yes ]; then
  case $kind in
    head)
      branch=$(here ls-remote --symref "$remote" HEAD | sed -n 's|^ref: refs/heads/\\(.*\\)[[:space:]]HEAD$|\\1|p')
      version=$branch to="\${commit:-$remote/$branch}" ;;
    branch) branch=$version to="$remote/$version" ;;
    *) branch= to=$version ;;
  esac
  [ "$verify" != yes ] || here verify-commit "$to" || fail signature
  if [ -n "$branch" ]; then
    here checkout -q --force -B "$branch" "$to" || fail version
    here branch -q --set-upstream-to "$remote/$branch" 2>/dev/null || :
  else here checkout -q --force "$to^{commit}" || fail version; fi
  if [ "$submodules" = yes ] && [ -e "$dest/.gitmodules" ]; then
    more=; [ "$track" != yes ] || more=--remote
    here submodule -q sync --recursive || fail submodules
    here submodule -q update --init --recursive --force $more || fail submodules
  fi
fi
here rev-parse HEAD
`;

/** `command`: what Ansible would run there. */
const stages: Readonly<
  Record<string, { readonly command: string; readonly message: string; readonly hint: string }>
> = {
  folder: {
    command: 'mkdir',
    message: 'cannot make the folder above it',
    hint: 'Add `become: true`, or give another `dest`.',
  },
  local: {
    command: 'git reset --hard HEAD',
    message: 'git cannot work in the folder',
    hint: 'Look at the folder with `git status`.',
  },
  version: {
    command: 'git checkout --force %s',
    message: 'the repository does not give out that version',
    hint: 'Leave out `depth`, or name a branch or tag.',
  },
  signature: {
    command: 'git verify-commit %s',
    message: 'the commit has no good signature',
    hint: 'Import the signer’s key there, or leave out `verify_commit`.',
  },
  submodules: {
    command: 'git submodule update --init --recursive --force',
    message: 'its submodules cannot be fetched',
    hint: 'Check their addresses in .gitmodules, or say `recursive: false`.',
  },
};

/** Clones or updates. @throws Failure HAPB6233, HAPB6234 */
export async function applyGit(wanted: GitChange, host: HostWriter): Promise<Output> {
  const { args, dest, target, state } = wanted;
  const yes = (flag: boolean | undefined): string => (flag === true ? 'yes' : 'no');
  const reply = await host.run({
    sh: script,
    args: [
      ...gitWords(args, 'working'),
      dest,
      repoOf(args),
      args.remote ?? 'origin',
      args.version ?? 'HEAD',
      target.kind,
      target.kind === 'head' ? (target.commit ?? '') : '',
      String(args.depth ?? 0),
      yes(args.bare),
      yes(args.single_branch),
      args.refspec ?? '',
      args.reference ?? '',
      yes(args.recursive !== false),
      yes(args.track_submodules),
      yes(args.verify_commit),
      args.umask ?? '',
      yes(args.force),
    ],
  });
  if (reply.exitCode !== 0) throw failed(wanted, reply.stderr, host.name);
  const after = reply.stdout.trim().split('\n').at(-1) ?? '';
  const same =
    after === state.before && state.changes === 'none' && wanted.result.remote_url_changed !== true;
  const quiet = same && state.submodules === 'as-committed';
  return { ...wanted.result, after, ...(quiet ? { changed: false } : {}) };
}

function failed({ args, dest }: GitChange, said: string, host: string): Failure {
  const [, name = '', code = '1'] = /^hapb-stage (\w+) (\d+)$/m.exec(said) ?? [];
  const stage = stages[name];
  const stderr = said.replace(/^hapb-stage .*\n?/m, '');
  const exitCode = Number(code);
  if (stage === undefined)
    return unreachable(args, { stderr, exitCode, cmd: `git fetch --force ${args.remote ?? 'origin'}` }, host);
  const version = args.version ?? 'HEAD';
  const end = gitSaid({ cmd: stage.command.replace('%s', version), rc: exitCode, stderr });
  return new Failure({
    code: 'HAPB6234',
    message: `cannot bring ${shownRepo(args.repo)} to ${dest}: ${stage.message}`,
    hint: stage.hint,
    details: lastLines(stderr, 10),
    output: name === 'version' ? { ...end, msg: `Failed to checkout ${version}` } : end,
  });
}
