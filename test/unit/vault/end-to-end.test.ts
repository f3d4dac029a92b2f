import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ends, type Ran, runPlaybook } from '../rig/run-playbook.ts';
import { folderForTests, hapb, put, vaultScalar, vaultText } from './rig.ts';

const folder = folderForTests();
const withPassword = ['--vault-password-file', put(folder, 'password', 'pw\n')];
const one = { hosts: ['a'] };

/** Everything that the run showed or wrote about itself. */
function shown(ran: Ran): string {
  return ran.out + ran.err + readFileSync(join(ran.folder, 'events.jsonl'), 'utf8');
}

describe('a run with a vault', () => {
  const secrets = {
    scalar: 'hunter2-in-a-value',
    whole: 'hunter2-in-a-file',
    extra: 'hunter2-in-extra-vars',
    play: 'hunter2-in-a-task-file',
    copied: 'hunter2-in-a-copied-file',
    rendered: 'hunter2-in-a-template',
  };
  // Longer than what is read of files that are not encrypted.
  const binary = Buffer.alloc(200_000, 255);
  const playbook = `
- hosts: all
  gather_facts: false
  vars_files: [whole.yml, values.yml]
  tasks:
    - import_tasks: tasks.yml
    - name: Show
      debug: {msg: "{{ scalar }} {{ nested.list[0] }} {{ extra }} {{ addressed }}"}
    - name: Write
      copy: {content: "{{ scalar }}|{{ nested.list[0] }}|{{ extra }}|{{ addressed }}", dest: "{folder}/all"}
    - name: Pass on
      shell: read -r a; echo "$a" | base64; echo "$a"
      args: {stdin: "{{ scalar }}"}
      register: passed
    - name: Register
      debug: {var: passed}
    - name: Copy
      copy: {src: copied.txt, dest: "{folder}/copied.out"}
    - name: Leave encrypted
      copy: {src: copied.txt, dest: "{folder}/left.out", decrypt: false}
    - name: Binary
      copy: {src: copied.bin, dest: "{folder}/binary.out"}
    - name: Render
      template: {src: rendered.hbs, dest: "{folder}/rendered.out"}
    - name: Fail
      fail: {msg: "no: {{ scalar }}"}
      ignore_errors: true
`;
  const files = {
    'values.yml': `scalar: ${vaultScalar(secrets.scalar)}host: db\n`,
    'whole.yml': vaultText(
      `nested: {list: [${secrets.whole}], port: 5432}\naddressed: "{{ host }}/${secrets.whole}"\n`,
    ),
    'extra.yml': vaultText(`extra: ${secrets.extra}\n`),
    'tasks.yml': vaultText(`- name: Imported\n  vars: {own: ${secrets.play}}\n  debug: {var: own}\n`),
    'copied.txt': vaultText(`${secrets.copied}\n`),
    'copied.bin': vaultText(binary),
    'rendered.hbs': vaultText(`${secrets.rendered} {{ nested.port }}\n`),
  };

  async function run(...more: readonly string[]): Promise<Ran> {
    // The rig's folder is only known when it runs, so the extra file lies in ours.
    const extra = put(folder, 'extra.yml', files['extra.yml']);
    return runPlaybook(playbook, {
      ...one,
      files,
      args: ['-e', `@${extra}`, ...withPassword, '-D', '-vvv', ...more],
    });
  }

  test('opens everything where it is used', async () => {
    const ran = await run();
    expect(ran.err).toBe('');
    expect(ran.exitCode).toBe(0);
    const read = (name: string): Buffer => readFileSync(join(ran.folder, name));
    expect(read('all').toString()).toBe(
      `${secrets.scalar}|${secrets.whole}|${secrets.extra}|db/${secrets.whole}`,
    );
    expect(read('copied.out').toString()).toBe(`${secrets.copied}\n`);
    expect(statSync(join(ran.folder, 'copied.out')).mode & 0o777).toBe(0o600);
    expect(read('left.out').toString()).toBe(files['copied.txt']);
    expect(read('binary.out')).toEqual(binary);
    expect(read('rendered.out').toString()).toBe(`${secrets.rendered} 5432\n`);
  });

  test.each([[[]], [['--check']]])('shows no secret with -vvv and differences %s', async (more) => {
    const ran = await run(...more);
    const all = shown(ran);
    for (const secret of Object.values(secrets)) {
      expect(all).not.toContain(secret);
      expect(all).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16));
    }
    expect(all).toContain('‹scalar›');
    expect(ends(ran, 'a')).toHaveLength(10);
  });
});

