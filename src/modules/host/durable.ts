import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { runningFunction } from '../asks/job.ts';
import type { DurableCommand, DurableResult } from '../module.ts';
import { type Site, withEnvironment } from './asking.ts';

/** How soon a running command is looked at again: short ones soon, long ones at leisure. */
const firstPollMs = 40;
const lastPollMs = 300;
/** How long a lost connection may take to come back while the command goes on without us. */
const reconnectMs = 120_000;
/** Output that is fetched in one look. */
const mostNewBytes = 262_144;
/** Output kept for the caller; the whole stays on the node while the command runs. */
const keptCharacters = 1_048_576;

/**
 * Starts $4 with the remaining arguments in a session of its own, unless a command on the same resource still runs.
 * $1: folder, $2: an id of this start, $3: `counts`: the end of one that nobody saw end is taken too; else that one makes
 * room, as one that was killed does. Prints `started` or `adopted`. The command has the shell's own umask. /run is a tmpfs:
 * nothing outlives a reboot. The pid file holds pid and start time, since pids are reused.
 */
const startScript = `
d=$1 id=$2 unseen=$3 body=$4
shift 4
[ -d "\${d%/*}" ] || ( umask 077; mkdir -p "\${d%/*}" ) || exit 20
${runningFunction()}
tries=0
until ( umask 077; mkdir "$d" 2>/dev/null ); do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ] || { echo "cannot make $d" >&2; exit 20; }
  if [ ! -e "$d/id" ] && [ "$tries" -lt 20 ]; then sleep 0.1; continue; fi
  if running "$d" || { [ "$unseen" = counts ] && [ -f "$d/rc" ]; }; then echo adopted; exit 0; fi
  rm -rf -- "$d"
done
exec 3<&0
HAPB_DURABLE_DIR=$d setsid sh -c '
  d=$HAPB_DURABLE_DIR
  unset HAPB_DURABLE_DIR
  body=$1
  shift
  read -r stat </proc/$$/stat
  started() { shift 19; start=$1; }
  started \${stat##*) }
  echo "$$ $start" >"$d/pid.new" && mv "$d/pid.new" "$d/pid"
  ( eval "$body" )
  echo "$?" >"$d/rc.new"
  mv -f "$d/rc.new" "$d/rc"
' hapb-durable "$body" "$@" <&3 >"$d/out" 2>&1 3<&- &
echo "$id" >"$d/id"
echo started
`;

/** $1: folder, $2: bytes seen so far. Prints a line with the state, exit code and count of new bytes, then those. */
const followScript = `
d=$1 seen=$2
${runningFunction()}
rc=-
if [ ! -d "$d" ]; then state=gone
elif [ -f "$d/rc" ]; then state=finished
elif running "$d"; then state=running
elif [ -f "$d/rc" ]; then state=finished
else state=killed
fi
[ "$state" != finished ] || read -r rc <"$d/rc"
new=0
[ ! -s "$d/out" ] || new=$(($(wc -c <"$d/out") - seen))
[ "$new" -le ${mostNewBytes} ] || new=${mostNewBytes}
echo "$state \${rc:--} $new"
[ "$new" -le 0 ] || tail -c "+$((seen + 1))" "$d/out" | head -c "$new"
`;

/**
 * Runs a command that nothing cuts: a lost connection, a killed hapb and the end of the SSH session leave it running,
 * and the next run on the same resource follows it instead of starting a second one.
 * @throws Failure when it cannot be started, was killed, its deadline passes, or the run is asked to end; ConnectionError when the node stays away
 */
export async function runDurable(
  site: Site,
  command: DurableCommand,
  progress: (text: string) => void,
): Promise<DurableResult> {
  const resource =
    command.for === 'owner' ? `${command.resource} ${site.owner ?? site.host}` : command.resource;
  const folder = `/run/hapb/durable/${resource.replace(/[^A-Za-z0-9._-]+/g, '_')}`;
  const adopted = (await start({ site, progress }, command, folder)) === 'adopted';
  const deadline = Date.now() + command.timeoutMs;
  const output = new LineFeed(command.onLine ?? ((): void => {}));
  let seenBytes = 0;
  let lastUntil = 0;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(lastPollMs, pollMs * 1.5)) {
    const look = await follow(site, folder, seenBytes);
    seenBytes += look.bytes;
    output.push(look.text);
    switch (look.state) {
      case 'finished':
        // It had ended before its output was measured, so that nothing else comes.
        if (look.bytes >= mostNewBytes) continue;
        // Who started it may be alive, where no lease forbids that, and has to see the end too.
        if (adopted) await sleep(1000, undefined, { signal: site.signal });
        await site.pool.read(site, { script: '[ ! -f "$1/rc" ] || rm -rf -- "$1"', args: [folder] });
        return { kind: 'finished', exitCode: look.exitCode, output: output.text(), adopted };
      case 'gone':
        if (adopted) return { kind: 'finished', exitCode: null, output: output.text(), adopted };
        throw interrupted(command, site.host, output.text());
      case 'killed':
        throw interrupted(command, site.host, output.text());
      case 'running':
        break;
    }
    if (command.until !== undefined && Date.now() - lastUntil >= 1000) {
      lastUntil = Date.now();
      if (await command.until()) return { kind: 'running', output: output.text() };
    }
    if (site.pool.stopping.aborted) throw leftRunning(command, site.host, output.text());
    if (Date.now() > deadline) throw overdue(command, site.host, output.text());
    await sleep(pollMs, undefined, { signal: site.signal });
  }
}

