import { describe, expect, it } from 'vitest';
import { ends, messages, runPlaybook } from '../rig/run-playbook.ts';

const later = `
- hosts: fresh
  gather_facts: false
  tasks:
    - debug: msg="{{ inventory_hostname }} {{ v }} {{ group_names }} {{ inventory_file is none }}"
`;

describe('add_host', () => {
  const play = `- hosts: all
  gather_facts: false
  tasks:
    - add_host: {name: new, groups: [fresh, also], v: 5, ansible_connection: local}
      register: r
    - debug: msg="{{ groups.fresh }} {{ hostvars.new.v }} {{ r.add_host.host_name | default('none') }}"
${later}`;

  it('makes a host for later plays, which the first host of a linear play alone does and keeps the result of', async () => {
    const ran = await runPlaybook(play);
    expect(messages(ran)).toEqual(["['new'] 5 new", "['new'] 5 none", "new 5 ['also', 'fresh'] True"]);
    expect(ran.recap).toEqual({ a: 'ok=2 changed=1', b: 'ok=1', new: 'ok=1' });
  });

  it('does the same in check mode, for only the inventory of the run changes', async () => {
    const ran = await runPlaybook(play, { args: ['--check'] });
    expect(messages(ran)).toHaveLength(3);
    expect(ends(ran, 'a')[0]).toBe('add_host: changed');
  });

  it('adds to a host that is there, and has changed nothing when all is there already', async () => {
    const ran = await runPlaybook(`- hosts: a
  gather_facts: false
  tasks:
    - add_host: name=b:2222 groups=fresh,also v=5
    - add_host: name=b groups=also v=5
    - add_host: {host: b, group: fresh, v: 6}
    - debug: msg="{{ hostvars.b.ansible_ssh_port }} {{ groups.all }} {{ groups.ungrouped }}"
- hosts: also
  gather_facts: false
  tasks:
    - debug: msg="v={{ v }}"
`);
    expect(ends(ran, 'a').slice(0, 3)).toEqual(['add_host: changed', 'add_host: ok', 'add_host: changed']);
    expect(messages(ran)).toEqual(["2222 ['a', 'b'] ['a']", 'v=6']);
  });

  it('takes one host for each item, is left out of a play by --limit, and serves as a delegate', async () => {
    const ran = await runPlaybook(
      `- hosts: a
  gather_facts: false
  tasks:
    - add_host: {name: "n{{ item }}", groups: fresh, v: "{{ item }}", ansible_connection: local}
      loop: [1, 2]
    - command: echo {{ hostvars.n2.v }}
      delegate_to: n2
${later}`,
      { args: ['--limit', 'a,n2'] },
    );
    expect(messages(ran)).toEqual(["n2 2 ['fresh'] True"]);
    expect(ends(ran, 'a')[1]).toBe('command: changed');
  });

  it('keeps what was added when the inventory is read again', async () => {
    const ran = await runPlaybook(`- hosts: a
  gather_facts: false
  tasks:
    - add_host: {name: new, groups: fresh, v: 5, ansible_connection: local}
    - group_by: key=mine
    - meta: refresh_inventory
    - debug: msg="mine={{ groups.mine }}"
${later}`);
    expect(messages(ran)).toEqual(["mine=['a']", "new 5 ['fresh'] True"]);
  });

  it('says at the argument what is wrong with a name', async () => {
    const ran = await runPlaybook(`- hosts: a
  gather_facts: false
  tasks:
    - add_host: {name: "{{ 'two words' }}"}
      ignore_errors: true
    - add_host: {name: new, groups: "x,"}
      ignore_errors: true
    - add_host: {name: -new}
`);
    expect(ran.out + ran.err).toMatchInlineSnapshot(`
      "
      PLAY [a]

      TASK [add_host]
      fatal: [a]: FAILED! => {"changed": false, "msg": "\`two words\` cannot be the name of a host"}
      {folder}/site.yml:4:24  error HAPB3106: \`two words\` cannot be the name of a host
        4 |     - add_host: {name: "{{ 'two words' }}"}
          |                        ^^^^^^^^^^^^^^^^^^^
        hint: Write NAME or NAME:PORT, without blanks and quotes.
      ...ignoring

      TASK [add_host]
      fatal: [a]: FAILED! => {"changed": false, "msg": "a group needs a name, and one of these is empty"}
      {folder}/site.yml:6:24  error HAPB3125: a group needs a name, and one of these is empty
        6 |     - add_host: {name: new, groups: "x,"}
          |                        ^^^
        hint: Look at the variables and commas in the names of the groups.
      ...ignoring

      TASK [add_host]
      fatal: [a]: FAILED! => {"changed": false, "msg": "\`-new\` cannot be the name of a host"}
      {folder}/site.yml:8:24  error HAPB3106: \`-new\` cannot be the name of a host
        8 |     - add_host: {name: -new}
          |                        ^^^^
        hint: Write NAME or NAME:PORT, without blanks and quotes.

      NO MORE HOSTS LEFT
      'add_host' failed on a

      PLAY RECAP
      a                          : ok=2    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=2   

      "
    `);
  });
});

