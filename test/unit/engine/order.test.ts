import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/events/event.ts';
import { ends, type Ran, runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;

/** When things happened, as `start TITLE HOST` and `end TITLE HOST`. */
function moments(ran: Ran): readonly string[] {
  const titles = new Map<string, string>();
  return ran.events.flatMap((event: Event) => {
    if (event.type === 'play.started') for (const task of event.tasks) titles.set(task.id, task.title);
    if (event.type === 'task.started') return [`start ${titles.get(event.node) ?? ''} ${event.host}`];
    if (event.type === 'task.finished') return [`end ${titles.get(event.node) ?? ''} ${event.host}`];
    return event.type === 'barrier.opened' ? [`open ${event.name}`] : [];
  });
}

const slowB = `- {name: one, command: "sleep {{ 0.4 if inventory_hostname == 'b' else 0 }}"}\n- {name: two, command: "true"}`;

describe('strategies', () => {
  it('linear, the default, begins no task before every host has ended the one before', async () => {
    const seen = moments(await runPlaybook(play(slowB)));
    expect(seen.indexOf('start two a')).toBeGreaterThan(seen.indexOf('end one b'));
  });

  it('free lets a host run ahead, and prints in task order all the same', async () => {
    const ran = await runPlaybook(play(slowB, '  strategy: free\n'));
    const seen = moments(ran);
    expect(seen.indexOf('end two a')).toBeLessThan(seen.indexOf('end one b'));
    expect(ran.out.indexOf('changed: [b]')).toBeLessThan(ran.out.indexOf('TASK [two]'));
  });

  it('a barrier holds free hosts until all are there', async () => {
    const tasks = slowB.replace('\n', '\n- barrier: Both are here\n');
    const seen = moments(await runPlaybook(play(tasks, '  strategy: free\n')));
    expect(seen.indexOf('open Both are here')).toBeGreaterThan(seen.indexOf('end one b'));
    expect(seen.indexOf('start two a')).toBeGreaterThan(seen.indexOf('open Both are here'));
  });

  it('a free host waits before a task that reads what others set', async () => {
    const tasks = `
- {name: one, command: "sh -c 'sleep {{ 0.4 if inventory_hostname == 'b' else 0 }}; echo {{ inventory_hostname }}'", register: r}
- {name: two, command: "echo {{ hostvars['b'].r.stdout }}", register: seen}
- {name: three, command: "test {{ seen.stdout }} = b"}`;
    const ran = await runPlaybook(play(tasks, '  strategy: free\n'));
    expect(ran.exitCode).toBe(0);
  });

  it('a failed host holds nobody at a barrier', async () => {
    const tasks = `- {name: one, command: "true", failed_when: inventory_hostname == 'b'}\n- barrier: Here\n- {name: two, command: "true"}`;
    const ran = await runPlaybook(play(tasks, '  strategy: free\n'));
    expect(ends(ran, 'a')).toEqual(['one: changed', 'two: changed']);
  });
});

describe('serial', () => {
  it('walks the whole play for each batch', async () => {
    const ran = await runPlaybook(
      play('- {name: one, command: "true"}\n- {name: two, command: "true"}', '  serial: 1\n'),
    );
    expect(moments(ran)).toEqual([
      'start one a',
      'end one a',
      'start two a',
      'end two a',
      'start one b',
      'end one b',
      'start two b',
      'end two b',
    ]);
  });

  it('takes lists and percentages; the last repeats', async () => {
    const ran = await runPlaybook(play('- {name: one, command: "true"}', '  serial: [1, "50%"]\n'), {
      hosts: ['a', 'b', 'c', 'd', 'e'],
    });
    const batches = ran.events.flatMap((event) => (event.type === 'play.started' ? [event.hosts] : []));
    expect(batches).toEqual([['a'], ['b', 'c'], ['d', 'e']]);
  });

  it('may be worked out from the hosts of the play', async () => {
    const serial = `  serial: "{{ ansible_play_hosts_all | length // 2 }}"\n`;
    const ran = await runPlaybook(play('- {name: one, command: "true"}', serial), {
      hosts: ['a', 'b', 'c', 'd'],
    });
    const batches = ran.events.flatMap((event) => (event.type === 'play.started' ? [event.hosts] : []));
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});

describe('throttle', () => {
  it('admits one host at a time in inventory order', async () => {
    const ran = await runPlaybook(
      play('- {name: one, command: "sleep 0.05", throttle: 1}', '  strategy: free\n'),
      { hosts: ['a', 'b', 'c'] },
    );
    expect(moments(ran)).toEqual([
      'start one a',
      'end one a',
      'start one b',
      'end one b',
      'start one c',
      'end one c',
    ]);
  });
});

describe('run_once', () => {
  it('runs on the first host and gives its result to all', async () => {
    const ran = await runPlaybook(
      play(
        `- {name: one, command: "echo {{ inventory_hostname }}", run_once: true, register: r}\n- {name: two, command: "test {{ r.stdout }} = a"}`,
      ),
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.recap).toEqual({ a: 'ok=2 changed=2', b: 'ok=1 changed=1' });
  });

  it('that fails ends the play for all, and only the first host shows it', async () => {
    const ran = await runPlaybook(
      play('- {name: one, command: "false", run_once: true}\n- {name: two, command: "true"}'),
    );
    expect(ran.exitCode).toBe(2);
    expect(ran.recap).toEqual({ a: 'failed=1' });
  });
});

describe('delegate_to', () => {
  it('works on the other host with the variables of the own one', async () => {
    const ran = await runPlaybook(
      play('- {name: one, command: "touch {folder}/{{ inventory_hostname }}", delegate_to: localhost}'),
    );
    expect(ran.out).toContain('changed: [a -> localhost]');
    expect(readFileSync(join(ran.folder, 'b'), 'utf8')).toBe('');
  });

  it('to a host that the inventory does not know says so', async () => {
    const ran = await runPlaybook(play('- {name: one, command: "true", delegate_to: nowhere}'), {
      hosts: ['a'],
    });
    expect(ran.exitCode).toBe(4);
    expect(ran.out).toContain('there is no host "nowhere" in the inventory');
  });
});

describe('loops and retries', () => {
  it('loop over items, with index and label, and collect results', async () => {
    const ran = await runPlaybook(
      play(`
- name: one
  command: "echo {{ n }}-{{ entry.v }}"
  loop: [{v: x}, {v: y}]
  loop_control: {loop_var: entry, index_var: n, label: "{{ entry.v }}"}
  register: r
- {name: two, command: "test {{ r.results[1].stdout }} = 1-y"}`),
      { hosts: ['a'] },
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.out).toContain('changed: [a] => (item=y)');
  });

  it('an empty loop is skipped', async () => {
    const ran = await runPlaybook(play('- {name: one, command: "true", loop: []}'), { hosts: ['a'] });
    expect(ran.recap).toEqual({ a: 'skipped=1' });
  });

  it('until is asked again after each go, and says how often it was tried', async () => {
    const tasks = `
- name: one
  shell: echo x >> {folder}/tries; wc -l < {folder}/tries
  register: r
  until: r.stdout | int == 3
  retries: 5
  delay: 0.05
- {name: two, command: "test {{ r.attempts }} = 3"}`;
    const ran = await runPlaybook(play(tasks), { hosts: ['a'] });
    expect(ran.exitCode).toBe(0);
    expect(ran.out).toContain('FAILED - RETRYING: [a]: one (5 retries left).');
  });

  it('until that never holds fails after one run more than its retries', async () => {
    const tasks =
      '- {name: one, shell: "echo x >> {folder}/tries", register: r, until: "r.stdout == \'y\'", retries: 2, delay: 0.01}';
    const ran = await runPlaybook(play(tasks), { hosts: ['a'] });
    expect(ran.exitCode).toBe(2);
    expect(readFileSync(join(ran.folder, 'tries'), 'utf8')).toBe('x\nx\nx\n');
    expect(ran.out).toContain('still not so after 2 retries');
  });
});

describe('tags', () => {
  it('choose tasks; always and never are special', async () => {
    const tasks = `
- {name: plain, command: "true"}
- {name: tagged, command: "true", tags: web}
- {name: ever, command: "true", tags: always}
- {name: seldom, command: "true", tags: [never, web]}
- {name: barred, command: "true", tags: never}`;
    expect(ends(await runPlaybook(play(tasks), { hosts: ['a'] }), 'a')).toEqual([
      'plain: changed',
      'tagged: changed',
      'ever: changed',
    ]);
    expect(ends(await runPlaybook(play(tasks), { hosts: ['a'], args: ['--tags', 'web'] }), 'a')).toEqual([
      'tagged: changed',
      'ever: changed',
      'seldom: changed',
    ]);
    expect(ends(await runPlaybook(play(tasks), { hosts: ['a'], args: ['--skip-tags', 'web'] }), 'a')).toEqual(
      ['plain: changed', 'ever: changed'],
    );
  });
});

describe('the hosts of a play', () => {
  it('are those that did not fail, also when some are through already', async () => {
    const tasks = `
- {name: one, command: "sleep {{ 0.4 if inventory_hostname == 'a' else 0 }}", failed_when: inventory_hostname == 'c'}
- {name: two, command: "test {{ ansible_play_hosts | length }} = 2", when: inventory_hostname == 'a'}`;
    const ran = await runPlaybook(play(tasks, '  strategy: free\n'), { hosts: ['a', 'b', 'c'] });
    expect(ends(ran, 'a')).toEqual(['one: changed', 'two: changed']);
  });
});
