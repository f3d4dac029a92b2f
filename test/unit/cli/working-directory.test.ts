import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { messages, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const home = process.cwd();
afterEach(() => process.chdir(home));

/** A folder that somebody else may write to, with all that tools of this kind have ever read from where they were started. */
function foreignFolder(): string {
  const folder = temporaryFolder();
  const mark = `${folder}/MARK`;
  const evil = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'ran');\n`;
  const files: Readonly<Record<string, string>> = {
    'ansible.cfg': '[defaults]\ninventory=hosts\nroles_path=roles\nlibrary=library\nremote_user=evil\n',
    '.ansible.cfg': '[defaults]\nforks=1\n',
    '.env': 'HAPB_EVIL=1\nANSIBLE_EVIL=1\n',
    'hapb.yml': 'become: true\n',
    hosts: 'evil ansible_connection=local\n',
    'inventory.yml': 'all: {hosts: {evil: {ansible_connection: local}}}\n',
    'group_vars/all.yml': 'planted: by all\n',
    'host_vars/a.yml': 'planted: by a\n',
    'vars/main.yml': 'planted: by vars\n',
    'modules/evil.js': evil,
    'modules/ping.js': evil,
    'library/evil.py': '#!/usr/bin/python3\nopen("MARK", "w")\n',
    'callback_plugins/evil.py': 'open("MARK", "w")\n',
    'filter_plugins/evil.py': 'open("MARK", "w")\n',
    'node_modules/yaml/index.js': evil,
    'tasks.yml': '- debug: {msg: tasks of the folder}\n',
    'files/data': 'data of the folder\n',
    data: 'data of the folder\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  }
  return folder;
}

test('the folder in which hapb is started brings no settings, variables, modules, tasks or files', async () => {
  const foreign = foreignFolder();
  process.chdir(foreign);
  const play = (task: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`;
  const ran = await runPlaybook(
    play(`{debug: {msg: "{{ planted | default('nothing') }} for {{ inventory_hostname }}"}}\n    - ping:`),
    { hosts: ['a'] },
  );
  expect(ran.exitCode, ran.out + ran.err).toBe(0);
  expect(messages(ran)).toEqual(['nothing for a']);
  for (const task of [
    'evil: {}',
    'include_tasks: tasks.yml',
    `copy: {src: data, dest: "{folder}/copied"}`,
    `debug: {msg: "{{ lookup('file', 'data') }}"}`,
  ]) {
    const refused = await runPlaybook(play(task), { hosts: ['a'] });
    expect(refused.exitCode, task).not.toBe(0);
    expect(refused.out + refused.err, task).not.toContain('of the folder');
  }
  expect(existsSync(join(foreign, 'MARK'))).toBe(false);
});
