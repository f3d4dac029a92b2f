import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farAway } from '../connection/far-away.ts';
import { startSshd, whyNoSshd } from '../connection/real-sshd.ts';
import { messages, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const hosts = ['a', 'b'] as const;
const names = ['x', 'y', 'z'] as const;

interface Step {
  readonly kind: 'copy' | 'delegate' | 'shell' | 'remove' | 'look';
  readonly host: string;
  readonly name: string;
  readonly content: string;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  // Looks, and copies that find nothing to do, let more be asked ahead.
  kind: fc.constantFrom<Step['kind']>('look', 'look', 'look', 'copy', 'copy', 'shell', 'remove', 'delegate'),
  host: fc.constantFrom(...hosts),
  name: fc.constantFrom(...names),
  content: fc.constantFrom('one', 'two'),
});

function taskOf(step: Step): string {
  const { host, name, content } = step;
  const path = `'{folder}/data-${name}'`;
  const only = `when: inventory_hostname == '${host}'`;
  switch (step.kind) {
    case 'copy':
      return `- copy: {content: ${content}, dest: ${path}}\n  ${only}\n`;
    case 'delegate':
      return `- copy: {content: ${content}, dest: ${path}}\n  delegate_to: ${host === 'a' ? 'b' : 'a'}\n  ${only}\n`;
    case 'shell':
      return `- shell: printf %s ${content} >${path}\n  ${only}\n`;
    case 'remove':
      return `- file: {path: ${path}, state: absent}\n  ${only}\n`;
    case 'look':
      return `- stat: {path: ${path}}\n  register: seen\n  ${only}\n- debug: {msg: "{{ seen.stat.checksum | default('none') }}"}\n  ${only}\n`;
  }
}

/** What the looks of these steps see when each is taken in its turn. Both hosts are one machine. */
function expected(steps: readonly Step[]): readonly string[] {
  const files = new Map<string, string>();
  return steps.flatMap((step) => {
    if (step.kind === 'look') {
      const content = files.get(step.name);
      return [content === undefined ? 'none' : createHash('sha1').update(content).digest('hex')];
    }
    if (step.kind === 'remove') files.delete(step.name);
    else files.set(step.name, step.content);
    return [];
  });
}

describe('reading ahead', () => {
  it('never shows: each task sees what the tasks before it have done, on whichever host', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 16 }), async (steps) => {
        const ran = await runPlaybook(
          `- hosts: all\n  gather_facts: false\n  tasks:\n${steps
            .map(taskOf)
            .join('')
            .replace(/^(?=.)/gm, '    ')}`,
        );
        expect(ran.exitCode).toBe(0);
        expect(messages(ran)).toEqual(expected(steps));
      }),
      { numRuns: 25 },
    );
  });

  it('sees what somebody else does while a task waits for it', async () => {
    const ran = await runPlaybook(`- hosts: all
  gather_facts: false
  tasks:
    - {stat: {path: '{folder}/there'}, register: before}
    - {stat: {path: '{folder}/there'}, register: again}
    - {shell: '(sleep 1; touch {folder}/there) >/dev/null 2>&1 &', run_once: true}
    - {stat: {path: '{folder}/other'}}
    - wait_for: {path: '{folder}/there', timeout: 20}
    - {stat: {path: '{folder}/there'}, register: after}
    - debug: {msg: "{{ before.stat.exists }} {{ again.stat.exists }} {{ after.stat.exists }}"}
`);
    expect(messages(ran)).toEqual(['False False True', 'False False True']);
  });
});

const twenty = `- hosts: all
  gather_facts: false
  vars: {d: '{folder}/etc'}
  tasks:
    - file: {path: '{{ d }}', state: directory}
    - copy: {content: "one\\n", dest: '{{ d }}/one', mode: '0644'}
    - copy: {content: "two\\n", dest: '{{ d }}/two'}
    - {template: {src: t.txt, dest: '{{ d }}/three'}}
    - lineinfile: {path: '{{ d }}/lines', line: more, create: true}
    - lineinfile: {path: '{{ d }}/lines', line: 'and more'}
    - lineinfile: {path: '{{ d }}/lines', regexp: '^key=', line: key=value}
    - blockinfile: {path: '{{ d }}/lines', block: "a\\nb"}
    - file: {src: one, dest: '{{ d }}/link', state: link}
    - file: {path: '{{ d }}/gone', state: absent}
    - {stat: {path: '{{ d }}/one'}, register: one}
    - {assert: {that: one.stat.exists}, when: one.stat.size > 0}
    - file: {path: '{{ d }}/deep/er', state: directory, mode: '0750'}
    - copy: {content: x, dest: '{{ d }}/deep/er/x'}
    - replace: {path: '{{ d }}/lines', regexp: never, replace: there}
    - file: {path: '{{ d }}/lines', mode: '0600'}
    - ini_file: {path: '{{ d }}/ini', section: s, option: o, value: v}
    - copy: {content: y, dest: '{{ d }}/deep/y'}
    - {slurp: {src: '{{ d }}/one'}, register: all}
    - {file: {path: '{{ d }}/{{ item }}', state: touch, access_time: preserve, modification_time: preserve}, loop: [p, q]}
`;

const hundred = `- hosts: all
  gather_facts: false
  tasks:
    - {copy: {content: '{{ item }}', dest: '{folder}/{{ item }}'}, loop: '{{ range(100) | list }}'}
`;

describe.runIf(whyNoSshd === null)('a host that is far away, and as it should be already', () => {
  it.each([
    ['twenty tasks', twenty, 12],
    // Eight of them are the connection's.
    ['a hundred items', hundred, 11],
  ])(
    'costs a few round trips for %s, connection included',
    { timeout: 60_000 },
    async (_, playbook, most) => {
      const folder = temporaryFolder();
      const files = { 't.txt': 'three {{ d }}\n' };
      const first = await runPlaybook(playbook, { hosts: ['a'], folder, files });
      expect(first.exitCode).toBe(0);
      await using sshd = await startSshd();
      await using proxy = await farAway(sshd.port, 100);
      const key = sshd.settings.privateKeyFiles[0] ?? '';
      const names = {
        ansible_connection: 'ssh',
        ansible_host: '127.0.0.1',
        ansible_port: proxy.port,
        ansible_ssh_private_key_file: key,
        ansible_ssh_common_args: '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null',
      };
      const args = ['-e', JSON.stringify(names)];
      const again = await runPlaybook(playbook, { hosts: ['a'], folder, files, args });
      expect(again.err).toBe('');
      expect(Object.values(again.recap).join()).not.toContain('changed');
      expect(proxy.trips()).toBeLessThanOrEqual(most);
    },
  );
});
