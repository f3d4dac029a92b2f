import { createHash } from 'node:crypto';
import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { md5Of } from '../../core/text-measure.ts';
import type { Output } from '../../core/value.ts';
import { fullDisk, withFullDisk } from '../host/full-disk.ts';
import { temporaryText } from '../host/temporary.ts';
import type { HostWriter } from '../module.ts';
import { applyPermissions } from './file-change.ts';
import type { GetUrlChange } from './get-url-plan.ts';
import { foundAt, lookScript } from './path-look.ts';
import { lastLines, step } from './steps.ts';
import { requestWords, shownUrl } from './url-arguments.ts';
import { bodyWords, exchangeBytes, exchangeScript, parseExchange } from './url-exchange.ts';
import {
  type AnswerHead,
  lastHead,
  sayWhyUnwritten,
  trailerOf,
  urlFailure,
  urlFunctions,
} from './url-shell.ts';

/** Fetches into `$t`, leaves `code`. The words are those of `requestWords`. */
const fetchFunction = `
fetch() {
  tool "$@"
  if [ "$tool" = curl ]; then
    config "$@" | curl -q -sS -g -f -D - -o "$t" --config -
    code=$?
  else
    shift "$(($1 + 3))"
    quiet=-nv; [ "$tool" = wget ] || quiet=
    said=$(wget $quiet $patience -S -O "$t" "$@" 2>&1); code=$?
    [ "$code" = 0 ] || printf '%s\\n' "$said" | grep '^wget: ' >&2
    printf '%s\\n' "$said" | sed -n 's/^  *//p'
  fi
}
`;

// What lies under a temporary name becomes the file only when it is whole, the wanted one, and has its permissions.
const nodeScript = `${urlFunctions}${fetchFunction}
p=$1 mode=$2 owner=$3 group=$4 sum=$5 want=$6 backup=$7
shift 7
case $p in */*) d=\${p%/*}; [ -n "$d" ] || d=/ ;; *) d=. ;; esac
${temporaryText} || exit 110
trap 'rm -f -- "$t"' EXIT
fetch "$@"
${sayWhyUnwritten}
if [ "$code" != 0 ]; then printf '\\nhapb %s\\n' "$code"; exit 0; fi
got=
if [ -n "$sum" ]; then
  got=$("$sum" <"$t") || exit 111
  got=\${got%% *}
fi
new=$(sha1sum <"$t") || exit 111
old=; [ ! -f "$p" ] || old=$(sha1sum <"$p")
md5=$(md5sum <"$t" 2>/dev/null)
size=$(wc -c <"$t")
end="\${new%% *} \${old%% *}- \${md5%% *}- $((size)) $got-"
if [ "$got" != "$want" ]; then printf '\\nhapb 0 mismatch %s\\n' "$end"; exit 0; fi
if [ "$new" = "$old" ]; then printf '\\nhapb 0 same %s\\n' "$end"; exit 0; fi
[ -z "$backup" ] || cp -p -- "$p" "$backup" || exit 112
if [ -f "$p" ]; then
  [ -n "$owner" ] || owner=$(stat -L -c %u -- "$p")
  [ -n "$group" ] || group=$(stat -L -c %g -- "$p")
fi
if [ -n "$owner$group" ]; then chown -- "$owner\${group:+:$group}" "$t" || exit 113; fi
chmod -- "$mode" "$t" || exit 113
sync "$t" 2>/dev/null || :
mv -f -- "$t" "$p" || exit 114
trap - EXIT
set -- "$p" -L
${lookScript}
printf '\\nhapb 0 new %s\\n' "$end"
`;

/** Fetches the file. @throws Failure HAPB6003, HAPB6210 to HAPB6216 */
export async function applyGetUrl(wanted: GetUrlChange, host: HostWriter): Promise<Output> {
  const { args, path, after, fetch } = wanted;
  if (fetch === null) {
    await applyPermissions(path, { ...args, mode: after.mode }, host);
    return wanted.result;
  }
  if (args.via === 'controller') return applyViaController(wanted, host);
  const startMs = Date.now();
  const { algorithm = '', digest = '' } = fetch.wanted ?? {};
  const words = requestWords(args, { redirects: 'follow', method: null });
  const reply = await host.run({
    sh: nodeScript,
    args: [
      path,
      after.mode,
      args.owner ?? '',
      args.group ?? '',
      algorithm === '' ? '' : `${algorithm}sum`,
      digest,
      fetch.backupPath ?? '',
      ...words,
    ],
  });
  const { head, end } = judged(wanted, reply, host.name);
  const [, verdict = '', newSum = '', oldSum = '', md5 = '', size = '0', got = ''] = end;
  const bare = (text: string): string | null => text.replace(/-$/, '') || null;
  if (verdict === 'mismatch')
    throw mismatch(wanted, { found: bare(got) ?? '', checksum_src: newSum, checksum_dest: bare(oldSum) });
  if (verdict === 'same' && wanted.permissions === 'other')
    await applyPermissions(path, { ...args, mode: after.mode }, host);
  return {
    ...wanted.result,
    ...foundAt(reply.stdout),
    ...answered(head, Number(size), startMs),
    checksum_src: newSum,
    checksum_dest: bare(oldSum),
    md5sum: bare(md5),
    size: Number(size),
    ...(verdict === 'same' && wanted.permissions === 'same' ? { changed: false } : {}),
    ...(verdict === 'new' && fetch.backupPath !== null ? { backup_file: fetch.backupPath } : {}),
  };
}

