import { describe, expect, it } from 'vitest';
import { messages, runPlaybook } from '../rig/run-playbook.ts';

const play = (files: string, tasks = '', more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  vars_files: ${files}\n  tasks:\n${tasks}    - debug: {msg: "{{ x | default('none') }}"}\n`;

describe('vars_files', () => {
  it('reads files named by variables of the play and by earlier files', async () => {
    const files = { 'vars/one.yml': 'next: two\nx: one\n', 'two.yml': 'x: "two after {{ first }}"\n' };
    const ran = await runPlaybook(
      play('["{{ first }}.yml", "{{ next }}.yml"]', '', '  vars: {first: one}\n'),
      { hosts: ['a'], files },
    );
    expect(messages(ran)).toEqual(['two after one']);
  });

  it('reads the first of a list that exists, and goes on when none does', async () => {
    const files = { 'second.yml': 'x: second\n', 'third.yml': 'x: third\n' };
    const ran = await runPlaybook(play('[[first.yml, second.yml, third.yml], [no.yml]]'), {
      hosts: ['a'],
      files,
    });
    expect(messages(ran)).toEqual(['second']);
  });

  it('lets each host choose by a variable of its own, in order among the others', async () => {
    const files = { 'a.yml': 'x: of a\n', 'default.yml': 'x: default\ny: early\n', 'last.yml': 'y: last\n' };
    const ran = await runPlaybook(
      `- hosts: all
  gather_facts: false
  vars_files: [default.yml, ["{{ inventory_hostname }}.yml", none.yml], last.yml]
  tasks:
    - debug: {msg: "{{ x }} {{ y }}"}
`,
      { hosts: ['a', 'b'], files },
    );
    expect([...messages(ran)].sort()).toEqual(['default last', 'of a last']);
  });

  it('passes over a name that cannot be told, also when a task sets it later', async () => {
    const ran = await runPlaybook(play('["{{ later }}.yml"]', '    - set_fact: {later: one}\n'), {
      hosts: ['a'],
      files: { 'one.yml': 'x: one\n' },
    });
    expect(messages(ran)).toEqual(['none']);
  });
});
