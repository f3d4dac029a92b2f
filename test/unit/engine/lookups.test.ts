import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ran, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';
import { vaultText } from '../vault/rig.ts';

const files = {
  'files/one.txt': '  one \n\n',
  'two.txt': 'two\n',
  'plain.hbs': '{{ greeting }} from {{ inventory_hostname }}{{#if loud}}!{{/if}}\n',
  'roles/r/files/one.txt': 'of the role\n',
  'roles/r/files/b.conf': '',
  'roles/r/templates/t.hbs': 'role says {{ greeting }}\n',
  'roles/r/tasks/main.yml': `
- debug: {msg: "{{ lookup('file', 'one.txt') }}, {{ lookup('file', 'two.txt') }}"}
- debug: {msg: "{{ lookup('template', 't.hbs') }}"}
- debug: {msg: "{{ query('fileglob', '*.conf', '*.txt') | map('basename') | join(' ') }}"}
`,
  'secret.txt': vaultText('hush-hush\n'),
  'host_vars/a.yml': `found: "{{ lookup('file', 'two.txt') }}"\n`,
};

const run = (tasks: string, args: readonly string[] = []): Promise<Ran> =>
  runPlaybook(
    `- hosts: all\n  gather_facts: false\n  vars: {greeting: hi}\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
    { hosts: ['a'], files, args },
  );

const said = (ran: Ran): readonly string[] =>
  [...ran.out.matchAll(/"msg": "(.*)"$/gm)].map(([, text = '']) => text);

describe("lookup('file')", () => {
  it('reads whole texts from the folders that tasks search, a role’s first', async () => {
    const ran = await run(`
- debug: {msg: "[{{ lookup('file', 'one.txt') }}]"}
- debug: {msg: "[{{ lookup('file', 'one.txt', rstrip=false) }}]"}
- debug: {msg: "[{{ lookup('file', 'one.txt', lstrip=true) }}]"}
- debug: {msg: "[{{ lookup('ansible.builtin.file', 'one.txt', 'two.txt') }}]"}
- debug: {msg: "{{ found }} {{ hostvars.a.found }} {{ query('file', playbook_dir ~ '/two.txt')[0] }}"}
- import_role: {name: r}`);
    expect(said(ran)).toEqual([
      '[  one]',
      '[  one \\n\\n]',
      '[one]',
      '[  one,two]',
      'two two two',
      'of the role, two',
      'role says hi\\n',
      'b.conf one.txt',
    ]);
  });

  it('says where it looked, unless errors are to be ignored', async () => {
    const ran = await run(`
- debug: {msg: "[{{ lookup('file', 'none', errors='ignore') }}{{ query('file', 'none', errors='warn') | length }}]"}
- debug: {msg: "{{ lookup('file', 'none') }}"}`);
    expect(said(ran)).toEqual(['[0]']);
    expect(ran.out.replaceAll(ran.folder, '')).toMatchInlineSnapshot(`
      "
      PLAY [all]

      TASK [debug]
      ok: [a] => {
          "msg": "[0]"
      }

      TASK [debug]
      fatal: [a]: FAILED! => {"changed": false, "msg": "there is no file \\"none\\""}
      {folder}/site.yml:6:24  error HAPB3008: there is no file "none"
        6 |     - debug: {msg: "{{ lookup('file', 'none') }}"}
          |                        ^^^^^^^^^^^^^^^^^^^^^^
        hint: It is looked up in {folder} and in "files" there.

      PLAY RECAP
      a                          : ok=1    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0   

      "
    `);
    const folder = await run(`- debug: {msg: "{{ lookup('file', 'files') }}"}`);
    expect(folder.out).toContain('HAPB1021');
  });

  it('decrypts, and what it read is secret', async () => {
    const tasks = `
- debug: {msg: "got {{ lookup('file', 'secret.txt') }}"}
- assert: {that: "lookup('file', 'secret.txt') == 'hush-hush'"}
- debug: {msg: "{{ item }}"}
  with_file: secret.txt`;
    const password = join(temporaryFolder(), 'password');
    writeFileSync(password, 'pw\n');
    const ran = await run(tasks, ['--vault-password-file', password]);
    expect(ran.err).toBe('');
    expect(said(ran)[0]).toBe('‹vault›');
    expect(ran.recap).toEqual({ a: 'ok=3' });
    expect(JSON.stringify(ran.events)).not.toContain('hush-hush');
    const locked = await run("- debug: {msg: \"{{ lookup('file', 'secret.txt') }}\"}");
    expect(locked.out).toContain('HAPB3003: this is encrypted, and no vault password is known');
  });
});

describe("lookup('template')", () => {
  it('renders with the names of the task and its own', async () => {
    const ran = await run(`
- debug: {msg: "{{ lookup('template', 'plain.hbs', template_vars={'loud': true}) }}"}
- debug: {msg: "{{ lookup('template', 'plain.hbs') | trim }}"}
  vars: {loud: false, greeting: bye}`);
    expect(said(ran)).toEqual(['hi from a!\\n', 'bye from a']);
  });
});

describe("query('fileglob')", () => {
  it('gives paths, sorted, for loops too', async () => {
    const ran = await run(`
- debug: {msg: "{{ item | basename }}"}
  loop: "{{ query('fileglob', '*.txt', playbook_dir ~ '/t*.txt', 'nothing*') }}"
- debug: {msg: "{{ lookup('fileglob', 'roles/r/files/*') }}"}
- debug: {msg: "{{ lookup('fileglob', 'nothing*', wantlist=true) | length }}"}`);
    const [one, two, both] = said(ran);
    expect([one, two]).toEqual(['one.txt', 'two.txt']);
    expect(both).toBe('{folder}/roles/r/files/b.conf,{folder}/roles/r/files/one.txt');
  });
});

describe('the lookup inventory_hostnames', () => {
  it('says what is wrong with a pattern, and where', async () => {
    const ran = await runPlaybook(
      `- hosts: a
  gather_facts: false
  tasks:
    - debug: {msg: "{{ query('inventory_hostnames', 'al*', '!b') }} {{ query('inventory_hostnames', 'nope') }}"}
    - debug: {msg: "{{ query('inventory_hostnames', '~(') }}"}
`,
      { hosts: ['a', 'b', 'c'] },
    );
    expect(ran.out).toContain(`"msg": "['a', 'c'] []"`);
    expect(
      `${ran.out}${ran.err}`.match(/.*HAPB.*(?:\n .*)*/)?.[0].replaceAll(ran.folder, '{folder}'),
    ).toMatchInlineSnapshot(`
      "{folder}/site.yml:5:24  error HAPB4008: ~( is not a regular expression: error parsing regexp: missing closing ): \`(\`
        5 |     - debug: {msg: "{{ query('inventory_hostnames', '~(') }}"}
          |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Look-around and back references are not known; see the RE2 syntax."
    `);
  });
});
