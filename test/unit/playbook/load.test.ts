import { describe, expect, it } from 'vitest';
import { error, failure, type Result, success } from '../../../src/core/diagnostic.ts';
import { bareStyle, printDiagnostics } from '../../../src/core/print-diagnostic.ts';
import { fileSpan } from '../../../src/core/source.ts';
import { findModule } from '../../../src/modules/registry.ts';
import { buildPlan } from '../../../src/plan/build.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { tasksOfPlan } from '../../../src/plan/walk.ts';
import type { Disk } from '../../../src/playbook/disk.ts';
import { loadPlaybook } from '../../../src/playbook/load.ts';
import { openProject } from '../../../src/playbook/project.ts';
import { plainTools } from '../../../src/variables/vars-file.ts';

const modules = {
  all: ['command', 'copy', 'debug', 'file'],
  has: (name: string): boolean => modules.all.includes(name),
  freeForm: (name: string): string | null => (name === 'command' ? 'cmd' : null),
};

function load(files: Readonly<Record<string, string>>): Result<Plan> {
  const context = { modules, disk: diskOf(files) };
  const plays = loadPlaybook('site.yml', context);
  if (!plays.ok) return plays;
  return buildPlan(plays.value, {
    project: openProject(context),
    findModule,
    tags: { only: [], skip: [] },
    tools: plainTools,
    rolesPath: [],
    extraVars: null,
  });
}

function diskOf(files: Readonly<Record<string, string>>): Disk {
  return {
    read: (path) => {
      const text = files[path];
      if (text !== undefined) return success(text);
      const problem = {
        code: 'HAPB1001',
        message: `${path} does not exist`,
        span: fileSpan(path),
        hint: 'Check the path.',
      } as const;
      return failure([error(problem)]);
    },
    kind: (path) => (files[path] === undefined ? 'nothing' : 'file'),
    list: () => [],
  };
}

/** The whole text that a user would see, without the trailing newline. */
function complaint(text: string, more: Readonly<Record<string, string>> = {}): string {
  const files: Readonly<Record<string, string>> = { 'site.yml': text, ...more };
  const result = load(files);
  if (result.ok) return 'no complaint';
  return printDiagnostics(result.diagnostics, {
    ...bareStyle,
    source: (file) => files[file] ?? null,
  }).trimEnd();
}

describe('a playbook that is in order', () => {
  it('gives its plays, with imports in place and short module names', () => {
    const result = load({
      'site.yml': `
- hosts: all
  tasks:
    - ansible.builtin.copy: src=motd dest=/etc/motd
    - import_tasks: more/extra.yml
      when: extra
    - barrier: Everyone is here
- import_playbook: more/second.yml
`,
      'more/extra.yml': '- command: uptime\n  args:\n    chdir: /\n',
      'more/second.yml': '- hosts: web\n',
    });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const { plays } = result.value;
    expect(plays.map(({ file }) => file)).toEqual(['site.yml', 'more/second.yml']);
    expect(plays[0]?.body.map(({ kind }) => kind)).toEqual(['task', 'task', 'task', 'barrier', 'flush']);
    const [, copy, uptime] = tasksOfPlan(result.value);
    expect(copy?.module.name).toBe('copy_file');
    expect([...(copy?.args.values.keys() ?? [])]).toEqual(['src', 'dest']);
    expect(uptime).toMatchObject({ file: 'more/extra.yml', module: { name: 'command' } });
    expect(uptime?.inherited.when.map(({ text }) => text)).toEqual(['extra']);
  });
});

describe('arguments among the words of a command', () => {
  it('are taken out, wherever they stand; other words with = belong to it', () => {
    const result = load({
      'site.yml': `
- hosts: all
  tasks:
    - command: chdir={{ there }}/x env A=b 'chdir=/no' creates="a b" run
      args: {creates: other}
`,
    });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const [, task] = tasksOfPlan(result.value);
    const texts = task?.args.node.entries.map(({ key, value }) => [
      key,
      value.kind === 'scalar' && value.value,
    ]);
    expect(texts).toEqual([
      ['cmd', "env A=b 'chdir=/no'  run"],
      ['chdir', '{{ there }}/x'],
      ['creates', 'a b'],
    ]);
  });
});