describe('group_by', () => {
  it('makes groups that later plays name, with their group_vars', async () => {
    const ran = await runPlaybook(
      `- hosts: all
  gather_facts: false
  tasks:
    - group_by: {key: "is {{ inventory_hostname }}", parents: [top, "the rest"]}
    - debug: msg="{{ group_names }} {{ groups.top }} {{ who | default('nobody') }}"
- hosts: is-b
  gather_facts: false
  tasks:
    - debug: msg="{{ inventory_hostname }} {{ who }}"
`,
      { files: { 'group_vars/is-b.yml': 'who: "group of {{ inventory_hostname }}"\n' } },
    );
    expect(messages(ran)).toEqual([
      "['is-a', 'the-rest', 'top'] ['a', 'b'] nobody",
      "['is-b', 'the-rest', 'top'] ['a', 'b'] group of b",
      'b group of b',
    ]);
    expect(ran.recap).toEqual({ a: 'ok=2 changed=1', b: 'ok=3 changed=1' });
  });

  it('puts this machine into a group without making it one of all hosts otherwise', async () => {
    const ran = await runPlaybook(`- hosts: localhost
  gather_facts: false
  tasks:
    - group_by: key=here
- hosts: here
  gather_facts: false
  tasks:
    - debug: msg="{{ inventory_hostname }} {{ group_names }}"
`);
    expect(messages(ran)).toEqual(["localhost ['here']"]);
  });

  it('refuses groups that would contain each other, and files of variables that cannot be read', async () => {
    const ran = await runPlaybook(
      `- hosts: a
  gather_facts: false
  tasks:
    - group_by: {key: linux, parents: os}
    - group_by: {key: os, parents: linux}
      ignore_errors: true
    - group_by: {key: os, parents: os}
      ignore_errors: true
    - group_by: key=broken
      ignore_errors: true
    - group_by: {key: "{{ groups.none | default('') }}"}
`,
      { files: { 'group_vars/broken.yml': '- a list\n' } },
    );
    expect(ran.out + ran.err).toMatchInlineSnapshot(`
      "
      PLAY [a]

      TASK [group_by]
      changed: [a]

      TASK [group_by]
      fatal: [a]: FAILED! => {"changed": false, "msg": "linux cannot be a parent of os: it is in that group"}
      {folder}/site.yml:5:23  error HAPB3126: linux cannot be a parent of os: it is in that group
        5 |     - group_by: {key: os, parents: linux}
          |                       ^^
        hint: Name other parents, or another group.
      ...ignoring

      TASK [group_by]
      fatal: [a]: FAILED! => {"changed": false, "msg": "the group os cannot be its own parent"}
      {folder}/site.yml:7:23  error HAPB3126: the group os cannot be its own parent
        7 |     - group_by: {key: os, parents: os}
          |                       ^^
        hint: Name other parents, or another group.
      ...ignoring

      TASK [group_by]
      fatal: [a]: FAILED! => {"changed": false, "msg": "{folder}/group_vars/broken.yml must hold a map of names to values, not a list"}
      {folder}/group_vars/broken.yml:1:1  error HAPB3004: {folder}/group_vars/broken.yml must hold a map of names to values, not a list
        1 | - a list
          | ^^^^^^^^
        hint: Write one \`name: value\` a line, without a dash in front.
      ...ignoring

      TASK [group_by]
      fatal: [a]: FAILED! => {"changed": false, "msg": "a group needs a name, and one of these is empty"}
      {folder}/site.yml:11:23  error HAPB3125: a group needs a name, and one of these is empty
        11 |     - group_by: {key: "{{ groups.none | default('') }}"}
           |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Look at the variables and commas in the names of the groups.

      PLAY RECAP
      a                          : ok=4    changed=1    unreachable=0    failed=1    skipped=0    rescued=0    ignored=3   

      "
    `);
  });
});
