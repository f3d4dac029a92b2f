import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { type Ask, question } from '../ask.ts';
import type { Module } from '../module.ts';
import { waitUntil } from './wait-loop.ts';

/** Arguments of `wait_for`. */
export interface WaitForArgs {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly command?: string;
  readonly search_regex?: string;
  readonly state?: 'started' | 'present' | 'stopped' | 'absent' | 'drained';
  readonly timeout?: number;
  readonly sleep?: number;
  readonly delay?: number;
  readonly stable_for?: number;
  readonly connect_timeout?: number;
  readonly msg?: string;
}

/** What one look finds: whether it is so, and what was seen. */
export interface Look {
  readonly reached: boolean;
  readonly seen: string;
}

/** Something to wait for. */
export interface WaitChange extends Change {
  readonly args: WaitForArgs;
}

/** Waits for a port, a path or a command. */
export const waitFor: Module<WaitForArgs, Look, WaitChange> = {
  name: 'wait_for',
  summary: 'Waits until a port answers, a path is there, or a command succeeds.',
  notes: [
    'The look is taken from the host that the task runs on; `delegate_to: localhost` takes it from the controller.',
    'A port is tried with bash or nc, whichever the host has; without both, only ports of the host itself can be seen (/proc/net/tcp).',
    'In check mode one look is taken: what is so already is ok, else the result is unknown.',
    'When the time is up, the error says what was seen last.',
  ],
  args: {
    type: 'object',
    properties: {
      host: { type: 'string', default: '127.0.0.1', description: 'Address or name to connect to.' },
      port: {
        type: 'integer',
        minimum: 1,
        maximum: 65535,
        description: 'TCP port that is to answer, or with absent not to.',
      },
      path: {
        type: 'string',
        pattern: '^/',
        description: 'Path that is to be there, or with absent not to.',
      },
      command: {
        type: 'string',
        description: 'Text for the host’s sh that is to end with exit code 0; it must only look.',
      },
      search_regex: {
        type: 'string',
        description: 'With path: extended regular expression that a line of the file must match.',
      },
      state: {
        enum: ['started', 'present', 'stopped', 'absent', 'drained'],
        default: 'started',
        description: 'started and present: it is there. stopped, absent and drained: it is not.',
      },
      timeout: { type: 'number', minimum: 0, default: 300, description: 'Seconds after which it fails.' },
      sleep: {
        type: 'number',
        minimum: 0.1,
        default: 1,
        description: 'Seconds between two looks.',
        aliases: ['interval'],
      },
      delay: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Seconds to wait before the first look of a run that has to wait.',
      },
      stable_for: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Seconds for which it must stay so.',
      },
      connect_timeout: {
        type: 'integer',
        minimum: 1,
        default: 5,
        description: 'Seconds for one attempt to connect.',
      },
      msg: { type: 'string', description: 'What to say when the time is up.' },
    },
    oneOf: [{ required: ['port'] }, { required: ['path'] }, { required: ['command'] }],
    additionalProperties: false,
  },
  traits: ['reads-everything'],
  returns: { elapsed: 'Seconds waited.', state: 'What was waited for.' },
  example: `- name: Wait for the API server
  wait_for:
    host: k8s-api.example.org
    port: 6443
    timeout: 120
    stable_for: 3
`,
  probe: (args) => look(args),
  diff(args, state) {
    if (state.reached && (args.stable_for ?? 0) === 0) return null;
    return {
      summary: `wait until ${phrase(args)}`,
      edits: [],
      effects: [],
      forecast: { kind: 'unknown', unknown: new Unknown(`${state.seen}; only a run waits`) },
      args,
    };
  },
  async apply(wanted, host) {
    const { args } = wanted;
    const end = await waitUntil(() => host.ask(look(args)), {
      timeoutMs: (args.timeout ?? 300) * 1000,
      intervalMs: (args.sleep ?? 1) * 1000,
      delayMs: (args.delay ?? 0) * 1000,
      stableMs: (args.stable_for ?? 0) * 1000,
      signal: host.signal,
      onLook: (seen, elapsedMs) => host.progress(`${seen} (${Math.round(elapsedMs / 1000)} s)`),
    });
    const elapsed = Math.floor(end.elapsedMs / 1000);
    if (end.reached) return { changed: false, elapsed, state: args.state ?? 'started' };
    throw new Failure({
      code: 'HAPB6110',
      message: args.msg ?? `after ${args.timeout ?? 300} s it is still not so that ${phrase(args)}`,
      hint: 'See what was seen last below; raise `timeout` if it only takes longer.',
      details: end.seen,
      output: { elapsed, msg: args.msg ?? `Timeout when waiting until ${phrase(args)}` },
    });
  },
  output: (args) => ({ elapsed: 0, state: args.state ?? 'started' }),
};

