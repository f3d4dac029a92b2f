import { describe, expect, it } from 'vitest';
import { ends, messages, runPlaybook } from '../rig/run-playbook.ts';

const one = { hosts: ['a'] };

const say = (text: string): string => `- debug: {msg: "${text}"}\n`;
const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks.replace(/^(?=.)/gm, '    ')}\n`;

/** Lines that tell of includes. */
const included = (out: string): readonly string[] => out.match(/^included: .*$/gm) ?? [];

describe('include_tasks', () => {
  it('brings hosts with the same file and item together, the first file first', async () => {
    const ran = await runPlaybook(
      play(
        '- include_tasks: "{{ inventory_hostname }}.yml"\n- include_tasks: item.yml\n  loop: [1, 2]\n- debug: {msg: after}',
      ),
      { files: { 'a.yml': say('only a'), 'b.yml': say('only b'), 'item.yml': say('item {{ item }}') } },
    );
    expect(included(ran.out)).toEqual([
      'included: {folder}/a.yml for a',
      'included: {folder}/b.yml for b',
      'included: {folder}/item.yml for a, b => (item=1)',
      'included: {folder}/item.yml for a, b => (item=2)',
    ]);
    expect(messages(ran)).toEqual([
      'only a',
      'only b',
      ...['item 1', 'item 1', 'item 2', 'item 2'],
      ...['after', 'after'],
    ]);
    expect(ran.recap).toEqual({ a: 'ok=7', b: 'ok=7' });
  });

  it('lets free hosts go on by themselves', async () => {
    const ran = await runPlaybook(
      play('- include_tasks: f.yml\n- debug: {msg: after}', '  strategy: free\n'),
      {
        files: { 'f.yml': `- command: sleep 0.3\n  when: inventory_hostname == 'a'\n- barrier: together\n` },
      },
    );
    expect(ran.recap).toEqual({ a: 'ok=3 changed=1', b: 'ok=2 skipped=1' });
    expect(ran.events.filter((event) => event.type === 'barrier.opened')).toHaveLength(1);
  });

  it('fails at each include of a file with errors, not at the first only', async () => {
    const tried = (word: string): string =>
      `- block:\n    - include_tasks: "{{ f }}"\n  rescue:\n    - debug: {msg: ${word}}\n`;
    const ran = await runPlaybook(play(`${tried('once')}${tried('twice')}`, '  vars: {f: bad.yml}\n'), {
      ...one,
      files: { 'bad.yml': `- command: 'echo {{ a + }}'\n  notify: "{{"\n` },
    });
    expect(messages(ran)).toEqual(['once', 'twice']);
  });

  it('keeps its keywords to itself, apart from vars, which win over set_fact, and what apply gives', async () => {
    const files = { 'f.yml': `${say('{{ v }}')}${say('tagged')}  tags: t\n` };
    const ran = await runPlaybook(
      play(
        `- set_fact: {v: fact}\n  tags: always\n- include_tasks: f.yml\n  tags: t\n- include_tasks: {file: f.yml, apply: {tags: t, when: v == 'include'}}\n  tags: t\n  vars: {v: include}\n`,
      ),
      { ...one, files, args: ['--tags', 't'] },
    );
    expect(messages(ran)).toEqual(['tagged', 'include', 'tagged']);
  });

  it('may lead to itself as long as something ends it', async () => {
    const files = {
      'again.yml': `- set_fact: {n: "{{ n | default(0) | int + 1 }}"}\n- include_tasks: again.yml\n  when: n | int < 4\n`,
    };
    const ran = await runPlaybook(play(`- include_tasks: again.yml\n${say('n={{ n }}')}`), { ...one, files });
    expect(messages(ran)).toEqual(['n=4']);
    const endless = await runPlaybook(play('- include_tasks: endless.yml\n'), {
      ...one,
      files: { 'endless.yml': '- include_tasks: endless.yml\n' },
    });
    expect(endless.exitCode).toBe(2);
    expect(endless.out).toContain('HAPB2018: includes lead to one another more than 250 times');
  });

  it('of a file that is not there is an error before anything connects, or fails the task when only a host knew', async () => {
    const fixed = await runPlaybook(play('- include_tasks: gone.yml\n'), one);
    expect(fixed.exitCode).toBe(4);
    expect(fixed.err).toContain('site.yml:4:22  error HAPB2014: there is no file of tasks "gone.yml"');
    const ran = await runPlaybook(
      play(
        `- block:\n    - include_tasks: "{{ inventory_hostname }}.yml"\n  rescue:\n    - debug: {msg: "{{ ansible_failed_task.action }}"}\n`,
      ),
      one,
    );
    expect(messages(ran)).toEqual(['include_tasks']);
    expect(ran.recap).toEqual({ a: 'ok=1 rescued=1' });
  });

  it('with run_once goes on where it ran', async () => {
    const ran = await runPlaybook(play('- include_tasks: f.yml\n  run_once: true\n'), {
      files: { 'f.yml': say('here') },
    });
    expect(ran.recap).toEqual({ a: 'ok=2' });
  });

  it('runs a run_once task of a file on a host that includes it', async () => {
    const ran = await runPlaybook(play(`- include_tasks: f.yml\n  when: inventory_hostname == 'b'\n`), {
      files: { 'f.yml': `- debug: {msg: "{{ inventory_hostname }}"}\n  run_once: true\n` },
    });
    expect(messages(ran)).toEqual(['b']);
  });

  it('as a handler brings handlers', async () => {
    const ran = await runPlaybook(
      `${play('- command: "true"\n  notify: h\n')}  handlers:\n    - {name: h, include_tasks: h.yml}\n`,
      { ...one, files: { 'h.yml': '- name: inner\n  debug: {msg: handled}\n' } },
    );
    expect(ran.out).toContain('RUNNING HANDLER [inner]');
    expect(messages(ran)).toEqual(['handled']);
  });

  it('takes no keyword that would do nothing', async () => {
    const ran = await runPlaybook(play('- include_tasks: f.yml\n  become: true\n'), {
      ...one,
      files: { 'f.yml': say('x') },
    });
    expect(ran.err).toMatchInlineSnapshot(`
      "{folder}/site.yml:5:7  error HAPB2004: "become" cannot stand on include_tasks
        5 |       become: true
          |       ^^^^^^
        hint: Put it under "apply:" of include_tasks, so that the tasks get it, or on a block around.

      "
    `);
  });
});

describe('an include in check mode', () => {
  const files = {
    'f.yml': `- name: child\n  command: "true"\n- name: never\n  command: "true"\n  when: false\n`,
  };
  const unknown = '- command: hostname\n  register: r\n';

  it('whose condition is unknown is unknown with all that it would bring', async () => {
    const ran = await runPlaybook(play(`${unknown}- include_tasks: f.yml\n  when: r.stdout == 'x'\n`), {
      ...one,
      files,
      args: ['--check'],
    });
    expect(ends(ran, 'a')).toEqual([
      'command: unknown',
      'include_tasks: unknown',
      'child: unknown',
      'never: skipped',
    ]);
    expect(ran.recap).toEqual({ a: 'skipped=1 unknown=3' });
  });

  it('over an unknown list brings its file once, with an unknown item', async () => {
    const ran = await runPlaybook(
      play(`${unknown}- include_tasks: f.yml\n  loop: "{{ r.stdout_lines }}"\n`),
      {
        ...one,
        files,
        args: ['--check'],
      },
    );
    expect(ends(ran, 'a').slice(1)).toEqual(['include_tasks: unknown', 'child: unknown', 'never: skipped']);
  });

  it('of an unknown file is unknown', async () => {
    const ran = await runPlaybook(play(`${unknown}- include_tasks: "{{ r.stdout }}.yml"\n`), {
      ...one,
      args: ['--check'],
    });
    expect(ends(ran, 'a').slice(1)).toEqual(['include_tasks: unknown']);
  });
});

describe('include_role', () => {
  const files = {
    'roles/r/tasks/main.yml': `${say('{{ d }} {{ v | default(0) }} {{ item | default(0) }}')}  changed_when: true\n  notify: h\n`,
    'roles/r/defaults/main.yml': 'd: default\n',
    'roles/r/handlers/main.yml': '- name: h\n  debug: {msg: "handler {{ item }}"}\n',
  };

  it('keeps the variables of the role to its tasks, unless it is public', async () => {
    const see = say("{{ d | default('none') }}");
    const ran = await runPlaybook(
      play(
        `- include_role: {name: r}\n  vars: {v: 1, item: 0}\n${see}- include_role: {name: r, public: true}\n  vars: {item: 0}\n${see}`,
      ),
      { ...one, files },
    );
    expect(messages(ran)).toEqual(['default 1 0', 'none', 'default 0 0', 'default', 'handler 0']);
  });

  it('in a loop runs the role for each item; of its handlers the last one counts', async () => {
    const ran = await runPlaybook(play('- include_role: {name: r}\n  loop: [1, 2]\n'), { ...one, files });
    expect(ran.out).toContain('TASK [include_role : r]');
    expect(messages(ran)).toEqual(['default 0 1', 'default 0 2', 'handler 2']);
  });
});

describe('a variable whose absence some place allows for', () => {
  it('is not complained about', async () => {
    const ran = await runPlaybook(play('- debug: {msg: "{{ maybe }}"}\n  when: maybe is defined\n'), one);
    expect(ran.recap).toEqual({ a: 'skipped=1' });
  });
});

describe('import_playbook', () => {
  it('hands when, tags and vars to the plays; its vars win over theirs', async () => {
    const files = {
      'sub/two.yml': `- hosts: all\n  gather_facts: false\n  vars: {v: play}\n  tasks: [{debug: {msg: "{{ v }} {{ playbook_dir | basename }}"}}]\n`,
    };
    const ran = await runPlaybook(
      '- import_playbook: "sub/{{ which }}.yml"\n  vars: {v: import, which: two}\n- import_playbook: sub/two.yml\n  when: false\n  tags: t\n',
      { ...one, files },
    );
    expect(messages(ran)).toEqual(['import sub']);
    expect(ran.recap).toEqual({ a: 'ok=1 skipped=1' });
  });
});
