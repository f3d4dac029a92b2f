import { describe, expect, it } from 'vitest';
import { ends, runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks.replace(/^/gm, '    ')}\n`;

describe('failure', () => {
  it('takes a host out of the play, the others go on, and the run ends with 2', async () => {
    const ran = await runPlaybook(
      play(
        `- {name: one, command: 'true', failed_when: inventory_hostname == 'a'}\n- {name: two, command: 'true'}`,
      ),
    );
    expect(ran.exitCode).toBe(2);
    expect(ran.recap).toEqual({ a: 'failed=1', b: 'ok=2 changed=2' });
    expect(ends(ran, 'a')).toEqual(['one: failed']);
  });

  it('ends the whole run when every host is out', async () => {
    const ran = await runPlaybook(
      `${play('- {name: one, command: "false"}')}${play('- {name: later, command: "true"}')}`,
    );
    expect(ran.exitCode).toBe(2);
    expect(ends(ran, 'a')).toEqual(['one: failed']);
  });

  it('that is ignored counts in ok and ignored', async () => {
    const ran = await runPlaybook(
      play('- {name: one, command: "false", ignore_errors: true, changed_when: false}'),
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.recap).toEqual({ a: 'ok=1 ignored=1', b: 'ok=1 ignored=1' });
  });

  it('under any_errors_fatal stops the other hosts, which do not count as failed', async () => {
    const ran = await runPlaybook(
      play(
        `- {name: one, command: 'true', failed_when: inventory_hostname == 'a'}\n- {name: two, command: 'true'}`,
        '  any_errors_fatal: true\n',
      ),
    );
    expect(ran.exitCode).toBe(2);
    expect(ends(ran, 'b')).toEqual(['one: changed']);
    expect(ran.recap.b).toBe('ok=1 changed=1');
  });

  it('under any_errors_fatal stops the other hosts when one becomes unreachable too', async () => {
    const away = '{ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}';
    const ran = await runPlaybook(
      play(
        `- {name: one, command: 'true', when: inventory_hostname == 'b'}\n- {name: two, command: 'true'}\n- {name: three, command: 'true'}`,
        '  any_errors_fatal: true\n',
      ),
      { files: { 'host_vars/a.yml': away } },
    );
    expect(ran.exitCode).toBe(4);
    expect(ends(ran, 'b')).toEqual(['one: changed', 'two: changed']);
    expect(ran.out).toContain("a became unreachable in 'two'");
  });

  it('over max_fail_percentage stops the play; equal to it does not', async () => {
    const tasks = `- {name: one, command: 'true', failed_when: inventory_hostname == 'a'}\n- {name: two, command: 'true'}`;
    const equal = await runPlaybook(play(tasks, '  max_fail_percentage: 50\n'));
    expect(ends(equal, 'b')).toEqual(['one: changed', 'two: changed']);
    const over = await runPlaybook(play(tasks, '  max_fail_percentage: 49\n'));
    expect(ends(over, 'b')).toEqual(['one: changed']);
  });
});

describe('blocks', () => {
  const block = `
- block:
    - {name: try, command: "false"}
    - {name: not reached, command: "true"}
  rescue:
    - {name: mend, command: "echo {{ ansible_failed_task.name }} {{ ansible_failed_result.rc }}", register: said}
  always:
    - {name: at last, command: "true"}
- {name: after, debug: {var: said.stdout}}`;

  it('rescue catches the failure, always runs, and the host goes on', async () => {
    const ran = await runPlaybook(play(block), { hosts: ['a'] });
    expect(ran.exitCode).toBe(0);
    expect(ends(ran, 'a')).toEqual(['try: failed', 'mend: changed', 'at last: changed', 'after: ok']);
    expect(ran.recap).toEqual({ a: 'ok=3 changed=2 rescued=1' });
    expect(ran.out).toContain('"said.stdout": "try 1"');
  });

  it('always runs when nothing rescues, and the failure stands', async () => {
    const ran = await runPlaybook(
      play(
        '- block:\n    - {name: try, command: "false"}\n  always:\n    - {name: at last, command: "true"}\n- {name: after, command: "true"}',
      ),
      { hosts: ['a'] },
    );
    expect(ends(ran, 'a')).toEqual(['try: failed', 'at last: changed']);
    expect(ran.exitCode).toBe(2);
  });

  it('any_errors_fatal sends every host to the rescue', async () => {
    const ran = await runPlaybook(
      play(`
- any_errors_fatal: true
  block:
    - {name: try, command: "true", failed_when: inventory_hostname == 'a'}
    - {name: next, command: "true"}
  rescue:
    - {name: mend, command: "true"}`),
    );
    expect(ends(ran, 'b')).toEqual(['try: changed', 'mend: changed']);
    expect(ran.exitCode).toBe(0);
  });
});

describe('handlers', () => {
  const handlers = `
  handlers:
    - {name: first, command: "true", notify: early}
    - {name: early, command: "true"}
    - {name: topic, command: "true", listen: news}`;

  it('run once at the end in the order of their definition, only where notified', async () => {
    const ran = await runPlaybook(
      `${play(`- {name: one, command: "true", notify: [news, first], changed_when: inventory_hostname == 'a'}\n- {name: two, command: "true", notify: first, changed_when: inventory_hostname == 'a'}`)}${handlers}\n`,
    );
    expect(ends(ran, 'a')).toEqual([
      'one: changed',
      'two: changed',
      'first: changed',
      'early: changed',
      'topic: changed',
    ]);
    expect(ends(ran, 'b')).toEqual(['one: ok', 'two: ok']);
    expect(ran.out).toContain('RUNNING HANDLER [topic]');
  });

  it('do not run after a failure unless forced', async () => {
    const text = `${play('- {name: one, command: "true", notify: first}\n- {name: two, command: "false"}')}${handlers}\n`;
    expect(ends(await runPlaybook(text, { hosts: ['a'] }), 'a')).toEqual(['one: changed', 'two: failed']);
    const forced = await runPlaybook(text, { hosts: ['a'], args: ['--force-handlers'] });
    expect(ends(forced, 'a')).toEqual(['one: changed', 'two: failed', 'first: changed', 'early: changed']);
  });

  it('run at meta: flush_handlers', async () => {
    const ran = await runPlaybook(
      `${play('- {name: one, command: "true", notify: early}\n- meta: flush_handlers\n- {name: two, command: "true"}')}${handlers}\n`,
      { hosts: ['a'] },
    );
    expect(ends(ran, 'a')).toEqual(['one: changed', 'meta: ok', 'early: changed', 'two: changed']);
  });

  it('that do not exist are an error with the nearest name', async () => {
    const ran = await runPlaybook(`${play('- {name: one, command: "true", notify: frist}')}${handlers}\n`, {
      hosts: ['a'],
    });
    expect(ran.exitCode).toBe(2);
    expect(ran.out).toContain('no handler of this play is named "frist"');
    expect(ran.out).toContain('Did you mean "first"?');
  });
});