describe('an inventory with a vault', () => {
  const inventory = put(
    folder,
    'inventory.yml',
    vaultText(
      'all:\n  hosts: {n: {ansible_host: 192.0.2.7, ansible_password: hunter2-to-log-in, token: hunter2-token}}\n',
    ),
  );

  test('is opened, hides its texts, and says how to reach hosts', async () => {
    const { out } = await hapb(['inventory', '-i', inventory, '--host', 'n', ...withPassword]);
    expect(JSON.parse(out.toString())).toMatchObject({
      ansible_host: '192.0.2.7',
      ansible_password: '‹ansible_password›',
      token: '‹token›',
    });
  });

  test('takes its password from a question, a file in the environment or a script', async () => {
    const list = ['inventory', '-i', inventory, '--graph'];
    expect(await hapb([...list, '-J'], { answers: ['pw'] })).toMatchObject({
      exitCode: 0,
      questions: ['Vault password: '],
    });
    const env = { ANSIBLE_VAULT_PASSWORD_FILE: withPassword[1] ?? '' };
    expect(await hapb(list, { env })).toMatchObject({ exitCode: 0 });
    const script = put(
      folder,
      'keys-client.sh',
      '#!/bin/sh\n[ "$*" = "--vault-id prod" ] && echo pw\n',
      0o700,
    );
    expect(await hapb([...list, '--vault-id', `prod@${script}`])).toMatchObject({ exitCode: 0 });
    expect(
      (await hapb([...list, '--vault-password-file', script])).error.replaceAll(folder, '{folder}'),
    ).toBe(
      'HAPB3510: the vault password script {folder}/keys-client.sh failed: it ended with 1\nIt is run because it is executable, and must print the password. A file with the password itself needs chmod 600.',
    );
  });
});

describe('what cannot be opened', () => {
  const playbook = `
- hosts: all
  gather_facts: false
  vars:
    token: ${vaultScalar('x').replaceAll('          ', '      ')}
  tasks:
    - copy: {src: copied.txt, dest: "{folder}/out"}
`;
  const files = { 'copied.txt': vaultText('x', { password: 'other' }) };

  test('stops a run before anything connects, with the place', async () => {
    const wrong = put(folder, 'wrong', 'wrong');
    const ran = await runPlaybook(playbook, { ...one, files, args: ['--vault-password-file', wrong] });
    expect(ran.exitCode).toBe(1);
    expect(ran.out).toBe('');
    expect(ran.err).toMatchInlineSnapshot(`
      "{folder}/site.yml:5:19  error HAPB3501: the vault password does not open this
         5 |     token: !vault |
           |                   ^
         6 |       $ANSIBLE_VAULT;1.1;AES256
           |       ^^^^^^^^^^^^^^^^^^^^^^^^^
           | …
        11 |       6435
           |       ^^^^
        hint: Give the password with which it was encrypted. With the right one, the text was changed after encryption: restore it.

      "
    `);
    expect((await runPlaybook(playbook, { ...one, files })).err).toMatchInlineSnapshot(`
      "{folder}/site.yml:5:19  error HAPB3003: this is encrypted, and no vault password is known
         5 |     token: !vault |
           |                   ^
         6 |       $ANSIBLE_VAULT;1.1;AES256
           |       ^^^^^^^^^^^^^^^^^^^^^^^^^
           | …
        11 |       6435
           |       ^^^^
        hint: Pass --ask-vault-pass or --vault-password-file FILE.

      "
    `);
  });

  test('is not quoted from, where the mistake lies inside', async () => {
    const path = put(folder, 'mistake.yml', vaultText('all:\n  vars: {a: 1}\n  hots: hunter2: it\n'));
    const { error, out } = await hapb(['inventory', '-i', path, '--list', ...withPassword]);
    expect(error.replaceAll(folder, '{folder}')).toMatchInlineSnapshot(`
      "{folder}/mistake.yml:3:16  error HAPB1014: there is a mistake here; it is not quoted, because the file is encrypted
        hint: See HAPB1014 in the list of errors, then use: hapb vault edit {folder}/mistake.yml
      "
    `);
    expect(out.toString()).toBe('');
  });

  test('fails the task that needs it', async () => {
    const ran = await runPlaybook(playbook, { ...one, files, args: withPassword });
    expect(ran.exitCode).toBe(2);
    expect(ran.out).toMatchInlineSnapshot(`
      "
      PLAY [all]

      TASK [copy]
      fatal: [a]: FAILED! => {"changed": false, "msg": "the vault password does not open this"}
      {folder}/copied.txt:1:1  error HAPB3501: the vault password does not open this
        hint: Give the password with which it was encrypted. With the right one, the text was changed after encryption: restore it.

      PLAY RECAP
      a                          : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0   

      "
    `);
  });
});
