import { expect, it } from 'vitest';
import { messages, runPlaybook } from '../rig/run-playbook.ts';

it('vars holds the names of a task by computed names, without the item of its loop', async () => {
  const ran = await runPlaybook(
    `- hosts: all
  gather_facts: false
  vars: {port_a: 80, text: "{{ inventory_hostname }}!"}
  tasks:
    - debug: msg="p={{ vars['port_' ~ inventory_hostname] }} {{ vars.text }} {{ vars.own }} {{ vars.none | default('no') }} {{ vars.item is defined }}"
      vars: {own: "{{ port_a + 1 }}"}
      loop: [1]
`,
    { hosts: ['a'] },
  );
  expect(messages(ran)).toEqual(['p=80 a! 81 no False']);
});

it('hostvars tells of every host what it has by now, nothing of the play, and names only listed hosts', async () => {
  const ran = await runPlaybook(`- hosts: all
  gather_facts: false
  vars: {of_play: 1}
  tasks:
    - set_fact: {mine: "{{ inventory_hostname }}"}
    - debug: msg="{{ hostvars | list }} {{ hostvars.b.mine }} {{ hostvars.b.of_play | default('no') }} {{ 'localhost' in hostvars }} {{ hostvars.none is defined }} {{ 'mine' in hostvars.b }}"
      run_once: true
`);
  expect(messages(ran)).toEqual(["['a', 'b'] b no True False True"]);
});

it('delegate_facts gives what a task finds out to the delegate, an unknown one in check mode too', async () => {
  const ran = await runPlaybook(
    `- hosts: a
  gather_facts: false
  tasks:
    - command: echo x
      register: r
    - set_fact: {known: "{{ item }}"}
      loop: [a, b]
      delegate_to: "{{ item }}"
      delegate_facts: true
    - set_fact: {theirs: "{{ r.stdout }}"}
      delegate_to: b
      delegate_facts: true
    - debug: msg="{{ known }} {{ hostvars.b.known }} {{ theirs | default('none here') }}"
    - debug: msg="{{ hostvars.b.theirs }}"
`,
    { args: ['--check'] },
  );
  expect(messages(ran)).toEqual(['a b none here']);
  expect(ran.out).toMatch(/unknown: \[a\] \(.*'r'/);
});
