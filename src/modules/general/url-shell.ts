import type { ShellReply } from '../../connection/connection.ts';
import type { DiagnosticCode } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { lastLines } from './steps.ts';

/** Exit codes of our own, above those of curl and wget. */
const noTool = 100;
const unable = 101;
const secretWords = 102;
const unverified = 103;

/**
 * Shell functions. `config N WORD…` prints N words as curl's configuration, so that none of them is in an argv.
 * `tool N WORD…` sets `tool` to curl, wget or busybox and `patience` to wget's words for the time limit, or ends with a code that `urlFailure` explains.
 */
export const urlFunctions = `
LC_ALL=C; export LC_ALL
config() {
  left=$1; shift
  while [ "$left" -gt 0 ]; do
    if [ -z "$2" ]; then printf '%s\\n' "$1"; else
      printf '%s = "' "$1"; printf '%s' "$2" | tr -d '\\r\\n' | sed 's/[\\\\"]/\\\\&/g'; printf '"\\n'
    fi
    shift 2; left=$((left - 2))
  done
}
tool() {
  if command -v curl >/dev/null; then tool=curl; return; fi
  command -v wget >/dev/null || exit ${noTool}
  shift "$(($1 + 1))"
  case $1 in secret) exit ${secretWords} ;; unable) exit ${unable} ;; esac
  tool=wget
  patience="-T $2"
  case $(wget --help 2>&1) in
    BusyBox*'-T '*) tool=busybox ;;
    BusyBox*) tool=busybox patience= ;;
  esac
  [ "$tool" = wget ] || [ "$1" = any ] || exit ${unverified}
}
`;

/** With `code` of `tool`, which was to write `$t`: curl keeps the reason why it could not to itself, the system tells it. */
export const sayWhyUnwritten =
  'case $tool$code in curl23 | wget3 | busybox1) head -c 4096 /dev/zero >>"$t" ;; esac';

/** What a server said about one request: the head of its last answer. */
export interface AnswerHead {
  /** 0: no answer at all. */
  readonly status: number;
  /** `Not Found`; empty where the protocol has none. */
  readonly reason: string;
  /** By lower-case name; several of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Every Set-Cookie header. */
  readonly cookies: readonly string[];
}

/** The last of the heads that curl or wget printed one after the other. */
export function lastHead(text: string): AnswerHead {
  const start = [...text.matchAll(/^HTTP\/[\d.]+ \d{3}/gm)].at(-1)?.index;
  if (start === undefined) return { status: 0, reason: '', headers: {}, cookies: [] };
  const [first = '', ...lines] = text.slice(start).split(/\r?\n/);
  const [, status = '0', reason = ''] = /^HTTP\/[\d.]+ (\d+) ?(.*)$/.exec(first) ?? [];
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const line of lines) {
    const match = /^([^:\s]+):\s*(.*)$/.exec(line);
    if (match === null) break;
    const name = (match[1] ?? '').toLowerCase();
    const value = (match[2] ?? '').trim();
    if (name === 'set-cookie') cookies.push(value);
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { status: Number(status), reason: reason.trim(), headers, cookies };
}

/** What is to be said of a request that came to nothing. */
export interface UrlTrouble {
  readonly url: string;
  /** Exit code of curl, of wget, or of our own. */
  readonly exitCode: number;
  readonly status: number;
  readonly stderr: string;
  readonly host: string;
}

/** A request that failed, in words. Codes HAPB6210 to HAPB6214. */
export function urlFailure(trouble: UrlTrouble, output: Readonly<Record<string, unknown>> = {}): Failure {
  const { url, exitCode, status, stderr } = trouble;
  const problem = (code: DiagnosticCode, message: string, hint: string): Failure => {
    const details = lastLines(stderr, 10);
    const argument = 'url';
    return new Failure({ code, message, hint, argument, ...(details === '' ? {} : { details }), output });
  };
  switch (exitCode) {
    case noTool:
      return problem(
        'HAPB6210',
        `${trouble.host} has neither curl nor wget to fetch ${url} with`,
        'Install curl before with `package: {name: curl}`, or let the controller fetch it with `via: controller`.',
      );
    case unable:
    case secretWords:
      return problem(
        'HAPB6210',
        `${trouble.host} has only wget, which ${exitCode === unable ? 'cannot do this' : 'would show the password or secret header to every user of the host'}`,
        'Install curl before with `package: {name: curl}`, or let the controller do it with `via: controller`.',
      );
    case unverified:
      return problem(
        'HAPB6210',
        `${trouble.host} has only busybox's wget, which does not check whose certificate it is shown`,
        'Install curl or wget before, let the controller fetch it with `via: controller`, or say `validate_certs: false` when a `checksum` proves the content.',
      );
    default:
      break;
  }
  if (status >= 400) {
    const answer = status === 401 || status === 407 ? 'Check `url_username` and `url_password`.' : undefined;
    const hint =
      answer ??
      (status === 404 ? 'Correct the address.' : 'Look at what the server says, below and in its log.');
    return problem('HAPB6213', `the server answers ${url} with status ${status}`, hint);
  }
  if (
    [35, 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91].includes(exitCode) ||
    /certificate/i.test(stderr)
  ) {
    return problem(
      'HAPB6212',
      `no trusted connection to ${url}: ${firstReason(stderr)}`,
      'Give the authority’s certificate with `ca_path`, install ca-certificates on the host, or check its clock.',
    );
  }
  if (exitCode === 63)
    return problem('HAPB6214', `${url} sends more than may be kept`, 'Fetch it into a file with `get_url`.');
  return problem(
    'HAPB6211',
    `${url} cannot be reached from ${trouble.host}: ${firstReason(stderr)}`,
    'Check the address, name resolution, proxies (`environment:`) and firewalls there; `timeout` sets how long it waits.',
  );
}

function firstReason(stderr: string): string {
  const line =
    stderr.split('\n').find((each) => /^(curl|wget): /.test(each)) ?? stderr.trim().split('\n').at(-1) ?? '';
  return line.replace(/^(curl|wget): (\(\d+\) )?/, '').replace(/\.$/, '') || 'no reason given';
}

/** The two parts of a reply that ends with a line `hapb EXITCODE …`. */
export function trailerOf(reply: ShellReply): { readonly body: string; readonly words: readonly string[] } {
  const at = reply.stdout.lastIndexOf('\nhapb ');
  const words =
    at === -1
      ? [String(reply.exitCode)]
      : reply.stdout
          .slice(at + 6)
          .trimEnd()
          .split(' ');
  return { body: at === -1 ? reply.stdout : reply.stdout.slice(0, at), words };
}
