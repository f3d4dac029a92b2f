import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { type Ran, runPlaybook } from '../rig/run-playbook.ts';

interface Paused extends Ran {
  readonly asked: readonly string[];
}

/** Runs tasks on two hosts; questions get these answers. `null` among them: Ctrl-C. */
async function run(
  tasks: string,
  answers: readonly (string | null)[] | 'no terminal',
  { play = '', args = [] }: { readonly play?: string; readonly args?: readonly string[] } = {},
): Promise<Paused> {
  const asked: string[] = [];
  const left = answers === 'no terminal' ? [] : [...answers];
  const askSecret = (question: string, echo = 'hidden'): Promise<string> => {
    asked.push(`${question}(${echo})`);
    const answer = left.shift();
    if (typeof answer === 'string') return Promise.resolve(answer);
    return Promise.reject(new Failure({ code: 'HAPB8006', message: 'interrupted', hint: '' }));
  };
  const ran = await runPlaybook(
    `- hosts: all\n  gather_facts: false\n${play}  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
    { args, ...(answers === 'no terminal' ? {} : { askSecret }) },
  );
  return { ...ran, asked };
}

const said = (ran: Ran): readonly string[] =>
  [...ran.out.matchAll(/"msg": "(.*)"$/gm)].map(([, text = '']) => text);

describe('pause', () => {
  it('asks once for all hosts, and one host keeps the answer', async () => {
    const ran = await run(
      `
- {name: "sure {{ inventory_hostname }}", pause: {prompt: "Type {{ word }}"}, vars: {word: yes}, register: r}
- debug: {msg: "{{ r.user_input | default('none') }} {{ r.echo | default }} {{ r.stdout | default | regex_replace('[0-9.]+', 'N') }}"}`,
      ['yes!'],
    );
    expect(ran.asked).toEqual(['[sure a]\nType yes:(shown)']);
    expect(said(ran)).toEqual(['yes! True Paused for N minutes', 'none  ']);
  });

  it('gives the answer to all hosts with run_once', async () => {
    const ran = await run('- {pause: , run_once: true, register: r}\n- debug: {msg: "{{ r.user_input }}"}', [
      'x',
    ]);
    expect(ran.asked).toEqual(['[pause]\nPress enter to continue, Ctrl+C to interrupt:(shown)']);
    expect(said(ran)).toEqual(['x', 'x']);
  });

  it('hides a secret answer, which stays one', async () => {
    const ran = await run(
      '- {pause: {prompt: Password, echo: false}, register: r, run_once: true}\n- debug: {msg: "got {{ r.user_input }}"}',
      ['hush-hush'],
    );
    expect(ran.asked).toEqual(['[pause]\nPassword (output is hidden):(hidden)']);
    expect(said(ran)).toEqual(['‹user_input›', '‹user_input›']);
    expect(JSON.stringify(ran.events)).not.toContain('hush-hush');
  });

  it('asks the hosts of a free play one after the other', async () => {
    const ran = await run(
      '- {pause: {prompt: "{{ inventory_hostname }}"}, register: r}\n- debug: {msg: "{{ inventory_hostname }} {{ r.user_input }}"}',
      ['1', '2'],
      { play: '  strategy: free\n' },
    );
    expect(ran.asked).toEqual(['[pause]\na:(shown)', '[pause]\nb:(shown)']);
    expect(said(ran)).toEqual(['a 1', 'b 2']);
  });

  it('lets choose after Ctrl-C', async () => {
    const tasks =
      '- {pause: {prompt: Go}, register: r, run_once: true}\n- debug: {msg: "on {{ r.user_input }}"}';
    const on = await run(tasks, [null, 'what', 'c']);
    expect(on.asked).toEqual([
      '[pause]\nGo:(shown)',
      "[pause]\nPress 'C' to continue the play or 'A' to abort (shown)",
      "[pause]\nPress 'C' to continue the play or 'A' to abort (shown)",
    ]);
    expect(said(on)).toEqual(['on ', 'on ']);
    const off = await run(tasks, [null, 'A']);
    expect(off.exitCode).toBe(2);
    expect(off.out).toContain('HAPB6170: user requested abort!');
    expect((await run(tasks, [null, null])).exitCode).toBe(2);
  });

  it('warns where nobody can be asked, and goes on', async () => {
    const ran = await run(
      '- {pause: {prompt: Go}, register: r, run_once: true}\n- debug: {msg: "{{ r.user_input }}|{{ r.warnings[0] }}|{{ r.rc }}|{{ r.delta }}"}',
      'no terminal',
    );
    const text = 'Not waiting for response to prompt as stdin is not interactive';
    expect(said(ran)[0]).toBe(`|${text}|0|0`);
    expect(`${ran.out}${ran.err}`).toContain(`warning HAPB7077: ${text}`);
    expect(ran.exitCode).toBe(0);
  });

  it('waits whole seconds, one at least, and asks nothing then', async () => {
    const ran = await run(
      '- {pause: {seconds: 0.2, prompt: Wait, echo: false}, register: r, run_once: true}\n- debug: {msg: "{{ r.delta }} {{ r.stdout[:12] }} {{ r.stdout[-7:] }} {{ r.user_input }}."}',
      ['never'],
    );
    expect(ran.asked).toEqual([]);
    expect(said(ran)[0]).toBe('1 Paused for 1 seconds .');
    expect(ran.events.flatMap((event) => (event.type === 'task.progress' ? [event.text] : []))).toEqual([
      'Pausing for 1 seconds',
      'Wait',
    ]);
  });

  it('neither waits nor asks in a check', async () => {
    const ran = await run(
      '- {pause: {minutes: 9}, register: r, run_once: true}\n- debug: {msg: "{{ r.delta }}{{ r.user_input }}"}\n- {pause: , register: r, run_once: true}\n- debug: {msg: "{{ r.user_input }}"}',
      ['never'],
      { args: ['--check'] },
    );
    expect(ran.asked).toEqual([]);
    expect(said(ran)).toEqual(['540', '540']);
    expect(ran.recap).toEqual({ a: 'ok=3 unknown=1', b: 'ok=1 unknown=1' });
  });

  it('takes one kind of time only', async () => {
    const ran = await run('- pause: {seconds: 1, minutes: 1}', 'no terminal');
    expect(ran.err).toContain('HAPB1034: pause takes "seconds" or "minutes", not both');
  });
});
