import { createHash, randomInt } from 'node:crypto';
import type { ShellReply } from '../../connection/connection.ts';
import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { AnyModule, HostWriter, ScriptCall } from '../module.ts';
import type { Site } from './asking.ts';
import { followJob, forgetJob, startJob } from './job.ts';
import { hostWriter } from './writer.ts';

/** `async` and `poll` of a task: a limit, and whether anybody waits. */
export interface Alone {
  readonly seconds: number;
  readonly waits: 'yes' | 'no';
}

/** Where something goes on alone, for how long, and what shows its progress. */
export interface LonelyPlace {
  readonly site: Site;
  readonly alone: Alone;
  readonly progress: (text: string) => void;
  /** The module's name as the task writes it. */
  readonly action: string;
}

/** Leaves `apply` in the middle: its script goes on without us. */
class LeftAlone extends Error {
  override readonly name = 'LeftAlone';
}

/**
 * Applies a change whose script goes on alone on the host, and waits for its end or not. A script that somebody waits for
 * is known by its text and the host it is for, so that a second run follows it instead of starting it twice.
 * @throws Failure HAPB7073 to HAPB7075
 */
export async function applyAlone(
  module: AnyModule,
  wanted: Change,
  { site, progress, alone, action }: LonelyPlace,
): Promise<Output> {
  if (module.alone === undefined) {
    if (alone.waits === 'yes') return module.apply(wanted, hostWriter(site, progress));
    throw new Failure({
      code: 'HAPB7074',
      message: `${action} cannot go on alone: hapb itself does its work, step by step`,
      hint: 'Remove "poll: 0". command and shell can; packages, images and kubeadm outlive a lost connection by themselves.',
    });
  }
  const told = module.alone(wanted);
  let job = { id: '', file: '' };
  const about = (finished: boolean): Output => ({
    ansible_job_id: job.id,
    started: true,
    finished,
    results_file: job.file,
  });
  const run = async (script: ScriptCall): Promise<ShellReply> => {
    const { sh, args = [], stdin } = script;
    const id = alone.waits === 'yes' ? idOf(script, site) : `j${randomInt(1e11, 1e12)}.${process.pid}`;
    const input = stdin === undefined ? {} : { stdin };
    const limitSeconds = alone.seconds;
    job = { id, file: await startJob(site, { id, sh, args, limitSeconds, about: told, ...input }, progress) };
    if (alone.waits === 'no') throw new LeftAlone();
    const startedMs = performance.now();
    const end = await followJob(site, id, progress);
    // Who ends it at its limit may not have come to write that down yet.
    const overdue = end.state === 'overdue' || performance.now() - startedMs >= limitSeconds * 1000;
    await forgetJob(site, id);
    if (end.state === 'finished') return { ...end, droppedBytes: 0 };
    throw new Failure({
      code: 'HAPB7075',
      message: overdue ? 'Timeout exceeded' : 'it was killed before it ended',
      hint: `"async" is a limit in seconds: ${alone.seconds}. Raise it if it only needs longer.`,
      output: {
        stdout: end.stdout,
        stdout_lines: linesOf(end.stdout),
        stderr: end.stderr,
        stderr_lines: linesOf(end.stderr),
      },
    });
  };
  const writer: HostWriter = { ...hostWriter(site, progress), run };
  try {
    return { ...(await module.apply(wanted, writer)), ...about(true) };
  } catch (thrown) {
    if (thrown instanceof LeftAlone) return about(false);
    if (!(thrown instanceof Failure)) throw thrown;
    throw new Failure(
      { ...thrown.problem, output: { ...thrown.problem.output, ...about(true) } },
      thrown.span,
    );
  }
}

/** Tasks of several hosts may do the same on one machine, and each does it. */
function idOf({ sh, args = [] }: ScriptCall, { owner, host }: Site): string {
  const text = JSON.stringify([sh, args.map(String), owner ?? host]);
  return `h${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.trimEnd().split(/\r?\n/);
}
