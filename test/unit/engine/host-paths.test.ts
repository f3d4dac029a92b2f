import { readdirSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ran, runPlaybook } from '../rig/run-playbook.ts';

const run = (tasks: string, more = '', args: readonly string[] = []): Promise<Ran> =>
  runPlaybook(
    `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
    { hosts: ['a'], args },
  );

const said = (ran: Ran): readonly string[] =>
  [...ran.out.matchAll(/"msg": "(.*)"$/gm)].map(([, text = '']) => text);

const problems = (ran: Ran): readonly string[] => `${ran.out}${ran.err}`.match(/HAPB.*/g) ?? [];

describe('paths on the host', () => {
  it('may begin with a home, the own one or that of a user', async () => {
    const { username, homedir: home } = userInfo();
    const ran = await run(`
- {stat: {path: "~"}, register: r}
- debug: {msg: "{{ r.stat.path }}"}
- {stat: {path: "~/"}, register: r}
- debug: {msg: "{{ r.stat.path }}"}
- {stat: {path: "~${username}/."}, register: r}
- debug: {msg: "{{ r.stat.path }}"}`);
    expect(said(ran)).toEqual([homedir(), `${homedir()}/`, `${home}/.`]);
  });

  it('may hold variables of the task’s environment', async () => {
    const ran = await run(
      `
- copy: {content: x, dest: "$PLACE/new \${NAME}$"}
- {stat: {path: "\${PLACE}/$UNSET"}, register: r}
- debug: {msg: "{{ r.stat.exists }}"}
- copy: {remote_src: true, src: "$PLACE/new n 1$", dest: "{folder}/copy"}
- {command: ls, args: {chdir: $PLACE}, register: r}
- debug: {msg: "{{ r.stdout }}"}
- {command: "false", args: {creates: "$PLACE/new*"}}
- {find: {paths: "$PLACE,/nowhere"}, register: r}
- debug: {msg: "{{ r.matched }}"}`,
      '  environment: {PLACE: "{folder}", NAME: n 1}\n',
    );
    expect(problems(ran)).toEqual([]);
    expect(readFileSync(join(ran.folder, 'copy'), 'utf8')).toBe('x');
    expect(readdirSync(ran.folder)).toContain('new n 1$');
    expect(ran.out).toContain('"msg": false');
    expect(said(ran)[0]).toContain('new n 1$');
    expect(ran.exitCode).toBe(0);
  });

  it('are expanded by a check too', async () => {
    const ran = await run(
      '- file: {path: "$PLACE/new", state: touch}',
      '  environment: {PLACE: "{folder}"}\n',
      ['--check'],
    );
    expect(ran.recap).toEqual({ a: 'ok=1 changed=1' });
    expect(readdirSync(ran.folder)).not.toContain('new');
  });

  it('may begin with the home of a user whom the check would make', async () => {
    const ran = await run(
      '- {user: {name: hapb-nobody, home: /nowhere/nobody}}\n- {stat: {path: ~hapb-nobody/x}, register: r}\n- debug: {var: r}',
      '',
      ['--check'],
    );
    expect(problems(ran)).toEqual([]);
    expect(ran.recap).toEqual({ a: 'ok=3 changed=1' });
  });

  it('count from the playbook’s folder where they are relative', async () => {
    const ran = await run(`
- copy: {content: x, dest: ./new}
- {stat: {path: new}, register: r}
- debug: {msg: "{{ r.stat.path }}"}
- {find: {paths: .}, register: r}
- debug: {msg: "{{ r.files | selectattr('path', 'search', 'new') | map(attribute='path') | first }}"}
- {fetch: {src: new, dest: there/, flat: true}, register: r}
- debug: {msg: "{{ r.dest }}"}
- {command: cat new, register: r}
- debug: {msg: "{{ r.stdout }}"}`);
    expect(problems(ran)).toEqual([]);
    const place = (text: string): string => text.replaceAll(ran.folder, '{folder}');
    expect(said(ran).map(place)).toEqual(['{folder}/new', '{folder}/new', '{folder}/there/new', 'x']);
  });

  it('must lead somewhere in the end', async () => {
    const ran = await run(
      '- {stat: {path: "{{ item }}"}, loop: [~nobody-of-that-name/x, $UNSET/x, ""]}',
      '  ignore_errors: true\n',
    );
    expect(problems(ran)).toMatchInlineSnapshot(`
      [
        "HAPB7078: path does not lead anywhere on the host: ~nobody-of-that-name/x is no absolute path",
        "HAPB7078: path does not lead anywhere on the host: $UNSET/x is no absolute path",
        "HAPB1034: stat: path must not be empty",
      ]
    `);
  });

  it('are what a task registers', async () => {
    const ran = await run(
      '- {copy: {content: x, dest: $PLACE/new}, register: r}\n- debug: {msg: "{{ r.dest }}"}',
      '  environment: {PLACE: "{folder}"}\n',
    );
    expect(said(ran)).toEqual(['{folder}/new']);
  });

  it('that are of the controller are left to it', async () => {
    const ran = await run(
      '- copy: {src: $PLACE/site.yml, dest: "{folder}/copy"}',
      '  environment: {PLACE: "{folder}"}\n',
    );
    expect(problems(ran)[0]).toMatchInlineSnapshot(
      `"HAPB6030: src $PLACE/site.yml was not found on the controller"`,
    );
  });
});
