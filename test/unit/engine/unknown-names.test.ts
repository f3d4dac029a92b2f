import { describe, expect, it } from 'vitest';
import { ends, messages, type Ran, runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:\n    - {name: ask, command: echo one, register: r}\n${tasks.trim().replace(/^/gm, '    ')}\n`;

async function check(playbook: string, more: Parameters<typeof runPlaybook>[1] = {}): Promise<Ran> {
  return runPlaybook(playbook, { hosts: ['a'], ...more, args: ['--check', ...(more.args ?? [])] });
}

const say = (name: string): string => `- {name: ${name}, debug: {msg: "{{ ${name} }}"}}`;

describe('names are unknown, not undefined, after a task that may have set them', () => {
  it('a file of variables that only the run can name, which wins over what plays say', async () => {
    const ran = await check(
      play(
        `
- {name: early, set_fact: {kept: 1}}
- {name: read, include_vars: "{{ r.stdout }}.yml"}
${say('any')}
${say('of_play')}
${say('kept')}
${say('given')}
${say('inventory_hostname')}
- {name: later, include_vars: {file: known.yml}}
${say('of_file')}`,
        '  vars: {of_play: 1}\n',
      ),
      { args: ['-e', 'given=1'], files: { 'known.yml': 'of_file: 1\n' } },
    );
    expect(ends(ran, 'a').slice(2)).toEqual([
      'read: unknown',
      'any: unknown',
      'of_play: unknown',
      'kept: ok',
      'given: ok',
      'inventory_hostname: ok',
      'later: ok',
      'of_file: ok',
    ]);
    expect(ran.out).toContain(
      "TASK [any]\nunknown: [a] ('read' at {folder}/site.yml:7:7, which is unknown itself, may set it)\n",
    );
  });

  it('under one name alone, where all of the file goes there', async () => {
    const ran = await check(
      play(`
- {name: read, include_vars: {file: "{{ r.stdout }}.yml", name: all}}
- {name: in it, debug: {msg: "{{ all.x }}"}}
- {name: other, debug: {msg: "{{ other | default('none') }}"}}`),
    );
    expect(ends(ran, 'a').slice(2)).toEqual(['in it: unknown', 'other: ok']);
  });

  it('a file of variables that an earlier task would write', async () => {
    const files = { 'vars.yml': 'x: old\n' };
    const playbook = play(`
- name: write
  copy_file: {content: "x: new\\n", dest: "{{ playbook_dir }}/vars.yml", mode: "0644"}
  delegate_to: localhost
- {name: read, include_vars: vars.yml}
${say('x')}`);
    const foreseen = await check(playbook, { files });
    expect(ends(foreseen, 'a').slice(1)).toEqual(['write: would-change', 'read: unknown', 'x: unknown']);
    expect(messages(await runPlaybook(playbook, { hosts: ['a'], files }))).toEqual(['new']);
  });

  it('a set_fact of a map that is not known, until it is set again', async () => {
    const ran = await check(
      play(`
- {name: before, set_fact: {x: 1, y: 1}}
- {name: set, set_fact: "{{ r.stdout | from_json }}"}
- {name: after, set_fact: {y: 2}}
${say('x')}
${say('y')}
${say('r')}
${say('new')}`),
    );
    expect(ends(ran, 'a').slice(2)).toEqual([
      'set: unknown',
      'after: ok',
      'x: unknown',
      'y: ok',
      'r: unknown',
      'new: unknown',
    ]);
  });

  it('a set_fact of which only the names are known', async () => {
    const ran = await check(
      play(
        `
- {name: set, set_fact: "{{ both }}"}
- {name: perhaps, set_fact: "{{ both }}", when: r.rc == 0}
- {name: sure, set_fact: {"{{ 'x' }}": 1, "{{ 'z' }}": "{{ r.stdout }}"}}
${say('x')}
${say('y')}
${say('z')}
- {name: other, debug: {msg: "{{ other | default('none') }}"}}`,
        '  vars: {both: {x: 1, y: 1}}\n',
      ),
    );
    expect(ends(ran, 'a').slice(4)).toEqual(['x: ok', 'y: unknown', 'z: unknown', 'other: ok']);
  });

  it('tasks that only the run can name', async () => {
    const ran = await check(
      play(`
- {name: known, set_fact: {x: 1}}
- {name: more, include_tasks: "{{ r.stdout }}.yml"}
${say('x')}
${say('y')}
${say('ansible_system')}
- {name: fact, debug: {msg: "{{ ansible_facts.system }}"}}
- {name: loop, debug: {msg: "{{ item }}"}, loop: "{{ list }}", register: s}
- {name: after, debug: {msg: "{{ s.results | length }}"}}`),
    );
    expect(
      ends(ran, 'a')
        .slice(2)
        .map((end) => end.split(': ')[1]),
    ).toEqual(Array(7).fill('unknown'));
  });

  it('facts that may have been gathered', async () => {
    const ran = await check(
      play(`
- {name: gather, setup: {}, when: r.rc == 0}
${say('ansible_system')}
- {name: fact, debug: {msg: "{{ ansible_facts['system'] }}"}}
- {name: no fact, debug: {msg: "{{ other | default('none') }}"}}
- {name: reach, stat: {path: /}}`),
    );
    expect(ends(ran, 'a').slice(1)).toEqual([
      'gather: unknown',
      'ansible_system: unknown',
      'fact: unknown',
      'no fact: ok',
      'reach: ok',
    ]);
  });

  it('a file of vars_files that such a fact names', async () => {
    const ran = await check(
      play(
        `
- {name: gather, setup: {}, when: r.rc == 0}
${say('of_system')}
- {name: of_task, debug: {msg: "{{ of_task }}"}, vars: {of_task: 1}}`,
        '  vars_files: ["{{ ansible_system }}.yml"]\n',
      ),
      { files: { 'Linux.yml': 'of_system: 1\nof_task: 2\n' } },
    );
    expect(ends(ran, 'a').slice(1)).toEqual(['gather: unknown', 'of_system: unknown', 'of_task: ok']);
  });

  it('groups and hosts after a host that only the run can name', async () => {
    const ran = await check(
      play(`
- {name: grow, add_host: {name: "{{ r.stdout }}", groups: more}}
- {name: groups, debug: {msg: "{{ groups.more | default([]) }}"}}
- {name: own, debug: {msg: "{{ 'more' in group_names }}"}}
- {name: new, debug: {msg: "{{ hostvars['one'].x }}"}}
- {name: old, debug: {msg: "{{ hostvars['a'].inventory_hostname }}"}}`),
    );
    expect(ends(ran, 'a').slice(1)).toEqual([
      'grow: unknown',
      'groups: unknown',
      'own: unknown',
      'new: unknown',
      'old: ok',
    ]);
  });
});
