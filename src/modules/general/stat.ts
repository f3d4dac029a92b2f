import { Unknown } from '../../core/unknown.ts';
import type { Value } from '../../core/value.ts';
import { type Ask, all, question } from '../ask.ts';
import { file } from '../asks/file.ts';
import type { FileState } from '../asks/file-state.ts';
import type { Module } from '../module.ts';
import { pathArgument } from './file-arguments.ts';

/** Arguments of `stat`. */
export interface StatArgs {
  readonly path: string;
  readonly follow?: boolean;
  readonly get_checksum?: boolean;
  readonly checksum_algorithm?: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
}

/** What `stat` asks. */
export interface StatState {
  readonly file: FileState;
  /** Words of stat(1), by name; what an earlier task of a check foresaw is not in them. */
  readonly more: ReadonlyMap<string, string>;
}

/** What is at a path. */
export const stat: Module<StatArgs, StatState> = {
  name: 'stat',
  summary: 'Finds out what is at a path.',
  notes: [
    'In check mode it sees what earlier tasks would have made; times and the like of such files are unknown.',
  ],
  args: {
    type: 'object',
    properties: {
      path: pathArgument('The path.', ['dest', 'name']),
      follow: { type: 'boolean', default: false, description: 'Describe what a link leads to.' },
      get_checksum: { type: 'boolean', default: true, description: 'Work out the checksum of a file.' },
      checksum_algorithm: {
        enum: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
        default: 'sha1',
        description: 'Which checksum.',
        aliases: ['checksum', 'checksum_algo'],
      },
    },
    required: ['path'],
    additionalProperties: false,
  },
  returns: {
    stat: 'exists, and where it does: path, isdir, isreg, islnk, mode, size, uid, gid, pw_name, gr_name, mtime, atime, ctime, inode, dev, nlink, checksum, lnk_target, readable, writeable, executable.',
  },
  example: `- name: Has the node joined?
  stat:
    path: /etc/kubernetes/kubelet.conf
  register: kubelet_conf
`,
  probe: (args) =>
    all({
      file: file(args.path, { content: 'none', links: args.follow === true ? 'follow' : 'keep' }),
      more: details(args),
    }),
  diff: () => null,
  apply: async () => ({}),
  output: (args, state) => ({ stat: describe(args, state) }),
};

const script = `
f=$1; [ "$2" = follow ] && L=-L || L=
stat $L -c 'uid %u\ngid %g\ninode %i\nnlink %h\natime %X\nmtime %Y\nctime %Z\nsize %s' "$f" 2>/dev/null || exit 0
[ -r "$f" ] && echo readable True || echo readable False
[ -w "$f" ] && echo writeable True || echo writeable False
[ -x "$f" ] && echo executable True || echo executable False
if [ -L "$f" ]; then printf 'lnk_target %s\\nlnk_source %s\\n' "$(readlink "$f")" "$(readlink -f "$f")"; fi
if [ "$3" != none ] && [ -f "$f" ] && [ -r "$f" ] && command -v "\${3}sum" >/dev/null; then
  if ! [ -L "$f" ] || [ -n "$L" ]; then sum=$("\${3}sum" <"$f"); printf 'checksum %s\\n' "\${sum%% *}"; fi
fi
exit 0
`;

function details(args: StatArgs): Ask<ReadonlyMap<string, string>> {
  const algorithm = args.get_checksum === false ? 'none' : (args.checksum_algorithm ?? 'sha1');
  return question({
    key: `stat:${args.path}`,
    sh: script,
    args: [args.path, args.follow === true ? 'follow' : 'keep', algorithm],
    parse: (reply) =>
      new Map(
        reply.stdout
          .split('\n')
          .filter((line) => line.includes(' '))
          .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
      ),
  });
}

function describe(args: StatArgs, { file: found, more }: StatState): Record<string, Value> {
  if (found.kind === 'absent') return { exists: false };
  const foreseen = found.kind !== 'link' && found.uid === undefined;
  const unknown = new Unknown(`${args.path} is only foreseen`);
  const number = (name: string): Value => (foreseen ? unknown : Number(more.get(name) ?? 0));
  const flag = (name: string): Value => (foreseen ? unknown : more.get(name) === 'True');
  const word = more.get('checksum');
  const mode = found.kind === 'link' ? '0777' : found.mode;
  const bits = Number.parseInt(mode, 8);
  return {
    exists: true,
    path: args.path,
    isdir: found.kind === 'directory',
    isreg: found.kind === 'file',
    islnk: found.kind === 'link',
    mode,
    pw_name: found.owner,
    gr_name: found.group,
    size: found.kind === 'file' ? (found.sizeBytes ?? unknown) : number('size'),
    isuid: (bits & 0o4000) !== 0,
    isgid: (bits & 0o2000) !== 0,
    ...Object.fromEntries(
      ['uid', 'gid', 'inode', 'nlink', 'atime', 'mtime', 'ctime'].map((name) => [name, number(name)]),
    ),
    readable: flag('readable'),
    writeable: flag('writeable'),
    executable: flag('executable'),
    ...(found.kind === 'link' ? { lnk_target: found.target, lnk_source: more.get('lnk_source') ?? '' } : {}),
    ...(found.kind !== 'file' || args.get_checksum === false
      ? {}
      : { checksum: foreseen ? unknown : (word ?? null) }),
  };
}