async function start(
  { site, progress }: { readonly site: Site; readonly progress: (text: string) => void },
  command: DurableCommand,
  folder: string,
): Promise<'started' | 'adopted'> {
  const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const reply = await site.pool.change(
    site,
    withEnvironment(site, {
      script: startScript,
      args: [folder, id, command.unseen ?? '', command.sh, ...(command.args ?? [])],
      timeoutMs: 60_000,
      ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
    }),
    progress,
  );
  const said = reply.stdout.trim();
  if (reply.exitCode === 0 && (said === 'started' || said === 'adopted')) return said;
  throw new Failure({
    code: 'HAPB7020',
    message: `cannot start "${command.resource}" on ${site.host}: ${reply.stderr.trim() || `exit code ${reply.exitCode}`}`,
    hint: 'It needs setsid and a writable /run; check the disk and the rights of the user.',
  });
}

interface Look {
  readonly state: 'running' | 'finished' | 'killed' | 'gone';
  readonly exitCode: number;
  readonly text: string;
  readonly bytes: number;
}

async function follow(site: Site, folder: string, seenBytes: number): Promise<Look> {
  const reply = await persistently(site, () =>
    site.pool.run(site, {
      script: followScript,
      args: [folder, String(seenBytes)],
      maxOutputBytes: 1_048_576,
      timeoutMs: 60_000,
      signal: site.signal,
    }),
  );
  const end = reply.stdout.indexOf('\n');
  const [state = 'gone', code = '-', count = '0'] = reply.stdout.slice(0, end).split(' ');
  const text = reply.stdout.slice(end + 1);
  return {
    state: state === 'running' || state === 'finished' || state === 'killed' ? state : 'gone',
    exitCode: Number.parseInt(code, 10) || 0,
    text,
    bytes: Number.parseInt(count, 10) || 0,
  };
}

/** What is asked of goes on without us, so a lost connection is made again for as long as the deadline allows. */
export async function persistently<T>(site: Site, request: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + reconnectMs;
  for (;;) {
    try {
      return await request();
    } catch (thrown) {
      const passing =
        thrown instanceof ConnectionError && ['lost', 'unreachable', 'timeout'].includes(thrown.kind);
      if (!passing || Date.now() > deadline || site.signal.aborted) throw thrown;
      await sleep(2000, undefined, { signal: site.signal });
      await site.pool.reset(site);
    }
  }
}

/** Hands over complete lines and keeps the output's head and tail. */
class LineFeed {
  readonly #onLine: (line: string) => void;
  #rest = '';
  #kept = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    this.#kept += text;
    if (this.#kept.length > keptCharacters) {
      const half = keptCharacters >> 1;
      this.#kept = `${this.#kept.slice(0, half >> 1)}\n[…]\n${this.#kept.slice(-half)}`;
    }
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }

  text(): string {
    return this.#kept;
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-20).join('\n');
}

function interrupted(command: DurableCommand, host: string, output: string): Failure {
  return new Failure({
    code: 'HAPB7021',
    message: `"${command.resource}" on ${host} was killed before it ended`,
    hint: 'The node was rebooted or somebody stopped it; run the same command again.',
    details: lastLines(output),
  });
}

function leftRunning(command: DurableCommand, host: string, output: string): Failure {
  return new Failure({
    code: 'HAPB7023',
    message: `"${command.resource}" goes on on ${host}: hapb was asked to end, and left it running`,
    hint: 'Run the same command again: it is followed, not started a second time.',
    details: lastLines(output),
  });
}

function overdue(command: DurableCommand, host: string, output: string): Failure {
  return new Failure({
    code: 'HAPB7022',
    message: `"${command.resource}" on ${host} still runs after ${Math.round(command.timeoutMs / 1000)} s`,
    hint: "It was left running; the next run follows it. Raise the task's timeout if it only needs longer.",
    details: lastLines(output),
  });
}
