import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import type { JobState } from '../../../../src/modules/asks/job.ts';
import { asyncStatus } from '../../../../src/modules/general/async-status.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';

const task = taskContext();
const jid = 'j123.4';

/** The state that a host's words mean. */
async function state(stdout: string, stderr = ''): Promise<JobState> {
  const host = fakeHost({ answers: { [`job:${jid}`]: rawReply({ stdout, stderr }) } });
  return host.ask(asyncStatus.probe({ jid, mode: 'status' }, task));
}

const about = JSON.stringify({ cmd: ['echo', 'ö'] });
const bytes = Buffer.byteLength(about);
const running = `running - /run/hapb/async/${jid} 1700000000 10.50 - ${bytes}\n${about}so far\n`;
const finished = `finished 0 /run/hapb/async/${jid} 1700000000 10.50 12.75 ${bytes}\n${about}one\ntwo\n`;
const failed = finished.replace('finished 0', 'finished 3');
const overdue = finished.replace('finished 0', 'finished overdue');
const gone = `gone - /run/hapb/async/${jid} - - - 0\n`;

function problem(job: JobState): Failure['problem'] | null {
  try {
    asyncStatus.diff({ jid, mode: 'status' }, job, task);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.problem;
  }
  return null;
}

describe('async_status', () => {
  it('says of a job that runs that it has not finished', async () => {
    const job = await state(running);
    expect(asyncStatus.diff({ jid, mode: 'status' }, job, task)).toBeNull();
    expect(asyncStatus.output?.({ jid, mode: 'status' }, job, task)).toMatchObject({
      ansible_job_id: jid,
      started: true,
      finished: false,
      results_file: `/run/hapb/async/${jid}`,
    });
  });

  it('gives the result of a job that has ended as the command would have', async () => {
    const change = asyncStatus.diff({ jid, mode: 'status' }, await state(finished, 'oh\n'), task);
    const host = fakeHost({ answers: {} });
    expect(change === null ? null : await asyncStatus.apply(change, host)).toEqual({
      ansible_job_id: jid,
      cmd: ['echo', 'ö'],
      delta: '0:00:02.250000',
      end: '2023-11-14 22:13:22.250000',
      finished: true,
      msg: '',
      rc: 0,
      results_file: `/run/hapb/async/${jid}`,
      start: '2023-11-14 22:13:20.000000',
      started: true,
      stderr: 'oh',
      stderr_lines: ['oh'],
      stdout: 'one\ntwo',
      stdout_lines: ['one', 'two'],
    });
  });

  it('fails as a command that failed, that was too slow, or that is not there', async () => {
    expect(problem(await state(failed))).toMatchObject({
      code: 'HAPB6096',
      output: { rc: 3, changed: true, finished: true, msg: 'non-zero return code' },
    });
    expect(problem(await state(overdue))).toMatchObject({
      message: 'Timeout exceeded',
      output: { finished: true },
    });
    expect(problem(await state(gone))).toMatchObject({
      code: 'HAPB6095',
      message: 'could not find job',
      output: { started: true, finished: true, ansible_job_id: jid },
    });
    expect(problem(await state(running.replace('running', 'killed')))?.message).toBe(
      'it was killed before it ended',
    );
  });

  it('forgets a job on demand, and has nothing to do where there is none', async () => {
    expect(asyncStatus.diff({ jid, mode: 'cleanup' }, await state(gone), task)).toBeNull();
    expect(asyncStatus.diff({ jid, mode: 'cleanup' }, await state(failed), task)).toMatchObject({
      summary: `remove the results of ${jid}`,
    });
  });
});
