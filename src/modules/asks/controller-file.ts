import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Ask, map, on, question } from '../ask.ts';
import type { TaskContext } from '../module.ts';
import { textOrBytes } from './file-state.ts';

/** A file of the controller, found along the task's search path. */
export type ControllerFile =
  | { readonly kind: 'none'; readonly tried: readonly string[] }
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Octal text with four digits. */
      readonly mode: string;
      readonly sizeBytes: number;
      readonly sha256: string;
      /** Where the content does not come along. */
      readonly sha1?: string;
      /** `null`: longer than was asked for. What is encrypted comes along up to 16 MiB. */
      readonly content: string | Uint8Array | null;
      /** Whether it begins as a vault's text. */
      readonly encrypted: boolean;
    };

/** The longest file that is decrypted, in bytes as it lies on disk (four times the plain ones). */
const maxEncryptedBytes = 16_777_216;

// Where the controller is a Mac, stat and sha256sum have other names.
const script = `
max=$1 most=$2; shift 2
for p in "$@"; do
  if [ -d "$p" ]; then printf 'directory\\n%s\\n' "$p"; exit 0; fi
  [ -e "$p" ] || continue
  mode=$(stat -L -c %a "$p" 2>/dev/null || stat -L -f %Lp "$p") || exit 1
  size=$(wc -c <"$p") || exit 1
  if command -v sha256sum >/dev/null; then sum=$(sha256sum <"$p"); else sum=$(shasum -a 256 <"$p"); fi || exit 1
  kind=content sum1=
  if dd bs=15 count=1 <"$p" 2>/dev/null | grep -q '^[$]ANSIBLE_VAULT;'; then kind=encrypted max=$most; fi
  if [ "$size" -gt "$max" ]; then
    if command -v sha1sum >/dev/null; then sum1=$(sha1sum <"$p"); else sum1=$(shasum <"$p"); fi || exit 1
  fi
  printf 'file\\n%s\\n%s\\n%s\\n%s\\n' "$p" "$mode" "$((size))" "\${sum%% *} \${sum1%% *}"
  if [ "$size" -le "$max" ]; then echo $kind; base64 <"$p"; else printf '%s-too-long' $kind; fi
  exit 0
done
echo none
`;

/**
 * Where a relative path may lie: each folder of the search path, in its `kind` folder first. `~` is the home of who runs
 * hapb.
 */
export function candidates(src: string, kind: 'files' | 'templates', task: TaskContext): readonly string[] {
  if (src.startsWith('/')) return [src];
  if (/^~(?:\/|$)/.test(src)) return [join(homedir(), src.slice(1))];
  return task.searchPath.flatMap((folder) => [`${folder}/${kind}/${src}`, `${folder}/${src}`]);
}

/** The first of some paths that exists on the controller. Content up to `maxContentBytes` comes along. */
export function controllerFile(paths: readonly string[], maxContentBytes: number): Ask<ControllerFile> {
  return on(
    { kind: 'controller' },
    map(
      question<readonly string[]>({
        key: `controller-file:${paths.join(':')}`,
        reads: paths.map((path) => `file:${path}`),
        sh: script,
        args: [String(maxContentBytes), String(maxEncryptedBytes), ...paths],
        maxOutputBytes: Math.max(maxContentBytes, maxEncryptedBytes) * 2 + 16_384,
        parse: (reply) => reply.stdout.split('\n'),
      }),
      (lines) => decode(lines, paths),
    ),
  );
}

function decode(lines: readonly string[], tried: readonly string[]): ControllerFile {
  const [kind, path = '', mode = '', size = '', sums = '', marker, ...encoded] = lines;
  if (kind === 'directory') return { kind, path };
  if (kind !== 'file') return { kind: 'none', tried };
  const bytes = encoded.length > 0 ? Buffer.from(encoded.join(''), 'base64') : null;
  const content = bytes === null ? null : textOrBytes(bytes);
  const encrypted = marker?.startsWith('encrypted') === true;
  const [sha256 = '', sha1 = ''] = sums.split(' ');
  return {
    kind,
    path,
    mode: mode.padStart(4, '0'),
    sizeBytes: Number(size),
    sha256,
    ...(sha1 === '' ? {} : { sha1 }),
    content,
    encrypted,
  };
}