describe('messages', () => {
  it('an unknown module names the nearest', () => {
    expect(complaint('- hosts: all\n  tasks:\n    - comand: uptime\n')).toMatchInlineSnapshot(`
      "site.yml:3:7  error HAPB2001: "comand" is not a keyword or a module
        3 |     - comand: uptime
          |       ^^^^^^
        hint: Did you mean "command"? \`hapb modules\` lists the modules."
    `);
  });
  it('an unknown keyword of a play', () => {
    expect(complaint('- hosts: all\n  task:\n    - command: uptime\n')).toMatchInlineSnapshot(`
      "site.yml:2:3  error HAPB2001: "task" is not a keyword of a play
        2 |   task:
          |   ^^^^
        hint: Did you mean "tasks"? \`hapb modules\` lists the modules."
    `);
  });
  it('two modules in one task', () => {
    expect(
      complaint('- hosts: all\n  tasks:\n    - command: uptime\n      debug: msg=hi\n'),
    ).toMatchInlineSnapshot(`
      "site.yml:4:7  error HAPB2006: a task runs one module; this one names "command" and "debug"
        4 |       debug: msg=hi
          |       ^^^^^
        hint: Begin a new task with "- name: …" before the second module."
    `);
  });
  it('a task without a module', () => {
    expect(complaint('- hosts: all\n  tasks:\n    - name: Say hello\n')).toMatchInlineSnapshot(`
      "site.yml:3:7  error HAPB2007: this task names no module
        3 |     - name: Say hello
          |       ^^^^^^^^^^^^^^^
        hint: Add the module that does the work, for example "command: uptime"; \`hapb modules\` lists them."
    `);
  });
  it('a keyword that is known from Ansible and not supported', () => {
    expect(
      complaint('- hosts: all\n  tasks:\n    - command: uptime\n      debugger: always\n'),
    ).toMatchInlineSnapshot(`
      "site.yml:4:7  error HAPB2002: "debugger" is not supported
        4 |       debugger: always
          |       ^^^^^^^^
        hint: Run with -vvv, or with --start-at-task after the error."
    `);
  });
  it('a keyword in the wrong place', () => {
    expect(
      complaint('- hosts: all\n  serial: 1\n  tasks:\n    - command: uptime\n      serial: 1\n'),
    ).toMatchInlineSnapshot(`
      "site.yml:5:7  error HAPB2004: "serial" cannot stand on a task
        5 |       serial: 1
          |       ^^^^^^
        hint: It belongs on a play."
    `);
  });
  it('tasks that are no list', () => {
    expect(complaint('- hosts: all\n  tasks:\n    command: uptime\n')).toMatchInlineSnapshot(`
      "site.yml:3:5  error HAPB2003: "tasks" needs a list, found a mapping
        3 |     command: uptime
          |     ^^^^^^^^^^^^^^^
        hint: Put "- " before each item under "tasks:"."
    `);
  });
  it('a playbook that is no list', () => {
    expect(complaint('hosts: all\n')).toMatchInlineSnapshot(`
      "site.yml:1:1  error HAPB2011: a playbook is a list of plays, found a mapping
        1 | hosts: all
          | ^^^^^^^^^^
        hint: Begin with "- hosts: …" on the first line."
    `);
  });
  it('a play without hosts', () => {
    expect(complaint('- tasks:\n    - command: uptime\n')).toMatchInlineSnapshot(`
      "site.yml:1:3  error HAPB2013: this play does not say on which hosts it runs
        1 | - tasks:
          |   ^^^^^^
        2 |     - command: uptime
          |     ^^^^^^^^^^^^^^^^^
        hint: Add "hosts: all", or the name of a group or host of the inventory."
    `);
  });
  it('a play whose hosts are nothing', () => {
    for (const hosts of ['""', '[]', '']) {
      expect(complaint(`- hosts: ${hosts}\n  tasks: []\n`)).toContain('error HAPB2013: "hosts" is empty');
    }
  });
  it('free-form text that is not k=v', () => {
    expect(complaint('- hosts: all\n  tasks:\n    - copy: motd /etc/motd\n')).toMatchInlineSnapshot(`
      "site.yml:3:13  error HAPB2010: copy takes named arguments; "motd" has no name
        3 |     - copy: motd /etc/motd
          |             ^^^^
        hint: Write each argument as NAME=VALUE, or on its own line below "copy:".

      site.yml:3:18  error HAPB2010: copy takes named arguments; "/etc/motd" has no name
        3 |     - copy: motd /etc/motd
          |                  ^^^^^^^^^
        hint: Write each argument as NAME=VALUE, or on its own line below "copy:"."
    `);
  });
  it('an import that is missing points to the line that asks for it', () => {
    expect(complaint('- hosts: all\n  tasks:\n    - import_tasks: nothere.yml\n')).toMatchInlineSnapshot(`
      "site.yml:3:21  error HAPB2014: there is no file of tasks "nothere.yml"
        3 |     - import_tasks: nothere.yml
          |                     ^^^^^^^^^^^
          nothere.yml
        hint: Check the name, or put the file into one of these places."
    `);
  });
  it('an import cycle shows the way round', () => {
    const files = { 'a.yml': '- import_tasks: b.yml\n', 'b.yml': '- import_tasks: a.yml\n' };
    expect(complaint('- hosts: all\n  tasks:\n    - import_tasks: a.yml\n', files)).toMatchInlineSnapshot(`
      "b.yml:1:17  error HAPB2012: a.yml imports itself: a.yml → b.yml → a.yml
        1 | - import_tasks: a.yml
          |                 ^^^^^
        hint: Remove one of the imports."
    `);
  });
  it('a barrier without a name', () => {
    expect(complaint('- hosts: all\n  tasks:\n    - barrier:\n')).toMatchInlineSnapshot(`
      "site.yml:3:7  error HAPB2008: a barrier needs a name
        3 |     - barrier:
          |       ^^^^^^^
        hint: Say what is true behind it: "- barrier: Every node is prepared"."
    `);
  });
  it('several at once, in the order of the file', () => {
    expect(complaint('- hosts: all\n  tasks:\n    - comand: uptime\n    - name: x\n')).toMatchInlineSnapshot(`
      "site.yml:3:7  error HAPB2001: "comand" is not a keyword or a module
        3 |     - comand: uptime
          |       ^^^^^^
        hint: Did you mean "command"? \`hapb modules\` lists the modules.

      site.yml:4:7  error HAPB2007: this task names no module
        4 |     - name: x
          |       ^^^^^^^
        hint: Add the module that does the work, for example "command: uptime"; \`hapb modules\` lists them."
    `);
  });
});
