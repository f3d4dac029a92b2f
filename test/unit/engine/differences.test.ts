import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const play = (tasks: string): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;

/** The differences that a check shows, then those that a run shows. */
async function both(tasks: string, files: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const show = async (...args: readonly string[]): Promise<string> => {
    const ran = await runPlaybook(play(tasks), { hosts: ['a'], folder, args: ['--diff', ...args] });
    return ran.out
      .replace(/^would change: (\[a\](?: => \(item=.\))?).*$/gm, 'changed: $1')
      .replace(/\n\nPLAY RECAP[\s\S]*/, '')
      .replace(/^[\s\S]*?TASK \[/, 'TASK [');
  };
  return { check: await show('--check'), run: await show() };
}

describe('--diff', () => {
  it('shows in a run what it showed in the check before', async () => {
    const { check, run } = await both(
      `
- {name: text, copy_file: {content: "a\\nb\\n", dest: "{folder}/old"}}
- {name: line, lineinfile: {path: "{folder}/old", line: c, insertafter: a}}
- {name: new, copy_file: {content: "x", dest: "{folder}/new", mode: "0600"}}
- {name: mode, file: {path: "{folder}/new", mode: "0640"}}
- {name: folder, file: {path: "{folder}/box", state: directory}}
- {name: link, file: {src: new, dest: "{folder}/link", state: link}}
- {name: each, copy_file: {content: "{{ item }}", dest: "{folder}/{{ item }}"}, loop: [i, j]}
- {name: gone, file: {path: "{folder}/old", state: absent}}`,
      { old: 'a\nz\n' },
    );
    expect(run).toBe(check);
    expect(check).toContain('@@ -1,2 +1,2 @@\n a\n-z\n+b\n');
  });

  it('tells of binary content, and of what nobody would see, by size and hash', async () => {
    const { check, run } = await both(
      `
- {name: binary, copy_file: {content: "\\0\\u0001new", dest: "{folder}/binary"}}
- {name: ends, copy_file: {content: "a\\nb\\n", dest: "{folder}/ends"}}`,
      { binary: '\0old', ends: 'a\r\nb\r\n' },
    );
    expect(run).toBe(check);
    expect(check.match(/^-size: \d bytes$/gm)).toEqual(['-size: 4 bytes', '-size: 6 bytes']);
    expect(check.match(/^\+size: \d bytes$/gm)).toEqual(['+size: 5 bytes', '+size: 4 bytes']);
  });

  it('shows no control characters, and hidden ones by their number', async () => {
    const { check } = await both(
      '- {name: ctl, copy_file: {content: "a\\u001b[31mred\\u001b[0m\\u202Eb\\n", dest: "{folder}/ctl"}}',
    );
    expect(check).toContain('+ared<U+202E>b\n');
  });

  it('is hidden for a task that says diff: false, in the log too', async () => {
    const ran = await runPlaybook(
      play('- {name: hush, copy_file: {content: words, dest: "{folder}/x"}, diff: false}'),
      { hosts: ['a'], args: ['--check', '--diff'] },
    );
    expect(ran.out).toContain('TASK [hush]\nwould change: [a]: write {folder}/x (0644)\n');
    const changes = ran.events.flatMap((event) =>
      event.type === 'task.finished' && event.outcome.kind === 'would-change' ? [event.outcome.change] : [],
    );
    expect(changes).toEqual([{ summary: `write ${ran.folder}/x (0644)`, edits: [], detail: 'summary' }]);
  });
});