function mismatch(
  { args, path, fetch, there }: GetUrlChange,
  {
    found,
    ...sums
  }: { readonly found: string; readonly checksum_src: string; readonly checksum_dest: string | null },
): Failure {
  const { algorithm = '', digest = '' } = fetch?.wanted ?? {};
  return new Failure({
    code: 'HAPB6216',
    message: `what ${shownUrl(args.url)} sends has the ${algorithm} digest ${found}, not ${digest}`,
    hint: 'The file was changed on the server or on the way; compare with what its publisher says now, then correct `checksum`.',
    argument: 'checksum',
    output: { url: shownUrl(args.url), dest: path, elapsed: 0, ...there, ...sums },
  });
}

/** The controller fetches, and the content travels over the connection to the host. */
async function applyViaController(wanted: GetUrlChange, host: HostWriter): Promise<Output> {
  const { args, path, after, fetch } = wanted;
  const startMs = Date.now();
  const url = shownUrl(args.url);
  const words = requestWords(args, { redirects: 'follow', method: null });
  const reply = await host.at({ kind: 'controller' }).run({
    sh: exchangeScript,
    args: [...bodyWords({ kind: 'none' }, mostViaController), ...words],
    maxOutputBytes: exchangeBytes(mostViaController),
  });
  const { exitCode, head, body, stderr, seconds } = parseExchange(reply);
  if (exitCode !== 0 || head.status >= 400) {
    throw urlFailure(
      { url, exitCode, status: head.status, stderr, host: 'the controller' },
      { url, dest: path, elapsed: Math.floor(seconds) },
    );
  }
  const sum = (algorithm: string): string => createHash(algorithm).update(body).digest('hex');
  const old = wanted.before?.sha1 ?? null;
  const { algorithm = '', digest = '' } = fetch?.wanted ?? {};
  if (algorithm !== '' && sum(algorithm) !== digest)
    throw mismatch(wanted, { found: sum(algorithm), checksum_src: sum('sha1'), checksum_dest: old });
  const same = wanted.before !== null && wanted.before.sha256 === sum('sha256');
  if (same) {
    if (wanted.permissions === 'other') await applyPermissions(path, { ...args, mode: after.mode }, host);
  } else {
    if (fetch?.backupPath) {
      const problem = {
        code: 'HAPB6003',
        message: `cannot keep a backup of ${path}`,
        hint: 'See the output below.',
      } as const;
      await step(host, { sh: 'cp -p -- "$1" "$2"', args: [path, fetch.backupPath] }, problem);
    }
    await host.write({
      path,
      content: body,
      mode: after.mode,
      owner: args.owner ?? null,
      group: args.group ?? null,
    });
  }
  return {
    ...wanted.result,
    ...answered(head, body.byteLength, startMs),
    checksum_src: sum('sha1'),
    checksum_dest: old,
    md5sum: md5Of(body),
    size: body.byteLength,
    ...(same && wanted.permissions === 'same' ? { changed: false } : {}),
    ...(!same && fetch?.backupPath ? { backup_file: fetch.backupPath } : {}),
  };
}

/** A file of a file system is answered without a status, and without a word on its size. */
function answered({ status, headers }: AnswerHead, sizeBytes: number, startMs: number): Output {
  const size = status === 0 ? sizeBytes : (headers['content-length'] ?? 'unknown');
  const elapsed = Math.floor((Date.now() - startMs) / 1000);
  return { msg: `OK (${size} bytes)`, status_code: status || null, elapsed };
}

/** What passes through the controller's memory. */
const mostViaController = 134_217_728;

function judged(
  { args, path }: GetUrlChange,
  reply: ShellReply,
  host: string,
): { readonly head: ReturnType<typeof lastHead>; readonly end: readonly string[] } {
  const { body, words } = trailerOf(reply);
  const head = lastHead(body);
  const exitCode = Number(words[0]);
  if (exitCode === 0) return { head, end: words };
  if (exitCode >= 110 || fullDisk(reply.stderr) !== null) {
    const problem = {
      code: 'HAPB6003',
      message: `cannot put ${path} in place`,
      hint: 'Read the output below; often `become: true` is missing, or a user does not exist.',
    } as const;
    throw new Failure({ ...withFullDisk(problem, reply.stderr), details: lastLines(reply.stderr, 10) });
  }
  const url = shownUrl(args.url);
  const output = { url, dest: path, status_code: head.status, elapsed: 0 };
  throw urlFailure({ url, exitCode, status: head.status, stderr: reply.stderr, host }, output);
}
