import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ends, runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n${more}`;

type More = Parameters<typeof runPlaybook>[1];

/** Saves a plan, lets something happen, then runs what it holds. */
async function held(
  playbook: string,
  between: (folder: string) => unknown = () => undefined,
  { hosts = ['a'], later = {}, ...more }: More & { readonly later?: More } = {},
) {
  const check = await runPlaybook(playbook, {
    hosts,
    ...more,
    args: ['--check', '--save', '{folder}/plan.jsonl', ...(more.args ?? [])],
  });
  between(check.folder);
  const run = await runPlaybook(playbook, {
    hosts,
    ...more,
    folder: check.folder,
    ...later,
    args: ['--plan', '{folder}/plan.jsonl', ...(later.args ?? more.args ?? [])],
  });
  return { check, run, folder: check.folder };
}

const motd = play('- {name: motd, copy_file: {content: "hi\\n", dest: "{folder}/motd", mode: "0644"}}');

describe('a run that is held to a plan', () => {
  it('makes the changes that the plan foresaw', async () => {
    const { run, folder } = await held(motd);
    expect(run.err).toBe('');
    expect(ends(run, 'a')).toEqual(['motd: changed']);
    expect(readFileSync(join(folder, 'motd'), 'utf8')).toBe('hi\n');
  });

  it('makes what was foreseen of a task that its author calls failed, and no other change', async () => {
    const tasks = play(
      '- {name: motd, copy_file: {content: "hi\\n", dest: "{folder}/motd", mode: "0644"}, failed_when: true, ignore_errors: true}\n' +
        '- {name: hidden, copy_file: {content: "s3cret\\n", dest: "{folder}/s", mode: "0600"}, failed_when: true, ignore_errors: true, no_log: true}',
    );
    const { check, run, folder } = await held(tasks, undefined, { args: ['--diff'] });
    expect(check.out).toContain('+hi\n');
    expect(readFileSync(join(folder, 'plan.jsonl'), 'utf8') + check.out).not.toContain('s3cret');
    expect(run.out + run.err).not.toContain('HAPB7080');
    expect(readFileSync(join(folder, 'motd'), 'utf8')).toBe('hi\n');
    const other = await held(tasks, (at) => writeFileSync(join(at, 'motd'), 'theirs\n', { mode: 0o644 }));
    expect(other.run.out).toContain('HAPB7080');
  });

  it('stops a host before a change that the plan did not foresee, with both diffs', async () => {
    const { run, folder } = await held(
      play(`
- block:
    - {name: motd, copy_file: {content: "hi\\n", dest: "{folder}/motd", mode: "0644"}}
  rescue:
    - {name: rescue, debug: {msg: never}}
  always:
    - {name: always, debug: {msg: never}}
- {name: after, debug: {msg: never}}`),
      (at) => writeFileSync(join(at, 'motd'), 'theirs\n', { mode: 0o644 }),
    );
    expect(run.exitCode).toBe(2);
    expect(ends(run, 'a')).toEqual(['motd: failed']);
    expect(readFileSync(join(folder, 'motd'), 'utf8')).toBe('theirs\n');
    expect(run.out).toMatchInlineSnapshot(`
      "
      PLAY [all]

      TASK [motd]
      fatal: [a]: FAILED! => {"changed": false, "msg": "the plan did not foresee this change: write {folder}/motd (0644)"}
      {folder}/site.yml:5:24  error HAPB7080: the plan did not foresee this change: write {folder}/motd (0644)
        5 |         - {name: motd, copy_file: {content: "hi\\n", dest: "{folder}/motd", mode: "0644"}}
          |                        ^^^^^^^^^
          foreseen in {folder}/plan.jsonl: write {folder}/motd (0644)
            --- before
            +++ after: {folder}/motd
            @@ -0,0 +1 @@
            +hi
            +mode: 0644
            +owner: root
            +group: root
          now wanted: write {folder}/motd (0644)
            --- before: {folder}/motd
            +++ after: {folder}/motd
            @@ -1 +1 @@
            -theirs
            +hi
        hint: Nothing was changed by this task. See what is otherwise on a, then make a new plan with --check --save.

      PLAY RECAP
      a                          : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0   

      "
    `);
  });

  it('says that a foreseen change was not needed any more', async () => {
    const { run } = await held(motd, (at) => writeFileSync(join(at, 'motd'), 'hi\n', { mode: 0o644 }));
    expect(ends(run, 'a')).toEqual(['motd: ok']);
    expect(run.out).toContain('plan: [a] no longer needed; the plan foresaw: write {folder}/motd (0644)\n');
  });

  it('resolves what the plan did not know, and allows what hangs on it', async () => {
    const { run, folder } = await held(
      play(`
