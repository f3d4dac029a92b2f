import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ends, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

async function check(tasks: string, folder = temporaryFolder()) {
  const playbook = `- hosts: all\n  gather_facts: false\n  vars: {d: "{folder}/x"}\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;
  return runPlaybook(playbook, { hosts: ['a'], args: ['--check'], folder });
}

/** A folder x with a folder real, a file in it, and links to both. */
function withLinks(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'x/real'), { recursive: true });
  writeFileSync(join(folder, 'x/real/f'), 'hi\n');
  writeFileSync(join(folder, 'x/real/other'), 'hi\n');
  symlinkSync('real', join(folder, 'x/link'));
  symlinkSync('real/f', join(folder, 'x/to-f'));
  return folder;
}

describe('a path that leads elsewhere', () => {
  it('is unknown where what it leads to would be changed, and known where that is left alone', async () => {
    const ran = await check(
      `
- {name: write, copy_file: {content: "new\\n", dest: "{{ d }}/real/f", mode: "0644"}}
- {name: link itself, file: {path: "{{ d }}/to-f", src: real/f, state: link, follow: false}}
- {name: itself, stat: {path: "{{ d }}/to-f"}}
- {name: folder link, lineinfile: {path: "{{ d }}/link/f", line: new}}
- {name: beside, lineinfile: {path: "{{ d }}/link/other", line: hi}}
- {name: followed, stat: {path: "{{ d }}/to-f", follow: true}}`,
      withLinks(),
    );
    expect(ends(ran, 'a')).toEqual([
      'write: would-change',
      'link itself: ok',
      'itself: ok',
      'folder link: unknown',
      'beside: ok',
      'followed: unknown',
    ]);
    expect(ran.out).toMatch(
      /\/x\/link\/f leads to \{folder\}\/x\/real\/f, which 'write' at \{folder\}\/site\.yml:\d+:7 would change\)/,
    );
  });

  it('is known under new permissions or times as far as these do not tell', async () => {
    const ran = await check(
      `
- {name: mode, file: {path: "{{ d }}/real/f", mode: "0755"}}
- {name: look, stat: {path: "{{ d }}/real/f"}, register: f}
- {name: may be run, debug: {msg: "{{ f.stat.executable }}"}}
- {name: changed, debug: {msg: "{{ f.stat.ctime }}"}}
- {name: same content, debug: {msg: "{{ f.stat.size }} {{ f.stat.checksum }} {{ f.stat.xusr }} {{ f.stat.mtime }}"}}
- {name: touch, file: {path: "{{ d }}/real/other", state: touch}}
- {name: times, stat: {path: "{{ d }}/real/other"}, register: t}
- {name: written, debug: {msg: "{{ t.stat.mtime }}"}}
- {name: there, debug: {msg: "{{ t.stat.exists }}"}}`,
      withLinks(),
    );
    expect(ends(ran, 'a')).toEqual([
      'mode: would-change',
      'look: ok',
      'may be run: unknown',
      'changed: unknown',
      'same content: ok',
      'touch: would-change',
      'times: ok',
      'written: unknown',
      'there: ok',
    ]);
  });

  it('gives way to no file where that is a folder, or may be one', async () => {
    const ran = await check(
      `
- {name: content, copy_file: {content: "new\\n", dest: "{{ d }}/link", mode: "0644"}, ignore_errors: true}
- {name: in it, copy_file: {src: site.yml, dest: "{{ d }}/link", mode: "0644"}}
- {name: new link, file: {path: "{{ d }}/to-new", src: new, state: link, force: true}}
- {name: folder, file: {path: "{{ d }}/new", state: directory, mode: "0755"}}
- {name: there, copy_file: {content: "new\\n", dest: "{{ d }}/to-new", mode: "0644"}}`,
      withLinks(),
    );
    expect(ends(ran, 'a')).toEqual([
      'content: would-fail',
      'in it: would-change',
      'new link: would-change',
      'folder: would-change',
      'there: unknown',
    ]);
    expect(ran.out).toContain('/x/link is a link to a directory, so no file can be put there');
  });

  it('is unknown where it is written by its other name, or its folder would go', async () => {
    const ran = await check(
      `
- {name: through, copy_file: {content: "new\\n", dest: "{{ d }}/link/new", mode: "0644"}}
- {name: there, stat: {path: "{{ d }}/real/new"}}
- {name: remove, file: {path: "{{ d }}/real", state: absent}}
- {name: other, stat: {path: "{{ d }}/link/other"}}`,
      withLinks(),
    );
    expect(ends(ran, 'a')).toEqual([
      'through: would-change',
      'there: unknown',
      'remove: would-change',
      'other: unknown',
    ]);
  });

  it('is unknown where it leads through a link that a task would make', async () => {
    const ran = await check(
      `
- {name: link, file: {src: real, dest: "{{ d }}/new", state: link}}
- {name: through, lineinfile: {path: "{{ d }}/new/f", line: more}}
- {name: behind, stat: {path: "{{ d }}/real/f"}}
- {name: beside, stat: {path: "{{ d }}/real/other"}}`,
      withLinks(),
    );
    expect(ends(ran, 'a')).toEqual([
      'link: would-change',
      'through: unknown',
      'behind: unknown',
      'beside: ok',
    ]);
  });
});

describe('a path that is not known whole', () => {
  it('may be any in the folder that it begins with', async () => {
    const ran = await check(
      `
- {name: ask, command: date, register: r}
- {name: each, copy_file: {content: x, dest: "{{ d }}/real/{{ item }}"}, loop: "{{ r.stdout_lines }}", when: false or r.rc == 0}
- {name: literal, copy_file: {content: x, dest: "{folder}/x/real/{{ r.stdout }}.conf"}}
- {name: in it, stat: {path: "{folder}/x/real/f"}}
- {name: beside, stat: {path: "{folder}/site.yml"}}`,
      withLinks(),
    );
    // What begins with a variable may be anywhere.
    expect(ends(ran, 'a').slice(1)).toEqual([
      'each: unknown',
      'literal: unknown',
      'in it: unknown',
      'beside: unknown',
    ]);
    const narrow = await check(
      `
- {name: ask, command: date, register: r}
- {name: literal, copy_file: {content: x, dest: "{folder}/x/real/{{ r.stdout }}.conf"}}
- {name: in it, stat: {path: "{folder}/x/real/f"}}
- {name: beside, stat: {path: "{folder}/site.yml"}}`,
      withLinks(),
    );
    expect(ends(narrow, 'a').slice(2)).toEqual(['in it: unknown', 'beside: ok']);
  });

  it('of a folder that is copied is all that is in it', async () => {
    const ran = await check(
      `
- {name: change, lineinfile: {path: "{{ d }}/real/f", line: more}}
- {name: copy, copy_file: {src: "{{ d }}/real/", dest: "{{ d }}/copy/", remote_src: true}}
- {name: in it, stat: {path: "{{ d }}/copy/other"}}
- {name: beside, stat: {path: "{{ d }}/copied"}}`,
      withLinks(),
    );
    expect(ends(ran, 'a')).toEqual(['change: would-change', 'copy: unknown', 'in it: unknown', 'beside: ok']);
  });
});

describe('a backup', () => {
  it('is told of only where there is something to keep', async () => {
    const ran = await check(
      `
- {name: old, copy_file: {content: "new\\n", dest: "{{ d }}/real/f", mode: "0644", backup: true}, register: old}
- {name: kept, assert: {that: old.backup_file is defined}}
- {name: new, copy_file: {content: "new\\n", dest: "{{ d }}/real/g", mode: "0644", backup: true}, register: new}
- {name: none, assert: {that: new.backup_file is not defined}}`,
      withLinks(),
    );
    expect(ends(ran, 'a')).toEqual(['old: would-change', 'kept: ok', 'new: would-change', 'none: ok']);
  });
});

describe('a block with a rescue', () => {
  it('may come to it where only a run tells whether a task fails', async () => {
    const ran = await check(
      `
- {name: ask, command: date, register: r}
- block:
    - {name: before, stat: {path: /}}
    - {name: sure, assert: {that: r.rc == 0}}
    - {name: behind, file: {path: "{{ d }}/real/behind", state: touch}}
    - {name: whatever, stat: {path: /}, when: false}
  rescue:
    - {name: rescue, file: {path: "{{ d }}/real/new", state: touch}}
    - {name: why, debug: {msg: "{{ ansible_failed_task.name }}"}}
  always:
    - {name: always, stat: {path: "{{ d }}/real/new"}}
- {name: after, stat: {path: "{{ d }}/real/f"}}
- {name: made behind, stat: {path: "{{ d }}/real/behind"}}
- block:
    - {name: known, assert: {that: true}}
    - {name: ignored, assert: {that: r.rc == 0}, ignore_errors: true}
  rescue:
    - {name: never, debug: {msg: no}}`,
      withLinks(),
    );
    expect(ends(ran, 'a').slice(1)).toEqual([
      'before: ok',
      'sure: unknown',
      'behind: unknown',
      'whatever: skipped',
      'rescue: unknown',
      'why: unknown',
      'always: unknown',
      'after: ok',
      'made behind: unknown',
      'known: ok',
      'ignored: unknown',
    ]);
    expect(ran.out).toContain("(it hangs on whether 'sure' fails, which is unknown)");
  });
});

describe('a file with several names', () => {
  it('is unknown by the others where a task would change it by one', async () => {
    const folder = withLinks();
    linkSync(join(folder, 'x/real/f'), join(folder, 'x/twin'));
    linkSync(join(folder, 'x/real/other'), join(folder, 'x/other-twin'));
    writeFileSync(join(folder, 'x/alone'), '');
    const ran = await check(
      `
- {name: mode, file: {path: "{{ d }}/real/f", mode: "0600"}}
- {name: twin, file: {path: "{{ d }}/twin", mode: "0600"}}
- {name: beside, file: {path: "{{ d }}/other-twin", state: file}}
- {name: gone, file: {path: "{{ d }}/real/other", state: absent}}
- {name: look, stat: {path: "{{ d }}/other-twin"}, register: s}
- {name: how many names, debug: {msg: "{{ s.stat.nlink }}"}}
- {name: look into, stat: {path: "{{ d }}/real/"}, register: r}
- {name: since, debug: {msg: "{{ r.stat.mtime }}"}}
- {name: what it is, debug: {msg: "{{ r.stat.isdir }}"}}
- {name: stays, file: {path: "{{ d }}/other-twin", mode: "0600"}}
- {name: made, file: {src: "{{ d }}/alone", dest: "{{ d }}/third", state: hard}}
- {name: its mode, file: {path: "{{ d }}/third", mode: "0640"}}
- {name: the first's, file: {path: "{{ d }}/alone", mode: "0640"}}`,
      folder,
    );
    expect(ends(ran, 'a')).toEqual([
      'mode: would-change',
      'twin: unknown',
      'beside: ok',
      'gone: would-change',
      'look: ok',
      'how many names: unknown',
      'look into: ok',
      'since: unknown',
      'what it is: ok',
      'stays: would-change',
      'made: would-change',
      'its mode: would-change',
      "the first's: unknown",
    ]);
  });
});
