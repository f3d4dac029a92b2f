import { describe, expect, it } from 'vitest';
import { ends, messages, runPlaybook } from '../rig/run-playbook.ts';

const say = (text: string): string => `- debug: {msg: "${text}"}\n`;
const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks.replace(/^(?=.)/gm, '    ')}\n`;
const here = '{{ inventory_hostname }}';

describe('meta', () => {
  it('end_host ends the play for one host without a failure, and leaves always out', async () => {
    const ran = await runPlaybook(
      `${play(
        `- block:\n    - meta: end_host\n      when: inventory_hostname == 'a'\n    - debug: {msg: "in ${here}"}\n  always:\n    - debug: {msg: "always ${here}"}\n`,
      )}${play(say(`next ${here}`))}`,
    );
    expect([...messages(ran)].sort()).toEqual(['always b', 'in b', 'next a', 'next b']);
    expect(ran.exitCode).toBe(0);
    expect(ran.recap).toEqual({ a: 'ok=1', b: 'ok=3' });
  });

  it('end_play ends it for all, end_batch for the batch', async () => {
    const ended = await runPlaybook(
      `${play(`- meta: end_play\n  when: inventory_hostname == 'a'\n${say('never')}`)}${play(say('next'))}`,
      {},
    );
    expect(messages(ended)).toEqual(['next', 'next']);
    const batches = await runPlaybook(
      play(`- meta: end_batch\n  when: inventory_hostname == 'a'\n${say(here)}`, '  serial: 1\n'),
    );
    expect(messages(batches)).toEqual(['b']);
    const plays = await runPlaybook(play(`${say(here)}- meta: end_play\n`, '  serial: 1\n'));
    expect(messages(plays)).toEqual(['a']);
  });

  it('end_role ends the role for one host', async () => {
    const ran = await runPlaybook(
      '- hosts: all\n  gather_facts: false\n  roles: [r]\n  post_tasks: [{debug: {msg: "post {{ inventory_hostname }}"}}]\n',
      {
        files: {
          'roles/r/tasks/main.yml': '- import_tasks: more.yml\n- debug: {msg: last}\n',
          'roles/r/tasks/more.yml': "- meta: end_role\n  when: inventory_hostname == 'a'\n",
        },
      },
    );
    expect([...messages(ran)].sort()).toEqual(['last', 'post a', 'post b']);
  });

  it('flush_handlers heeds its condition', async () => {
    const ran = await runPlaybook(
      `${play(`- command: "true"\n  notify: h\n- name: flush\n  meta: flush_handlers\n  when: inventory_hostname == 'a'\n- debug: {msg: "after"}\n`)}  handlers: [{name: h, debug: {msg: "h ${here}"}}]\n`,
    );
    expect(messages(ran)).toEqual(['h a', 'after', 'after', 'h b']);
    expect(ran.out).toContain('TASK [flush]\nskipping: [b]\n');
    expect(ran.recap).toEqual({ a: 'ok=3 changed=1', b: 'ok=3 changed=1' });
  });

  it('clear_host_errors lets failed hosts take part in the next play', async () => {
    const ran = await runPlaybook(
      `${play(`- command: "false"\n  when: inventory_hostname == 'a'\n- meta: clear_host_errors\n`)}${play(say(here))}`,
    );
    expect([...messages(ran)].sort()).toEqual(['a', 'b']);
    expect(ran.exitCode).toBe(0);
  });

  it('clear_facts forgets facts and keeps what set_fact has set', async () => {
    const ran = await runPlaybook(
      `- hosts: all\n  tasks:\n    - set_fact: {mine: 1}\n    - meta: clear_facts\n    - debug: {msg: "{{ ansible_hostname is defined }} {{ mine }}"}\n`,
      { hosts: ['a'] },
    );
    expect(messages(ran)).toEqual(['False 1']);
  });

  it('refresh_inventory makes hosts known that came meanwhile', async () => {
    const ran = await runPlaybook(
      `${play(
        "- copy: {dest: '{folder}/inventory.yml', content: 'all: {vars: {ansible_connection: local}, hosts: {a: {}, new: {}}}'}\n- meta: refresh_inventory\n",
      )}- hosts: new\n  gather_facts: false\n  tasks: [{command: "true"}]\n`,
      { hosts: ['a'] },
    );
    expect(ran.recap).toEqual({ a: 'ok=1 changed=1', new: 'ok=1 changed=1' });
  });

  it('reset_connection connects anew', async () => {
    const ran = await runPlaybook(play('- command: "true"\n- meta: reset_connection\n- command: "true"\n'), {
      hosts: ['a'],
    });
    expect(ran.events.filter(({ type }) => type === 'host.connected')).toHaveLength(2);
  });

  it('that ends a play under an unknown condition makes all that follows unknown', async () => {
    const ran = await runPlaybook(
      play(
        '- command: hostname\n  register: r\n- meta: end_host\n  when: r.stdout == "x"\n- debug: {msg: after}\n',
      ),
      { hosts: ['a'], args: ['--check'] },
    );
    expect(ends(ran, 'a')).toEqual(['command: unknown', 'meta: unknown', 'debug: unknown']);
  });

  it('has no unknown actions, and none where they have no meaning', async () => {
    const ran = await runPlaybook(
      `${play('- meta: end_hots\n- meta: end_role\n')}  handlers: [{name: h, meta: flush_handlers}]\n`,
    );
    expect(ran.err).toMatchInlineSnapshot(`
      "{folder}/site.yml:4:13  error HAPB1033: meta: action must be flush_handlers, end_host, end_role, end_batch, end_play, clear_facts, clear_host_errors, refresh_inventory, reset_connection or noop, not the text "end_hots"
        4 |     - meta: end_hots
          |             ^^^^^^^^
        hint: Did you mean \`end_host\`?

      {folder}/site.yml:5:7  error HAPB2025: "meta: end_role" has no meaning outside of a role
        5 |     - meta: end_role
          |       ^^^^
        hint: Remove it, or put it among the tasks that it is meant for.

      {folder}/site.yml:7:24  error HAPB2025: "meta: flush_handlers" has no meaning as a handler
        7 |   handlers: [{name: h, meta: flush_handlers}]
          |                        ^^^^
        hint: Remove it, or put it among the tasks that it is meant for.

      "
    `);
  });
});
