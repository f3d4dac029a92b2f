import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Ran, runPlaybook } from '../rig/run-playbook.ts';

const run = (tasks: string, options: Parameters<typeof runPlaybook>[1] = {}): Promise<Ran> =>
  runPlaybook(
    `- hosts: all\n  gather_facts: false\n  vars: {p: one, list: [x, one]}\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`,
    { hosts: ['a'], ...options },
  );

afterEach(() => {
  vi.unstubAllEnvs();
});

const titles = (ran: Ran): readonly string[] =>
  [...ran.out.matchAll(/^TASK \[(.*)\]/gm)].map(([, title = '']) => title);

describe('tags with variables', () => {
  it('choose by what the play knows', async () => {
    const tasks = `
- {name: text, debug: {msg: x}, tags: "{{ p }}"}
- {name: list, debug: {msg: x}, tags: "{{ list }}"}
- {name: in a list, debug: {msg: x}, tags: [y, "{{ p }}"]}
- {name: beside a comma, debug: {msg: x}, tags: "y, {{ p }}"}
- {name: comma inside, debug: {msg: x}, tags: "{{ 'one,two' }}"}
- {name: nothing, debug: {msg: x}, tags: "{{ omit }}"}
- {barrier: "here", tags: "{{ p }}"}`;
    const ran = await run(tasks, { args: ['--tags', 'one'] });
    expect(titles(ran)).toEqual(['text', 'list', 'in a list', 'beside a comma']);
    expect(ran.out).toContain('BARRIER [here]');
    expect(titles(await run(tasks, { args: ['--tags', 'one', '-e', 'p=other'] }))).toEqual(['list']);
  });

  it('are an error where only a host knows, or nobody may', async () => {
    vi.stubEnv('HAPB_TEST_TOKEN', 'tok-en');
    const ran = await run(
      `
- {name: host, debug: {msg: x}, tags: "{{ inventory_hostname }}"}
- {name: own, debug: {msg: x}, vars: {v: one}, tags: ["{{ v }}"]}
- {name: secret, debug: {msg: x}, tags: "{{ lookup('env', 'HAPB_TEST_TOKEN') }}"}`,
    );
    expect(ran.exitCode).toBe(4);
    expect(ran.err.replaceAll(ran.folder, '{folder}')).toMatchInlineSnapshot(`
      "{folder}/site.yml:5:47  error HAPB2021: "tags" must be known before anything connects: 'inventory_hostname' is not defined
        5 |     - {name: host, debug: {msg: x}, tags: "{{ inventory_hostname }}"}
          |                                               ^^^^^^^^^^^^^^^^^^
        hint: They may use extra vars and variables of the play and its roles, and behind an include its vars and its item.

      {folder}/site.yml:6:63  error HAPB2021: "tags" must be known before anything connects: 'v' is not defined
        6 |     - {name: own, debug: {msg: x}, vars: {v: one}, tags: ["{{ v }}"]}
          |                                                               ^
        hint: They may use extra vars and variables of the play and its roles, and behind an include its vars and its item.

      {folder}/site.yml:7:45  error HAPB2021: "tags" must be known before anything connects: 'HAPB_TEST_TOKEN' is a secret, which no tag can be
        7 |     - {name: secret, debug: {msg: x}, tags: "{{ lookup('env', 'HAPB_TEST_TOKEN') }}"}
          |                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: They may use extra vars and variables of the play and its roles, and behind an include its vars and its item.

      "
    `);
  });
});

describe('what an include brings', () => {
  const files = {
    'more.yml':
      '- {name: plain, debug: {msg: "{{ item }}"}}\n- {name: own, debug: {msg: x}, tags: "{{ item }}"}\n',
    'set.yml': '- set_fact: {found: "{{ item }}"}\n',
  };

  it('is chosen for each item by itself', async () => {
    const ran = await run(
      `
- name: include
  include_tasks: {file: more.yml, apply: {tags: ["{{ kind }}-{{ item }}"]}}
  vars: {kind: t}
  loop: [one, two]
  tags: always`,
      { files, args: ['--tags', 't-two'] },
    );
    expect(titles(ran)).toEqual(['include', 'plain', 'own']);
    expect(ran.out).toContain('"msg": "two"');
  });

  it('may set what later tasks use, though tags choose it', async () => {
    const ran = await run(
      `
- include_tasks: {file: set.yml, apply: {tags: "{{ item }}"}}
  loop: [one]
  tags: always
- {debug: {var: found}, tags: one}`,
      { files, args: ['--tags', 'one'] },
    );
    expect(ran.out).toContain('"found": "one"');
    expect(ran.exitCode).toBe(0);
  });

  it('fails the include where its tags ask for what is not there', async () => {
    const ran = await run(
      `
- {include_tasks: {file: "{{ 'more' }}.yml", apply: {tags: "{{ item.nope }}"}}, loop: [{}]}`,
      { files },
    );
    expect(ran.recap).toEqual({ a: 'failed=1' });
    expect(ran.out).toContain('nope');
  });
});
