import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { ends, runPlaybook } from '../rig/run-playbook.ts';

/** The facts that a play gathered, as `--output jsonl` records them. */
async function gathered(
  playbook: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[] | 'many'> {
  const ran = await runPlaybook(playbook, { hosts: ['a'], files });
  expect(ran.err).toBe('');
  expect(ends(ran, 'a')[0]).toBe('Gathering Facts: ok');
  const end = ran.events.find((event) => event.type === 'task.finished');
  const output = end?.type === 'task.finished' && end.outcome.kind === 'ok' ? end.outcome.output : {};
  const names = Object.keys(output.ansible_facts as Record<string, unknown>).sort();
  const found = names.filter((name) => !/^(?:gather_subset|module_setup)$/.test(name));
  return names.length > 40 ? 'many' : found.map((name) => name.replace(/^ansible_/, ''));
}

const play = (...tasks: readonly string[]): string =>
  `- hosts: all\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;

test('a play gathers no fact that nothing mentions', async () => {
  expect(await gathered(play('debug: msg={{ inventory_hostname }}{{ ansible_check_mode }}'))).toEqual([]);
});

test.each([
  ['its name with the prefix', '{debug: {msg: "{{ ansible_os_family }}"}}', ['os_family']],
  ['a member of ansible_facts', '{debug: {msg: "{{ ansible_facts.kernel }}"}}', ['kernel']],
  ['a key of ansible_facts', `{debug: {msg: "{{ ansible_facts['fips'] }}"}}`, ['fips']],
  ['the variables of a host', '{debug: {msg: "{{ hostvars.a.ansible_fips }}"}}', ['fips']],
  [
    'the facts of any host',
    '{debug: {msg: "{{ hostvars[inventory_hostname].ansible_facts.machine }}"}}',
    ['machine'],
  ],
  ['a condition', '{debug: {msg: x}, when: ansible_machine is defined}', ['machine']],
])('it gathers what is mentioned by %s', async (_, task, names) => {
  expect(await gathered(play(task))).toEqual(names);
});

test('it gathers what variables, later plays and fixed templates mention', async () => {
  const later = `${play('debug: msg={{ where }}', 'template: {src: t.hbs, dest: "{folder}/out"}')}- hosts: all
  gather_facts: false
  tasks: [{debug: {msg: "{{ ansible_kernel }}"}}]
`;
  const files = { 't.hbs': '{{ ansible_machine }}\n' };
  expect(
    await gathered(later.replace('  tasks:\n', '  vars: {where: "{{ ansible_fips }}"}\n  tasks:\n'), files),
  ).toEqual(['fips', 'kernel', 'machine']);
});

test.each([
  ['as a whole', '{debug: {var: ansible_facts}}'],
  ['by a name that is worked out', `{debug: {msg: "{{ ansible_facts['ker' ~ 'nel'] }}"}}`],
  ['through all variables of a host', '{debug: {msg: "{{ hostvars.a | length }}"}}'],
  ['through a lookup', `{debug: {msg: "{{ lookup('vars', 'ansible_kernel') }}"}}`],
  [
    'through a template whose name is not fixed',
    '{template: {src: "{{ t }}", dest: "{folder}/out"}, vars: {t: t.hbs}}',
  ],
])('it gathers everything when facts are used %s', async (_, task) => {
  expect(await gathered(play(task), { 't.hbs': 'x\n' })).toBe('many');
});

test('names of facts that a module brings are known before the run, and unknown where a check cannot tell them', async () => {
  const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`;
  const without = await runPlaybook(play('    - debug: {msg: "{{ services }} {{ getent_group }}"}\n'));
  expect(without.err.match(/HAPB.*/g)).toEqual([
    'HAPB2030: "services" is not defined anywhere',
    'HAPB2030: "getent_group" is not defined anywhere',
  ]);
  const unknown = await runPlaybook(
    play(
      '    - {command: "true", register: r}\n    - {service_facts: , when: r.rc == 0}\n    - debug: {msg: "{{ services | length }}"}\n',
    ),
    { hosts: ['a'], args: ['--check'] },
  );
  expect(unknown.recap).toEqual({ a: 'unknown=3' });
});

test('a check does not know facts that hang on what a task before would change', async () => {
  const ran = await runPlaybook(
    `- hosts: all
  gather_facts: false
  tasks:
    - {name: folder, file: {path: "{folder}/facts.d", state: directory}}
    - {name: write, copy: {dest: "{folder}/facts.d/new.fact", content: '{"a": 1}'}}
    - {name: zone, file: {path: /etc/timezone, state: touch}}
    - {name: look, setup: {fact_path: "{folder}/facts.d"}}
    - {name: own, debug: {msg: "{{ ansible_local.new.a }}"}}
    - {name: whether, debug: {msg: x}, when: ansible_local.new is not defined}
    - {name: time, debug: {msg: "{{ ansible_facts.date_time.tz }}"}}
    - {name: kernel, debug: {msg: "{{ ansible_kernel }}"}}
    - {name: who, debug: {msg: "{{ ansible_user_id }}"}}
`,
    { hosts: ['a'], args: ['--check'] },
  );
  expect(ends(ran, 'a')).toEqual([
    'folder: would-change',
    'write: would-change',
    'zone: would-change',
    'look: ok',
    'own: unknown',
    'whether: unknown',
    'time: unknown',
    'kernel: ok',
    'who: ok',
  ]);
});

test('a check doubts what it knows of the own account only where a task would change that one', async () => {
  const own = userInfo().username;
  const dirAfter = async (name: string): Promise<readonly string[]> => {
    const ran = await runPlaybook(
      `- hosts: all
  gather_facts: false
  tasks:
    - {name: account, user: {name: ${name}, comment: for a test}}
    - {name: look, setup: {gather_subset: min}}
    - {name: folder, debug: {msg: "{{ ansible_user_dir }}"}}
    - {name: who, debug: {msg: "{{ ansible_user_id }}"}}
`,
      { hosts: ['a'], args: ['--check'] },
    );
    return ends(ran, 'a').slice(2);
  };
  expect(await dirAfter('hapb-none-such')).toEqual(['folder: ok', 'who: ok']);
  expect(await dirAfter(own)).toEqual(['folder: unknown', 'who: ok']);
});
