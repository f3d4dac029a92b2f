import { describe, expect, it } from 'vitest';
import { ends, type Ran, runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string, more = ''): string =>
  `- hosts: a\n  gather_facts: false\n${more}  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;

const run = (tasks: string, more = ''): Promise<Ran> => runPlaybook(play(tasks, more), { hosts: ['a'] });

/** What `debug` said, one text each. */
function said(ran: Ran): readonly string[] {
  return [...ran.out.matchAll(/"msg": "(.*)"$/gm)].map(([, text = '']) => text);
}

describe('a loop', () => {
  it('takes with_… forms, each as Ansible does', async () => {
    const ran = await run(`
- {debug: {msg: "{{ item }}!"}, with_items: [1, [2, [3]]]}
- {debug: {msg: "{{ item.key }}={{ item.value }}"}, with_dict: {x: 1}}
- {debug: {msg: "{{ item }}!"}, with_sequence: "2-3:n%d"}
- {debug: {msg: "{{ item }}!"}, with_items: alone}`);
    expect(said(ran)).toEqual(['1!', '2!', '[3]!', 'x=1', 'n2!', 'n3!', 'alone!']);
  });

  it('that is empty skips the task, and one of nothing is no loop', async () => {
    const ran = await run(`
- {debug: {msg: "x"}, loop: [], register: r}
- {debug: {msg: "{{ r }}"}}
- {debug: {msg: "once"}, loop: }`);
    expect(ends(ran, 'a')).toEqual(['debug: skipped', 'debug: ok', 'debug: ok']);
    expect(ran.out).toContain('"skipped_reason": "No items in the list"');
  });

  it('shows items as Python prints them', async () => {
    const ran = await run('- {debug: {msg: x}, loop: [{a: [1, null, "b"]}]}');
    expect(ran.out).toContain("(item={'a': [1, None, 'b']})");
  });

  it('that begins with two keywords, or one without a form here, is an error with the way out', async () => {
    const two = await run('- {debug: {msg: x}, loop: [1], with_items: [2]}');
    expect(two.exitCode).toBe(4);
    expect(two.err).toContain('HAPB2040: a task has one loop; this one has "loop" and "with_items"');
    const refused = await run('- {debug: {msg: x}, with_lines: [date]}');
    expect(refused.err).toContain('hint: Register the command and loop over its stdout_lines.');
  });

  it('sees what set_fact and register did in the item before', async () => {
    const ran = await run(`
- {set_fact: {sum: "{{ (sum | default([])) + [item] }}"}, loop: [1, 2, 3]}
- {command: "echo {{ (r.stdout | default('')) + item }}", loop: [a, b, c], register: r}
- {debug: {msg: "{{ sum }} {{ r.results[2].stdout }}"}}`);
    expect(said(ran)).toEqual(['[1, 2, 3] abc']);
  });

  it('notifies with the item of each change, and ignores errors item by item', async () => {
    const ran = await run(
      `
- {command: "true", loop: [x, y], notify: "restart {{ item }}"}
- {command: "false", loop: [1, 2], ignore_errors: "{{ item == 1 }}"}`,
      '  handlers:\n    - {name: restart x, debug: {msg: x}}\n    - {name: restart y, debug: {msg: y}}\n  force_handlers: true\n',
    );
    expect(ends(ran, 'a')).toEqual(['command: changed', 'command: failed', 'restart x: ok', 'restart y: ok']);
    expect(ran.exitCode).toBe(2);
  });
});

describe('loop_control', () => {
  it('extended tells where the loop is', async () => {
    const ran = await run(`
- debug: {msg: "{{ ansible_loop }}"}
  loop: [x, y]
  loop_control: {extended: true, extended_allitems: false, index_var: i, loop_var: me}
  register: r
- debug: {msg: "{{ r.results[1].ansible_loop.previtem }} {{ r.results[1].i }} {{ r.results[1].me }} {{ r.results[1].ansible_index_var }}"}`);
    expect(said(ran).at(-1)).toBe('x 1 y i');
    expect(ran.out.replaceAll(/\s+/g, '')).toContain(
      '"msg":{"first":true,"index":1,"index0":0,"last":false,"length":2,"nextitem":"y","revindex":2,"revindex0":1}',
    );
  });

  it('break_when ends the loop behind an item, even one that was skipped', async () => {
    const ran = await run(`
- {command: "echo {{ item }}", loop: [x, y, z], register: r, loop_control: {break_when: "r.stdout == 'y'"}}
- {debug: {msg: "{{ r.results | length }}"}}
- {command: "true", loop: [x, y], when: "item != 'x'", loop_control: {break_when: "item == 'x'"}}`);
    expect(said(ran)).toEqual([]);
    expect(ran.out).toContain('"msg": 2');
    expect(ends(ran, 'a')).toEqual(['command: changed', 'debug: ok', 'command: skipped']);
  });

  it('a label that does not render fails the item', async () => {
    const ran = await run('- {command: "true", loop: [{a: 1}], loop_control: {label: "{{ item.b }}"}}');
    expect(ran.exitCode).toBe(2);
    expect(ran.out).toContain('HAPB4003');
  });

  it('a variable that the loop variable hides is warned of once a task', async () => {
    const ran = await run('- {debug: {msg: x}, loop: [1, 2], vars: {item: 5}}');
    expect(ran.out.match(/warning HAPB7070: the loop variable "item" hides a variable/g)).toHaveLength(1);
  });
});

describe('no_log', () => {
  it('hides items, their labels and their output', async () => {
    const ran = await run(
      '- {command: "echo {{ item }}", loop: [hush-hush], no_log: true, failed_when: true}',
    );
    expect(ran.out).toContain('failed: [a] (item=(censored due to no_log))');
    expect(ran.out + JSON.stringify(ran.events)).not.toContain('hush-hush');
  });
});
