import { describe, expect, it } from 'vitest';
import { runPlaybook } from '../rig/run-playbook.ts';

/** What `register` keeps of a task, without what differs from run to run. */
async function registered(task: string): Promise<unknown> {
  const ran = await runPlaybook(
    `- hosts: a\n  gather_facts: false\n  tasks:\n    - {${task}, register: r, ignore_errors: true}\n    - debug: {var: r}\n`,
    { hosts: ['a'] },
  );
  const text = /"r": (\{[\s\S]*?\n {4}\})\n\}/.exec(ran.out)?.[1] ?? 'null';
  return JSON.parse(text, (key, value: unknown) =>
    ['delta', 'start', 'end', 'stderr', 'stderr_lines', 'stdout_lines'].includes(key) ? undefined : value,
  ) as unknown;
}

describe('a registered result, as real ansible-core gives it', () => {
  it('of a command that fails says that it changed something', async () => {
    expect(await registered('command: "false"')).toEqual({
      changed: true,
      cmd: ['false'],
      failed: true,
      msg: 'non-zero return code',
      rc: 1,
      stdout: '',
    });
  });

  it('tells what failed_when and changed_when decided', async () => {
    expect(await registered('command: "echo hi", failed_when: true')).toMatchObject({
      changed: true,
      failed: true,
      failed_when_result: true,
      rc: 0,
    });
    expect(await registered('command: "false", failed_when: r.rc > 1')).toMatchObject({
      changed: true,
      failed: false,
      failed_when_result: false,
    });
    expect(await registered('command: "false", changed_when: false')).toMatchObject({
      changed: false,
      failed: true,
    });
    expect(await registered('debug: {msg: x}, changed_when: true, failed_when: r.changed')).toMatchObject({
      changed: true,
      failed: true,
    });
  });

  it('of a skipped task has no `failed`, and the false condition', async () => {
    expect(await registered('command: "true", when: [true, 1 == 2]')).toEqual({
      changed: false,
      false_condition: '1 == 2',
      skip_reason: 'Conditional result was False',
      skipped: true,
    });
    expect(await registered('command: "true", when: false')).toMatchObject({ false_condition: false });
  });

  it('of a loop sums up its items', async () => {
    expect(await registered(`debug: {msg: x}, loop: [1, 2], when: item == 1`)).toEqual({
      changed: false,
      msg: 'All items completed',
      results: [
        { ansible_loop_var: 'item', changed: false, failed: false, item: 1, msg: 'x' },
        {
          ansible_loop_var: 'item',
          changed: false,
          false_condition: 'item == 1',
          item: 2,
          skip_reason: 'Conditional result was False',
          skipped: true,
        },
      ],
      skipped: false,
    });
    expect(await registered('debug: {msg: x}, loop: [1], when: false')).toMatchObject({
      msg: 'All items skipped',
      skipped: true,
    });
    expect(await registered('command: "{{ item }}", loop: ["true", "false"]')).toMatchObject({
      changed: true,
      failed: true,
      msg: 'One or more items failed',
      skipped: false,
    });
  });

  it('of retries that were not enough counts them', async () => {
    expect(await registered('command: "false", until: r.rc == 0, retries: 2, delay: 0')).toMatchObject({
      attempts: 2,
      failed: true,
    });
    expect(await registered('command: "false", retries: 1, delay: 0')).toMatchObject({ attempts: 1 });
  });
});

it('a change that was ignored as a failure counts as changed', async () => {
  const ran = await runPlaybook(
    '- hosts: a\n  gather_facts: false\n  tasks:\n    - {command: "false", ignore_errors: true}\n',
    { hosts: ['a'] },
  );
  expect(ran.recap).toEqual({ a: 'ok=1 changed=1 ignored=1' });
});
