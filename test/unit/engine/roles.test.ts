import { describe, expect, it } from 'vitest';
import { ends, messages, runPlaybook } from '../rig/run-playbook.ts';

const one = { hosts: ['a'] };

/** A task that shows a text. */
const say = (text: string, more = ''): string =>
  `- debug: {msg: "${text}"}\n${more.replace(/^(?=.)/gm, '  ')}`;

const play = (lines: string): string =>
  `- hosts: all\n  gather_facts: false\n${lines.replace(/^(?=.)/gm, '  ')}\n`;

describe('a role', () => {
  const files = {
    'roles/web/tasks/main.yml': `${say('web {{ number }} {{ kind }} {{ role_name }}', 'changed_when: true\nnotify: tell')}`,
    'roles/web/defaults/main.yml': 'number: 80\nkind: default\n',
    'roles/web/vars/main.yml': 'kind: role\n',
    'roles/web/handlers/main.yml': '- name: tell\n  debug: {msg: "handler of {{ kind }}"}\n',
    'roles/web/meta/main.yml': 'dependencies: [base]\n',
    'roles/base/tasks/main.yml': say('base'),
  };

  it('runs between pre_tasks and tasks, what it depends on first, its handlers after the tasks', async () => {
    const ran = await runPlaybook(
      play(`
pre_tasks:
  ${say('pre {{ number }}')}
roles: [web]
tasks:
  ${say('tasks')}
post_tasks:
  ${say('post')}`),
      { ...one, files },
    );
    expect(messages(ran)).toEqual(['pre 80', 'base', 'web 80 role web', 'tasks', 'handler of role', 'post']);
    expect(ran.out).toContain('TASK [base : debug]');
    expect(ran.out).toContain('RUNNING HANDLER [web : tell]');
  });

  it('runs once for equal uses, again for others', async () => {
    const ran = await runPlaybook(
      play('roles:\n  - web\n  - role: web\n  - {role: web, number: 81}\n  - {role: web, number: 81}\n'),
      { ...one, files },
    );
    expect(messages(ran).filter((text) => !text.startsWith('handler'))).toEqual([
      'base',
      'web 80 role web',
      'web 81 role web',
    ]);
  });

  it('hands keywords of its use to its tasks and to what it depends on', async () => {
    const ran = await runPlaybook(play("roles: [{role: web, when: inventory_hostname == 'a', tags: w}]\n"), {
      files,
      args: ['--tags', 'w'],
    });
    expect(ran.recap).toEqual({ a: 'ok=3 changed=1', b: 'skipped=2' });
  });

  it('has parameters that win over set_fact, and vars that do not', async () => {
    const ran = await runPlaybook(
      play(`
pre_tasks: [{set_fact: {number: 1, kind: fact}}]
roles: [{role: web, number: 2, vars: {kind: use}}]`),
      { ...one, files },
    );
    expect(messages(ran)).toContain('web 2 fact web');
  });

  it('shows its defaults and vars to the whole play, its parameters only to itself', async () => {
    const ran = await runPlaybook(
      play(
        `roles: [{role: web, number: 2}]\ntasks:\n  ${say('{{ number }} {{ kind }} {{ ansible_role_names | sort }}')}`,
      ),
      { ...one, files },
    );
    expect(messages(ran)).toContain("80 role ['base', 'web']");
  });
});

describe('a handler of a role', () => {
  const files = {
    'roles/r/tasks/main.yml': `- command: 'true'\n  notify: [both, 'r : both']\n`,
    'roles/r/handlers/main.yml': '- name: both\n  debug: {msg: role}\n',
  };
  it('stands before those of the play; a plain name reaches the last one of that name', async () => {
    const ran = await runPlaybook(play('roles: [r]\nhandlers:\n  - name: both\n    debug: {msg: play}\n'), {
      ...one,
      files,
    });
    expect(messages(ran)).toEqual(['role', 'play']);
    const imported = await runPlaybook(
      play(
        'tasks:\n  - import_role: {name: r}\n  - command: "true"\n    notify: both\nhandlers:\n  - name: both\n    debug: {msg: play}\n',
      ),
      { ...one, files },
    );
    expect(messages(imported)).toEqual(['role']);
  });
});

