import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../../../src/cli/program.ts';
import { fakeTerminal } from '../cli/terminal.ts';
import { temporaryFolder } from '../rig/run-playbook.ts';

/** The hosts that examples may name; all of them are this machine. */
const inventory = `
all:
  vars: { ansible_connection: local, vip: 172.24.1.60, control_plane_endpoint: k8s-api.example.net }
  children:
    control_plane: { hosts: { cp1: {}, cp2: {}, cp3: {} } }
    web: { hosts: { web1: {}, web2: {} } }
`;

/** Files that examples may name, beside the playbook. */
const files: Readonly<Record<string, string>> = {
  'chrony.conf.hbs': 'server {{ ntp_server | default("0.pool.ntp.org") }} iburst\n',
  'cni.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: cni\n',
  'vars/web.yml': 'http_port: 8080\n',
  'roles/motd/defaults/main.yml': 'greeting: Good morning\n',
  'roles/motd/tasks/main.yml': '- debug:\n    msg: "{{ greeting }}"\n',
  'roles/motd/tasks/remove.yml': '- debug:\n    msg: gone\n',
  'tasks/motd.yml': '- debug:\n    msg: here\n',
};

/** What hapb said to an example. */
export interface Tried {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Gives hapb an example in a folder of its own, where `/tmp/hapb-example` leads too. */
export function prepare(example: string): (command: readonly string[]) => Promise<Tried> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ ...files, 'inventory.yml': inventory })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, 'site.yml'), asPlaybook(example).replaceAll('/tmp/hapb-example', folder));
  return async (command) => {
    const terminal = fakeTerminal();
    const exitCode = await runProgram({
      words: [...command, join(folder, 'site.yml'), '-i', join(folder, 'inventory.yml')],
      version: 'test',
      terminal,
    });
    return { exitCode, out: terminal.out, err: terminal.error };
  };
}

/** A playbook stays; a list of tasks gets a play around it. */
function asPlaybook(example: string): string {
  if (/^(- | {2})(hosts|import_playbook):/m.test(example)) return example;
  const tasks = example.replace(/^(?=.)/gm, '    ');
  const handlers = [...example.matchAll(/^ +notify: (.+)$/gm)].map(
    ([, name = '']) => `    - name: ${name}\n      debug:\n`,
  );
  const facts = example.includes('ansible_');
  return `- hosts: cp1\n  gather_facts: ${facts}\n  tasks:\n${tasks}${handlers.length === 0 ? '' : `  handlers:\n${handlers.join('')}`}`;
}
