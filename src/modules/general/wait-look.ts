import { Failure } from '../../core/failure.ts';
import type { Output, Value } from '../../core/value.ts';
import { matches, pattern } from '../../expression/pattern.ts';
import { type Ask, all, map, nothing, question } from '../ask.ts';
import { identity } from '../asks/account.ts';
import { file } from '../asks/file.ts';
import { fileKey } from '../asks/file-state.ts';
import { pathOutput } from './file-output.ts';
import type { Look, WaitForArgs } from './wait-args.ts';
import { connections } from './wait-connections.ts';

/** Where a pattern matched a text. */
interface Found {
  readonly matched: boolean;
  readonly found: Output;
}

/** How much of the end of a file is searched, in bytes. */
const maxSearchedBytes = 4_194_304;

/** Whether what is waited for is to be gone. */
export function wantsAbsence({ state }: WaitForArgs): boolean {
  return state === 'stopped' || state === 'absent' || state === 'drained';
}

/** One look. @throws Failure HAPB6111 when the host has no way to try a port */
export function look(args: WaitForArgs): Ask<Look> {
  if (args.port !== undefined && args.state === 'drained') return connections(args, args.port);
  if (args.port !== undefined) return portLook(args, args.port);
  if (args.path !== undefined) return pathLook(args, args.path);
  if (args.command !== undefined) return commandLook(args, args.command);
  // Only time is to pass.
  return nothing({
    reached: true,
    seen: 'nothing to look at',
    found: { ...nothingFound, state: args.state ?? 'started' },
  });
}

function judge(args: WaitForArgs, there: boolean): boolean {
  return there !== wantsAbsence(args);
}

const nothingFound: Output = { match_groups: [], match_groupdict: {} };

function search(args: WaitForArgs, text: string): Found {
  if (args.search_regex === undefined) return { matched: true, found: nothingFound };
  const [match] = matches(pattern(args.search_regex, { ignoreCase: false, multiline: true }), text, 1);
  if (match === undefined) return { matched: false, found: nothingFound };
  const named = Object.entries(match.names).map(([name, index]): [string, Value] => [
    name,
    match.groups[index] ?? null,
  ]);
  return {
    matched: true,
    found: { match_groups: match.groups.slice(1), match_groupdict: Object.fromEntries(named) },
  };
}

// What a port says of itself comes in pieces; it has said it when a second passes without one.
const portScript = `
host=$1 port=$2 limit=$3 read=$4
command -v timeout >/dev/null && t="timeout $limit" || t=
if command -v bash >/dev/null; then
  if [ -n "$read" ]; then
    bash -c '
      { exec 3<>"/dev/tcp/$1/$2"; } 2>/dev/null || exit
      echo open
      for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
        piece=$(timeout 1 dd bs=4096 count=1 <&3 2>/dev/null | base64 | tr -d "\\n")
        [ -n "$piece" ] || break
        echo "$piece"
      done' bash "$host" "$port"
  elif out=$($t bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$host" "$port" 2>&1); then echo open; else echo "closed \${out##*: }"; fi
elif command -v nc >/dev/null; then
  if out=$(nc -w "$limit" "$host" "$port" </dev/null 2>&1 >/dev/null); then
    echo open
    [ -z "$read" ] || nc -w 2 "$host" "$port" </dev/null | head -c 65536 | base64 | tr -d '\\n'
  else echo "closed \${out##*: }"; fi
elif [ -z "$read" ] && { [ "$host" = 127.0.0.1 ] || [ "$host" = localhost ] || [ "$host" = ::1 ]; }; then
  hex=$(printf ':%04X' "$port")
  if cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ local _ state _; do
    case $local,$state in *"$hex,0A") echo x ;; esac
  done | grep -q x; then echo open; else echo 'closed nobody listens'; fi
else echo no-way; fi
`;

function portLook(args: WaitForArgs, port: number): Ask<Look> {
  const { host = '127.0.0.1' } = args;
  const reads = args.search_regex === undefined ? '' : 'read';
  return question({
    key: `port:${host}:${port}`,
    // Who listens may be a service that an earlier task would start or stop.
    reads: ['unit:*'],
    sh: portScript,
    args: [host, String(port), String(args.connect_timeout ?? 5), reads],
    parse: (reply) => {
      const [word = '', ...pieces] = reply.stdout.trim().split('\n');
      if (word === 'no-way') throw noWay(host, port);
      if (word !== 'open') {
        const seen = `${host}:${port} is ${word.replace(' ', ': ') || 'closed'}`;
        return {
          reached: judge(args, false),
          seen,
          found: { ...nothingFound, state: args.state ?? 'started' },
        };
      }
      const said = Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))).toString('utf8');
      const { matched, found } = search(args, said);
      const seen = `${host}:${port} is open${matched ? '' : `, but says nothing like ${args.search_regex ?? ''}`}`;
      return { reached: judge(args, matched), seen, found: { ...found, state: args.state ?? 'started' } };
    },
  });
}

/** A check may have foreseen the content. */
function endOf(path: string): Ask<string> {
  const found = question<{ readonly kind: string; readonly content?: unknown }>({
    key: fileKey(path),
    sh: '[ ! -f "$1" ] || tail -c "$2" "$1" | base64',
    args: [path, String(maxSearchedBytes)],
    maxOutputBytes: maxSearchedBytes * 2,
    parse: (reply) => ({ kind: 'file', content: Buffer.from(reply.stdout, 'base64').toString('utf8') }),
    covers: ({ kind, content }) => kind !== 'link' && (kind !== 'file' || typeof content === 'string'),
  });
  return map(found, ({ content }) => (typeof content === 'string' ? content : ''));
}

function pathLook(args: WaitForArgs, path: string): Ask<Look> {
  const text: Ask<string> = args.search_regex === undefined ? nothing('') : endOf(path);
  const now = file(path, { content: 'none', links: 'follow' });
  return map(all({ now, who: identity(), text }), (state) => {
    const { matched, found } =
      state.now.kind === 'absent' ? { matched: false, found: nothingFound } : search(args, state.text);
    const word = state.now.kind === 'absent' ? 'absent' : matched ? 'present' : 'no line matches';
    const { dest: _, src: __, ...info } = pathOutput(path, state.now, state);
    return {
      reached: judge(args, word === 'present'),
      seen: `${path}: ${word}`,
      found: { ...found, ...info },
    };
  });
}

function commandLook(args: WaitForArgs, command: string): Ask<Look> {
  return question({
    key: `wait-command:${command}`,
    sh: 'hapb_text=$1; shift; eval "unset hapb_text; $hapb_text"',
    args: [command],
    parse: (reply) => {
      const said = (reply.stderr.trim() || reply.stdout.trim()).split('\n').slice(-5).join('\n');
      return {
        reached: judge(args, reply.exitCode === 0),
        seen: `exit code ${reply.exitCode}${said === '' ? '' : `: ${said}`}`,
        found: { state: args.state ?? 'started' },
      };
    },
  });
}

function noWay(host: string, port: number): Failure {
  return new Failure({
    code: 'HAPB6111',
    message: `this host has neither bash nor nc, so it cannot try ${host}:${port}`,
    hint: 'Delegate the task to another host or to localhost, or use `command:`.',
    argument: 'port',
  });
}
