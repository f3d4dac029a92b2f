import { expect, it } from 'vitest';
import { failure, type Result, success } from '../../../src/core/diagnostic.ts';
import { printed } from '../../../src/expression/print-value.ts';
import { findModule, moduleNames } from '../../../src/modules/registry.ts';
import { buildPlan } from '../../../src/plan/build.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { tasksOfPlan } from '../../../src/plan/walk.ts';
import { loadPlaybook } from '../../../src/playbook/load.ts';
import { openProject } from '../../../src/playbook/project.ts';
import { createScope } from '../../../src/variables/scope.ts';
import { plainTools } from '../../../src/variables/vars-file.ts';

function load(tasks: string, included = ''): Result<Plan> {
  const files = new Map([
    ['site.yml', `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`],
    ['other.yml', included],
  ]);
  const disk = {
    read: (path: string) => success(files.get(path) ?? ''),
    kind: (path: string) => (files.has(path) ? ('file' as const) : ('nothing' as const)),
    list: () => [],
  };
  const context = { modules: moduleNames, disk };
  const plays = loadPlaybook('site.yml', context);
  if (!plays.ok) return failure(plays.diagnostics);
  return buildPlan(plays.value, {
    project: openProject(context),
    findModule,
    tags: { only: [], skip: [] },
    tools: plainTools,
    rolesPath: [],
    extraVars: null,
  });
}

/** What each task is called and, where it is bound to fail, why; else the messages of the errors. */
function read(tasks: string, included?: string): readonly string[] {
  const plan = load(tasks, included);
  if (!plan.ok) return plan.diagnostics.map(({ code, message }) => `${code} ${message}`);
  return [...tasksOfPlan(plan.value)].map(({ title, args }) => {
    const msg = args.values.get('msg');
    return msg?.kind === 'template' ? `${title}: ${printed(msg.template.render(createScope([])))}` : title;
  });
}

const pacman =
  '"community.general.pacman" is not supported. Packages are managed with apt and dnf; use `command` with creates for others.';

it('a module of another system is an error where it surely runs', () => {
  expect(read('    - community.general.pacman: {name: a}\n')).toEqual([
    'HAPB2002 "community.general.pacman" is not supported',
  ]);
  expect(read('    - include_tasks: other.yml\n', '- pacman: {name: a}\n')).toEqual([
    'HAPB2002 "pacman" is not supported',
  ]);
});

it('it fails the hosts that come to it where a condition may keep it from running', () => {
  const when = 'when: ansible_os_family == "Archlinux"';
  const task = 'community.general.pacman: {name: a}';
  expect(read(`    - name: Install\n      ${task}\n      ${when}\n`)).toEqual([`Install: ${pacman}`]);
  expect(read(`    - ${when}\n      block:\n        - ${task}\n`)).toEqual([
    `community.general.pacman: ${pacman}`,
  ]);
  expect(read(`    - import_tasks: other.yml\n      ${when}\n`, `- ${task}\n`)).toEqual([
    `community.general.pacman: ${pacman}`,
  ]);
  expect(read(`    - include_tasks: other.yml\n      ${when}\n`, `- ${task}\n`)).toEqual([
    'include_tasks',
    `community.general.pacman: ${pacman}`,
  ]);
});

it('so it is with modules of collections that are not known here, whatever their arguments', () => {
  const args = 'args: {b: 1}\n      loop: [1]\n      register: r\n      when: r is defined\n';
  expect(read(`    - acme.tools.frobnicate: a=1\n      ${args}`)).toEqual([
    'acme.tools.frobnicate: "acme.tools.frobnicate" is not supported. There is no such module here; `hapb modules` lists those that are.',
  ]);
});

it.each(['ansible.builtin.comand', 'community.general.timezon', 'comand'])(
  'a slip of the pen stays an error under a condition: %s',
  (name) => {
    expect(read(`    - ${name}: {a: 1}\n      when: x is defined\n`)).toEqual([
      `HAPB2001 "${name}" is not a keyword or a module`,
    ]);
  },
);

it.each([
  ['iptables', 'iptables -C RULE'],
  ['mount_facts', 'ansible_mounts'],
  ['package_facts', 'dpkg-query -W'],
  ['set_stats', '`set_fact`'],
  ['subversion', 'svn checkout'],
  ['sysvinit', '`service`'],
])('the error for %s says what to use instead', (name, remedy) => {
  for (const written of [name, `ansible.builtin.${name}`]) {
    const plan = load(`    - ${written}: {name: a}\n`);
    const found = plan.ok ? [] : plan.diagnostics;
    expect(found.map(({ message }) => message)).toEqual([`"${written}" is not supported`]);
    expect(found[0]?.hint).toContain(remedy);
  }
});
