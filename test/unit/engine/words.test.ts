import { describe, expect, it } from 'vitest';
import { ends, type Ran, runPlaybook } from '../rig/run-playbook.ts';

const run = (tasks: string, more = '', args: readonly string[] = []): Promise<Ran> =>
  runPlaybook(
    `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
    { hosts: ['a'], args },
  );

/** What `debug` said, one text each. */
function said(ran: Ran): readonly string[] {
  return [...ran.out.matchAll(/"(?:msg|r\.stdout)": "(.*)"$/gm)].map(([, text = '']) => text);
}

const problems = (ran: Ran): readonly string[] => ran.err.match(/error HAPB.*/g) ?? [];

describe('a module can be named by', () => {
  it('action and local_action, as text or mapping, with args', async () => {
    const ran = await run(`
- action: debug msg="hello world"
- action: {module: debug, msg: mapped}
- action: {module: "debug msg=both"}
- {action: debug, args: {msg: args}}
- local_action: debug msg={{ inventory_hostname }}
- {local_action: {module: debug, msg: here}, delegate_to: nowhere}
- ansible.builtin.debug: msg=long`);
    expect(said(ran)).toEqual(['hello world', 'mapped', 'both', 'args', 'a', 'here', 'long']);
    expect(ran.out.match(/\[a -> localhost\]/g)).toHaveLength(2);
    expect(ran.out).toContain('TASK [ansible.builtin.debug]');
  });

  it('a fixed name only, and once', async () => {
    const ran = await run(`
- action: "{{ which }} msg=x"
- action: nosuch x=1
- action: {msg: x}
- {debug: {msg: 1}, action: debug msg=2}
- {debug: {msg: 1}, args: plain}`);
    expect(problems(ran)).toEqual([
      'error HAPB2021: the name of a module must be a plain text that does not depend on variables',
      'error HAPB2001: "nosuch" is not a keyword or a module',
      'error HAPB2003: "action" needs a module and its arguments, found a mapping',
      'error HAPB2006: a task runs one module; this one names "debug" and "action"',
      'error HAPB2003: "args" needs a mapping, found the text "plain"',
    ]);
  });
});

describe('a module of several names goes by the one that the task uses', () => {
  it('where its arguments are wrong', async () => {
    const ran = await run(`
- copy: {content: x}
- ansible.builtin.copy: {content: x, dest: /x, nope: 1}
- yum: {nme: x}
- {action: copy, args: {content: x}}
- service: {name: x, state: sideways}`);
    expect(problems(ran)).toEqual([
      'error HAPB1031: copy needs argument "dest"',
      'error HAPB1030: ansible.builtin.copy has no argument "nope"',
      'error HAPB1030: yum has no argument "nme"',
      'error HAPB1031: copy needs argument "dest"',
      'error HAPB1033: service: state must be started, stopped, restarted or reloaded, not the text "sideways"',
    ]);
  });

  it('where a run finds that out', async () => {
    const more = '  ignore_errors: true\n  vars: {empty: "{{ [] }}", whole: {content: x}}\n';
    const ran = await run(
      `
- copy: "{{ whole }}"
- ansible.builtin.copy: "{{ empty }}"
- {copy: "{{ empty }}", no_log: true}
- {ansible.builtin.service: {name: x, state: "{{ 'side' }}ways"}}
- {copy: {content: x, dest: /proc/x}, async: 9, poll: 0}`,
      more,
    );
    expect(`${ran.out}${ran.err}`.match(/HAPB.*/g)).toEqual([
      'HAPB1031: copy needs argument "dest"',
      'HAPB7076: the arguments of ansible.builtin.copy must be a map, but are a list',
      'HAPB7076: copy failed; its words are hidden because no_log is set',
      'HAPB1033: ansible.builtin.service: state must be started, stopped, restarted or reloaded, not the text "sideways"',
      'HAPB7074: copy cannot go on alone: hapb itself does its work, step by step',
    ]);
  });
});

describe('arguments', () => {
  it('of the module win over args, and both over an expression', async () => {
    const ran = await run(
      `
- {debug: msg=own, args: {msg: args}}
- debug: "{{ whole }}"
- {debug: , args: "{{ whole }}"}
- {debug: {msg: own}, args: "{{ whole }}"}
- {command: pwd, args: "{{ {'chdir': '/'} }}", register: r}
- {debug: {var: r.stdout}}
- {command: {_raw_params: echo raw}, register: r}
- {debug: {var: r.stdout}}`,
      '  vars: {whole: {msg: whole}}\n',
    );
    expect(ran.err).toBe('');
    expect(said(ran)).toEqual(['own', 'whole', 'whole', 'own', '/', 'raw']);
  });

  it('that an expression gives are checked like others', async () => {
    const ran = await run(
      `
- {debug: "{{ 5 }}", ignore_errors: true}
- {debug: "{{ {'msgs': 5} }}", ignore_errors: true}
- {command: "{{ {} }}", args: "{{ {'cmdx': 1} }}", ignore_errors: true}
- {assert: "{{ {'that': 'true'} }}"}`,
    );
    expect(ran.out.match(/error HAPB.*/g)).toEqual([
      'error HAPB7076: the arguments of debug must be a map, but are a number',
      'error HAPB1030: debug has no argument "msgs"',
      'error HAPB1030: command has no argument "cmdx"',
      'error HAPB7076: "that" holds an expression',
    ]);
  });
});

describe('module_defaults', () => {
  it('fill in what a task leaves out; an inner level replaces what an outer one says of a module', async () => {
    const ran = await run(
      `
- debug:
- debug: {msg: own}
- {debug: , module_defaults: {ansible.builtin.debug: {msg: "task {{ x }}"}}}
- {debug: , module_defaults: [{debug: {msg: one}}, {debug: "{{ {'msg': 'two'} }}"}]}
- {command: pwd, register: r}
- {debug: {msg: "{{ r.stdout }}"}}
- module_defaults: {command: {stdin: x}}
  block:
    - {command: sh -c 'cat; pwd', register: r}
    - {debug: {msg: "{{ r.stdout == 'x\\n/' }}"}}
- {debug: "{{ {'msg': 'whole'} }}"}`,
      '  vars: {x: 1}\n  module_defaults: {debug: {msg: play}, command: {chdir: /}}\n',
    );
    expect(ran.err).toBe('');
    expect(said(ran)).toEqual(['play', 'own', 'task 1', 'two', '/', 'whole']);
    expect(ran.out).toContain('"msg": false');
  });

  it('name modules, not groups of them, and give maps', async () => {
    const ran = await run(
      '- debug:',
      '  module_defaults: {nosuch: {a: 1}, group/aws: {b: 1}, copy: [], debug: {msgs: 1}}\n',
    );
    expect(problems(ran)).toEqual([
      'error HAPB2041: module_defaults names "nosuch", which is no module',
      'error HAPB2002: "group/aws" is not supported: hapb knows no groups of modules',
      'error HAPB2022: "module_defaults" needs a mapping of modules to their arguments',
      'error HAPB1030: debug has no argument "msgs"',
    ]);
  });
});

describe('a play', () => {
  it('may name collections, and say by a template whether to gather facts', async () => {
    const ran = await runPlaybook(
      '- hosts: all\n  collections: [ansible.posix]\n  gather_facts: "{{ wanted }}"\n  gather_subset: ["!all"]\n  gather_timeout: 5\n  vars: {wanted: false}\n  tasks:\n    - {debug: {msg: "{{ ansible_facts | length }}"}, collections: x.y}\n',
      { hosts: ['a'] },
    );
    expect(ends(ran, 'a')).toEqual(['debug: ok']);
    expect(ran.recap).toEqual({ a: 'ok=1' });
  });

  it('is told which words hapb does not have', async () => {
    const ran = await run('- {debug: , debugger: on_failed}', '  validate_argspec: true\n');
    expect(problems(ran)).toEqual([
      'error HAPB2002: "validate_argspec" is not supported',
      'error HAPB2002: "debugger" is not supported',
    ]);
  });

  it('takes its hosts in any order that is asked for, all of them', async () => {
    const order = async (word: string): Promise<readonly string[]> => {
      const ran = await runPlaybook(
        `- hosts: all\n  gather_facts: false\n  order: ${word}\n  serial: 1\n  tasks: [{debug: }]\n`,
        { hosts: ['c', 'a', 'b'] },
      );
      return ran.events.flatMap((event) => (event.type === 'play.started' ? event.hosts : []));
    };
    expect(await order('reverse_inventory')).toEqual(['b', 'a', 'c']);
    expect(await order('reverse_sorted')).toEqual(['c', 'b', 'a']);
    expect([...(await order('shuffle'))].sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('strategy: host_pinned', () => {
  const started = (ran: Ran): string =>
    ran.events.flatMap((event) => (event.type === 'task.started' ? [event.host] : [])).join('');
  const tasks = '- {command: "true"}\n- {command: "true"}\n- {command: "true"}';
  const pinned = (more: string): Promise<Ran> =>
    runPlaybook(
      `- hosts: all\n  gather_facts: false\n  strategy: host_pinned\n  tasks:\n${more.replace(/^/gm, '    ')}\n`,
      { hosts: ['a', 'b', 'c'], args: ['--forks', '1'] },
    );

  it('takes a host to its end before the next begins', async () => {
    expect(started(await pinned(tasks))).toBe('aaabbbccc');
  });

  it('makes room while a host waits for the others', async () => {
    const ran = await pinned(`${tasks}\n- barrier: All are here\n- {command: "true", run_once: true}`);
    expect(ran.exitCode).toBe(0);
    expect(started(ran)).toMatch(/^aaabbbccc[abc]$/);
  });
});
