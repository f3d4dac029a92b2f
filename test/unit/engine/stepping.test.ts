import { expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { ends, type Ran, runPlaybook } from '../rig/run-playbook.ts';

const tasks = `
  tasks:
    - {name: "one {{ inventory_hostname }}", command: "true"}
    - {name: two, command: "true", register: kept}
    - {name: three, debug: {msg: "{{ kept is defined }}"}, run_once: true}
    - {name: four, command: "true", notify: handled}
  handlers:
    - {name: handled, command: "true"}
`;

/** A run whose questions get these answers, and the questions. */
async function step(
  play: string,
  answers: readonly string[],
): Promise<Ran & { readonly questions: readonly string[] }> {
  const questions: string[] = [];
  const ran = await runPlaybook(`- hosts: all\n  gather_facts: false\n${play}${tasks}`, {
    args: ['--step'],
    askSecret: (question) => {
      questions.push(question);
      return Promise.resolve(answers[questions.length - 1] ?? '');
    },
  });
  return { ...ran, questions };
}

const question = (task: string, what = 'TASK'): string =>
  `Perform task: ${what}: ${task} (N)o/(y)es/(c)ontinue: `;

test('each task is asked about once for all hosts, and only a yes runs it', async () => {
  const ran = await step('', ['y', 'n', 'YES', '', 'y']);
  expect(ran.questions).toEqual(['one a', 'two', 'three', 'four'].map((task) => question(task)));
  expect(ends(ran, 'a')).toEqual(['one {{ inventory_hostname }}: changed', 'three: ok']);
  expect(ends(ran, 'b')).toEqual(['one {{ inventory_hostname }}: changed']);
  expect(ran.out).toContain('"msg": false');
  expect(ran.out).not.toContain('TASK [two]');
  expect(ran.exitCode).toBe(0);
});

test('handlers are asked about too', async () => {
  const ran = await step('', ['n', 'n', 'n', 'y', 'n']);
  expect(ran.questions.at(-1)).toBe(question('handled', 'HANDLER'));
  expect(ends(ran, 'a')).toEqual(['four: changed']);
});

test('after "continue" nothing is asked any more', async () => {
  const ran = await step('', ['n', 'c']);
  expect(ran.questions).toHaveLength(2);
  expect(ends(ran, 'b')).toEqual(['two: changed', 'four: changed', 'handled: changed']);
});

test('hosts that run on their own are asked about one by one', async () => {
  const ran = await step('  strategy: free\n', ['y', 'n', 'c']);
  expect(ran.questions[0]).toMatch(/^Perform task: TASK: one ([ab]) on \1 /);
  expect(ran.questions[1]).toMatch(/^Perform task: TASK: one ([ab]) on \1 /);
  expect(ran.questions).toHaveLength(3);
  expect([ends(ran, 'a').length, ends(ran, 'b').length].sort()).toEqual([3, 5]);
});

test('a question that is interrupted ends the run', async () => {
  const ran = await runPlaybook(`- hosts: all\n  gather_facts: false\n${tasks}`, {
    args: ['--step'],
    askSecret: () => Promise.reject(new Failure({ code: 'HAPB8006', message: 'interrupted', hint: '' })),
  });
  expect(ran.exitCode).toBe(99);
  expect(ends(ran, 'a')).toEqual([]);
});

test('without a terminal nobody can be asked', async () => {
  await expect(runPlaybook(`- hosts: all\n${tasks}`, { args: ['--step'] })).rejects.toThrow(
    '--step asks before each task: there is no terminal',
  );
});
