import { describe, expect, it } from 'vitest';
import { runPlaybook } from '../rig/run-playbook.ts';

const play = (task: string): string =>
  `- hosts: all\n  gather_facts: false\n  vars: {nothing: null}\n  tasks:\n    - ${task}\n`;

describe('an argument of null', () => {
  it('is missing where it is required, before anything connects', async () => {
    const { exitCode, err } = await runPlaybook(play('file: {path: null, state: directory}'), {
      hosts: ['a'],
    });
    expect(exitCode).toBe(4);
    expect(err.replace(/^.*?site/, 'site')).toMatchInlineSnapshot(`
      "site.yml:5:7  error HAPB1031: file needs argument "path"
        5 |     - file: {path: null, state: directory}
          |       ^^^^
        hint: Add path: The path to manage.

      "
    `);
  });

  it('is missing where it is required, from a variable', async () => {
    const { exitCode, out } = await runPlaybook(play('file: {path: "{{ nothing }}", state: directory}'), {
      hosts: ['a'],
    });
    expect(exitCode).toBe(2);
    expect(out).toContain('file needs argument \\"path\\"');
  });

  it('is an error where the module has a default, as in Ansible', async () => {
    const { exitCode, err } = await runPlaybook(play('file: {path: /tmp, state: directory, recurse: null}'), {
      hosts: ['a'],
    });
    expect(exitCode).toBe(4);
    expect(err.replace(/^.*?site/, 'site')).toMatchInlineSnapshot(`
      "site.yml:5:53  error HAPB1032: file: recurse must be true or false, not nothing
        5 |     - file: {path: /tmp, state: directory, recurse: null}
          |                                                     ^^^^
        hint: Set the permissions of all below the directory too.

      "
    `);
  });
});
