import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ShellReply } from '../../connection/connection.ts';
import { sha256Of } from '../../core/text-measure.ts';
import { type Ask, map, on, question } from '../ask.ts';
import type { TaskContext } from '../module.ts';
import { quickSum } from './file.ts';
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

// Where the controller is a Mac, stat and sha256sum have other names. What comes along is measured here.
const script = `
max=$1 most=$2; shift 2
for p in "$@"; do
  if [ -d "$p" ]; then printf 'directory\\n%s\\n' "$p"; exit 0; fi
  [ -e "$p" ] || continue
  at=$(stat -L -c '%a %s' "$p" 2>/dev/null) || at=$(stat -L -f '%Lp %z' "$p") || exit 1
  mode=\${at% *} size=\${at#* } kind=content sum= sum1=
  if [ "$size" -gt "$max" ]; then
    ${quickSum}
    elif command -v sha256sum >/dev/null; then sum=$(sha256sum <"$p"); else sum=$(shasum -a 256 <"$p"); fi || exit 1
    if dd bs=15 count=1 <"$p" 2>/dev/null | grep -q '^[$]ANSIBLE_VAULT;'; then kind=encrypted max=$most; fi
    if [ "$size" -gt "$max" ]; then
      if command -v sha1sum >/dev/null; then sum1=$(sha1sum <"$p"); else sum1=$(shasum <"$p"); fi || exit 1
      kind=$kind-too-long
    fi
  fi
  printf 'file\\n%s\\n%s\\n%s\\n%s\\n%s' "$p" "$mode" "$size" "\${sum%% *} \${sum1%% *}" "$kind"
  case $kind in *long) exit 0 ;; esac
  echo
  exec base64 <"$p"
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
      question<ShellReply>({
        key: `controller-file:${paths.join(':')}`,
        reads: paths.map((path) => `file:${path}`),
        sh: script,
        args: [String(maxContentBytes), String(maxEncryptedBytes), ...paths],
        maxOutputBytes: Math.max(maxContentBytes, maxEncryptedBytes) * 2 + 16_384,
        parse: (reply) => reply,
      }),
      (reply) => decodeOnce(reply, paths),
    ),
  );
}

/** Hosts that ask at the same time are given the same reply. */
const decoded = new WeakMap<ShellReply, ControllerFile>();

function decodeOnce(reply: ShellReply, tried: readonly string[]): ControllerFile {
  const found = decoded.get(reply) ?? decode(reply.stdout, tried);
  decoded.set(reply, found);
  return found;
}

function decode(found: string, tried: readonly string[]): ControllerFile {
  const [head, encoded] = headOf(found);
  const [kind, path = '', mode = '', size = '', sums = '', marker] = head.split('\n');
  if (kind === 'directory') return { kind, path };
  if (kind !== 'file') return { kind: 'none', tried };
  const bytes = encoded === undefined ? null : Buffer.from(encoded, 'base64');
  const content = bytes === null ? null : textOrBytes(bytes);
  const [sha256 = '', sha1 = ''] = sums.split(' ');
  const encrypted = bytes === null ? marker?.startsWith('encrypted') === true : beginsAsVault(bytes);
  return {
    kind,
    path,
    mode: mode.padStart(4, '0'),
    sizeBytes: bytes?.length ?? Number(size),
    sha256: bytes === null ? sha256 : sha256Of(bytes),
    ...(sha1 === '' ? {} : { sha1 }),
    content,
    encrypted,
  };
}

/** The first six lines, and what follows them; `undefined`: nothing. */
function headOf(found: string): readonly [string, string | undefined] {
  let end = -1;
  for (let line = 0; line < 6; line += 1) {
    end = found.indexOf('\n', end + 1);
    if (end === -1) return [found, undefined];
  }
  return [found.slice(0, end), found.slice(end + 1)];
}

function beginsAsVault(bytes: Buffer): boolean {
  return bytes.subarray(0, 15).toString('latin1') === '$ANSIBLE_VAULT;';
}