const portScript = `
host=$1 port=$2 limit=$3
command -v timeout >/dev/null && t="timeout $limit" || t=
if command -v bash >/dev/null; then
  if out=$($t bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$host" "$port" 2>&1); then echo open; else echo "closed \${out##*: }"; fi
elif command -v nc >/dev/null; then
  if out=$(nc -w "$limit" "$host" "$port" </dev/null 2>&1 >/dev/null); then echo open; else echo "closed \${out##*: }"; fi
elif [ "$host" = 127.0.0.1 ] || [ "$host" = localhost ] || [ "$host" = ::1 ]; then
  hex=$(printf ':%04X' "$port")
  if cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ local _ state _; do
    case $local,$state in *"$hex,0A") echo x ;; esac
  done | grep -q x; then echo open; else echo 'closed nobody listens'; fi
else echo no-way; fi
`;

const pathScript = `
if ! [ -e "$1" ] && ! [ -L "$1" ]; then echo absent
elif [ -n "$2" ] && ! grep -Eq -e "$2" "$1" 2>/dev/null; then echo 'no line matches'
else echo present; fi
`;

function look(args: WaitForArgs): Ask<Look> {
  const wantsAbsence = args.state === 'stopped' || args.state === 'absent' || args.state === 'drained';
  const judge = (there: boolean, seen: string): Look => ({ reached: there !== wantsAbsence, seen });
  if (args.port !== undefined) {
    const { host = '127.0.0.1', port } = args;
    return question({
      key: `port:${host}:${port}`,
      sh: portScript,
      args: [host, String(port), String(args.connect_timeout ?? 5)],
      parse: (reply) => {
        const word = reply.stdout.trim();
        if (word === 'no-way') throw noWay(host, port);
        return judge(word === 'open', `${host}:${port} is ${word.replace(' ', ': ') || 'closed'}`);
      },
    });
  }
  if (args.path !== undefined) {
    const { path } = args;
    return question({
      key: `wait-path:${path}`,
      reads: [`file:${path}`],
      sh: pathScript,
      args: [path, args.search_regex ?? ''],
      parse: (reply) => judge(reply.stdout.trim() === 'present', `${path}: ${reply.stdout.trim()}`),
    });
  }
  return question({
    key: `wait-command:${args.command ?? ''}`,
    sh: 'hapb_text=$1; shift; eval "unset hapb_text; $hapb_text"',
    args: [args.command ?? ''],
    parse: (reply) => {
      const said = (reply.stderr.trim() || reply.stdout.trim()).split('\n').slice(-5).join('\n');
      return judge(reply.exitCode === 0, `exit code ${reply.exitCode}${said === '' ? '' : `: ${said}`}`);
    },
  });
}

function phrase(args: WaitForArgs): string {
  const not = args.state === 'stopped' || args.state === 'absent' || args.state === 'drained';
  if (args.port !== undefined)
    return `${args.host ?? '127.0.0.1'}:${args.port} ${not ? 'no longer answers' : 'answers'}`;
  if (args.path !== undefined) {
    const matching = args.search_regex === undefined ? '' : ` with a line like ${args.search_regex}`;
    return `${args.path} is ${not ? 'gone' : `there${matching}`}`;
  }
  return `\`${(args.command ?? '').trim().split('\n')[0] ?? ''}\` ${not ? 'fails' : 'succeeds'}`;
}

function noWay(host: string, port: number): Failure {
  return new Failure({
    code: 'HAPB6111',
    message: `this host has neither bash nor nc, so it cannot try ${host}:${port}`,
    hint: 'Delegate the task to another host or to localhost, or use `command:`.',
    argument: 'port',
  });
}
