import { setTimeout as sleep } from 'node:timers/promises';
import type { ShellReply, ShellRequest } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import { anyLeftText, clearText, releaseText, takeText } from './lease-text.ts';

/** A run that changes nodes, as another one reads it there. */
export interface LeaseHolder {
  /** Differs from that of every other run. */
  readonly run: string;
  /** Who, from where, with which command: `anna on ops1 (hapb run site.yml, process 4711)`. */
  readonly who: string;
}

/** One user's shell on one host. */
export interface LeasePlace {
  readonly host: string;
  readonly run: (request: ShellRequest) => Promise<ShellReply>;
  readonly signal: AbortSignal;
  /** Told while another run has the lease. */
  readonly progress: (text: string) => void;
}

/** What became of taking a lease; `previous`: whose place was taken. */
export type Taken = { readonly kind: 'own' } | { readonly kind: 'taken-over'; readonly previous: Previous };

/** Another run. */
export interface Previous {
  readonly who: string;
  readonly sinceMs: number;
  /** `ended`: it is gone; `silent`: nothing was heard of it for 30 s. */
  readonly state: 'ended' | 'silent';
}

type Answer =
  | Taken
  | {
      readonly kind: 'held';
      readonly who: string;
      readonly sinceMs: number;
      /**
       * `working`: it lives; `late`: it has missed a sign of life; `left-over`: its connection is gone, and one of its commands
       * still runs.
       */
      readonly state: 'working' | 'late' | 'left-over';
    };

/** How often a run shows that it lives. A lease ends when nothing was seen of it for 30 s of the node's own clock. */
export const renewMs = 10_000;

/** How long a command may take that was left by a run that is gone. */
const patienceMs = 300_000;

/**
 * Takes the lease of a host. That of a run that is gone is taken over at once, but what it left running there is waited for;
 * that of one that is silent is taken over after 30 s.
 * @throws Failure HAPB7003 while another run has it, HAPB7004 where none can be taken
 */
export async function takeLease(place: LeasePlace, holder: LeaseHolder): Promise<Taken> {
  const deadline = Date.now() + patienceMs;
  for (let told = ''; ; ) {
    const answer = await look(place, holder);
    if (answer.kind !== 'held') return answer;
    if (answer.state === 'working' || Date.now() > deadline) throw refused(place.host, answer);
    if (told !== answer.state) place.progress(waiting[answer.state](answer.who));
    told = answer.state;
    await sleep(1000, undefined, { signal: place.signal });
  }
}

const waiting = {
  late: (who: string) => `waiting to see whether the run of ${who} still lives`,
  'left-over': (who: string) => `waiting for a command that was left running by the run of ${who}`,
} as const;

/** Shows that the run lives. Whether the lease is still its own. */
export async function renewLease(place: Omit<LeasePlace, 'progress'>, holder: LeaseHolder): Promise<boolean> {
  const { kind } = await look(
    // What comes as a stream keeps another shell at work, of which the lease does not know.
    { ...place, run: (request) => place.run({ ...request, isBeside: true }) },
    holder,
  );
  return kind !== 'held';
}

/** Takes away what runs that are gone left on a host, where no run has its lease. Whose lease that was; `null`: there was none. */
export async function clearLeftOvers(
  place: Pick<LeasePlace, 'run'>,
  { run, who }: LeaseHolder,
): Promise<Previous | null> {
  const any = await place.run({ script: anyLeftText, timeoutMs: 60_000 });
  if (any.stdout === '') return null;
  const { stdout } = await place.run({
    script: clearText,
    args: [run, who, secondsNow()],
    timeoutMs: 60_000,
  });
  return previousOf(stdout.trimEnd().split('\n'));
}

/** A run's own clock, so that who reads it here knows when that was. */
function secondsNow(): string {
  return String(Math.floor(Date.now() / 1000));
}

/** Of an answer that tells of one. */
function previousOf([kind, state, since, who = '']: readonly string[]): Previous | null {
  if (kind !== 'taken-over') return null;
  return { who, sinceMs: Number(since) * 1000, state: state === 'silent' ? 'silent' : 'ended' };
}

/** Gives it back, and takes away what runs that are gone left. */
export async function releaseLease(place: Pick<LeasePlace, 'run'>, { run }: LeaseHolder): Promise<void> {
  await place.run({ script: releaseText, args: [run], timeoutMs: 5000 });
}

async function look(
  { host, run, signal }: Omit<LeasePlace, 'progress'>,
  holder: LeaseHolder,
): Promise<Answer> {
  const { stdout, stderr, exitCode } = await run({
    script: takeText,
    args: [holder.run, holder.who, secondsNow()],
    timeoutMs: 60_000,
    signal,
  });
  const lines = stdout.trimEnd().split('\n');
  const [kind = '', state = '', since = '', who = ''] = lines;
  const sinceMs = Number(since) * 1000;
  const previous = previousOf(lines);
  if (exitCode === 0 && kind === 'own') return { kind };
  if (exitCode === 0 && previous !== null) return { kind: 'taken-over', previous };
  if (exitCode === 0 && kind === 'held')
    return { kind, who, sinceMs, state: state === 'late' || state === 'left-over' ? state : 'working' };
  throw new Failure({
    code: 'HAPB7004',
    message: `${host} cannot be marked as being changed by this run: ${stderr.trim() || `exit code ${exitCode}`}`,
    hint: 'The mark keeps two runs from changing a node at once. It needs a writable /run (root), /dev/shm or /tmp; --no-lease goes without it.',
  });
}

function refused(
  host: string,
  { who, sinceMs }: { readonly who: string; readonly sinceMs: number },
): Failure {
  return new Failure({
    code: 'HAPB7003',
    message: `${host} is being changed by another run: ${who}, since ${clockText(sinceMs)}`,
    hint: 'Wait for its end, then run again: what it has done by then will be left as it is. --no-lease changes the node nevertheless.',
  });
}

/** `2026-11-25 12:01:05`, in this machine's time zone. */
export function clockText(atMs: number): string {
  const at = new Date(atMs);
  if (Number.isNaN(at.getTime())) return 'an unknown time';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
