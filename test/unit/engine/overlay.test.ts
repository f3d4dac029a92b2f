import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ends, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const play = (tasks: string): string =>
  `- hosts: all\n  gather_facts: false\n  vars: {d: "{folder}"}\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;

async function check(tasks: string, folder = temporaryFolder()) {
  return runPlaybook(play(tasks), { hosts: ['a'], args: ['--check'], folder });
}

describe('what a check cannot know of a task', () => {
  it('it does not know of what the task would write either', async () => {
    const ran = await check(`
- {name: ask, command: date, register: r}
- {name: content, copy_file: {content: "{{ r.stdout }}", dest: "{{ d }}/x"}}
- {name: see x, stat: {path: "{{ d }}/x"}}
- {name: edit x, lineinfile: {path: "{{ d }}/x", line: more}}
- {name: when, file: {path: "{{ d }}/dir", state: directory}, when: r.rc == 0}
- {name: see below, stat: {path: "{{ d }}/dir/y"}}
- {name: see beside, stat: {path: "{{ d }}/other"}}
- {name: into, copy_file: {src: site.yml, dest: "{{ d }}/"}, when: r.rc == 0}
- {name: see it there, stat: {path: "{{ d }}/site.yml"}}
- {name: see the other, stat: {path: "{{ d }}/inventory.yml"}}`);
    expect(ends(ran, 'a').slice(1)).toEqual([
      'content: unknown',
      'see x: unknown',
      'edit x: unknown',
      'when: unknown',
      'see below: unknown',
      'see beside: ok',
      'into: unknown',
      'see it there: unknown',
      'see the other: ok',
    ]);
    expect(ran.out).toMatch(
      /unknown: \[a\] \('content' at \{folder\}\/site\.yml:\d+:7, which is unknown itself, may change it\)\n/,
    );
  });

  it('it does not know of accounts and packages either', async () => {
    const ran = await check(`
- {name: ask, command: date, register: r}
- {name: user, user: {name: hapb-nobody}, when: r.rc == 0}
- {name: again, user: {name: hapb-nobody}}
- {name: group, group: {name: hapb-nobodies, state: "{{ r.stdout }}"}}
- {name: once more, group: {name: hapb-nobodies}}`);
    expect(ends(ran, 'a').slice(2)).toEqual(['again: unknown', 'group: unknown', 'once more: unknown']);
  });
});

describe('a file that would be written', () => {
  it('is there for waits and for the guards of commands', async () => {
    const ran = await check(`
- {name: write, copy_file: {content: "one\\ntwo\\n", dest: "{{ d }}/x"}}
- {name: wait, wait_for: {path: "{{ d }}/x", search_regex: ^two$}}
- {name: wait for other, wait_for: {path: "{{ d }}/x", search_regex: three}}
- {name: creates, command: "true", args: {creates: "{{ d }}/x"}}
- {name: beside, command: "true", args: {creates: x, chdir: "{{ d }}"}}
- {name: removes, command: "true", args: {removes: "{{ d }}/x"}}
- {name: pattern, command: "true", args: {creates: "{{ d }}/x*"}}`);
    expect(ends(ran, 'a')).toEqual([
      'write: would-change',
      'wait: ok',
      'wait for other: unknown',
      'creates: ok',
      'beside: ok',
      'removes: would-change',
      'pattern: unknown',
    ]);
  });
});

describe('an owner', () => {
  it('must be there, or be foreseen', async () => {
    const ran = await check(`
- {name: nobody, copy_file: {content: x, dest: "{{ d }}/x", owner: hapb-none}, ignore_errors: true}
- {name: no group, file: {path: "{{ d }}", group: hapb-none}, ignore_errors: true}
- {name: number, copy_file: {content: x, dest: "{{ d }}/x", owner: "4711"}}
- {name: user, user: {name: hapb-none}}
- {name: now, copy_file: {content: x, dest: "{{ d }}/y", owner: hapb-none, group: hapb-none}}
- {name: remove, file: {path: "{{ d }}/y", state: absent, owner: hapb-nobody}}`);
    expect(ends(ran, 'a')).toEqual([
      'nobody: would-fail',
      'no group: would-fail',
      'number: would-change',
      'user: would-change',
      'now: would-change',
      'remove: would-change',
    ]);
    expect(ran.out).toContain('error HAPB6025: there is no user hapb-none on this host');
  });
});

describe('a folder that would be removed', () => {
  it('does not answer for what is below it, and is empty when it comes back', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'box/inner'), { recursive: true });
    writeFileSync(join(folder, 'box/inner/f'), 'x');
    const ran = await check(
      `
