import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ends, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

async function check(tasks: string, args: readonly string[] = ['--check']) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'to'));
  writeFileSync(join(folder, 'f'), 'hi\n');
  writeFileSync(join(folder, 't1'), 't\n');
  const playbook = `- hosts: all\n  gather_facts: false\n  vars: {d: "{folder}"}\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;
  return runPlaybook(playbook, { hosts: ['a'], args, folder });
}

describe('what a check does not take for certain', () => {
  it('is what would be fetched to the controller, and its folder', async () => {
    const ran = await check(`
- {name: fetch, fetch: {src: "{{ d }}/f", dest: "{{ d }}/got/f", flat: true}}
- {name: look, stat: {path: "{folder}/got/f"}, delegate_to: localhost}
- {name: its folder, stat: {path: "{folder}/got"}, delegate_to: localhost}
- {name: read, copy_file: {content: "{{ lookup('file', d ~ '/got/f') }}", dest: "{folder}/z"}}
- {name: beside, stat: {path: "{folder}/gott"}, delegate_to: localhost}`);
    expect(ends(ran, 'a')).toEqual([
      'fetch: would-change',
      'look: unknown',
      'its folder: unknown',
      'read: unknown',
      'beside: ok',
    ]);
  });

  it('is whether a file that would be fetched is there', async () => {
    const ran = await check(`
- {name: fetch, fetch: {src: "{{ d }}/f", dest: "{{ d }}/got/f", flat: true}}
- {name: there, copy_file: {content: x, dest: "{folder}/y"}, when: (d ~ '/got/f') is exists}
- {name: not there, copy_file: {content: x, dest: "{folder}/y2"}, when: (d ~ '/got/f') is not file}
- {name: listed, debug: {msg: x}, when: "[d ~ '/got/f'] | select('exists') | length > 0"}
- {name: globbed, debug: {msg: "{{ (d ~ '/got/*') | fileglob }}"}}
- {name: led, debug: {msg: "{{ (d ~ '/got/f') | realpath }}"}}
- {name: mapped, debug: {msg: "{{ [d ~ '/got/f'] | map('realpath') | list }}"}}
- {name: beside, debug: {msg: x}, when: (d ~ '/t1') is exists}`);
    expect(ends(ran, 'a').slice(1)).toEqual([
      'there: unknown',
      'not there: unknown',
      'listed: unknown',
      'globbed: unknown',
      'led: unknown',
      'mapped: unknown',
      'beside: ok',
    ]);
  });
  it('is what conditions read of a file that would be fetched, or that the kernel writes anew each time', async () => {
    const ran = await check(`
- {name: fetch, fetch: {src: "{{ d }}/f", dest: "{{ d }}/got/f", flat: true}}
- {name: its text, debug: {msg: x}, when: "lookup('file', d ~ '/got/f') == 'x'"}
- {name: its name, debug: {msg: x}, when: "lookup('fileglob', d ~ '/got/*') != ''"}
- {name: the first, debug: {msg: x}, when: "lookup('first_found', [d ~ '/got/f', '/etc/passwd']) == 'x'"}
- {name: said, debug: {msg: x}, failed_when: "lookup('file', d ~ '/got/f') == 'x'"}
- {name: since, copy_file: {content: "{{ lookup('file', '/proc/uptime') }}", dest: "{folder}/z"}}`);
    expect(ends(ran, 'a').slice(1)).toEqual([
      'its text: unknown',
      'its name: unknown',
      'the first: unknown',
      'said: unknown',
      'since: unknown',
    ]);
  });

  it('is a new folder below which something is called by another of its names', async () => {
    const ran = await check(`
- {name: deep, file: {path: "{folder}/p/q/r", state: directory, mode: "0755"}}
- {name: in it, copy_file: {content: x, dest: "{folder}/p/q/r/f", mode: "0644"}}
- {name: two slashes, stat: {path: "{folder}/p//q/r/f"}}
- {name: up and down, copy_file: {content: x, dest: "{folder}/p/q/r/../r/f"}}
- {name: beside, stat: {path: "{folder}/p//q/r/g"}}`);
    expect(ends(ran, 'a').slice(2)).toEqual(['two slashes: unknown', 'up and down: unknown', 'beside: ok']);
  });

  it('is what a task that may run puts into a folder, or through a link that it may make', async () => {
    const ran = await check(`
