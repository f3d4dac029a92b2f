import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { temporaryFolder } from '../rig/run-playbook.ts';
import { fakeTerminal } from './terminal.ts';

async function linted(
  files: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<readonly [number, string]> {
  return lintedFolder(folderWith(files), ...words);
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function lintedFolder(folder: string, ...words: readonly string[]): Promise<readonly [number, string]> {
  const terminal = fakeTerminal();
  const exitCode = await runProgram({ words: ['lint', folder, ...words], version: 'test', terminal });
  return [exitCode, `\n${terminal.out.replaceAll(folder, '{folder}')}`];
}

const role = {
  'site.yml': '- hosts: all\n  become: yes\n  roles: [web]\n',
  'group_vars/all.yml': 'port: 80\nchart_version: 1.10\n',
  'roles/web/tasks/main.yml':
    '- template: {src: site.conf.hbs, dest: /etc/site.conf, mode: 0644}\n- file: {path: /srv state=touch}\n',
  'roles/web/tasks/unused.yml': '- command: uptime\n  whn: true\n',
  'roles/web/templates/site.conf.hbs': 'listen {{ port }}\nname {{ nmae }}\n{% if x %}\n',
};

it('checks playbooks, roles, files that nobody uses, templates and words', async () => {
  expect(await linted(role)).toMatchInlineSnapshot(`
    [
      4,
      "
    {folder}/roles/web/tasks/unused.yml:2:3  error HAPB2001: "whn" is not a keyword or a module
      2 |   whn: true
        |   ^^^
      hint: Did you mean "when"? \`hapb modules\` lists the modules.

    {folder}/group_vars/all.yml:2:16  warning HAPB1052: 1.10 is the number 1.1, not a version
      2 | chart_version: 1.10
        |                ^^^^
      hint: Put it in quotes: "1.10".

    {folder}/roles/web/tasks/main.yml:1:62  warning HAPB1051: 0644 is octal to Ansible and a text here
      1 | - template: {src: site.conf.hbs, dest: /etc/site.conf, mode: 0644}
        |                                                              ^^^^
      hint: Put it in quotes: "0644".

    {folder}/roles/web/tasks/main.yml:2:21  warning HAPB2060: "state=" stands inside the value of path, though state is an argument of file
      2 | - file: {path: /srv state=touch}
        |                     ^^^^^^
      hint: Write it on a line of its own: state: touch

    {folder}/roles/web/templates/site.conf.hbs:3:1  error HAPB4022: the Jinja statement {% if x %} is not supported
      3 | {% if x %}
        | ^^^^^^^^^^
      hint: Write {{#if x}}, and end it with {{/if}}.

    {folder}/site.yml:2:11  warning HAPB1050: yes is a text in YAML 1.2; Ansible takes it for true
      2 |   become: yes
        |           ^^^
      hint: Write true, or "yes" if the word is meant.

    5 files: 2 errors, 4 warnings
    ",
    ]
  `);
});

it('checks each of several roles and files that nobody uses, though they stand in one folder', async () => {
  const [, text] = await linted({
    'site.yml': '- hosts: all\n  tasks: []\n',
    'roles/one/tasks/main.yml': '- command: uptime\n  whn: true\n',
    'roles/one/tasks/a.yml': '- nope: 1\n',
    'roles/one/tasks/b.yml': '- command: uptime\n  untill: true\n',
    'roles/two/tasks/main.yml': '- command: {cmdd: uptime}\n',
  });
  expect(text.match(/^\{.*HAPB.*$/gm)).toMatchInlineSnapshot(`
    [
      "{folder}/roles/one/tasks/main.yml:2:3  error HAPB2001: "whn" is not a keyword or a module",
      "{folder}/roles/two/tasks/main.yml:1:13  error HAPB1030: command has no argument "cmdd"",
      "{folder}/roles/one/tasks/a.yml:1:3  error HAPB2001: "nope" is not a keyword or a module",
      "{folder}/roles/one/tasks/b.yml:2:3  error HAPB2001: "untill" is not a keyword or a module",
    ]
  `);
});

it('calls the files of a role that nobody uses by the path that it was given', async () => {
  const folder = relative(
    '.',
    folderWith({ 'roles/one/tasks/main.yml': '- command: uptime\n  whn: true\n' }),
  );
  const [, text] = await lintedFolder(folder);
  expect(text.match(/^.*HAPB.*$/gm)).toEqual([
    '{folder}/roles/one/tasks/main.yml:2:3  error HAPB2001: "whn" is not a keyword or a module',
  ]);
});

it('has nothing to say of a sound project', async () => {
  expect(
    await linted({ 'site.yml': '- hosts: all\n  tasks:\n    - debug: {msg: hi}\n' }),
  ).toMatchInlineSnapshot(`
    [
      0,
      "
    1 file: nothing to complain about
    ",
    ]
  `);
});

it('gives JSON', async () => {
  expect(
    await linted({ 'site.yml': '- hosts: all\n  tsks: []\n' }, '--format', 'json'),
  ).toMatchInlineSnapshot(`
    [
      4,
      "
    {
      "files": 1,
      "errors": 1,
      "warnings": 0,
      "problems": [
        {
          "code": "HAPB2001",
          "severity": "error",
          "message": "\\"tsks\\" is not a keyword of a play",
          "hint": "Did you mean \\"tasks\\"? \`hapb modules\` lists the modules.",
          "file": "{folder}/site.yml",
          "line": 2,
          "column": 3,
          "endLine": 2,
          "endColumn": 7
        }
      ]
    }
    ",
    ]
  `);
});

it('ends with 0 for warnings alone, and with 4 if they count', async () => {
  const files = { 'site.yml': '- hosts: all\n  become: yes\n  tasks: []\n' };
  expect((await linted(files))[0]).toBe(0);
  expect((await linted(files, '--strict'))[0]).toBe(4);
});

it('checks what links lead to once, by its own name', async () => {
  const folder = folderWith({
    'site.yml': '- hosts: all\n  gather_facts: false\n  roles: [web]\n',
    'more/other.yml': `- hosts: all
  gather_facts: false
  roles: [web]
  tasks:
    - import_tasks: roles/web/tasks/more.yml
    - include_vars: roles/web/vars/main.yml
`,
    'roles/web/tasks/main.yml': '- command: uptime\n  whn: true\n- import_tasks: more.yml\n',
    'roles/web/tasks/more.yml': '- command: uptime\n  rgister: x\n',
    'roles/web/vars/main.yml': 'a: "{{ b + }}"\n',
    'files/all.yml': 'c: "{{ d + }}"\n',
  });
  symlinkSync('../roles', join(folder, 'more/roles'));
  symlinkSync('../../roles/web', join(folder, 'roles/web/me'));
  mkdirSync(join(folder, 'group_vars'));
  // Folders called files are not looked into, so that this is the only name of the file.
  symlinkSync('../files/all.yml', join(folder, 'group_vars/all.yml'));
  const [exitCode, text] = await lintedFolder(folder);
  expect([exitCode, text.match(/^(?:\{|\d).*$/gm)]).toMatchInlineSnapshot(`
    [
      4,
      [
        "{folder}/group_vars/all.yml:1:11  error HAPB4001: a value is missing before the end of the expression",
        "{folder}/roles/web/vars/main.yml:1:11  error HAPB4001: a value is missing before the end of the expression",
        "{folder}/roles/web/tasks/main.yml:2:3  error HAPB2001: "whn" is not a keyword or a module",
        "{folder}/roles/web/tasks/more.yml:2:3  error HAPB2001: "rgister" is not a keyword or a module",
        "6 files: 4 errors, 0 warnings",
      ],
    ]
  `);
});