- {name: remove, file: {path: "{{ d }}/box", state: absent}}
- {name: look, stat: {path: "{{ d }}/box/inner/f"}, register: s}
- {name: gone, assert: {that: not s.stat.exists}}
- {name: read, slurp: {src: "{{ d }}/box/inner/f"}, ignore_errors: true}
- {name: put, copy_file: {content: x, dest: "{{ d }}/box/f"}, ignore_errors: true}
- {name: back, file: {path: "{{ d }}/box", state: directory}}
- {name: look again, stat: {path: "{{ d }}/box/inner/f"}, register: s}
- {name: still gone, assert: {that: not s.stat.exists}}
- {name: put again, copy_file: {content: x, dest: "{{ d }}/box/f"}}`,
      folder,
    );
    expect(ends(ran, 'a')).toEqual([
      'remove: would-change',
      'look: ok',
      'gone: ok',
      'read: would-fail',
      'put: would-fail',
      'back: would-change',
      'look again: ok',
      'still gone: ok',
      'put again: would-change',
    ]);
  });
});

describe('the reason of an unknown', () => {
  it.each([
    ['write it', 'copy_file: {content: x, dest: "{folder}/f"}', 'find: {paths: "{folder}"}'],
    ['write them', 'copy_file: {content: x, dest: /etc/passwd}', 'user: {name: nobody, shell: /bin/sh}'],
    ['install', 'package: {name: cowsay}', 'stat: {path: /etc/hapb-none}'],
  ])('names the place of the task that it hangs on: %s', async (title, first, second) => {
    if (title === 'install' && !existsSync('/usr/bin/dpkg-query')) return;
    const ran = await check(
      `\n- {name: pad, debug: {msg: x}}\n- {name: ${title}, ${first}}\n- {name: then, ${second}}`,
    );
    expect(ends(ran, 'a')).toEqual(['pad: ok', `${title}: would-change`, 'then: unknown']);
    expect(ran.out.match(/unknown: \[a\] .*/)?.[0]).toContain(`'${title}' at {folder}/site.yml:6:7`);
    const causes = ran.events.flatMap((event) =>
      event.type === 'task.finished' && event.outcome.kind === 'unknown' ? [event.outcome.cause] : [],
    );
    expect(causes).toMatchObject([{ file: join(ran.folder, 'site.yml'), start: { line: 6, column: 7 } }]);
  });

  it('names nothing that a task with no_log would change', async () => {
    const ran = await check(`
- {name: quiet, copy_file: {content: x, dest: "{folder}/hush-hush"}, no_log: true}
- {name: then, find: {paths: "{folder}"}}`);
    expect(ran.out).toMatch(/unknown: \[a\] \(it hangs on what 'quiet' at .*site\.yml:\d+:7 would change\)/);
    expect(ran.out).not.toContain('hush-hush');
  });
});

describe.runIf(existsSync('/usr/bin/dpkg-query'))('a package that would be installed', () => {
  const install = '- {name: install, package: {name: cowsay}}';

  it('may bring files and accounts without which a task would fail', async () => {
    const ran = await check(`
${install}
- {name: line, lineinfile: {path: /etc/hapb-none/x.conf, line: x}}
- {name: copy, copy_file: {content: x, dest: /etc/hapb-none/y.conf}}
- {name: not there, lineinfile: {path: "{{ d }}/x.conf", line: x}}`);
    expect(ends(ran, 'a')).toEqual([
      'install: would-change',
      'line: unknown',
      'copy: unknown',
      'not there: would-fail',
    ]);
    expect(ran.out).toMatch(
      /\(file:\/etc\/hapb-none\/x\.conf is not there, but may come with 'install' at \{folder\}\/site\.yml:\d+:7\)\n/,
    );
  });

  it('may bring a path that a task names to look at it, remove it, or leave it as it is', async () => {
    const ran = await check(`
${install}
- {name: look, stat: {path: /etc/hapb-none}}
- {name: remove, file: {path: /etc/hapb-none/, state: absent}}
- {name: made, command: {cmd: "true", creates: /usr/bin/hapb-none}}
- {name: elsewhere, stat: {path: "{{ d }}/none"}}
- {name: named by hapb, package_repo: {name: hapb-none, state: absent}}`);
    expect(ends(ran, 'a').slice(1)).toEqual([
      'look: unknown',
      'remove: unknown',
      'made: unknown',
      'elsewhere: ok',
      'named by hapb: ok',
    ]);
  });

  it('may bring a file that would be written anew, which the difference says', async () => {
    const folder = temporaryFolder();
    const playbook = play(`${install}\n- {name: copy, copy_file: {content: x, dest: /etc/hapb-none}}`);
    const ran = await runPlaybook(playbook, { hosts: ['a'], args: ['--check', '--diff'], folder });
    expect(ends(ran, 'a').at(-1)).toBe('copy: would-change');
    expect(ran.out).toContain(
      "--- before (unless 'install' at {folder}/site.yml:5:7 brings it)\n+++ after: /etc/hapb-none\n",
    );
  });
});
