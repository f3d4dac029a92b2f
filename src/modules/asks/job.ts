import { isMap, type Output, type Value } from '../../core/value.ts';
import { type Ask, question } from '../ask.ts';
import { jsonReply } from './json-reply.ts';

/** What can be known of a job. `gone`: there is none of that id; `killed`: it vanished without an end. */
export interface JobState {
  readonly state: 'running' | 'finished' | 'overdue' | 'killed' | 'gone';
  readonly exitCode: number;
  readonly file: string;
  readonly about: Output;
  readonly startedAtMs: number;
  readonly tookMs: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Sets base to the folder of this user's jobs, on a file system that a reboot empties where there is one. */
export const jobFolderText = `
uid=$(id -u)
if [ "$uid" = 0 ]; then base=/run/hapb/async
elif [ -w /dev/shm ]; then base=/dev/shm/hapb-$uid
else base=/tmp/hapb-$uid
fi
own() { set -- $(ls -ldn "$base" 2>/dev/null); [ "$3" = "$uid" ] && case $1 in drwx------*) : ;; *) false ;; esac; }
`;

/** A shell function: whether the command in a folder is alive; one that is just being started counts. */
export function runningFunction(): string {
  return `running() {
  [ ! -f "$1/rc" ] || return 1
  if [ ! -f "$1/pid" ]; then
    [ -n "$(find "$1" -prune -mmin -1 2>/dev/null)" ]
    return
  fi
  read -r rpid rstart <"$1/pid" || return 1
  read -r rstat 2>/dev/null <"/proc/$rpid/stat" || return 1
  rrest=\${rstat##*) }
  case $rrest in [ZX]*) return 1 ;; esac
  started() { shift 19; [ "$1" = "$rstart" ]; }
  started $rrest
}`;
}

/** $1: id, $2: how much. Prints state, exit code, folder, start, times of the uptime clock and a count of bytes, then what that counts, then stdout. */
const lookText = `
${jobFolderText}
${runningFunction()}
d=$base/$1 code=-
if ! own || [ ! -d "$d" ]; then state=gone
elif [ -f "$d/rc" ]; then state=finished code=$(cat "$d/rc")
elif running "$d"; then state=running
elif [ -f "$d/rc" ]; then state=finished code=$(cat "$d/rc")
else state=killed
fi
begun=- since=- end=- about=0
if [ "$state" != gone ]; then
  read -r begun since 2>/dev/null <"$d/start"
  read -r end 2>/dev/null <"$d/end"
  about=$(wc -c <"$d/about")
fi
echo "$state $code $d \${begun:--} \${since:--} \${end:--}" $about
[ "$state" = gone ] && exit
cat "$d/about"
if [ "$2" = whole ]; then cat "$d/out" 2>/dev/null; cat "$d/err" >&2 2>/dev/null
else tail -n 1 "$d/out" 2>/dev/null | head -c 300
fi
:
`;

/** Asks for a job's state. `whole`: with all that it printed; `line`: with the last line of stdout. */
export function jobState(id: string, amount: 'whole' | 'line'): Ask<JobState> {
  return question({
    key: `job:${id}`,
    sh: lookText,
    args: [id, amount],
    maxOutputBytes: 16_777_216,
    parse: (reply) => readState(reply.stdout, reply.stderr),
  });
}

function readState(text: string, stderr: string): JobState {
  const end = text.indexOf('\n');
  const [state = 'gone', code = '-', file = '', begun = '0', since = '0', until = '0', about = '0'] = text
    .slice(0, end)
    .split(' ');
  // Lengths are in bytes, and what is told of a job may hold more than ASCII.
  const body = Buffer.from(text.slice(end + 1));
  const told = body.subarray(0, Number(about)).toString();
  return {
    state: code === 'overdue' ? 'overdue' : (state as JobState['state']),
    exitCode: Number.parseInt(code, 10) || 0,
    file,
    about: told === '' ? {} : outputOf(jsonReply(told, 'the job') as Value),
    startedAtMs: (Number(begun) || 0) * 1000,
    tookMs: Math.max(0, Math.round(((Number(until) || 0) - (Number(since) || 0)) * 1000)),
    stdout: body.subarray(Number(about)).toString(),
    stderr,
  };
}

function outputOf(value: Value): Output {
  return isMap(value) ? value : {};
}

/** $1: id. Removes a job's results; one that runs goes on. */
export const forgetJobText = `
${jobFolderText}
own && rm -rf -- "$base/$1" && rmdir -- "$base" 2>/dev/null
:
`;