- {name: ask, command: date, register: r}
- {name: into, copy_file: {src: f, dest: "{folder}/to"}, when: r.rc == 0}
- {name: what came, stat: {path: "{folder}/to/f"}}
- {name: beside, stat: {path: "{folder}/to/g"}}
- {name: link, file: {src: "{folder}/t1", dest: "{folder}/as", state: link}, when: r.rc == 0}
- {name: through, lineinfile: {path: "{folder}/as", line: more, create: true}}
- {name: same, lineinfile: {path: "{folder}/t1", line: more}}`);
    expect(ends(ran, 'a').slice(1)).toEqual([
      'into: unknown',
      'what came: unknown',
      'beside: ok',
      'link: unknown',
      'through: unknown',
      'same: unknown',
    ]);
  });

  it('is who there is once a task would write the files of accounts itself', async () => {
    const ran = await check(`
- {name: before, group: {name: root}}
- {name: by hand, lineinfile: {path: /etc/group, line: "hapb-by-hand:x:64999:"}}
- {name: group, group: {name: root}}
- {name: asked, getent: {database: group, key: root}}`);
    expect(ends(ran, 'a')).toEqual([
      'before: ok',
      'by hand: would-change',
      'group: unknown',
      'asked: unknown',
    ]);
  });

  it('is what comes by chance, unless a seed says what', async () => {
    const ran = await check(`
- {name: number, debug: {msg: "{{ 1000 | random }}"}}
- {name: order, debug: {msg: "{{ [1, 2, 3] | shuffle }}"}}
- {name: skip, debug: {msg: hi}, when: (1000 | random) > 1}
- {name: seeded, debug: {msg: "{{ 1000 | random(seed='a') }}"}}`);
    expect(ends(ran, 'a')).toEqual(['number: unknown', 'order: unknown', 'skip: unknown', 'seeded: ok']);
  });
});

describe('what mentions no variable', () => {
  it('is worked out each time where a filter or lookup may say something else', async () => {
    const ran = await check(
      `
- {name: before, debug: {msg: "{{ '{folder}/made' | realpath }}"}}
- {name: link, file: {src: "{folder}/f", dest: "{folder}/made", state: link}}
- {name: after, debug: {msg: "{{ '{folder}/made' | realpath }}"}}
- {name: by chance, debug: {msg: "{{ 1000000000 | random }}"}, loop: [1, 2]}`,
      [],
    );
    expect(ran.err).toBe('');
    const shown = [...ran.out.matchAll(/"msg": "?([^",\n]*)"?/g)].map(([, text]) => text);
    expect(shown.slice(0, 2)).toEqual(['{folder}/made', '{folder}/f']);
    expect(new Set(shown)).toHaveProperty('size', 4);
  });
});

describe('a program that is to judge the content', () => {
  it('is named as what a check cannot tell', async () => {
    const ran = await check(`
- {name: new, copy: {content: x, dest: "{folder}/new", mode: "0600", validate: "grep y %s"}}
- {name: edit, lineinfile: {path: "{folder}/f", line: more, validate: "grep y %s"}}
- {name: mode, copy: {content: "t\\n", dest: "{folder}/t1", mode: "0600", validate: "grep y %s"}}`);
    expect(ran.out).toContain('write {folder}/new (0600), if "grep y %s" accepts it');
    expect(ran.out).toContain('edit {folder}/f, if "grep y %s" accepts it');
    expect(ran.out).toContain('set the permissions of {folder}/t1\n');
  });
});

describe('a time that no timer can hold', () => {
  it.each([
    ['timeout', 'command: "true", timeout: 3000000'],
    ['delay', 'command: "true", retries: 1, until: false, delay: 3000000'],
    ['the pause of a loop', 'command: "true", loop: [1, 2], loop_control: {pause: 3000000}'],
    ['pause', 'pause: {minutes: 50000}'],
  ])('is refused: %s', async (_, task) => {
    const ran = await check(`- {name: one, ${task}}`, []);
    expect(ends(ran, 'a')).toEqual(['one: failed']);
    expect(ran.out + ran.err).toContain('HAPB7089');
  });

  it('is refused on the command line', async () => {
    const started = check('- {name: one, command: "true"}', ['--run-timeout', '2147483648']);
    await expect(started).rejects.toThrow('at most 2147400 seconds');
  });
});