describe('import_role', () => {
  it('takes other files of the role, and names that extra vars give', async () => {
    const files = {
      'roles/r/tasks/other.yml': say('{{ v }} {{ d }}'),
      'roles/r/vars/other.yml': 'v: other\n',
      'roles/r/defaults/main/1.yml': 'd: one\n',
      'roles/r/defaults/main/2.yml': 'd: two\n',
    };
    const ran = await runPlaybook(
      play('tasks: [{import_role: {name: "{{ which }}", tasks_from: other, vars_from: other.yml}}]'),
      { ...one, files, args: ['-e', 'which=r'] },
    );
    expect(messages(ran)).toEqual(['other two']);
  });

  it('of a role that does not exist names the places', async () => {
    const ran = await runPlaybook(play('tasks: [{import_role: {name: nothere}}]'), {
      ...one,
      args: ['--roles-path', '/nowhere'],
    });
    expect(ran.exitCode).toBe(4);
    expect(ran.err).toMatchInlineSnapshot(`
      "{folder}/site.yml:3:32  error HAPB2015: there is no role "nothere"
        3 |   tasks: [{import_role: {name: nothere}}]
          |                                ^^^^^^^
          {folder}/roles/nothere
          /nowhere/nothere
          {folder}/nothere
          roles/nothere
          nothere
        hint: Check the name, or put the role into one of these places; --roles-path names more of them.

      "
    `);
  });
});

describe('import_tasks', () => {
  it('hands its keywords to each task, and finds files beside the one that asks, then beside the playbook', async () => {
    const files = {
      'sub/one.yml': `${say('one {{ v }}')}- import_tasks: two.yml\n- import_tasks: three.yml\n`,
      'sub/two.yml': say('two'),
      'three.yml': say('three'),
    };
    const ran = await runPlaybook(
      play(
        `tasks:\n  - import_tasks: sub/one.yml\n    when: inventory_hostname == 'a'\n    vars: {v: 1}\n    tags: t\n`,
      ),
      { files, args: ['--tags', 't'] },
    );
    expect(messages(ran)).toEqual(['one 1', 'two', 'three']);
    expect(ends(ran, 'b')).toEqual(['debug: skipped', 'debug: skipped', 'debug: skipped']);
  });

  it('cannot be looped', async () => {
    const ran = await runPlaybook(play('tasks:\n  - import_tasks: x.yml\n    loop: [1]\n'), one);
    expect(ran.err).toMatchInlineSnapshot(`
      "{folder}/site.yml:4:21  error HAPB2014: there is no file of tasks "x.yml"
        4 |     - import_tasks: x.yml
          |                     ^^^^^
          {folder}/x.yml
        hint: Check the name, or put the file into one of these places.

      {folder}/site.yml:5:7  error HAPB2004: "loop" cannot stand on import_tasks
        5 |       loop: [1]
          |       ^^^^
        hint: Imports are read before anything connects; write include_tasks.

      "
    `);
  });
});

describe('the argument specification of a role', () => {
  const files = {
    'roles/r/tasks/main.yml': say('ran'),
    'roles/r/meta/argument_specs.yml':
      'argument_specs:\n  main:\n    short_description: a role\n    options:\n      n: {type: int, required: true, description: "{{ braces }}"}\n',
  };
  it('is checked by a first task, whatever the tags', async () => {
    const ran = await runPlaybook(play('roles: [{role: r, n: "5", tags: t}]'), {
      ...one,
      files,
      args: ['--tags', 't'],
    });
    expect(ends(ran, 'a')).toEqual([
      "r : Validating arguments against arg spec 'main' - a role: ok",
      'r : debug: ok',
    ]);
  });
  it('fails the host when a variable is missing, unless it is left out', async () => {
    const ran = await runPlaybook(play('tasks: [{import_role: {name: r}}]'), { ...one, files });
    expect(ran.out).toContain('HAPB6160: the arguments are not as specified: missing: n');
    const without = await runPlaybook(play('tasks: [{import_role: {name: r, rolespec_validate: false}}]'), {
      ...one,
      files,
    });
    expect(messages(without)).toEqual(['ran']);
  });
});
