import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { forgetJobText, type JobState, jobState } from '../asks/job.ts';
import type { Module } from '../module.ts';
import { commandOutput } from './run-command.ts';

/** Arguments of `async_status`. */
export interface AsyncStatusArgs {
  readonly jid: string;
  readonly mode: 'status' | 'cleanup';
}

interface JobChange extends Change {
  readonly jid: string;
  readonly mode: AsyncStatusArgs['mode'];
  readonly job: JobState;
}

/** Asks what became of a task that went on alone. */
export const asyncStatus: Module<AsyncStatusArgs, JobState, JobChange> = {
  name: 'async_status',
  summary: 'Asks what became of a command that was started with async and poll: 0.',
  notes: [
    'It must run as the same user on the same host as the command. A command that failed fails this task as it would have failed itself, one that was killed at its time limit too; `until: job.finished` waits for the end.',
    'Results stay on the host, in memory, until `mode: cleanup` or a reboot.',
  ],
  args: {
    type: 'object',
    properties: {
      jid: {
        type: 'string',
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
        description: 'The `ansible_job_id` that the command registered.',
      },
      mode: {
        enum: ['status', 'cleanup'],
        default: 'status',
        description: 'Whether to ask for its state, or to remove its results.',
      },
    },
    required: ['jid'],
    additionalProperties: false,
  },
  returns: {
    ansible_job_id: 'The id asked for.',
    started: 'Whether it was started.',
    finished: 'Whether it has ended.',
    results_file: 'Where its results lie on the host.',
    rc: 'Exit code, once it has ended; with it stand cmd, stdout, stderr, start, end and delta.',
    erased: 'What `cleanup` removed.',
  },
  example: `- name: Begin something long
  command: sleep 2
  async: 60
  poll: 0
  register: job

- name: Wait for its end
  async_status:
    jid: "{{ job.ansible_job_id }}"
  register: result
  until: result.finished
  retries: 10
  delay: 1
`,
  probe: ({ jid }) => jobState(jid, 'whole'),
  diff({ jid, mode }, job) {
    if (job.state === 'gone') {
      if (mode === 'cleanup') return null;
      throw problem(jid, job, {
        code: 'HAPB6095',
        message: 'could not find job',
        hint: 'Ask as the same user on the same host as the command, and before its results are removed.',
      });
    }
    if (mode === 'status') {
      if (job.state === 'running') return null;
      if (job.state !== 'finished' || job.exitCode !== 0) throw failure(jid, job);
    }
    const summary = mode === 'status' ? `${jid} has ended` : `remove the results of ${jid}`;
    return { summary, edits: [], effects: [], forecast: known, jid, mode, job };
  },
  async apply({ jid, mode, job }, host) {
    if (mode === 'status') return ended(jid, job);
    await host.run({ sh: forgetJobText, args: [jid] });
    return { changed: false, ...erased(jid, job) };
  },
  output: ({ jid, mode }, job) =>
    mode === 'cleanup' ? erased(jid, job) : { ...about(jid, job, false), ...silent },
  foreseen: ({ jid, mode, job }) =>
    mode === 'status' ? ended(jid, job) : { changed: false, ...erased(jid, job) },
};

const silent = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] } as const;

function erased(jid: string, job: JobState): Output {
  return { ansible_job_id: jid, erased: job.file, started: false, finished: false, ...silent };
}

function about(jid: string, job: JobState, finished: boolean): Output {
  return { ansible_job_id: jid, started: true, finished, results_file: job.file };
}

function ended(jid: string, job: JobState): Output {
  const { startedAtMs: startMs, tookMs } = job;
  const cmd = job.about.cmd ?? '';
  return { ...commandOutput(job, { cmd, startMs, endMs: startMs + tookMs }), ...about(jid, job, true) };
}

function failure(jid: string, job: JobState): Failure {
  if (job.state === 'finished') {
    return problem(jid, job, {
      code: 'HAPB6096',
      message: `the command ended with exit code ${job.exitCode}`,
      hint: 'Read its output below; `failed_when` says which results count as failures.',
      output: { ...ended(jid, job), changed: true },
    });
  }
  return problem(jid, job, {
    code: 'HAPB6096',
    message: job.state === 'overdue' ? 'Timeout exceeded' : 'it was killed before it ended',
    hint:
      job.state === 'overdue'
        ? 'It took longer than its "async", which is a limit in seconds; raise that.'
        : 'The host was rebooted or somebody stopped it; start it again.',
  });
}

function problem(jid: string, job: JobState, words: Failure['problem']): Failure {
  const output = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [], ...about(jid, job, true) };
  return new Failure({ ...words, output: { ...output, ...words.output } });
}
