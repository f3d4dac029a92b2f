import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSshd, whyNoSshd } from '../connection/real-sshd.ts';
import { type Ran, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

/** How the items of the only loop ended, in order. */
function items(ran: Ran): readonly string[] {
  return ran.events.flatMap((event) => (event.type === 'item.finished' ? [event.outcome.kind] : []));
}

const play = (task: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`;

describe('what a loop asks behind the change of an item', () => {
  it('never shows: each item sees what those before it have done', async () => {
    const write = fc.record({
      file: fc.constantFrom('x', 'y'),
      text: fc.constantFrom('one', 'two', 'three'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 2, maxLength: 6 }), async (writes) => {
        const ran = await runPlaybook(
          play(
            `copy: {content: "{{ item.text }}", dest: "{folder}/data-{{ item.file }}"}\n      loop: ${JSON.stringify(writes)}`,
          ),
          { hosts: ['a'] },
        );
        const files = new Map<string, string>();
        const expected = writes.map(({ file, text }) => {
          const kind = files.get(file) === text ? 'ok' : 'changed';
          files.set(file, text);
          return kind;
        });
        expect(items(ran)).toEqual(expected);
        for (const [file, text] of files)
          expect(readFileSync(join(ran.folder, `data-${file}`), 'utf8')).toBe(text);
      }),
      { numRuns: 25 },
    );
  });

  it('is thrown away where an item changes more than one thing', async () => {
    // Each takes a backup first: two changes, and the next item must see the second.
    const ran = await runPlaybook(
      play(
        `copy: {content: "{{ item }}", dest: "{folder}/one", backup: true}\n      loop: [a, b, b, c, a, a]`,
      ),
      { hosts: ['a'] },
    );
    expect(items(ran)).toEqual(['changed', 'changed', 'ok', 'changed', 'changed', 'ok']);
    expect(readFileSync(join(ran.folder, 'one'), 'utf8')).toBe('a');
  });

  it('counts for no item that says what to do by the one before', async () => {
    const ran = await runPlaybook(
      play(
        `copy: {content: "{{ r.dest | default('none') | basename }}", dest: "{folder}/{{ item }}"}\n      loop: [a, b, a]\n      register: r`,
      ),
      { hosts: ['a'] },
    );
    expect(items(ran)).toEqual(['changed', 'changed', 'changed']);
    expect(readFileSync(join(ran.folder, 'a'), 'utf8')).toBe('b');
    expect(readFileSync(join(ran.folder, 'b'), 'utf8')).toBe('a');
  });

  it('counts for no item that a failed one is followed by, where that left something else', async () => {
    const ran = await runPlaybook(
      play(
        `file: {path: "{folder}/{{ item.path }}", state: "{{ item.state }}"}\n      loop: [{path: d, state: directory}, {path: d/e, state: file}, {path: d, state: absent}, {path: d, state: absent}]\n      ignore_errors: true`,
      ),
      { hosts: ['a'] },
    );
    expect(items(ran)).toEqual(['changed', 'failed', 'changed', 'ok']);
  });

  it.runIf(whyNoSshd === null)('works the same over ssh, on several hosts that wait for slots', async () => {
    await using sshd = await startSshd();
    const folder = temporaryFolder();
    const key = join(sshd.directory, 'user_ed25519');
    writeFileSync(join(folder, 'key'), readFileSync(key), { mode: 0o600 });
    const line = readFileSync(sshd.knownHosts, 'utf8');
    writeFileSync(join(folder, 'known_hosts'), line);
    const names = ['a', 'b', 'c', 'd'];
    const hosts = names.map((name) => `    ${name}: {ansible_host: 127.0.0.1, ansible_port: ${sshd.port}}\n`);
    const ran = await runPlaybook(
      play(
        `lineinfile: {path: "{folder}/{{ inventory_hostname }}", regexp: "^{{ item.k }}=", line: "{{ item.k }}={{ item.v }}", create: true}\n      loop: [{k: a, v: 1}, {k: b, v: 1}, {k: a, v: 1}, {k: a, v: 2}, {k: b, v: 1}]`,
      ),
      {
        folder,
        args: ['-f', '2', '--known-hosts', '{folder}/known_hosts', '--private-key', '{folder}/key'],
        files: { 'inventory.yml': `all:\n  hosts:\n${hosts.join('')}` },
      },
    );
    expect(ran.err).toBe('');
    for (const name of names) {
      const own = ran.events.flatMap((event) =>
        event.type === 'item.finished' && event.host === name ? [event.outcome.kind] : [],
      );
      expect(own).toEqual(['changed', 'changed', 'ok', 'changed', 'ok']);
      expect(readFileSync(join(folder, name), 'utf8')).toBe('a=2\nb=1\n');
    }
  });
});
