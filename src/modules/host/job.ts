import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import type { Output } from '../../core/value.ts';
import { forgetJobText, type JobState, jobFolderText, jobState, runningFunction } from '../asks/job.ts';
import { ask, type Site, withEnvironment } from './asking.ts';
import { persistently } from './durable.ts';

/** How soon a job is looked at again: short ones soon, long ones at leisure. */
const firstPollMs = 60;
const lastPollMs = 1000;

/** A script that goes on alone on a host, with its results in a folder until somebody removes them. */
export interface Job {
  readonly id: string;
  readonly sh: string;
  readonly args: readonly Text[];
  readonly stdin?: Text | Uint8Array;
  /** It is killed after so many seconds, by the host itself. */
  readonly limitSeconds: number;
  /** What asking for it tells besides its end: the command. */
  readonly about: Output;
}

/**
 * $1: id, $2: seconds, $3: what is told of it, $4: script; its arguments follow. One process in a session of its own does
 * the work, with the shell's own umask; a second one, in another, waits for it and kills it with all its children when its
 * time is over. Prints the job's folder.
 */
const startText = `
${jobFolderText}
${runningFunction()}
[ -d "\${base%/*}" ] || ( umask 077; mkdir -p "\${base%/*}" ) || exit 20
( umask 077; mkdir "$base" 2>/dev/null )
own || { echo "$base does not belong to this user alone" >&2; exit 20; }
d=$base/$1 limit=$2 about=$3 body=$4
shift 4
if [ -d "$d" ]; then
  if running "$d"; then echo "$d"; exit 0; fi
  rm -rf -- "$d"
fi
( umask 077; mkdir "$d" ) || exit 20
printf %s "$about" >"$d/about"
exec 3<&0
HAPB_JOB=$d HAPB_LIMIT=$limit setsid sh -c '
  d=$HAPB_JOB limit=$HAPB_LIMIT body=$1
  unset HAPB_JOB HAPB_LIMIT
  shift
  alive() { read -r s 2>/dev/null </proc/$1/stat || return 1; s=\${s##*) }; case $s in [ZX]*) return 1 ;; esac; }
  clock() { read -r now idle </proc/uptime; }
  started() { shift 19; start=$1; }
  read -r s </proc/$$/stat
  started \${s##*) }
  clock
  echo "$(date +%s) $now" >"$d/start"
  exec 3<&0 </dev/null
  setsid sh -c "$body" hapb-job "$@" <&3 3<&- >"$d/out" 2>"$d/err" &
  pid=$!
  exec 3<&-
  echo "$$ $start" >"$d/pid.new" && mv "$d/pid.new" "$d/pid"
  pause=0.05 left=$limit
  while alive "$pid"; do
    sleep "$pause" 2>/dev/null || sleep 1
    alive "$pid" || break
    read -r begun since <"$d/start"
    clock
    if [ $(( \${now%.*} - \${since%.*} )) -ge 1 ]; then pause=1; fi
    if [ $(( \${now%.*} - \${since%.*} )) -gt "$limit" ]; then
      kill -KILL -"$pid" 2>/dev/null || kill -KILL "$pid"
      clock
      echo "$now" >"$d/end"
      echo overdue >"$d/rc"
      exit
    fi
  done
  wait "$pid"
  rc=$?
  clock
  echo "$now" >"$d/end"
  echo "$rc" >"$d/rc.new"
  mv -f "$d/rc.new" "$d/rc"
' hapb-watch "$body" "$@" <&3 >/dev/null 2>&1 3<&- &
echo "$d"
`;

/** Starts a job, or finds that one of its id is running. Gives its folder. @throws Failure HAPB7073, ConnectionError */
export async function startJob(site: Site, job: Job, progress: (text: string) => void): Promise<string> {
  const words = job.args.filter((word) => !(word instanceof Secret));
  if (words.length !== job.args.length) {
    throw new Failure({
      code: 'HAPB7073',
      message: 'what goes on alone may not hold a secret in its text: every user of the host could read it',
      hint: 'Pass the secret with "stdin:".',
    });
  }
  const reply = await site.pool.change(
    site,
    withEnvironment(site, {
      script: startText,
      args: [job.id, String(Math.ceil(job.limitSeconds)), JSON.stringify(job.about), job.sh, ...words],
      timeoutMs: 60_000,
      signal: site.signal,
      ...(job.stdin === undefined ? {} : { stdin: job.stdin }),
    }),
    progress,
  );
  if (reply.exitCode === 0) return reply.stdout.trim();
  throw new Failure({
    code: 'HAPB7073',
    message: `cannot start a job on ${site.host}: ${reply.stderr.trim() || `exit code ${reply.exitCode}`}`,
    hint: 'It needs setsid and a folder under /run, /dev/shm or /tmp that is the user’s own.',
  });
}

/** Waits until a job has ended, also past a lost connection. `progress` is shown the last line that it printed. */
export async function followJob(site: Site, id: string, progress: (line: string) => void): Promise<JobState> {
  const look = (amount: 'whole' | 'line'): Promise<JobState> =>
    persistently(site, () => ask(site, jobState(id, amount)));
  let last = '';
  for (let pollMs = firstPollMs; ; pollMs = Math.min(lastPollMs, pollMs * 1.5)) {
    const { state, stdout } = await look('line');
    if (state !== 'running') return look('whole');
    const line = stdout.trimEnd();
    if (line !== '' && line !== last) progress(line);
    last = line;
    await sleep(pollMs, undefined, { signal: site.signal });
  }
}

/** Removes what a job that has ended left on the host. */
export async function forgetJob(site: Site, id: string): Promise<void> {
  await site.pool.read(site, { script: forgetJobText, args: [id] });
}
