import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { Failure } from '../../../src/core/failure.ts';
import { localHosts, runPlaybook, temporaryFolder } from '../rig/run-playbook.ts';

const tasks = (text: string): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${text.replace(/^/gm, '    ')}\n`;

/** What a user sees on standard error; nothing may have run. */
async function complaint(playbook: string): Promise<{ readonly exitCode: number; readonly err: string }> {
  const ran = await runPlaybook(playbook, { hosts: ['a'] });
  expect(ran.events).toEqual([]);
  expect(ran.out).toBe('');
  return { exitCode: ran.exitCode, err: `\n${ran.err.trimEnd()}\n` };
}

/** Runs the program on a folder of files and gives its exit code and all that it said. */
async function said(files: Readonly<Record<string, string>>, words: (folder: string) => readonly string[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'folder'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  let err = '';
  try {
    const exitCode = await runProgram({
      words: words(folder),
      version: 'test',
      terminal: {
        writeOut: () => undefined,
        writeError: (text) => {
          err += text;
        },
        inIsTerminal: false,
        outIsTerminal: false,
        errorIsTerminal: false,
        columns: 0,
        rows: 0,
        stopping: new AbortController().signal,
        interrupted: new AbortController().signal,
        env: {},
        askSecret: null,
      },
    });
    return {
      exitCode,
      err: `\n${err.replaceAll(folder, '{folder}').replaceAll(process.cwd(), '{here}').trimEnd()}\n`,
    };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { exitCode: -1, err: `${thrown.problem.code}: ${thrown.message}` };
  }
}

describe('before anything connects, one clear diagnostic', () => {
  it('for an unknown keyword', async () => {
    expect(await complaint(tasks('- command: uptime\n  retrys: 3'))).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:5:7  error HAPB2001: "retrys" is not a keyword or a module
        5 |       retrys: 3
          |       ^^^^^^
        hint: Did you mean "retries"? \`hapb modules\` lists the modules.
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for an unknown module', async () => {
    expect(await complaint(tasks('- hosts_entri: {name: api, ip: 10.0.0.1}'))).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:4:7  error HAPB2001: "hosts_entri" is not a keyword or a module
        4 |     - hosts_entri: {name: api, ip: 10.0.0.1}
          |       ^^^^^^^^^^^
        hint: Did you mean "hosts_entry"? \`hapb modules\` lists the modules.
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for an unknown argument', async () => {
    expect(await complaint(tasks('- copy_file: {contnet: hi, dest: /etc/motd}'))).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:4:19  error HAPB1030: copy_file has no argument "contnet"
        4 |     - copy_file: {contnet: hi, dest: /etc/motd}
          |                   ^^^^^^^
        hint: Did you mean \`content\`? It takes src, content, from_host, remote_src, dest, mode, owner, group, backup, validate, force, follow, local_follow, checksum, decrypt, directory_mode.
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for an undefined variable', async () => {
    expect(
      await complaint(tasks('- command: echo {{ greating }}\n  vars: {greeting: hi}')),
    ).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:4:24  error HAPB2030: "greating" is not defined anywhere
        4 |     - command: echo {{ greating }}
          |                        ^^^^^^^^
        hint: Did you mean "greeting"?
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for bad YAML', async () => {
    expect(await complaint('- hosts: all\n  tasks:\n    - command: "uptime\n')).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:3:16  error HAPB1007: the quote that opens here is not closed
        3 |     - command: "uptime
          |                ^
        hint: Add the closing quote at the end of the value. A quote inside the text is doubled in single quotes (it''s).
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for a tab', async () => {
    expect(await complaint('- hosts: all\n\ttasks: []\n')).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:2:1  error HAPB1002: a tab cannot indent a line in YAML
        2 |     tasks: []
          | ^^^^
        hint: Indent with spaces; set the editor to insert spaces for the Tab key.
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for an empty inventory', async () => {
    const files = { 'site.yml': tasks('- command: uptime'), 'inventory.yml': '' };
    expect(
      await said(files, (folder) => ['run', join(folder, 'site.yml'), '-i', join(folder, 'inventory.yml')]),
    ).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/inventory.yml:1:1  error HAPB3115: there is no host in {folder}/inventory.yml
        1 |
          | ^
        hint: Write
              all:
                hosts:
                  node1:
                    ansible_host: 192.0.2.1
      ",
        "exitCode": 1,
      }
    `);
  });
  it('for a playbook that is a folder', async () => {
    const files = { 'inventory.yml': localHosts('a') };
    expect(
      await said(files, (folder) => ['run', join(folder, 'folder'), '-i', join(folder, 'inventory.yml')]),
    ).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/folder:1:1  error HAPB1021: {folder}/folder is a folder, not a playbook
        hint: Name the playbook inside it, for example site.yml.
      ",
        "exitCode": 1,
      }
    `);
  });
  it('for a playbook that is not there', async () => {
    const files = { 'inventory.yml': localHosts('a') };
    expect(
      await said(files, (folder) => [
        'run',
        join(folder, 'nothere.yml'),
        '-i',
        join(folder, 'inventory.yml'),
      ]),
    ).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/nothere.yml:1:1  error HAPB1020: {folder}/nothere.yml does not exist
        hint: Check the path; it is looked up from {here}.
      ",
        "exitCode": 1,
      }
    `);
  });
  it('for a wrong type of an argument', async () => {
    expect(await complaint(tasks('- wait_for: {port: ssh}'))).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:4:24  error HAPB1032: wait_for: port must be a whole number, not the text "ssh"
        4 |     - wait_for: {port: ssh}
          |                        ^^^
        hint: TCP port that is to answer, or with absent not to.
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for an argument that is missing', async () => {
    expect(await complaint(tasks('- hosts_entry: {ip: 10.0.0.1}'))).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:4:7  error HAPB1031: hosts_entry needs argument "name"
        4 |     - hosts_entry: {ip: 10.0.0.1}
          |       ^^^^^^^^^^^
        hint: Add name: Host name, or a list of names that share the address.
      ",
        "exitCode": 4,
      }
    `);
  });
  it('for a Jinja statement, with what to write instead', async () => {
    expect(
      await complaint(tasks('- command: "echo {% if x %}yes{% endif %}"\n  vars: {x: true}')),
    ).toMatchInlineSnapshot(`
      {
        "err": "
      {folder}/site.yml:4:22  error HAPB4022: the Jinja statement {% if x %} is not supported
        4 |     - command: "echo {% if x %}yes{% endif %}"
          |                      ^^^^^^^^^^
        hint: Write {{#if x}}, and end it with {{/if}}.

      {folder}/site.yml:4:35  error HAPB4022: the Jinja statement {% endif %} is not supported
        4 |     - command: "echo {% if x %}yes{% endif %}"
          |                                   ^^^^^^^^^^^
        hint: Write {{/if}}.
      ",
        "exitCode": 4,
      }
    `);
  });
});
