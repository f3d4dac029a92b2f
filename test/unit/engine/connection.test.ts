import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const run = (tasks: string, more = '', args: readonly string[] = []): Promise<Ran> =>
  runPlaybook(
    `- hosts: a\n  gather_facts: false\n${more}  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
    { hosts: ['a'], args },
  );

/** What `debug` said, one text each. */
function said(ran: Ran): readonly string[] {
  return [...ran.out.matchAll(/"(?:msg|r\.stdout)": "(.*)"$/gm)].map(([, text = '']) => text);
}

const tell = '- {debug: {var: r.stdout}}';

describe('privileges', () => {
  const path = process.env.PATH;
  beforeEach(() => {
    // Stands for sudo and for a program of the same kind: it only remembers who it is to be.
    const folder = temporaryFolder();
    for (const name of ['sudo', 'mysudo']) {
      const text = `#!/bin/sh\nBECAME="${name} $*"; export BECAME\nwhile [ "$1" != -- ]; do shift; done; shift\nexec "$@"\n`;
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o755);
    }
    process.env.PATH = `${folder}:${path ?? ''}`;
  });
  afterAll(() => {
    process.env.PATH = path;
  });
  const became = `command: "sh -c 'echo \${BECAME:-nobody else}'", register: r`;

  it('are asked for by keywords of task and play, the nearest first', async () => {
    const ran = await run(
      `
- {${became}}
${tell}
- {${became}, become: false}
${tell}
- {${became}, become_user: web, become_flags: -E -k}
${tell}
- {${became}, become_exe: mysudo}
${tell}`,
      '  become: true\n  become_user: admin\n',
    );
    expect(said(ran)).toEqual([
      'sudo -H -n -u admin -- /bin/sh',
      'nobody else',
      'sudo -H -n -E -k -u web -- /bin/sh',
      'mysudo -H -n -u admin -- /bin/sh',
    ]);
  });

  it('are asked for by variables, which beat keywords', async () => {
    const ran = await run(`
- {${became}, become: false, vars: {ansible_become: true, ansible_become_user: web}}
${tell}
- {${became}, become: true, vars: {ansible_become: "no"}}
${tell}
- {set_fact: {ansible_become_flags: -E}}
- {${became}, become: true, become_user: "{{ item }}", loop: [web, db]}
- {debug: {msg: "{{ r.results | map(attribute='stdout') | join(' + ') }}"}}`);
    expect(said(ran)).toEqual([
      'sudo -H -n -u web -- /bin/sh',
      'nobody else',
      'sudo -H -n -E -u web -- /bin/sh + sudo -H -n -E -u db -- /bin/sh',
    ]);
  });

  it('come from the command line where nothing else names a user', async () => {
    const ran = await run(`- {${became}}\n${tell}`, '', ['--become', '--become-user', 'ops']);
    expect(said(ran)).toEqual(['sudo -H -n -u ops -- /bin/sh']);
  });

  it('by a method that hapb does not have fail the task at the keyword', async () => {
    const ran = await run(`- {${became}, become: true, become_method: runas}`);
    expect(ran.out).toContain('4:98  error HAPB3131: ansible_become_method of a cannot be "runas"');
  });
});

describe('connections', () => {
  it('are chosen by keywords, shown as variables, and beaten by variables', async () => {
    const ran = await run(
      '- {debug: {msg: "{{ ansible_user }} {{ ansible_port }}"}, port: 2200}\n- {debug: {msg: "{{ ansible_user }}"}, vars: {ansible_user: me}}',
      '  remote_user: deploy\n',
    );
    expect(said(ran)).toEqual(['deploy 2200', 'me']);
    const wrong = await run('- {command: "true"}', '  vars: {ansible_connection: shh}\n');
    expect(wrong.out).toContain('3:10  error HAPB3131: ansible_connection of a cannot be "shh"');
  });

  it('that tasks ask for in the same way are one', async () => {
    const ran = await run(
      '- {command: "true"}\n- {command: "true", vars: {ansible_timeout: 8}}\n- {command: "true", vars: {ansible_timeout: 8}}',
    );
    expect(ran.events.filter((event) => event.type === 'host.connected')).toHaveLength(2);
  });

  it('that are lost in the middle of a change are made again, and the module sees how far it came', async () => {
    const folder = temporaryFolder();
    const check = join(folder, 'check');
    // The first time it kills the shell in which it runs: the one whose parent is this process.
    const kill = `p=$$; above() { cut -d" " -f4 /proc/$1/stat; }; until [ "$(above $p)" = ${process.pid} ]; do p=$(above $p); done; kill -9 $p; sleep 1`;
    writeFileSync(check, `#!/bin/sh\nif mkdir ${folder}/once; then ${kill}; fi\n`);
    chmodSync(check, 0o755);
    const ran = await run(`- copy: {content: x, dest: ${folder}/made, validate: ${check} %s}`);
    expect(ran.recap).toEqual({ a: 'ok=1 changed=1' });
    expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('x');
    rmSync(join(folder, 'once'), { recursive: true });
    const command = await run(`- command: ${check}`);
    expect(command.recap).toEqual({ a: 'unreachable=1' });
  });

  it('that fail are unreachable hosts, and results where that is ignored', async () => {
    const away =
      '{command: "true", vars: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}';
    const ran = await run(`
- ${away}, ignore_unreachable: true, register: r}
- {debug: {msg: "{{ r.unreachable }} {{ r.changed }} {{ r.failed is defined }}"}}
- ${away}, loop: [1, 2], ignore_unreachable: true, register: r}
- {debug: {msg: "{{ r.unreachable }} {{ r.results | length }}"}}
- ${away}}
- {debug: {msg: never}}`);
    expect(said(ran)).toEqual(['True False False', 'True 2']);
    expect(ran.recap).toEqual({ a: 'ok=4 unreachable=1 ignored=2' });
    expect(ran.out.match(/^\.\.\.ignoring$/gm)).toHaveLength(2);
    expect(ran.exitCode).toBe(4);
  });
});

describe('environment', () => {
  it('adds up from play to task, in lists from first to last', async () => {
    const ran = await run(
      `- {command: "sh -c 'echo $A $B $C $D'", environment: [{B: task, D: true}, "{{ {'D': 4} }}"], register: r}\n${tell}`,
      '  environment: {A: play, B: play, C: null}\n',
    );
    expect(said(ran)).toEqual(['play task None 4']);
  });

  it('that is no map, or has names that no shell knows, is an error', async () => {
    const names = await run('- {command: "true", environment: {http-proxy: x}}');
    expect(names.out).toContain('HAPB7071: "http-proxy" cannot be the name of an environment variable');
    const text = await run('- {command: "true", environment: [some]}');
    expect(text.out).toContain('HAPB7071: "environment" needs a map, but is a string');
  });
});
