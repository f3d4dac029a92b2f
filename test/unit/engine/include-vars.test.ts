import { describe, expect, it } from 'vitest';
import { ends, messages, runPlaybook } from '../rig/run-playbook.ts';

const one = { hosts: ['a'] };
const say = (text: string): string => `- debug: {msg: "${text}"}\n`;
const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks.replace(/^(?=.)/gm, '    ')}\n`;

describe('include_vars', () => {
  it('wins over variables of plays and tasks, not over set_fact, and is evaluated where it is used', async () => {
    const ran = await runPlaybook(
      play(
        `- include_vars: one.yml\n${say('{{ x }} {{ y }}')}  vars: {x: task}\n- set_fact: {x: fact}\n${say('{{ x }} {{ y }}')}`,
        '  vars: {x: play}\n',
      ),
      { ...one, files: { 'vars/one.yml': 'x: file\ny: "y {{ x }}"\n' } },
    );
    expect(messages(ran)).toEqual(['file y file', 'fact y fact']);
  });

  it('puts all of it under a name, and says what was read', async () => {
    const ran = await runPlaybook(
      play(
        `- include_vars: {file: "{{ inventory_hostname }}.yml", name: all}\n  register: r\n${say('{{ all.x }} {{ r.ansible_included_var_files | length }}')}`,
      ),
      { ...one, files: { 'a.yml': 'x: mine\n' } },
    );
    expect(messages(ran)).toEqual(['mine 1']);
  });

  it('reads a folder in the order of names, as deep and of which files it is told', async () => {
    const files = {
      'more/1.yml': 'v: one\n',
      'more/2.json': '{"v": "two"}',
      'more/notes.txt': 'no variables',
      'more/deep/3.yml': 'v: deep\n',
    };
    const read = async (more: string): Promise<readonly string[]> =>
      messages(
        await runPlaybook(
          play(`- include_vars: {dir: more, ignore_unknown_extensions: true${more}}\n${say('{{ v }}')}`),
          { ...one, files },
        ),
      );
    expect(await read('')).toEqual(['deep']);
    expect(await read(', depth: 1')).toEqual(['two']);
    expect(await read(", depth: 1, files_matching: '^1'")).toEqual(['one']);
    expect(await read(", ignore_files: ['3.yml', 'json']")).toEqual(['one']);
  });

  it('finds files in vars of the role', async () => {
    const ran = await runPlaybook('- hosts: all\n  gather_facts: false\n  roles: [r]\n', {
      ...one,
      files: {
        'roles/r/tasks/main.yml': `- include_vars: f.yml\n- include_vars: {dir: d}\n${say('{{ f }} {{ d }}')}`,
        'roles/r/vars/f.yml': 'f: file\n',
        'roles/r/vars/d/x.yml': 'd: folder\n',
      },
    });
    expect(messages(ran)).toEqual(['file folder']);
  });

  it('of a file that is not there fails the task, as only the run tells whether it is needed', async () => {
    const ran = await runPlaybook(
      play('- include_vars: gone.yml\n  when: false\n- include_vars: gone.yml\n  ignore_errors: true\n'),
      one,
    );
    expect(ran.recap).toEqual({ a: 'ok=1 skipped=1 ignored=1' });
    expect(ran.out).toContain('HAPB2026: there is no file of variables "gone.yml"');
  });

  it('of a file that is none is an error before anything connects', async () => {
    const ran = await runPlaybook(play('- include_vars: list.yml\n- include_vars: {dir: d}\n'), {
      ...one,
      files: { 'list.yml': '- a\n', 'd/x.txt': 'x' },
    });
    expect(ran.exitCode).toBe(4);
    expect(ran.err).toContain('list.yml must hold a mapping of names to values');
    expect(ran.err).toContain('HAPB2027: {folder}/d/x.txt does not end in .yaml, .yml, .json');
  });

  it('under an unknown condition makes the variables unknown', async () => {
    const ran = await runPlaybook(
      play(
        `- command: hostname\n  register: r\n- include_vars: one.yml\n  when: r.stdout == 'x'\n${say('{{ x }}')}`,
      ),
      { ...one, files: { 'one.yml': 'x: 1\n' }, args: ['--check'] },
    );
    expect(ends(ran, 'a')).toEqual(['command: unknown', 'include_vars: unknown', 'debug: unknown']);
  });
});
