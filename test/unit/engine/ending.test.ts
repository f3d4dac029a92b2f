import { expect, test } from 'vitest';
import { runPlaybook } from '../rig/run-playbook.ts';

const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`;

test('Ctrl-C lets what runs end, begins nothing more, and says what was not done', async () => {
  const ran = await runPlaybook(
    play(`
    - {name: one, command: "true"}
    - {name: two, shell: "sleep 0.5; echo {{ item }} >> {folder}/{{ inventory_hostname }}", loop: [1, 2, 3, 4]}
    - {name: three, command: "true"}
    - {name: four, command: "true"}
`),
    { ctrlC: ['(item=1)'] },
  );
  expect(ran.exitCode).toBe(99);
  expect(ran.out).toContain(
    "Ending: nothing more starts. Still at work: 'two' on a, b. Ctrl-C once more stops that on the hosts, too.\n",
  );
  expect(ran.out.match(/changed: \[[ab]\] => \(item=1\)/g)).toHaveLength(2);
  expect(ran.out).not.toContain('(item=2)');
  expect(ran.out).not.toContain('TASK [three]');
  expect(ran.out).toContain("a, b: done up to 'one'; not done: 'two' and 2 more of this play\n");
  expect(ran.err).toContain('To go on, run it again: hapb run {folder}/site.yml -i ');
  expect(ran.recap).toEqual({ a: 'ok=1 changed=1', b: 'ok=1 changed=1' });
});

test('Ctrl-C ends the wait between tries, and no rescue goes on', async () => {
  const ran = await runPlaybook(
    play(`
    - block:
        - {name: try, command: "false", register: r, until: r.rc == 0, retries: 100, delay: 30}
      rescue:
        - {name: rescue, command: "true"}
`),
    { ctrlC: ['FAILED - RETRYING: [b]'] },
  );
  expect(ran.exitCode).toBe(99);
  expect(ran.out).toContain("a, b: nothing was begun; not done: 'try'");
  expect(ran.out).not.toContain('TASK [rescue]');
});

test('Ctrl-C twice stops what runs', async () => {
  const started = performance.now();
  const ran = await runPlaybook(
    play(`
    - {name: one, command: "true"}
    - {name: two, shell: "sleep 0.5; [ {{ item }} = 1 ] || sleep 60", loop: [1, 2]}
`),
    { ctrlC: ['(item=1)', 'Ending:'] },
  );
  expect(ran.exitCode).toBe(99);
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(ran.out).toContain("done up to 'one'; not done: 'two'\n");
});

test('a limit for the run ends it as Ctrl-C does, and says that it was reached', async () => {
  const ran = await runPlaybook(
    play(`
    - {name: one, command: "true"}
    - {name: two, shell: "sleep 0.6; echo {{ item }}", loop: [1, 2, 3, 4, 5, 6, 7, 8]}
    - {name: three, command: "true"}
`),
    { args: ['--run-timeout', '1'] },
  );
  expect(ran.exitCode).toBe(99);
  expect(ran.out).toContain('error HAPB8028: the run took longer than its --run-timeout of 1 s\n');
  expect(ran.out).toContain("a, b: done up to 'one'; not done: 'two' and 1 more of this play\n");
  expect(ran.out).not.toContain('(item=8)');
  expect(ran.recap).toEqual({ a: 'ok=1 changed=1', b: 'ok=1 changed=1' });
});

test('a limit that is not reached leaves no trace', async () => {
  const ran = await runPlaybook(play('    - {command: "true"}\n'), { args: ['--run-timeout', '600'] });
  expect(ran.exitCode).toBe(0);
  expect(ran.out).not.toContain('HAPB8028');
});
