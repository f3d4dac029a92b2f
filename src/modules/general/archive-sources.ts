import { sha256Of } from '../../core/text-measure.ts';
import { type Ask, question } from '../ask.ts';
import { type PresentMember, statesIn } from './member-states.ts';

/** Paths with their patterns resolved, in the order of the playbook. */
export interface Expanded {
  readonly paths: readonly string[];
  readonly excluded: readonly string[];
}

const expandScript = `
n=$1; shift
expand() {
  kind=$1
  case $2 in
    *[*?]*)
      IFS=; set -- $2
      for f do if [ -e "$f" ] || [ -L "$f" ]; then printf '%s%s\\001' "$kind" "$f"; fi; done ;;
    *) printf '%s%s\\001' "$kind" "$2" ;;
  esac
}
for p do
  if [ "$n" -gt 0 ]; then expand P "$p"; else expand X "$p"; fi
  n=$((n - 1))
done
`;

/** What stands for the paths once their patterns are resolved on the host. */
export function expanded(paths: readonly string[], excluded: readonly string[]): Ask<Expanded> {
  return question({
    key: `expanded:${[...paths, '', ...excluded].join(':')}`,
    reads: [...paths, ...excluded].map((path) => `file:${path.replace(/[*?[].*$/, '')}*`),
    sh: expandScript,
    args: [String(paths.length), ...paths, ...excluded],
    parse: (reply) => {
      const words = reply.stdout.split('\u0001');
      const of = (kind: string): readonly string[] =>
        words.filter((word) => word.startsWith(kind)).map((word) => word.slice(1));
      return { paths: of('P'), excluded: of('X') };
    },
  });
}

const treeScript = `
LC_ALL=C; export LC_ALL
mark=$(printf '\\001')
for p do
  [ ! -e "$p" ] && [ ! -L "$p" ] || find "$p" -exec stat -c "$mark%f %u %g %U %G %s %Y %n" {} +
done
for p do
  [ ! -e "$p" ] && [ ! -L "$p" ] || find "$p" -type l -exec sh -c 'for f do printf "\\002%s\\001%s\\n" "$f" "$(readlink "$f")"; done' sh {} +
done
exit 0
`;

/** What is at some paths and below them, by path; what is not there is not in it. */
export function treeStates(paths: readonly string[]): Ask<ReadonlyMap<string, PresentMember>> {
  return question({
    key: `trees:${sha256Of(paths.join('\n'))}`,
    reads: paths.flatMap((path) => [`file:${path}`, `file:${path.replace(/\/+$/, '')}/*`]),
    sh: treeScript,
    args: paths,
    maxOutputBytes: 33_554_432,
    parse: (reply) => statesIn(reply.stdout),
  });
}

/** The program that unpacks a format of single files. */
export const packers = { gz: 'gzip', bz2: 'bzip2', xz: 'xz', zstd: 'zstd' } as const;

/** SHA-256 of what is packed in a file and of what is to be; `null`: it cannot be told. */
export function packedDigests(
  path: string,
  dest: string,
  format: keyof typeof packers,
): Ask<{ readonly packed: string | null; readonly source: string | null }> {
  return question({
    key: `packed:${path}:${dest}`,
    reads: [`file:${path}`, `file:${dest}`],
    sh: `
if [ -f "$2" ] && command -v "$3" >/dev/null; then "$3" -dc <"$2" 2>/dev/null | sha256sum; else echo -; fi
if [ -f "$1" ]; then sha256sum <"$1"; else echo -; fi`,
    args: [path, dest, packers[format]],
    parse: (reply) => {
      const [packed = null, source = null] = reply.stdout
        .split('\n')
        .map((line) => /^([0-9a-f]{64})/.exec(line)?.[1] ?? null);
      return { packed, source };
    },
  });
}