- {name: ask, command: echo one, register: said}
- {name: write, copy_file: {content: "{{ said.stdout }}", dest: "{folder}/new"}}
- {name: each, copy_file: {content: x, dest: "{folder}/{{ item }}"}, loop: "{{ said.stdout_lines }}"}
- {name: perhaps, file: {path: "{folder}/dir", state: directory}, when: said.stdout == 'one'}`),
    );
    expect(ends(run, 'a')).toEqual(['ask: changed', 'write: changed', 'each: changed', 'perhaps: changed']);
    expect(existsSync(join(folder, 'one'))).toBe(true);
    expect(run.out).toContain("(depends on 'said' set at {folder}/site.yml:4:7)");
    expect(run.out.match(/^plan: \[a\] resolved; the plan did not know it/gm)).toHaveLength(4);
  });

  it('allows what an include brings of which the plan did not know what it is', async () => {
    const { run } = await held(
      play(`
- {name: ask, command: echo more, register: said}
- include_tasks: "{{ said.stdout }}.yml"`),
      () => undefined,
      { files: { 'more.yml': '- {name: inner, file: {path: "{{ playbook_dir }}/d", state: directory}}\n' } },
    );
    expect(ends(run, 'a').at(-1)).toBe('inner: changed');
  });

  it('judges each item of a loop, and does not go on with the next one', async () => {
    const { run, folder } = await held(
      play(
        '- {name: each, copy_file: {content: hi, dest: "{folder}/{{ item }}"}, loop: [x, y, z], ignore_errors: true}',
      ),
      (at) => writeFileSync(join(at, 'y'), 'theirs'),
    );
    expect(ends(run, 'a')).toEqual(['each: failed']);
    expect(existsSync(join(folder, 'x'))).toBe(true);
    expect(readFileSync(join(folder, 'y'), 'utf8')).toBe('theirs');
    expect(existsSync(join(folder, 'z'))).toBe(false);
  });

  it('runs handlers that a foreseen change notifies', async () => {
    const { run } = await held(
      play(
        '- {name: one, file: {path: "{folder}/x", state: directory}, notify: tell}',
        '  handlers:\n    - {name: tell, file: {path: "{folder}/y", state: directory}}\n',
      ),
    );
    expect(ends(run, 'a')).toEqual(['one: changed', 'tell: changed']);
  });

  it('stops only the host that is otherwise', async () => {
    const { run } = await held(
      play('- {name: motd, copy_file: {content: hi, dest: "{folder}/{{ inventory_hostname }}"}}'),
      (at) => writeFileSync(join(at, 'b'), 'theirs'),
      { hosts: ['a', 'b', 'c'] },
    );
    expect(run.recap).toEqual({ a: 'ok=1 changed=1', b: 'failed=1', c: 'ok=1 changed=1' });
  });

  it('tells at the end what the plan foresaw and the run never came to', async () => {
    const { run } = await held(
      play(`
- {name: look, stat: {path: "{folder}/flag"}, register: flag}
- include_tasks: more.yml
  when: not flag.stat.exists`),
      (at) => writeFileSync(join(at, 'flag'), ''),
      { files: { 'more.yml': '- {name: inner, file: {path: "{{ playbook_dir }}/d", state: directory}}\n' } },
    );
    expect(run.exitCode).toBe(0);
    expect(run.out).toContain(
      'FORESEEN BY THE PLAN, AND NOT COME TO\nplan: [a] inner: make the directory {folder}/d ({folder}/more.yml:1:3)',
    );
  });

  it('lets tasks of check_mode: false, waits and tasks with changed_when run as they did for the plan', async () => {
    const { run } = await held(
      play(`
- {name: read, command: date, register: r, check_mode: false, changed_when: false}
- {name: wait, wait_for: {path: "{folder}/site.yml"}}
- {name: mine, copy_file: {content: hi, dest: "{folder}/mine"}, changed_when: false}
- {name: fact, set_fact: {x: 1}}`),
    );
    expect(ends(run, 'a')).toEqual(['read: ok', 'wait: ok', 'mine: ok', 'fact: ok']);
  });

  it('compares with diff: false by what is changed alone, and shows no differences', async () => {
    const task = '- {name: motd, copy_file: {content: words, dest: "{folder}/motd"}, diff: false}';
    const { run } = await held(play(task), (at) => writeFileSync(join(at, 'motd'), 'theirs'));
    expect(ends(run, 'a')).toEqual(['motd: changed']);
    const box = '- {name: box, file: {path: "{folder}/box", state: directory}, diff: false}';
    const stopped = await held(play(box), (at) => mkdirSync(join(at, 'box'), { mode: 0o700 }));
    expect(ends(stopped.run, 'a')).toEqual(['box: ok']);
  });

  it('hides with no_log what it stops', async () => {
    const { run, folder } = await held(
      play('- {name: box, file: {path: "{folder}/hidden-words", state: directory}, no_log: true}'),
      (at) => mkdirSync(join(at, 'hidden-words'), { mode: 0o700 }),
    );
    expect(ends(run, 'a')).toEqual(['box: ok']);
    const stopped = await held(
      play('- {name: box, file: {path: "{folder}/hidden-words", state: absent}, no_log: true}'),
      (at) => mkdirSync(join(at, 'hidden-words')),
    );
    expect(ends(stopped.run, 'a')).toEqual(['box: failed']);
    expect(stopped.run.out).not.toContain('hidden-words');
    expect(existsSync(join(folder, 'hidden-words'))).toBe(true);
  });

  it('says with no_log only that there is a change, and lets any be made there and none elsewhere', async () => {
    const tasks = play(`
