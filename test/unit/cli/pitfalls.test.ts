import { describe, expect, it } from 'vitest';
import { runPlaybook } from '../rig/run-playbook.ts';

const tasks = (text: string): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${text.replace(/^/gm, '    ')}\n`;

/** All that a user sees on standard error when nothing may run. */
async function refused(playbook: string): Promise<string> {
  const ran = await runPlaybook(playbook, { hosts: ['a'] });
  expect(ran.events).toEqual([]);
  expect(ran.exitCode).toBe(4);
  return `\n${ran.err}`;
}

/** The diagnostic of the task that fails. */
async function failing(playbook: string): Promise<string> {
  const ran = await runPlaybook(playbook, { hosts: ['a'] });
  expect(ran.exitCode).toBe(2);
  return `\n${/^\S*site\.yml:\d+:\d+ {2}error [\s\S]*?hint: .*$/m.exec(ran.out + ran.err)?.[0] ?? ran.out}\n`;
}

/** What ran, by the recap. */
async function recap(playbook: string): Promise<unknown> {
  const ran = await runPlaybook(playbook, { hosts: ['a'] });
  return [ran.err, ran.recap.a];
}

describe('braces without quotes', () => {
  it('in a value', async () => {
    expect(await refused(tasks('- debug:\n    msg: {{ x }}/y # why'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:14  error HAPB1003: a value that begins with {{ must be in quotes: YAML takes the braces for a map
        5 |         msg: {{ x }}/y # why
          |              ^^^^^^^^^
        hint: Write "{{ x }}/y".

      "
    `);
  });
  it('in a condition', async () => {
    expect(await refused(tasks('- debug:\n  when: {{ x }} == 1'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:13  error HAPB1003: a value that begins with {{ must be in quotes: YAML takes the braces for a map
        5 |       when: {{ x }} == 1
          |             ^^^^^^^^^^^^
        hint: A condition needs no braces: write x == 1.

      "
    `);
  });
  it('in a list', async () => {
    expect(await refused(tasks('- debug:\n  loop:\n    - {{ a }}\n    - b'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:11  error HAPB1003: a value that begins with {{ must be in quotes: YAML takes the braces for a map
        6 |         - {{ a }}
          |           ^^^^^^^
        hint: Write "{{ a }}".

      "
    `);
  });
});

describe('words and numbers of YAML', () => {
  it('yes and no are taken where a flag must stand', async () => {
    const text = '- file: {path: "{folder}/f", state: touch, force: yes}\n  become: no\n  ignore_errors: off';
    expect(await recap(tasks(text))).toMatchInlineSnapshot(`
      [
        "",
        "ok=1 changed=1",
      ]
    `);
  });
  it('so are texts for numbers and flags, as name=value gives them', async () => {
    expect(await recap(tasks('- stat: path={folder} follow=yes'))).toMatchInlineSnapshot(`
      [
        "",
        "ok=1",
      ]
    `);
  });
  it('elsewhere yes is a text, which no condition takes', async () => {
    expect(await failing(tasks('- debug:\n  vars: {wanted: yes}\n  when: wanted'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:13  error HAPB4012: a condition must be true or false, not the text "yes"
        6 |       when: wanted
          |             ^^^^^^
        hint: Write wanted | bool; or give it the value true, without quotes, where it is set.
      "
    `);
  });
  it('a word that is no flag', async () => {
    expect(await refused(tasks('- debug:\n  become: maybe\n  retries: often'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:15  error HAPB2028: "become" must be true or false, not the text "maybe"
        5 |       become: maybe
          |               ^^^^^
        hint: Write "become: true" or "become: false"; a condition belongs into "when", or into braces: "{{ … }}".

      {folder}/site.yml:6:16  error HAPB2028: "retries" must be a number, not the text "often"
        6 |       retries: often
          |                ^^^^^
        hint: Write a number, such as "retries: 5", or an expression in braces: "{{ … }}".

      "
    `);
  });
  it('a mode with a zero in front is what it says', async () => {
    const text =
      '- file: {path: "{folder}/f", state: touch, mode: 0640}\n- stat: {path: "{folder}/f"}\n  register: r\n- assert: {that: r.stat.mode == "0640"}';
    expect(await recap(tasks(text))).toMatchInlineSnapshot(`
      [
        "",
        "ok=3 changed=1",
      ]
    `);
  });
  it('a mode without it may be meant or not', async () => {
    expect(await refused(tasks('- file: {path: /tmp/x, mode: 644}'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:34  error HAPB1032: file: mode must be a text, not the number 644
        4 |     - file: {path: /tmp/x, mode: 644}
          |                                  ^^^
        hint: Put it in quotes, with the zero in front: "0644".

      "
    `);
    expect(
      await failing(tasks('- file: {path: "{folder}", mode: "{{ m }}"}\n  vars: {m: 420}')),
    ).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:46  error HAPB1032: file: mode must be a text, not the number 420
        4 |     - file: {path: "{folder}", mode: "{{ m }}"}
          |                                              ^^^^^^^^^
        hint: Put it in quotes, with the zero in front: "0644".
      "
    `);
  });
});

describe('keys and indentation', () => {
  it('a key given twice', async () => {
    expect(await refused(tasks('- command: uptime\n  when: a\n  when: b'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:7  error HAPB1004: the key \`when\` is given twice
        6 |       when: b
          |       ^^^^
        {folder}/site.yml:5:7  first given here
        5 |       when: a
          |       ^^^^
        hint: Remove one of the two, or rename it.

      "
    `);
  });
  it('a key given twice hides no other problem', async () => {
    const told = await refused(
      `- hosts: all
  serial: -1
  tasks:
    - command: uptime
      when: a
      when: b
    - nope: x
- hosts: all
  serial: [1, many, "30%", "{{ 1 }}", 1.5]
  roles: [missing]
`,
    );
    expect(told.match(/\d+:\d+ {2}error .*/g)).toEqual([
      '2:11  error HAPB2028: "serial" must be a number, a percentage or a list of them, not -1',
      '6:7  error HAPB1004: the key `when` is given twice',
      '7:7  error HAPB2001: "nope" is not a keyword or a module',
      '9:15  error HAPB2028: "serial" must be a number, a percentage or a list of them, not the text "many"',
      '9:39  error HAPB2028: "serial" must be a number, a percentage or a list of them, not 1.5',
      '10:11  error HAPB2015: there is no role "missing"',
    ]);
    const places = told.split('\n').filter((line) => line.trimEnd().endsWith('missing'));
    expect(new Set(places).size).toBe(places.length);
  });
  it('a tab', async () => {
    expect(await refused(tasks('- debug:\n\t    msg: hi'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:5  error HAPB1002: a tab cannot indent a line in YAML
        5 |             msg: hi
          |     ^^^^
        hint: Indent with spaces; set the editor to insert spaces for the Tab key.

      "
    `);
  });
  it('arguments beside their module', async () => {
    expect(await refused(tasks('- name: x\n  file:\n  path: /x\n  state: here'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:7  error HAPB2001: "path" and "state" are arguments of file, but stand beside it
        6 |       path: /x
          |       ^^^^
        hint: Indent them below "file:", by 8 spaces.

      {folder}/site.yml:7:14  error HAPB1033: file: state must be file, directory, absent, link, touch or hard, not the text "here"
        7 |       state: here
          |              ^^^^
        hint: What is to be there. \`file\` only sets permissions and fails where nothing is. Absent: what is there already, else \`file\`; with recurse \`directory\`.

      "
    `);
  });
  it('a keyword among arguments', async () => {
    expect(await refused(tasks('- file:\n    path: /x\n    when: true'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:9  error HAPB1030: file has no argument "when"
        6 |         when: true
          |         ^^^^
        hint: "when" is a keyword of tasks: put it below the module's name, not below its arguments.

      "
    `);
  });
  it('a keyword below a value', async () => {
    expect(await refused(tasks('- command: uptime\n    when: true'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:9  error HAPB1005: this line is indented deeper than the key above it, whose value is already complete
        5 |         when: true
          |         ^^^^
        hint: Put 6 spaces in front of it, as above, or move that value below its key.

      "
    `);
  });
  it('a line between two columns', async () => {
    expect(await refused(tasks('- file:\n      path: /x\n    state: touch'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:9  error HAPB1005: this line does not line up with the lines it belongs to
        6 |         state: touch
          |         ^^^^^
        hint: It has 8 spaces in front; what is above it begins behind 10 or 6 or 2.

      "
    `);
  });
  it('a task without a dash, a text, two dashes', async () => {
    expect(await refused(tasks('  name: x\n  debug:'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:7  error HAPB2003: "tasks" needs a list, found a mapping
        4 |       name: x
          |       ^^^^^^^
        5 |       debug:
          |       ^^^^^^
        hint: Put "- " before each item under "tasks:".

      "
    `);
    expect(await refused(tasks('- debug msg=hi\n- - debug:\n- uptime'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:7  error HAPB2003: a task needs a mapping, found the text "debug msg=hi"
        4 |     - debug msg=hi
          |       ^^^^^^^^^^^^
        hint: A colon is missing: write "- debug: msg=hi".

      {folder}/site.yml:5:7  error HAPB2003: a task needs a mapping, found a list
        5 |     - - debug:
          |       ^^^^^^^^
        hint: Remove one of the dashes.

      {folder}/site.yml:6:7  error HAPB2003: a task needs a mapping, found the text "uptime"
        6 |     - uptime
          |       ^^^^^^
        hint: Write "- name: …" and the module on the next line, indented like "name".

      "
    `);
  });
  it('tasks where plays must stand', async () => {
    expect(await refused('- name: x\n  debug:\n    msg: hi\n')).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:2:3  error HAPB2011: "debug" is a module: this is a task, and a playbook is a list of plays
        2 |   debug:
          |   ^^^^^
        hint: Put the tasks below "tasks:" of a play, or run a play that has them with import_tasks.

      "
    `);
    expect(await refused('- host: all\n  tasks: []\n')).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:1:3  error HAPB2001: "host" is not a keyword of a play
        1 | - host: all
          |   ^^^^
        hint: Did you mean "hosts"? \`hapb modules\` lists the modules.

      "
    `);
  });
});

describe('signs of YAML in values', () => {
  it('an equals sign among lines with colons', async () => {
    expect(await refused(tasks('- file:\n    path: /x\n    state=touch'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:9  error HAPB1006: between a key and its value stands a colon here, not "="
        6 |         state=touch
          |         ^^^^^^^^^^^
        hint: Write state: touch

      "
    `);
    expect(await refused(tasks('- debug:\n  when=x'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:7  error HAPB1006: between a key and its value stands a colon here, not "="
        5 |       when=x
          |       ^^^^^^
        hint: Write when: x

      "
    `);
  });
  it('a colon among words with equals signs', async () => {
    expect(await refused(tasks('- file: path=/x state: touch'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:21  error HAPB1014: arguments are written NAME=VALUE on one line, or NAME: VALUE each on a line of its own, not both
        4 |     - file: path=/x state: touch
          |                     ^^^^^^
        hint: Write state=touch

      "
    `);
  });
  it('a colon, a quote, a star, an at sign', async () => {
    expect(await refused(tasks('- name: Install: nginx\n  debug:'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:20  error HAPB1014: a colon and a space inside a value need quotes
        4 |     - name: Install: nginx
          |                    ^
        hint: Write "Install: nginx".

      "
    `);
    expect(await refused(tasks('- debug:\n    msg: "{{ a }}" is b'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:24  error HAPB1012: text follows the closing quote
        5 |         msg: "{{ a }}" is b
          |                        ^^^^
        hint: Move the closing quote to the end: "{{ a }} is b".

      "
    `);
    expect(await refused(tasks('- debug:\n  when: "a" in b'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:17  error HAPB1012: text follows the closing quote
        5 |       when: "a" in b
          |                 ^^^^
        hint: Put the whole condition in the other quotes: '"a" in b'.

      "
    `);
    expect(await refused(tasks('- file: {path: *.log}'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:20  error HAPB1013: a value cannot begin with * unless it is in quotes
        4 |     - file: {path: *.log}
          |                    ^^^^^
        hint: Write "*.log".

      "
    `);
    expect(await refused(tasks('- debug:\n    msg: @all'))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:14  error HAPB1013: a value cannot begin with @ unless it is in quotes
        5 |         msg: @all
          |              ^
        hint: Write "@all".

      "
    `);
  });
});

describe('what is not there', () => {
  it('an attribute, with the dict that lacks it', async () => {
    const text = '- command: echo hi\n  register: r\n- debug: {msg: "{{ r.stdot }}"}';
    expect(await failing(tasks(text))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:26  error HAPB4003: 'r' has no 'stdot'; it has 'changed', 'failed', 'cmd', 'rc', 'msg', 'stdout' and 6 more
        6 |     - debug: {msg: "{{ r.stdot }}"}
          |                          ^^^^^
        hint: Did you mean 'stdout'? Give a value for when it is missing: … | default(…), or test it: … is defined.
      "
    `);
  });
  it('an attribute inside a variable, at the place of the variable', async () => {
    const text =
      '- debug: {msg: "{{ url }}"}\n  vars:\n    url: "http://{{ conf.server.prot }}"\n    conf: {server: {port: 80}}';
    expect(await failing(tasks(text))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:6:37  error HAPB4003: 'conf.server' has no 'prot'; it has 'port'
        6 |         url: "http://{{ conf.server.prot }}"
          |                                     ^^^^
        hint: Did you mean 'port'? Give a value for when it is missing: … | default(…), or test it: … is defined.
      "
    `);
  });
  it('a variable, before anything runs', async () => {
    expect(
      await refused(tasks('- command: uptime\n  register: result\n- debug:\n  when: resutl.rc == 0')),
    ).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:7:13  error HAPB2030: "resutl" is not defined anywhere
        7 |       when: resutl.rc == 0
          |             ^^^^^^
        hint: Did you mean "result"?

      "
    `);
  });
  it('a result whose question is not said', async () => {
    expect(
      await failing(tasks('- command: "true"\n  register: r\n- debug:\n  when: r')),
    ).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:7:13  error HAPB4012: a condition must be true or false, not a map
        7 |       when: r
          |             ^
        hint: Say what is asked: r is succeeded, r is changed, or r.rc == 0.
      "
    `);
  });
  it('a list to loop over', async () => {
    expect(
      await refused(tasks('- debug: {msg: "{{ item }}"}\n  loop: users\n  vars: {users: [a]}')),
    ).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:13  error HAPB2042: "loop" needs a list, found the text "users"
        5 |       loop: users
          |             ^^^^^
        hint: If it is a variable, write "{{ users }}"; else put it in brackets: [users].

      "
    `);
  });
});

it('every problem of a file is told at once, from its first line to its last', async () => {
  const text = `- hosts: all
  gather_facts: maybe
  tsks: []
  tasks:
    - coppy: {src: a}
      register: copied
      when: x ==
    - file: {pth: /x, state: here}
      whn: true
    - debug: {msg: "{{ a | b }} {% if c %}"}
      sudo: true
    - debug: {msg: "{{ nothere }} {{ copied }}"}
`;
  expect(await refused(text)).toMatchInlineSnapshot(`
    "
    {folder}/site.yml:2:17  error HAPB2028: "gather_facts" must be true or false, not the text "maybe"
      2 |   gather_facts: maybe
        |                 ^^^^^
      hint: Write "gather_facts: true" or "gather_facts: false"; a condition belongs into "when", or into braces: "{{ … }}".

    {folder}/site.yml:3:3  error HAPB2001: "tsks" is not a keyword of a play
      3 |   tsks: []
        |   ^^^^
      hint: Did you mean "tasks"? \`hapb modules\` lists the modules.

    {folder}/site.yml:5:7  error HAPB2001: "coppy" is not a keyword or a module
      5 |     - coppy: {src: a}
        |       ^^^^^
      hint: Did you mean "copy"? \`hapb modules\` lists the modules.

    {folder}/site.yml:7:17  error HAPB4001: a value is missing before the end of the expression
      7 |       when: x ==
        |                 ^
      hint: Write a variable, a number, a text in quotes, or a list in [ ].

    {folder}/site.yml:8:14  error HAPB1030: file has no argument "pth"
      8 |     - file: {pth: /x, state: here}
        |              ^^^
      hint: Did you mean \`path\`? It takes path, state, src, mode, owner, group, recurse, force, follow, access_time, access_time_format, modification_time, modification_time_format, attributes.

    {folder}/site.yml:8:30  error HAPB1033: file: state must be file, directory, absent, link, touch or hard, not the text "here"
      8 |     - file: {pth: /x, state: here}
        |                              ^^^^
      hint: What is to be there. \`file\` only sets permissions and fails where nothing is. Absent: what is there already, else \`file\`; with recurse \`directory\`.

    {folder}/site.yml:9:7  error HAPB2001: "whn" is not a keyword or a module
      9 |       whn: true
        |       ^^^
      hint: Did you mean "when"? \`hapb modules\` lists the modules.

    {folder}/site.yml:10:28  error HAPB4005: there is no filter 'b'
      10 |     - debug: {msg: "{{ a | b }} {% if c %}"}
         |                            ^
      hint: docs/expressions.md lists all of them.

    {folder}/site.yml:10:33  error HAPB4022: the Jinja statement {% if c %} is not supported
      10 |     - debug: {msg: "{{ a | b }} {% if c %}"}
         |                                 ^^^^^^^^^^
      hint: Write {{#if c}}, and end it with {{/if}}.

    {folder}/site.yml:11:7  error HAPB2002: "sudo" is not supported
      11 |       sudo: true
         |       ^^^^
      hint: Write become: true.

    {folder}/site.yml:12:24  error HAPB2030: "nothere" is not defined anywhere
      12 |     - debug: {msg: "{{ nothere }} {{ copied }}"}
         |                        ^^^^^^^
      hint: Set it in the inventory, under vars, or with -e nothere=…; or allow for its absence: "nothere | default(…)".

    "
  `);
});

describe('names and quotes', () => {
  it('names that no variable can have are told', async () => {
    const text = '- command: id\n  register: a-b\n- set_fact: {1x: 2}';
    expect(await refused(tasks(text))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:5:17  error HAPB2028: "register" must be the name of a variable, not the text "a-b"
        5 |       register: a-b
          |                 ^^^
        hint: Use letters, digits and underscores, and begin with a letter or an underscore.

      {folder}/site.yml:6:18  error HAPB1034: set_fact cannot have the name "1x"
        6 |     - set_fact: {1x: 2}
          |                  ^^
        hint: Use letters, digits and underscores, and begin with a letter or an underscore.

      "
    `);
  });
  it('a quote among NAME=VALUE must be closed', async () => {
    expect(await refused(tasks("- debug: msg=it's"))).toMatchInlineSnapshot(`
      "
      {folder}/site.yml:4:14  error HAPB2010: a quote in the arguments of debug is not closed
        4 |     - debug: msg=it's
          |              ^^^^^^^^
        hint: Close it, write \\' for a quote that is meant, or give the argument a line of its own below "debug:".

      "
    `);
  });
  it('digits of a mode in YAML 1.2', async () => {
    expect(await refused(tasks('- file: {path: /tmp/x, mode: 0o644}'))).toContain(
      'the zero in front: "0644"',
    );
    expect(await refused(tasks('- file: {path: /tmp/x, mode: 0o755}'))).toContain(
      'the zero in front: "0755"',
    );
    expect(await refused(tasks('- file: {path: /tmp/x, mode: 755}'))).toContain('the zero in front: "0755"');
  });
});
