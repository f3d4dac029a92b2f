import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TaskCost } from '../../../src/events/event.ts';
import { fakeSshd } from '../connection/fake-sshd.ts';
import { type Ran, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

// What the usual tasks cost on the wire, counted exactly. These numbers must not grow; write smaller ones down.

/** A task, and its round trips in a first run and in one that finds its work done. */
const tasks: readonly (readonly [task: string, first: number, again: number])[] = [
  // The shell's start is in it.
  ["file: {path: '{folder}/d', state: directory, mode: '0755'}", 2, 1],
  [`copy: {content: "one\\n", dest: '{folder}/d/one', mode: '0644', force: false}`, 2, 0],
  [`copy: {content: "two\\n", dest: '{folder}/d/two', mode: '0644', force: false}`, 2, 0],
  ["lineinfile: {path: '{folder}/d/one', line: more}", 2, 0],
  ["blockinfile: {path: '{folder}/d/two', block: more}", 2, 0],
  ["stat: {path: '{folder}/d/one'}\n      register: seen", 1, 0],
  ['debug: {var: seen.stat.size}', 0, 0],
  ["template: {src: t.hbs, dest: '{folder}/d/three'}", 2, 0],
  ["file: {path: '{folder}/d/link', src: one, state: link}", 2, 0],
  ["command: {cmd: touch made, chdir: '{folder}/d', creates: made}", 2, 0],
  ["file: {path: '{folder}/d/gone', state: absent}", 1, 1],
  ["file: {path: '{folder}/d/{{ item }}', state: directory}\n      loop: [a, b, c, d, e, f, g, h]", 9, 0],
  ["shell: cat '{folder}/d/one'\n      changed_when: false", 1, 1],
  ["replace: {path: '{folder}/d/two', regexp: two, replace: deux}", 2, 1],
  ["find: {paths: '{folder}/d'}", 1, 0],
  ["slurp: {src: '{folder}/d/one'}", 1, 0],
  ['assert: {that: seen.stat.exists}', 0, 0],
  ["set_fact: {size: '{{ seen.stat.size }}'}", 0, 0],
  ["wait_for: {path: '{folder}/d/one'}", 1, 1],
  ['ping:', 1, 1],
];
const playbook = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map(([task]) => `    - ${task}\n`).join('')}`;

interface Counted {
  readonly ran: Ran;
  readonly costs: readonly TaskCost[];
  readonly channels: number;
}

let first: Counted;
let again: Counted;

beforeAll(async () => {
  await using sshd = await fakeSshd();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'known_hosts'), sshd.knownHostsLine);
  const inventory = `all:\n  hosts: {a: {ansible_host: 127.0.0.1, ansible_port: ${sshd.port}, ansible_password: x}}\n`;
  const count = async (): Promise<Counted> => {
    const before = sshd.execs.length;
    const ran = await runPlaybook(playbook, {
      folder,
      // Leases are looked at where other tests of this machine have theirs.
      args: ['--known-hosts', '{folder}/known_hosts', '--profile', '--no-lease'],
      files: { 't.hbs': 'size {{seen.stat.size}}\n', 'inventory.yml': inventory },
    });
    const costs = ran.events.flatMap((event) =>
      event.type === 'task.finished' && event.cost !== undefined ? [event.cost] : [],
    );
    return { ran, costs, channels: sshd.execs.length - before };
  };
  first = await count();
  again = await count();
}, 60_000);

function trips({ costs }: Counted): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(tasks.map(([task], index) => [task, costs[index]?.roundTrips]));
}

function sum({ costs }: Counted, of: (cost: TaskCost) => number): number {
  return costs.reduce((all, cost) => all + of(cost), 0);
}

describe('what tasks cost on the wire', () => {
  it('is so many round trips when their work is to be done', () => {
    expect(first.ran.recap.a).toBe('ok=20 changed=10');
    expect(trips(first)).toEqual(Object.fromEntries(tasks.map(([task, count]) => [task, count])));
  });

  it('is so many when it is done', () => {
    expect(again.ran.recap.a).toBe('ok=20');
    expect(trips(again)).toEqual(Object.fromEntries(tasks.map(([task, , count]) => [task, count])));
  });

  it('is one channel', () => {
    expect([first.channels, again.channels]).toEqual([1, 1]);
  });

  it('is so many bytes', () => {
    // Names of temporary folders differ in length between machines, and so does what is mounted on files, which is read so often.
    const mounted = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const mountsBytes = mounted
      .filter((line) => line !== '' && line.split(' ')[3] !== '/')
      .reduce((all, line) => all + line.length + 1, 0);
    expect(sum(first, (cost) => cost.sentBytes)).toBeLessThan(1.05 * 19_194);
    expect(sum(again, (cost) => cost.sentBytes)).toBeLessThan(1.05 * 10_943);
    expect(sum(first, (cost) => cost.receivedBytes) - 4 * mountsBytes).toBeLessThan(1.05 * 6_387);
    expect(sum(again, (cost) => cost.receivedBytes) - 2 * mountsBytes).toBeLessThan(1.05 * 3_067);
  });
});