- {name: put, copy_file: {content: x, dest: "{folder}/{{ item }}"}, loop: [hush-one, hush-two], no_log: true}
- {name: last, copy_file: {content: x, dest: "{folder}/hush-three"}, no_log: true, failed_when: true, ignore_errors: true}
- {name: read, find: {paths: "{folder}"}, no_log: true}`);
    const two = (at: string, content: string) =>
      writeFileSync(join(at, 'hush-two'), content, { mode: 0o644 });
    const given = {
      args: ['--diff', '-vvv', '--output', 'html={folder}/r.html', '--output', 'junit={folder}/r.xml'],
    };
    const first = await held(tasks, (at) => two(at, 'other'), given);
    expect(ends(first.check, 'a')).toEqual(['put: would-change', 'last: would-fail', 'read: unknown']);
    expect(ends(first.run, 'a').slice(0, 1)).toEqual(['put: changed']);
    const written = ['plan.jsonl', 'r.html', 'r.xml'].map((name) =>
      readFileSync(join(first.folder, name), 'utf8'),
    );
    for (const text of [first.check.out, first.run.out, ...written]) {
      expect(text.replaceAll(/^.*"type":"(?:source|run.started)".*$/gm, '')).not.toMatch(/hush-/);
    }
    expect(first.check.out).toContain('make a change that no_log hides');
    const folder = first.folder;
    two(folder, 'x');
    const check = await runPlaybook(tasks, {
      folder,
      hosts: ['a'],
      args: ['--check', '--save', '{folder}/plan.jsonl'],
    });
    expect(check.out).not.toContain('hush-');
    two(folder, 'theirs');
    const stopped = await runPlaybook(tasks, {
      folder,
      hosts: ['a'],
      args: ['--plan', '{folder}/plan.jsonl'],
    });
    expect(stopped.out).toContain('HAPB7080');
    expect(stopped.out).not.toContain('hush-');
    expect(readFileSync(join(folder, 'hush-two'), 'utf8')).toBe('theirs');
  });
});

describe('a saved plan', () => {
  it('is a log for its owner only, without secrets, that hapb can report', async () => {
    const { folder } = await held(motd, undefined, { args: ['-e', 'pin=4711-secret'] });
    const file = join(folder, 'plan.jsonl');
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(readFileSync(file, 'utf8')).not.toContain('4711-secret');
  });

  it('is refused for another playbook, inventory, variable or flag, with what differs', async () => {
    const { folder } = await held(motd, undefined, { args: ['-e', 'pin=1'] });
    const other = runPlaybook(`${motd}\n# more`, {
      hosts: ['a', 'b'],
      folder,
      files: { 'group_vars/all.yml': 'x: 1' },
      args: ['--plan', '{folder}/plan.jsonl', '-e', 'pin=2', '--tags', 'all'],
    });
    await expect(other).rejects.toMatchObject({
      problem: {
        code: 'HAPB8024',
        details: [
          '--tags: none then, all now',
          'there was nothing of b',
          'group_vars/all.yml is new',
          'inventory.yml has changed',
          'site.yml has changed',
          'the variable pin has changed',
        ].join('\n'),
      },
    });
  });

  it('is refused where it is none, or its check did not end', async () => {
    const { folder } = await held(motd);
    const file = join(folder, 'plan.jsonl');
    const again = () => runPlaybook(motd, { hosts: ['a'], folder, args: ['--plan', '{folder}/plan.jsonl'] });
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n[^\n]*\n$/, '\n'));
    await expect(again()).rejects.toMatchObject({ problem: { code: 'HAPB8025' } });
    writeFileSync(file, readFileSync(join(folder, 'events.jsonl'), 'utf8'));
    await expect(again()).rejects.toMatchObject({ problem: { code: 'HAPB8025' } });
  });

  it('may be run on fewer hosts than it was made for', async () => {
    const check = await runPlaybook(motd, {
      hosts: ['a', 'b'],
      args: ['--check', '--save', '{folder}/plan.jsonl'],
    });
    const run = await runPlaybook(motd, {
      hosts: ['a', 'b'],
      folder: check.folder,
      args: ['--plan', '{folder}/plan.jsonl', '--limit', 'b'],
    });
    expect(run.recap).toEqual({ b: 'ok=1 changed=1' });
  });
});
