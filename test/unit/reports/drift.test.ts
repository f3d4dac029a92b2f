import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const playbook = `
- hosts: all
  gather_facts: false
  tasks:
    - name: Message of the day
      copy_file: {content: "hi\\n", dest: "{folder}/motd-{{ inventory_hostname }}", mode: "0644"}
      notify: Tell
    - name: Folder
      file: {path: "{folder}/box", state: directory, mode: "0750"}
    - name: Pieces
      copy_file: {content: x, dest: "{folder}/{{ item }}"}
      loop: [one, two]
    - name: Ask
      command: date
      register: asked
      when: inventory_hostname == 'b'
  handlers:
    - name: Tell
      file: {path: "{folder}/told", state: directory}
`;

/** A folder in which host a has an old file, and both an open folder. */
function drifted(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'motd-a'), 'theirs\n', { mode: 0o644 });
  utimesSync(join(folder, 'motd-a'), 1_790_000_000, 1_790_000_000);
  writeFileSync(join(folder, 'one'), 'x');
  mkdirSync(join(folder, 'box'), { mode: 0o755 });
  return folder;
}

const withoutTimes = (text: string): string => text.replace(/since \d{4}-(?!09-21)[-\dT:]+Z/g, 'since NOW');

test('drift tells what differs on which hosts, since when, and what would follow', async () => {
  const ran = await runPlaybook(playbook, { command: 'drift', folder: drifted() });
  expect(ran.exitCode).toBe(3);
  expect(withoutTimes(ran.out)).toMatchInlineSnapshot(`
    "Differs from the playbook
      a: write {folder}/motd-a (0644)
        Message of the day ({folder}/site.yml:5:7)
        so since 2026-09-21T14:13:20Z
      b: write {folder}/motd-b (0644)
        Message of the day ({folder}/site.yml:5:7)
      a, b: set the permissions of {folder}/box
        Folder ({folder}/site.yml:8:7)
        so since NOW
      a, b: write {folder}/two (0644) (item two)
        Pieces ({folder}/site.yml:10:7)

    A run would then also
      a, b: make the directory {folder}/told
        Tell ({folder}/site.yml:18:7)

    Cannot be known without a run
      b: Ask
        only running the command would tell ({folder}/site.yml:13:7)

    0 of 2 hosts are as {folder}/site.yml says
      drifted: a, b
    "
  `);
});

test('drift shows differences with --diff', async () => {
  const ran = await runPlaybook(playbook, { command: 'drift', folder: drifted(), args: ['--diff'] });
  expect(ran.out).toContain('    @@ -1 +1 @@\n    -theirs\n    +hi\n');
  expect(ran.out).toContain('    -mode: 0755\n    +mode: 0750\n');
});

test('drift as JSON has all of it', async () => {
  const ran = await runPlaybook(playbook, {
    command: 'drift',
    folder: drifted(),
    args: ['--output', 'drift-json={folder}/drift.json'],
  });
  const json = JSON.parse(readFileSync(join(ran.folder, 'drift.json'), 'utf8')) as {
    readonly hosts: unknown;
    readonly exitCode: number;
    readonly differences: readonly { readonly since: unknown; readonly task: string }[];
    readonly consequences: readonly unknown[];
    readonly unknown: readonly unknown[];
  };
  expect(json.exitCode).toBe(3);
  expect(json.hosts).toEqual({ a: 'drifted', b: 'drifted' });
  expect(json.differences.map(({ task }) => task)).toEqual([
    'Message of the day',
    'Message of the day',
    'Folder',
    'Pieces',
  ]);
  expect(json.differences[0]).toMatchObject({
    hosts: ['a'],
    summary: `write ${ran.folder}/motd-a (0644)`,
    since: { a: '2026-09-21T14:13:20Z' },
    edits: [{ before: 'theirs\n', after: 'hi\n' }],
  });
  expect(json.differences[1]?.since).toEqual({ b: null });
  expect(json.consequences).toHaveLength(1);
  expect(json.unknown).toMatchObject([
    { hosts: ['b'], task: 'Ask', reason: 'only running the command would tell' },
  ]);
});

test('drift of hosts that are as written ends with 0 and one line', async () => {
  const ran = await runPlaybook(
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - file: {path: "{folder}", state: directory}\n',
    {
      command: 'drift',
    },
  );
  expect({ exitCode: ran.exitCode, out: ran.out }).toEqual({
    exitCode: 0,
    out: 'All 2 hosts are as {folder}/site.yml says: a, b\n',
  });
});

test('what would fail counts more than what differs', async () => {
  const ran = await runPlaybook(
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - {name: New, file: {path: "{folder}/new", state: directory}}\n    - {name: Held, assert: {that: false}}\n',
    { command: 'drift', hosts: ['a'] },
  );
  expect(ran.exitCode).toBe(2);
  expect(ran.out).toContain('A run would fail: a\n{folder}/site.yml:5:35  error HAPB6120');
  expect(ran.out).toContain('\n0 of 1 hosts are as {folder}/site.yml says\n  would fail: a\n');
});
