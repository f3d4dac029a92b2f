import { Secret, type Text } from '../../core/secret.ts';
import { type Ask, all, andThen, map, nothing, on, question } from '../ask.ts';
import { type ChecksumWish, checksumWish, digestInList, digestOfFile } from './checksum.ts';
import { type Destination, destination } from './destination.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { isOwnServer, placeOf, requestWords, shownUrl, type UrlArgs } from './url-arguments.ts';
import { lastHead, trailerOf, urlFailure, urlFunctions } from './url-shell.ts';

/** Arguments of `get_url`. */
export interface GetUrlArgs extends UrlArgs, PermissionArgs {
  readonly dest: string;
  readonly checksum?: string;
  readonly force?: boolean;
  readonly backup?: boolean;
}

/** What the server offers, without the content. */
export interface Offer {
  readonly exitCode: number;
  /** 304: the file that is there is as new. 0: the server did not answer. */
  readonly status: number;
  /** `Not Found`; empty where the protocol has none. */
  readonly reason: string;
  /** How long it took; whole seconds. */
  readonly seconds: number;
  /** `null`: the server does not say. */
  readonly sizeBytes: number | null;
  readonly stderr: string;
}

/** What `get_url` asks. */
export interface GetUrlState {
  readonly to: Destination;
  /** The wanted digest; `null`: none is asked for. */
  readonly wanted: { readonly algorithm: string; readonly digest: string } | null;
  /** `null`: the server needs not be asked, because the file is the wanted one or is to stay. */
  readonly offer: Offer | null;
}

/** Asks for the place, the wanted digest, and only when that leaves it open for what the server offers. */
export function getUrlState(args: GetUrlArgs): Ask<GetUrlState> {
  const wish = checksumWish(args.checksum);
  const name = nameInUrl(args);
  const first = all({
    to: destination(args.dest, { content: 'hash', links: 'follow', name, owners: args }),
    wanted: wish?.kind === 'list' ? listedDigest(args, { ...wish, name }) : nothing(wish),
  });
  return andThen(first, ({ to, wanted }) => {
    if (wanted === null || to.now.kind !== 'file') return withOffer(args, { to, wanted });
    const sum =
      wanted.algorithm === 'sha256' ? nothing(to.now.sha256) : digestOfFile(to.path, wanted.algorithm);
    return andThen(sum, (digest) =>
      digest === wanted.digest ? nothing({ to, wanted, offer: null }) : withOffer(args, { to, wanted }),
    );
  });
}

/** The name that the file has in the address. */
export function nameInUrl({ url }: Pick<GetUrlArgs, 'url'>): string {
  const path = url instanceof Secret ? '' : url.replace(/^[^:]+:\/\/[^/]*/, '').replace(/[?#].*$/, '');
  return path.split('/').at(-1) || 'index.html';
}

function withOffer(args: GetUrlArgs, state: Omit<GetUrlState, 'offer'>): Ask<GetUrlState> {
  const { to, wanted } = state;
  // What has another digest is not wanted however new it is, and `force` does not ask for the age.
  const unlessNewer = to.now.kind === 'file' && wanted === null && args.force !== true ? to.path : '';
  return map(offer(args, unlessNewer), (found) => ({ ...state, offer: found }));
}

// Some servers answer HEAD with an error; then the first byte is asked for, which is as harmless.
const offerScript = `${urlFunctions}
f=$1; shift
since=
if [ -n "$f" ]; then since=$(date -u -r "$f" '+%a, %d %b %Y %H:%M:%S GMT'); fi
tool "$@"
if [ "$tool" = curl ]; then
  look() {
    { config "$@"; [ -z "$since" ] || printf 'header = "If-Modified-Since: %s"\\n' "$since"; } |
      curl -q -sS -g -D - -o /dev/null -w '\\nseconds %{time_total}\\n' $how --config -
  }
  how=-I
  head=$(look "$@" 2>/dev/null); code=$?
  status=$(printf '%s\\n' "$head" | sed -n 's|^HTTP/[0-9.]* \\([0-9]*\\).*|\\1|p' | tail -n 1)
  if [ "$code" != 0 ] || [ "\${status:-0}" -ge 400 ]; then
    how='-r 0-0 --max-filesize 1 --max-time 30'
    head=$(look "$@"); code=$?
  fi
else
  shift "$(($1 + 3))"
  [ -z "$since" ] || set -- --header "If-Modified-Since: $since" "$@"
  quiet=-nv; [ "$tool" = wget ] || quiet=
  head=$(wget $quiet $patience -S --spider "$@" 2>&1); code=$?
  [ "$code" = 0 ] || printf '%s\\n' "$head" | grep '^wget: ' >&2
  head=$(printf '%s\\n' "$head" | sed -n 's/^  *//p')
  # wget cannot ask for the first byte alone.
  case $head in *' 403 '*|*' 405 '*|*' 501 '*) head='HTTP/1.1 200 OK' code=0 ;; esac
fi
printf '%s\\nhapb %s\\n' "$head" "$code"
`;

/** What a task before changes may be what the host's own server answers with. */
function readsOf(url: Text): readonly string[] {
  return isOwnServer(url) ? ['*'] : ['package:curl', 'package:wget'];
}

function offer(args: GetUrlArgs, unlessNewerThan: string): Ask<Offer> {
  const words = requestWords(args, { redirects: 'follow', method: null });
  const asked = question<Offer>({
    key: `offer:${shownUrl(args.url)}:${args.dest}`,
    reads: readsOf(args.url),
    environment: 'task',
    sh: offerScript,
    args: [unlessNewerThan, ...words],
    parse: (reply) => {
      const { body, words: end } = trailerOf(reply);
      const { status, reason, headers } = lastHead(body);
      const seconds = Math.floor(Number(/^seconds ([\d.]+)$/m.exec(body)?.[1] ?? 0));
      const whole = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? headers['content-length'];
      const sizeBytes = status >= 300 || whole === undefined ? null : Number(whole);
      return { exitCode: Number(end[0]), status, reason, seconds, sizeBytes, stderr: reply.stderr };
    },
  });
  return on(placeOf(args), asked);
}

const listScript = `${urlFunctions}
tool "$@"
if [ "$tool" = curl ]; then config "$@" | curl -q -sS -g -f --max-filesize 1048576 --config -
else shift "$(($1 + 3))"; wget $patience -nv -O - "$@"; fi
`;

/** The digest that a published list has for the file. */
function listedDigest(
  args: GetUrlArgs,
  list: ChecksumWish & { readonly kind: 'list'; readonly name: string },
): Ask<ChecksumWish & { readonly kind: 'digest' }> {
  const { algorithm, url, name } = list;
  const { headers: _, ...rest } = args;
  const asked = question({
    key: `url:${url}`,
    reads: readsOf(url),
    environment: 'task',
    sh: listScript,
    args: requestWords({ ...rest, url }, { redirects: 'follow', method: null }),
    parse: (reply) => {
      if (reply.exitCode === 0)
        return { kind: 'digest' as const, algorithm, digest: digestInList(reply.stdout, name, algorithm) };
      const status = Number(
        /error: (\d{3})|HTTP\/[\d.]+ (\d{3})/.exec(reply.stderr)?.slice(1).find(Boolean) ?? 0,
      );
      const { exitCode, stderr } = reply;
      throw urlFailure({ url, exitCode, status, stderr, host: 'the host' });
    },
  });
  return on(placeOf(args), asked);
}
