import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

type More = NonNullable<Parameters<typeof runPlaybook>[1]>;

/** Runs until it fails, mends what it failed at, and goes on. Gives what the second run did on the hosts, in order. */
async function goneOn(tasks: string, { hosts = ['a'], ...more }: More = {}) {
  const folder = temporaryFolder();
  const options = { hosts, env: { XDG_STATE_HOME: '{folder}/state' }, ...more, folder };
  const playbook = `- hosts: all\n  gather_facts: false\n${tasks}`;
  expect((await runPlaybook(playbook, options)).exitCode).toBe(2);
  writeFileSync(join(folder, 'mended'), '');
  const log = join(folder, 'log');
  const state = join(folder, 'state', 'hapb');
  const resume = async () => {
    rmSync(log);
    const ran = await runPlaybook(playbook, { ...options, args: ['--resume'] });
    const did = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').sort() : [];
    return { ...ran, did, goesOn: ran.out.match(/^\S+ goes on at .*$/gm) };
  };
  return { resume, folder, state: () => join(state, readdirSync(state)[0] ?? '') };
}

/** A task that leaves its name and its host in the log, and then may fail until it is mended. */
const mark = (name: string, then = 'true', keys = ''): string =>
  `{name: "${name}", shell: "echo ${name}-{{ inventory_hostname }} >> {folder}/log; ${then}"${keys}}`;
const broken = 'test -e {folder}/mended';

describe('--resume runs all that follows the task at which a host goes on', () => {
  it('also an always that ran when the task failed', async () => {
    const { resume } = await goneOn(`  tasks:
    - block: [${mark('drain')}, ${mark('upgrade', broken)}]
      always: [${mark('undrain')}]
`);
    const { exitCode, did, goesOn } = await resume();
    expect(exitCode).toBe(0);
    expect(did).toEqual(['undrain-a', 'upgrade-a']);
    expect(goesOn).toEqual(["a goes on at 'upgrade'"]);
  });

  it('but what was rescued or ignored is behind it, with its result', async () => {
    const { resume } = await goneOn(`  tasks:
    - ${mark('probe', 'exit 3', ', register: probe, ignore_errors: true')}
    - block: [${mark('body', 'exit 4')}]
      rescue: [${mark('cleanup')}, ${mark('later', broken)}]
    - {name: read, shell: "echo {{ probe.rc }}-{{ ansible_failed_result.rc }} >> {folder}/log"}
`);
    const { exitCode, did } = await resume();
    expect(exitCode).toBe(0);
    expect(did).toEqual(['3-4', 'later-a']);
  });

  it('also a handler that ran after the failure', async () => {
    const { resume } = await goneOn(`  force_handlers: true
  tasks: [${mark('one', 'true', ', notify: restart')}, ${mark('two', broken, ', notify: restart')}]
  handlers: [${mark('restart')}]
`);
    expect((await resume()).did).toEqual(['restart-a', 'two-a']);
  });

  it('a task that runs once has run on the host on which it ran', async () => {
    const pre = `${broken} || test {{ inventory_hostname }} != a`;
    const { resume } = await goneOn(
      `  tasks:
    - ${mark('pre', pre)}
    - {name: once, run_once: true, register: once, shell: "echo once >> {folder}/log; echo {{ inventory_hostname }}"}
    - {name: use, shell: "echo {{ inventory_hostname }}-uses-{{ once.stdout }} >> {folder}/log"}
`,
      { hosts: ['a', 'b', 'c'] },
    );
    expect((await resume()).did).toEqual(['a-uses-b', 'pre-a']);
  });

  it('an item of an include is not taken for another one that has its number now', async () => {
    const pre = `${broken} || test {{ inventory_hostname }} != a`;
    const item = `${broken} || test {{ inventory_hostname }}{{ x }} != by`;
    const { resume } = await goneOn(
      `  tasks:
    - ${mark('pre', pre)}
    - {include_tasks: item.yml, loop: "{{ ['y'] if inventory_hostname == 'a' else ['x', 'y'] }}", loop_control: {loop_var: x}}
`,
      {
        hosts: ['a', 'b'],
        files: {
          'item.yml': `- ${mark('item-{{ x }}', item)}\n`.replaceAll('{folder}', '{{ playbook_dir }}'),
        },
      },
    );
    const { exitCode, did } = await resume();
    expect(exitCode).toBe(0);
    expect(did).toContain('item-y-b');
  });

  it('also after a second stop, what followed it in the run before', async () => {
    const { resume, folder, state } = await goneOn(`  tasks:
    - block: [${mark('upgrade', broken)}]
      always: [${mark('undrain')}]
    - ${mark('last', 'test -e {folder}/last')}
`);
    // As a kill would leave it: the always did not come to its end again.
    const first = readFileSync(state(), 'utf8');
    await resume();
    const lines = readFileSync(state(), 'utf8').slice(first.length).trim().split('\n');
    const upgraded = lines.findIndex((line) => line.includes('"task.finished"'));
    writeFileSync(state(), `${first}${lines.slice(0, upgraded + 1).join('\n')}\n`);
    writeFileSync(join(folder, 'last'), '');
    const { exitCode, did } = await resume();
    expect(exitCode).toBe(0);
    expect(did).toEqual(['last-a', 'undrain-a']);
  });

  it('keeps where each batch stood', async () => {
    const { resume } = await goneOn(
      `  serial: 1
  tasks: [${mark('one', 'true', ', notify: restart')}, ${mark('two', `${broken} || test {{ inventory_hostname }} != b`)}]
  handlers: [${mark('restart')}]
`,
      { hosts: ['a', 'b', 'c'] },
    );
    const { did, goesOn } = await resume();
    expect(did).toEqual(['one-c', 'restart-b', 'restart-c', 'two-b', 'two-c']);
    expect(goesOn).toEqual(["b goes on at 'two'", "c goes on at 'one'"]);
  });
});
