import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { temporaryFolder } from '../rig/run-playbook.ts';
import { fakeTerminal } from './terminal.ts';

async function linted(
  files: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<unknown> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
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
  expect(await linted(role)).toMatchInlineSnapshot();
});

it('has nothing to say of a sound project', async () => {
  expect(
    await linted({ 'site.yml': '- hosts: all\n  tasks:\n    - debug: {msg: hi}\n' }),
  ).toMatchInlineSnapshot();
});

it('gives JSON', async () => {
  expect(
    await linted({ 'site.yml': '- hosts: all\n  tsks: []\n' }, '--format', 'json'),
  ).toMatchInlineSnapshot();
});

it('ends with 0 for warnings alone, and with 4 if they count', async () => {
  const files = { 'site.yml': '- hosts: all\n  become: yes\n  tasks: []\n' };
  expect(await linted(files)).toMatchObject([0]);
  expect(await linted(files, '--strict')).toMatchObject([4]);
});
