import type { Value } from '../../core/value.ts';
import { type Ask, question } from '../ask.ts';
import { attributeNames } from './file-attributes.ts';

/** What the host's own programs say of a path, by name; empty where nothing is. */
export type Details = ReadonlyMap<string, string>;

/** Which programs are asked besides stat(1). One that the host does not have is not missed. */
export interface DetailsQuestion {
  readonly links: 'follow' | 'keep';
  /** `sha1` for sha1sum(1); `none`: no checksum. */
  readonly checksum: string;
  readonly mime: 'asked' | 'no';
  readonly attributes: 'asked' | 'no';
}

// busybox gives whole seconds where others give fractions.
const script = `
f=$1; [ "$2" = follow ] && L=-L || L=
stat $L -c 'raw %f
uid %u
gid %g
inode %i
dev %d
nlink %h
blocks %b
block_size %o
major %t
minor %T
atime %.X
mtime %.Y
ctime %.Z
size %s' "$f" 2>/dev/null || exit 0
[ -r "$f" ] && echo readable True || echo readable False
[ -w "$f" ] && echo writeable True || echo writeable False
[ -x "$f" ] && echo executable True || echo executable False
if [ -L "$f" ]; then printf 'lnk_target %s\\nlnk_source %s\\n' "$(readlink "$f")" "$(readlink -f "$f")"; fi
if [ "$3" != none ] && [ -f "$f" ] && [ -r "$f" ] && command -v "\${3}sum" >/dev/null; then
  if ! [ -L "$f" ] || [ -n "$L" ]; then sum=$("\${3}sum" <"$f"); printf 'checksum %s\\n' "\${sum%% *}"; fi
fi
if [ "$4" = asked ] && command -v file >/dev/null && m=$(file -b --mime-type --mime-encoding "$f" 2>/dev/null); then
  printf 'mime %s\\n' "$m"
fi
if [ "$5" = asked ] && command -v lsattr >/dev/null && a=$(lsattr -vd "$f" 2>/dev/null); then
  printf 'attributes %s\\n' "$a"
fi
exit 0
`;

/** What stat(1) and its kin say of a path. Key `stat:PATH`. */
export function details(path: string, { links, checksum, mime, attributes }: DetailsQuestion): Ask<Details> {
  return question({
    key: `stat:${path}`,
    sh: script,
    args: [path, links, checksum, mime, attributes],
    parse: (reply) =>
      new Map(
        reply.stdout
          .split('\n')
          .filter((line) => line.includes(' '))
          .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
      ),
  });
}

/** `mimetype` and `charset` as file(1) has them; `unknown` where it has none or is not there. */
export function mimeOf(more: Details): Readonly<Record<string, Value>> {
  const [, mimetype = 'unknown', charset = 'unknown'] =
    /^\s*([^;\s]+);\s*charset=(\S+)\s*$/.exec(more.get('mime') ?? '') ?? [];
  return { mimetype, charset };
}

/** `version`, `attributes` and `attr_flags` as lsattr(1) has them; null and empty where it is not there or the file system has none. */
export function attributesOf(more: Details): Readonly<Record<string, Value>> {
  const [, version = null, letters = ''] = /^\s*(\d+)\s+(\S+)/.exec(more.get('attributes') ?? '') ?? [];
  const flags = letters.replaceAll('-', '');
  return { version, attributes: [...attributeNames(flags)], attr_flags: flags };
}

/** The number of the device that a device file stands for, as Linux packs it; 0 for others. */
export function deviceType(more: Details): number {
  const major = Number.parseInt(more.get('major') ?? '0', 16);
  const minor = Number.parseInt(more.get('minor') ?? '0', 16);
  return (major & 0xfff) * 0x100 + (minor & 0xff) + (minor >> 8) * 0x100000;
}
