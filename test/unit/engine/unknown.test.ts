import { describe, expect, it } from 'vitest';
import { ends, type Ran, runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n    - {name: ask, command: echo one, register: r}\n${tasks.trim().replace(/^/gm, '    ')}\n${more}`;

async function check(playbook: string, more: Parameters<typeof runPlaybook>[1] = {}): Promise<Ran> {
  return runPlaybook(playbook, { hosts: ['a'], ...more, args: ['--check', ...(more.args ?? [])] });
}

describe('a task that hangs on what only a run tells is unknown', () => {
  it.each([
    ['delegate_to', 'debug: {msg: hi}, delegate_to: "{{ r.stdout }}"'],
    ['become_user', 'stat: {path: /}, become: true, become_user: "{{ r.stdout }}"'],
    ['become', 'stat: {path: /}, become: "{{ r.stdout }}"'],
    ['a variable of the connection', 'stat: {path: /}, vars: {ansible_port: "{{ r.stdout }}"}'],
    ['ansible_become_user', 'stat: {path: /}, become: true, vars: {ansible_become_user: "{{ r.stdout }}"}'],
    ['environment', 'stat: {path: /}, environment: {A: "{{ r.stdout }}"}'],
    ['timeout', 'stat: {path: /}, timeout: "{{ r.rc }}"'],
    ['throttle', 'stat: {path: /}, throttle: "{{ r.rc }}"'],
    ['retries', 'command: "true", retries: "{{ r.rc }}", until: true'],
    ['no_log', 'stat: {path: /}, no_log: "{{ r.rc == 0 }}"'],
    ['check_mode', 'stat: {path: /}, check_mode: "{{ r.rc == 0 }}"'],
    ['run_once', 'stat: {path: /}, run_once: "{{ r.rc == 0 }}"'],
    ['a whole map of arguments', 'stat: "{{ r.stdout }}"'],
    ['a shown variable', 'debug: {var: r.stdout}'],
    ['what is in it', 'debug: {msg: hi}, when: r.extra is defined'],
    ['changed_when', 'stat: {path: /}, changed_when: r.rc == 0'],
    ['failed_when', 'stat: {path: /}, failed_when: r.rc == 0'],
    ['until', 'stat: {path: /}, until: r.rc == 0, retries: 1, delay: 0'],
  ])('%s', async (_, task) => {
    const ran = await check(play(`- {name: two, ${task}}`));
    expect(ends(ran, 'a')).toEqual(['ask: unknown', 'two: unknown']);
    expect(ran.out.match(/depends on 'r' set at \{folder\}\/site\.yml:4:7/g)).toHaveLength(1);
    expect(ran.exitCode).toBe(0);
  });

  it('and is reported once where it is unknown whether its failure counts', async () => {
    const ran = await check(
      play(`
- {name: may fail, command: "true", ignore_errors: "{{ r.rc == 0 }}"}
- {name: fails, fail: {msg: no}, ignore_errors: "{{ r.rc == 0 }}"}
- {name: next, stat: {path: /}}
- {name: for all, fail: {msg: no}, any_errors_fatal: "{{ r.rc == 0 }}"}`),
    );
    expect(ends(ran, 'a')).toEqual([
      'ask: unknown',
      'may fail: unknown',
      'fails: unknown',
      'next: ok',
      'for all: would-fail',
    ]);
    expect(ran.out).toContain('unknown: [a] (only running the command would tell)');
  });

  it('but is skipped where its condition is false whatever comes', async () => {
    const ran = await check(play('- {name: two, stat: {path: /}, throttle: "{{ r.rc }}", when: false}'));
    expect(ends(ran, 'a')).toEqual(['ask: unknown', 'two: skipped']);
  });

  it('and its result is, on all hosts that get it', async () => {
    const ran = await check(
      play(`
- {name: once, command: "true", run_once: true, register: o}
- {name: two, debug: {msg: "{{ o.stdout }}"}}
- {name: other, debug: {msg: "{{ hostvars['b'].r.stdout }}"}}
- {name: given, command: "true", delegate_to: b, register: d}
- {name: three, debug: {msg: "{{ d.stdout }}"}}`),
      { hosts: ['a', 'b'] },
    );
    expect(ends(ran, 'a').slice(2)).toEqual([
      'two: unknown',
      'other: unknown',
      'given: unknown',
      'three: unknown',
    ]);
  });
});

describe('what is known beside it stays known', () => {
  it('the other names that set_fact sets, and what is known in a list', async () => {
    const ran = await check(
      play(`
- {name: set, set_fact: {x: "{{ r.stdout }}", w: 1, z: ["{{ r.stdout }}", 2]}}
- {name: x, debug: {msg: "{{ x }}"}}
- {name: w, assert: {that: w == 1}}
- {name: z, assert: {that: "z[1] == 2"}}
- {name: maybe, set_fact: {w: 2}, when: r.rc == 0}
- {name: again, assert: {that: w == 1}}`),
    );
    expect(ends(ran, 'a').slice(1)).toEqual([
      'set: unknown',
      'x: unknown',
      'w: ok',
      'z: ok',
      'maybe: unknown',
      'again: unknown',
    ]);
  });

  it('an assertion of which one part cannot hold', async () => {
    const ran = await check(play('- {name: two, assert: {that: [r.rc == 0, 1 == 2]}}'));
    expect(ends(ran, 'a')).toEqual(['ask: unknown', 'two: would-fail']);
  });
});

describe('a handler', () => {
  const handlers = (...names: readonly string[]): string =>
    `  handlers:\n${names.map((name) => `    - {name: ${name}, file: {path: "{folder}/${name}", state: directory}}\n`).join('')}`;

  it('that an unknown task would notify is unknown', async () => {
    const ran = await check(play('- {name: two, command: "true", notify: tell}', handlers('tell', 'other')));
    expect(ends(ran, 'a')).toEqual(['ask: unknown', 'two: unknown', 'tell: unknown']);
    expect(ran.out).toContain('unknown: [a] (only running the command would tell)\n\nPLAY RECAP');
  });

  it('that is notified for certain too would change', async () => {
    const ran = await check(
      play(
        `
- {name: two, command: "true", notify: tell}
- {name: three, file: {path: "{folder}/x", state: directory}, notify: tell}
- {name: four, command: "true", notify: tell}`,
        handlers('tell'),
      ),
    );
    expect(ends(ran, 'a').at(-1)).toBe('tell: would-change');
  });

  it('is notified for certain by a loop of which one item would change and one is unknown', async () => {
    const ran = await check(
      play(
        '- {name: two, copy_file: {content: "{{ item }}", dest: "{folder}/x{{ index }}"}, loop: [a, "{{ r.stdout }}"], loop_control: {index_var: index}, notify: tell}',
        handlers('tell'),
      ),
    );
    expect(ends(ran, 'a').slice(1)).toEqual(['two: unknown', 'tell: would-change']);
  });

  it('is not notified by a command that its author declares to change nothing', async () => {
    const ran = await check(
      play('- {name: two, command: "true", changed_when: false, notify: tell}', handlers('tell')),
    );
    expect(ends(ran, 'a')).toEqual(['ask: unknown', 'two: unknown']);
  });

  it('whose name is unknown may be any of them', async () => {
    const ran = await check(
      play(
        '- {name: two, file: {path: "{folder}/x", state: directory}, notify: "{{ r.stdout }}"}',
        handlers('one', 'other'),
      ),
    );
    expect(ends(ran, 'a').slice(1)).toEqual(['two: would-change', 'one: unknown', 'other: unknown']);
  });

  it('that is unknown notifies others in doubt, and no two go on for ever', async () => {
    const ran = await check(
      play(
        '- {name: two, command: "true", notify: one}',
        '  handlers:\n    - {name: one, command: "true", notify: other}\n    - {name: other, command: "true", notify: one}\n',
      ),
    );
    expect(ends(ran, 'a').slice(2)).toEqual(['one: unknown', 'other: unknown']);
  });
});

describe('which hosts take part', () => {
  it('all tasks of all hosts are unknown after a play that may have ended', async () => {
    const ran = await check(
      play(`
- {name: end, meta: end_play, when: r.rc == 0}
- {name: two, debug: {msg: hi}}`),
      { hosts: ['a', 'b'] },
    );
    expect([ends(ran, 'a').at(-1), ends(ran, 'b').at(-1)]).toEqual(['two: unknown', 'two: unknown']);
  });

  it('is unknown for a play of a group that only a run makes', async () => {
    const ran = await check(
      `${play('- {name: grow, group_by: {key: "k_{{ r.stdout }}"}}')}- hosts: k_one\n  tasks: []\n`,
    );
    expect(ran.out).toContain(
      "PLAY [k_one]\nunknown: which hosts it has (depends on 'r' set at {folder}/site.yml:4:7)\n",
    );
  });
});

describe('handlers behind an include of which a check cannot tell what it brings', () => {
  const notifying = '- {name: two, set_fact: {x: 1}, changed_when: true, notify: restart it}';

  it('may be there', async () => {
    const ran = await check(play(`- include_role: {name: "{{ r.stdout }}"}\n${notifying}`));
    expect(ends(ran, 'a').at(-1)).toBe('two: would-change');
    expect(ran.exitCode).toBe(0);
  });

  it('are missed where it brings only variables, or where it was read', async () => {
    const files = { 'read.yml': '- ping:\n' };
    for (const include of ['include_vars: "{{ r.stdout }}"', 'include_tasks: read.yml']) {
      const ran = await check(play(`- ${include}\n${notifying}`), { files });
      expect(ran.err + ran.out).toContain('HAPB7050: no handler of this play is named "restart it"');
    }
  });
});
