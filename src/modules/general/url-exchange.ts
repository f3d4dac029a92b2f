import type { ShellReply } from '../../connection/connection.ts';
import type { Text } from '../../core/secret.ts';
import { type AnswerHead, lastHead, urlFunctions } from './url-shell.ts';

/** A request and its answer. */
export interface Exchange {
  /** Exit code of curl; above 100 one of our own that `urlFailure` explains. */
  readonly exitCode: number;
  readonly head: AnswerHead;
  /** The content of the last answer. */
  readonly body: Uint8Array;
  readonly redirects: number;
  /** Where the redirects led. */
  readonly url: string;
  readonly stderr: string;
  /** How long it took, in seconds. */
  readonly seconds: number;
}

/** What is sent along. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: Text }
  /** What stands on the script's standard input. */
  | { readonly kind: 'stdin' }
  /** A file where the request is made. */
  | { readonly kind: 'file'; readonly path: string };

/** The longest answer that is kept, in bytes. */
export const maxAnswerBytes = 16_777_216;

/**
 * Makes the request with curl and prints heads and content as base64. The configuration comes over descriptor 3, so that
 * the body can come over standard input, and neither is in an argv or a file.
 */
export const exchangeScript = `${urlFunctions}
kind=$1 body=$2 most=$3; shift 3
command -v curl >/dev/null || { command -v wget >/dev/null && exit 101; exit 100; }
exec 4<&0
proxy=
[ -z "$https_proxy$HTTPS_PROXY$all_proxy$ALL_PROXY" ] || proxy=--suppress-connect-headers
ask() {
  curl -q -sS -g -i $proxy --max-filesize "$most" -w '\\nhapb %{size_header} %{num_redirects} %{time_total} %{url_effective}' \\
    --config /dev/fd/3 "$@"
}
config "$@" | {
  exec 3<&0
  case $kind in
    none) ask </dev/null ;;
    text) printf '%s' "$body" | ask --data-binary @- ;;
    stdin) ask --data-binary @- <&4 ;;
    file) ask --data-binary "@$body" </dev/null ;;
  esac
  printf '\\nhapb-end %s' "$?"
} | if command -v base64 >/dev/null; then base64; else echo hex; od -An -v -tx1; fi
`;

/** The words of the script before those of `requestWords`. */
export function bodyWords(body: RequestBody, mostBytes = maxAnswerBytes): readonly Text[] {
  const rest = body.kind === 'text' ? body.text : body.kind === 'file' ? body.path : '';
  return [body.kind, rest, String(mostBytes)];
}

/** How much output the script may print for an answer of `mostBytes`. */
export function exchangeBytes(mostBytes = maxAnswerBytes): number {
  return mostBytes * 2 + 1_048_576;
}

/** Reads what the script printed. */
export function parseExchange(reply: ShellReply): Exchange {
  const { stdout, stderr } = reply;
  const hex = stdout.startsWith('hex\n');
  const bytes = hex
    ? Buffer.from(stdout.slice(4).replace(/\s+/g, ''), 'hex')
    : Buffer.from(stdout.replaceAll('\n', ''), 'base64');
  const none = { status: 0, reason: '', headers: {}, cookies: [] };
  const end = bytes.lastIndexOf('\nhapb-end ');
  if (reply.exitCode !== 0 || end === -1 || reply.droppedBytes > 0) {
    const exitCode = reply.droppedBytes > 0 ? 63 : reply.exitCode || 1;
    return { exitCode, head: none, body: new Uint8Array(), redirects: 0, url: '', stderr, seconds: 0 };
  }
  const exitCode = Number(bytes.subarray(end + 10).toString());
  const tail = bytes.subarray(0, end).lastIndexOf('\nhapb ');
  const [headBytes = '0', redirects = '0', time = '0', url = ''] = bytes
    .subarray(tail + 6, end)
    .toString()
    .split(' ');
  const size = Number(headBytes);
  const head = lastHead(bytes.subarray(0, size).toString('latin1'));
  const body = new Uint8Array(bytes.subarray(size, tail));
  return { exitCode, head, body, redirects: Number(redirects), url, stderr, seconds: Number(time) };
}
