import type { ShellReply } from '../../connection/connection.ts';
import { quote } from '../../connection/quote.ts';
import { type Ask, all, map, question } from '../ask.ts';
import { type Identity, identity } from '../asks/account.ts';

/** Arguments of `git`. */
export interface GitArgs {
  readonly repo: string;
  readonly dest?: string;
  readonly version?: string;
  readonly remote?: string;
  readonly refspec?: string;
  readonly reference?: string;
  readonly depth?: number;
  readonly single_branch?: boolean;
  readonly force?: boolean;
  readonly clone?: boolean;
  readonly update?: boolean;
  readonly bare?: boolean;
  readonly recursive?: boolean;
  readonly track_submodules?: boolean;
  readonly verify_commit?: boolean;
  readonly key_file?: string;
  readonly ssh_opts?: string;
  readonly accept_hostkey?: boolean;
  readonly accept_newhostkey?: boolean;
  readonly executable?: string;
  readonly umask?: string;
}

/** What a folder and the repository that it is to be a clone of are like. */
export interface GitState {
  /** `missing`: the host has no git. `other`: something that is no clone is in the folder. */
  readonly local: 'missing' | 'absent' | 'empty' | 'other' | 'clone';
  /** Commit that is checked out; empty: none. */
  readonly before: string;
  /** Address of the remote; empty: there is no remote of that name. */
  readonly url: string;
  readonly changes: 'none' | 'some';
  /** Whether submodules are not where the commit wants them. */
  readonly submodules: 'as-committed' | 'other';
  readonly who: Identity;
  /** `null`: the repository needs not be asked. */
  readonly remote: GitRemote | null;
}

/** What a repository answers. */
export interface GitRemote {
  readonly exitCode: number;
  /** Commits by full name of the reference; tags as what they lead to. */
  readonly refs: ReadonlyMap<string, string>;
  readonly stderr: string;
}

/** Start of each script: git without questions, in English, with the keys that the playbook names. */
export const gitFunctions = `
LC_ALL=C GIT_TERMINAL_PROMPT=0; export LC_ALL GIT_TERMINAL_PROMPT
git=$1 ssh=$2; shift 2
[ -n "$git" ] || git=$(command -v git) || { echo missing; exit 0; }
GIT_SSH_COMMAND="ssh -o BatchMode=yes $ssh"; export GIT_SSH_COMMAND
`;

/** The two words that `gitFunctions` takes. `looking` writes no host's key down. */
export function gitWords(args: GitArgs, purpose: 'looking' | 'working'): readonly string[] {
  const words = [
    keyChecking(args, purpose),
    args.key_file === undefined ? '' : `-i ${quote(args.key_file)} -o IdentitiesOnly=yes`,
    args.ssh_opts ?? '',
  ];
  return [args.executable ?? '', words.filter((word) => word !== '').join(' ')];
}

function keyChecking(args: GitArgs, purpose: 'looking' | 'working'): string {
  if (args.accept_hostkey !== true && args.accept_newhostkey !== true) return '';
  if (purpose === 'looking') return '-o StrictHostKeyChecking=yes';
  return `-o StrictHostKeyChecking=${args.accept_hostkey === true ? 'no' : 'accept-new'}`;
}

// --no-optional-locks: looking must not refresh the index.
const script = `${gitFunctions}
dest=$1 repo=$2 remote=$3 version=$4 bare=$5 look=$6
here() { "$git" --no-optional-locks -C "$dest" "$@" 2>/dev/null; }
local=absent before= url= changes=none submodules=as-committed
if [ -n "$dest" ] && [ -e "$dest" ]; then
  local=other
  if [ "$bare" = yes ]; then inside="$dest/config"; else inside="$dest/.git"; fi
  if [ -e "$inside" ]; then
    local=clone
    before=$(here rev-parse --verify -q HEAD)
    url=$(here config --get "remote.$remote.url")
    if [ "$bare" != yes ]; then
      [ -z "$(here status --porcelain --untracked-files=no)" ] || changes=some
      if [ -e "$dest/.gitmodules" ] && here submodule status --recursive | grep -q '^[-+U]'; then submodules=other; fi
    fi
  elif [ -d "$dest" ] && [ -z "$(ls -A "$dest")" ]; then local=empty; fi
fi
printf 'local %s\\nbefore %s\\nurl %s\\nchanges %s\\nsubmodules %s\\n' "$local" "$before" "$url" "$changes" "$submodules"
case $look in
  never) exit 0 ;;
  unless-there) [ "$local" != clone ] || exit 0 ;;
  unless-at-version) [ "$before" != "$version" ] || exit 0 ;;
esac
set -- HEAD
[ "$version" = HEAD ] || set -- "refs/heads/$version" "refs/tags/$version" "refs/tags/$version^{}" "$version"
refs=$("$git" ls-remote "$repo" "$@"); code=$?
[ -z "$refs" ] || printf '%s\\n' "$refs" | sed 's/^/ref /'
echo "asked $code"
`;

/** Asks the folder, and the repository where that is needed. Key `git:FOLDER`. */
export function gitState(args: GitArgs): Ask<GitState> {
  const { dest = '', version = 'HEAD' } = args;
  const look =
    args.update === false ? 'unless-there' : /^[0-9a-f]{40}$/.test(version) ? 'unless-at-version' : 'always';
  const bare = args.bare === true ? 'yes' : 'no';
  const asked = question({
    key: `git:${dest}`,
    reads: [`file:${dest}`, `file:${dest}/*`, 'package:git'],
    environment: 'task',
    sh: script,
    args: [...gitWords(args, 'looking'), dest, repoOf(args), args.remote ?? 'origin', version, bare, look],
    parse,
  });
  return map(all({ asked, who: identity() }), ({ asked: found, who }) => ({ ...found, who }));
}

/** The repository as it may be shown: without a password, and without what stands for one in front of a web address. */
export function shownRepo(repo: string): string {
  return repo.replace(/^(https?:\/\/)[^/@]*@/i, '$1').replace(/^([a-z+]+:\/\/[^/@:]*):[^/@]*@/i, '$1@');
}

/** The repository's address; a path becomes one, because git treats plain paths differently. */
export function repoOf({ repo }: GitArgs): string {
  return repo.startsWith('/') ? `file://${repo}` : repo;
}

function parse(reply: ShellReply): Omit<GitState, 'who'> {
  const lines = reply.stdout.split('\n');
  const of = (name: string): string =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const refs = new Map<string, string>();
  for (const line of lines) {
    const [, sha = '', name = ''] = /^ref ([0-9a-f]+)\t(.+)$/.exec(line) ?? [];
    if (name === '') continue;
    // What a tag leads to is listed behind it, with a mark.
    refs.set(name.replace(/\^\{\}$/, ''), sha);
  }
  const asked = /^asked (\d+)$/m.exec(reply.stdout)?.[1];
  const local = lines[0] === 'missing' ? 'missing' : of('local');
  return {
    local: local as GitState['local'],
    before: of('before'),
    url: of('url'),
    changes: of('changes') === 'some' ? 'some' : 'none',
    submodules: of('submodules') === 'other' ? 'other' : 'as-committed',
    remote: asked === undefined ? null : { exitCode: Number(asked), refs, stderr: reply.stderr },
  };
}
