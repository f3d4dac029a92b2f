import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ends, type Ran, runPlaybook } from '../rig/run-playbook.ts';

const run = (tasks: string, args: readonly string[] = []): Promise<Ran> =>
  runPlaybook(`- hosts: a\n  gather_facts: false\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`, {
    hosts: ['a'],
    args,
  });

/** What `debug` said, one text each. */
function said(ran: Ran): readonly string[] {
  return [...ran.out.matchAll(/"msg": "(.*)"$/gm)].map(([, text = '']) => text);
}

describe('async with poll', () => {
  it('follows a command to its end, with both streams apart and what a job is known by', async () => {
    const ran = await run(`
- {shell: "cat; echo oh >&2; echo $KIND", args: {stdin: in}, environment: {KIND: set}, async: 20, poll: 1, register: r}
- {debug: {msg: "{{ r.stdout_lines }} {{ r.stderr }} {{ r.rc }} {{ r.started }} {{ r.finished }} {{ r.ansible_job_id is defined }}"}}
- {debug: {msg: "{{ r.results_file }}"}}`);
    expect(said(ran)[0]).toBe("['in', 'set'] oh 0 True True True");
    expect(existsSync(said(ran)[1] ?? '/')).toBe(false);
  });

  it('fails a command that fails, and ends one with its children at the limit', async () => {
    const ran = await run(`
- {command: "sh -c 'exit 3'", async: 20, poll: 1, register: r, ignore_errors: true}
- {debug: {msg: "{{ r.rc }} {{ r.changed }} {{ r.finished }}"}}
- {shell: "sleep 61 & sleep 62", async: 1, poll: 1, register: r, ignore_errors: true}
- {debug: {msg: "{{ r.msg }} {{ r.changed }}"}}
- {shell: "ps -e -o args | grep -c '^sleep 6[12]$'", register: left, failed_when: left.stdout != '0'}`);
    expect(said(ran)).toEqual(['3 True True', 'Timeout exceeded False']);
    expect(ran.exitCode).toBe(0);
  });

  it('is a time limit for other modules', async () => {
    const ran = await run('- {wait_for: {path: "{folder}/never"}, async: 1, poll: 1}');
    expect(ran.out).toContain('HAPB7072: it took longer than its async of 1 s');
  });
});

describe('async with poll: 0', () => {
  it('goes on while other tasks run, and async_status tells its end', async () => {
    const ran = await run(`
- {shell: "sleep {{ item }}; echo {{ item }}", loop: ["0.3", "0.6"], async: 20, poll: 0, register: jobs}
- {debug: {msg: "{{ jobs.results[0].finished }} {{ jobs.results[0].started }} {{ jobs.changed }}"}}
- async_status: {jid: "{{ item.ansible_job_id }}"}
  loop: "{{ jobs.results }}"
  register: ended
  until: ended.finished
  delay: 0.3
  retries: 20
- {debug: {msg: "{{ ended.results | map(attribute='stdout') | join(' ') }} {{ ended.results[0].cmd }}"}}
- {async_status: {jid: "{{ item.ansible_job_id }}", mode: cleanup}, loop: "{{ jobs.results }}", register: gone}
- {debug: {msg: "{{ gone.changed }} {{ gone.results[0].erased == jobs.results[0].results_file }}"}}
- {async_status: {jid: "{{ jobs.results[0].ansible_job_id }}"}}`);
    expect(said(ran)).toEqual(['False True True', '0.3 0.6 sleep 0.3; echo 0.3', 'False True']);
    expect(ran.out).toContain('HAPB6095: could not find job');
    expect(ends(ran, 'a').at(-1)).toBe('async_status: failed');
  });

  it('is refused where hapb itself does the work', async () => {
    const file = await run('- {file: {path: "{folder}/x", state: touch}, async: 5, poll: 0}');
    expect(file.out).toContain('HAPB7074: file cannot go on alone');
  });

  it('is unknown to check, and so is asking for it', async () => {
    const ran = await run(
      '- {command: "true", async: 5, poll: 0, register: j}\n- {async_status: {jid: "{{ j.ansible_job_id }}"}}',
      ['--check'],
    );
    expect(ends(ran, 'a')).toEqual(['command: unknown', 'async_status: unknown']);
  });
});

describe('timeout', () => {
  it('ends what takes longer, at once and without another try', async () => {
    const ran = await run(`
- {command: sleep 30, timeout: 1, retries: 3, delay: 0, register: r, ignore_errors: true}
- {debug: {msg: "{{ r.msg }} {{ r.timedout.period }}"}}
- {wait_for: {path: "{folder}/never"}, timeout: 1, ignore_errors: true}
- {command: "true", timeout: -1}`);
    expect(said(ran)).toEqual(['Timed out after 1 second(s). 1']);
    expect(ran.out.match(/HAPB7072: it took longer than its timeout of 1 s/g)).toHaveLength(2);
    expect(ran.out).toContain('HAPB7042: "timeout" cannot be negative');
  });
});
