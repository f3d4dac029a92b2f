import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ends, runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;
const check = (tasks: string, ...more: readonly string[]) =>
  runPlaybook(play(tasks), { hosts: ['a'], args: ['--check', ...more] });

describe('check mode', () => {
  it('changes nothing and says what a run would change', async () => {
    const ran = await check('- {name: one, copy_file: {content: hi, dest: "{folder}/new"}}');
    expect(ran.exitCode).toBe(0);
    expect(ends(ran, 'a')).toEqual(['one: would-change']);
    expect(existsSync(join(ran.folder, 'new'))).toBe(false);
    expect(ran.recap).toEqual({ a: 'ok=1 changed=1' });
  });

  it('answers later tasks from what earlier ones would do', async () => {
    const ran = await check(`
- {name: one, copy_file: {content: "hi", dest: "{folder}/new"}}
- {name: two, stat: {path: "{folder}/new"}, register: there}
- {name: three, assert: {that: there.stat.exists}}
- {name: again, copy_file: {content: "hi", dest: "{folder}/new"}}`);
    expect(ends(ran, 'a')).toEqual(['one: would-change', 'two: ok', 'three: ok', 'again: ok']);
  });

  it('passes unknown results through conditions, texts and set_fact, and names their origin', async () => {
    const ran = await check(`
- {name: one, command: date, register: now}
- {name: two, command: "true", when: now.stdout == 'x'}
- {name: three, set_fact: {stamp: "at {{ now.stdout }}"}}
- {name: four, debug: {msg: "{{ stamp }}"}}
- {name: five, debug: {msg: hi}, when: false and now.rc == 0}`);
    expect(ends(ran, 'a')).toEqual([
      'one: unknown',
      'two: unknown',
      'three: unknown',
      'four: unknown',
      'five: skipped',
    ]);
    expect(ran.out).toContain("unknown: [a] (depends on 'now' set at {folder}/site.yml:4:7)");
    expect(ran.recap).toEqual({ a: 'skipped=1 unknown=4' });
  });

  it('does not call a pause a change', async () => {
    const ran = await check('- {name: one, pause: {seconds: 0}}');
    expect(ends(ran, 'a')).toEqual(['one: ok']);
    expect(ran.recap).toEqual({ a: 'ok=1' });
  });

  it('does not know what lies at the guard of a command that would run, also a relative one', async () => {
    const ran = await check(`
- {name: one, shell: {cmd: "echo hi > new", chdir: "{folder}", creates: new}}
- {name: two, stat: {path: "{folder}/new"}}`);
    expect(ends(ran, 'a')).toEqual(['one: would-change', 'two: unknown']);
  });

  it('does not know what a task has left that is unknown itself', async () => {
    const ran = await check(`
- {name: asked, command: date, register: now}
- {name: content, copy_file: {content: "{{ now.stdout }}", dest: "{folder}/a"}}
- {name: its line, lineinfile: {path: "{folder}/a", line: x}}
- {name: condition, file: {path: "{folder}/b", state: directory}, when: now.rc == 0}
- {name: in it, copy_file: {content: hi, dest: "{folder}/b/c"}}
- {name: its look, stat: {path: "{folder}/b/c"}}
- {name: elsewhere, stat: {path: "{folder}/c"}}`);
    expect(ends(ran, 'a')).toEqual([
      'asked: unknown',
      'content: unknown',
      'its line: unknown',
      'condition: unknown',
      'in it: unknown',
      'its look: unknown',
      'elsewhere: ok',
    ]);
    expect(ran.out).toMatch(
      /unknown: \[a\] \('content' at \{folder\}\/site\.yml:\d+:7, which is unknown itself, may change it\)/,
    );
  });

  it('runs a command that check_mode: false demands', async () => {
    const ran = await check(
      '- {name: one, command: echo hi, register: r, check_mode: false, changed_when: false}\n- {name: two, assert: {that: "r.stdout == \'hi\'"}}',
    );
    expect(ends(ran, 'a')).toEqual(['one: ok', 'two: ok']);
  });

  it('fails a task with check_mode: true in a real run where an argument is wrong', async () => {
    const ran = await runPlaybook(
      play(
        '- {name: one, file: {path: "{folder}/x", state: "{{ inventory_hostname }}"}, check_mode: true, ignore_errors: true}',
      ),
      { hosts: ['a'] },
    );
    expect(ends(ran, 'a')).toEqual(['one: failed']);
    expect(ran.recap).toEqual({ a: 'ok=1 ignored=1' });
  });

  it('does not run a command whose guard is satisfied, and knows it', async () => {
    const ran = await check('- {name: one, command: "touch {folder}/x", args: {creates: /etc/passwd}}');
    expect(ends(ran, 'a')).toEqual(['one: ok']);
  });

  it('that would fail ends with 2 and says why', async () => {
    const ran = await check('- {name: one, assert: {that: 1 == 2, fail_msg: no}}');
    expect(ran.exitCode).toBe(2);
    expect(ends(ran, 'a')).toEqual(['one: would-fail']);
    expect(ran.recap).toEqual({ a: 'would-fail=1' });
  });

  it('ends with 3 under --detailed-exitcode when something is pending, and with 0 when nothing is', async () => {
    const pending = await check(
      '- {name: one, file: {path: "{folder}/x", state: directory}}',
      '--detailed-exitcode',
    );
    expect(pending.exitCode).toBe(3);
    const settled = await check(
      '- {name: one, file: {path: "{folder}", state: directory}}',
      '--detailed-exitcode',
    );
    expect(settled.exitCode).toBe(0);
  });

  it('does not count as pending what check mode itself has done', async () => {
    const ran = await check(
      `
- {name: more, add_host: {name: new}}
- {name: group, group_by: {key: fresh}}
- {name: read, command: "true", check_mode: false}`,
      '--detailed-exitcode',
    );
    expect(ran.recap).toEqual({ a: 'ok=3 changed=3' });
    expect(ran.exitCode).toBe(0);
  });

  it('counts an item that is pending in a loop that fails', async () => {
    const ran = await check(
      '- {name: one, file: {path: "{folder}/{{ item }}", state: "{{ item }}"}, loop: [directory, file], ignore_errors: true}',
      '--detailed-exitcode',
    );
    expect(ran.exitCode).toBe(3);
  });

  it('notifies handlers of what would change', async () => {
    const ran = await runPlaybook(
      `${play('- {name: one, file: {path: "{folder}/x", state: directory}, notify: tell}')}  handlers:\n    - {name: tell, file: {path: "{folder}/y", state: directory}}\n`,
      { hosts: ['a'], args: ['--check'] },
    );
    expect(ends(ran, 'a')).toEqual(['one: would-change', 'tell: would-change']);
  });
});
