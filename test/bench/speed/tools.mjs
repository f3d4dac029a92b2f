// How each tool is told to do a piece of work: its inventory, its command line, its environment. All log in as root with the
// same key, check host keys, and start cold: no connection is left from the run before.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const here = import.meta.dirname;
const folder = process.env.SPEED_FOLDER ?? '';
const environment = process.env.SPEED_ENVIRONMENT ?? '';
const bin = (name) => join(environment, 'bin', name);

function yamlInventory({ place, hosts }, payload) {
  const args = `-o UserKnownHostsFile=${place}/known_hosts -o GlobalKnownHostsFile=/dev/null -o IdentitiesOnly=yes`;
  const lines = hosts.map(({ name, address, port, number, systemd }) =>
    JSON.stringify({ ansible_host: address, ansible_port: port, number, systemd }).replace(
      /^/,
      `    ${name}: `,
    ),
  );
  const vars = {
    ansible_user: 'root',
    ansible_ssh_private_key_file: `${place}/key`,
    ansible_ssh_common_args: args,
    ansible_python_interpreter: '/usr/bin/python3',
    payload,
  };
  return `all:\n  vars: ${JSON.stringify(vars)}\n  hosts:\n${lines.join('\n')}\n`;
}

function pythonInventory({ place, hosts }, payload) {
  const entries = hosts.map(
    ({ name, address, port, number, systemd }) =>
      `    ("${name}", {"ssh_hostname": "${address}", "ssh_port": ${port}, "number": ${number}, "systemd": ${systemd ? 'True' : 'False'}}),\n`,
  );
  const shared = `{"ssh_user": "root", "ssh_key": "${place}/key", "ssh_known_hosts_file": "${place}/known_hosts", "ssh_strict_host_key_checking": "yes", "payload": "${payload}"}`;
  return `hosts = ([\n${entries.join('')}], ${shared})\n`;
}

function hostList({ hosts }) {
  return hosts
    .map(({ name, address, port, number, systemd }) => `${name} ${address} ${port} ${number} ${systemd}\n`)
    .join('');
}

/** Writes what all tools need to know of some hosts; gives the folder. */
export function inventories(hosts, payload) {
  const place = mkdtempSync(join(folder, 'inventory-'));
  writeFileSync(join(place, 'hosts.yml'), yamlInventory(hosts, payload));
  writeFileSync(join(place, 'hosts.py'), pythonInventory(hosts, payload));
  writeFileSync(join(place, 'hosts.txt'), hostList(hosts));
  return { place, from: hosts.place, count: hosts.hosts.length, payload };
}

const job = (name, file) => join(here, 'jobs', name, file);

function ansible(more) {
  return (name, mode, { place, count }) => {
    const fresh = mkdtempSync(join(folder, 'run-'));
    // A socket's path has to be short.
    const sockets = join(fresh, 's');
    mkdirSync(sockets);
    return {
      words: [
        bin('ansible-playbook'),
        '-i',
        join(place, 'hosts.yml'),
        job(name, 'playbook.yml'),
        ...(mode === 'check' ? ['--check'] : []),
      ],
      env: {
        ANSIBLE_FORKS: String(Math.min(Math.max(count, 5), 50)),
        ANSIBLE_HOME: join(folder, 'ansible'),
        ANSIBLE_COLLECTIONS_PATH: join(environment, 'collections'),
        ANSIBLE_SSH_CONTROL_PATH_DIR: sockets,
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_NOCOWS: '1',
        ANSIBLE_LOCALHOST_WARNING: '0',
        ...more(),
      },
      /** Ends the connections that OpenSSH keeps for a minute. */
      after: () => {
        for (const socket of readdirSync(sockets))
          spawnSync('ssh', ['-o', `ControlPath=${join(sockets, socket)}`, '-O', 'exit', 'x'], {
            stdio: 'ignore',
          });
      },
    };
  };
}

function mitogen() {
  const found = readdirSync(join(environment, 'lib')).map((python) =>
    join(environment, 'lib', python, 'site-packages/ansible_mitogen/plugins/strategy'),
  );
  return { ANSIBLE_STRATEGY_PLUGINS: found.find(existsSync), ANSIBLE_STRATEGY: 'mitogen_linear' };
}

/** Every tool, by the name that the tables use; the first one is ours, the last one the floor. */
export const tools = {
  hapb: (name, mode, { place }) => ({
    words: [
      process.execPath,
      'dist/hapb.cjs',
      mode === 'check' ? 'check' : 'run',
      job(name, 'playbook.yml'),
      '-i',
      join(place, 'hosts.yml'),
      '--output',
      'plain',
    ],
    env: {},
  }),
  'ansible-core': ansible(() => ({ ANSIBLE_PIPELINING: '0' })),
  'ansible-core, pipelining': ansible(() => ({ ANSIBLE_PIPELINING: '1' })),
  'ansible-core, Mitogen': ansible(mitogen),
  pyinfra: (name, mode, { place }) => ({
    words: [
      bin('pyinfra'),
      join(place, 'hosts.py'),
      job(name, 'deploy.py'),
      '--chdir',
      join(here, 'jobs', name),
      mode === 'check' ? '--dry' : '-y',
    ],
    env: {},
  }),
  OpenSSH: (name, mode, { place, from, payload }) => ({
    words: [join(here, 'openssh.sh'), name, mode, join(place, 'hosts.txt')],
    env: { ...loginAs(from), masters: mkdtempSync(join(folder, 'm-')), payload },
  }),
};

function loginAs(from) {
  return { key: join(from, 'key'), known_hosts: join(from, 'known_hosts') };
}

/** What no tool can go below that logs in with ssh2: its name, and how it is run. */
export const floors = {
  'ssh2 alone': (name, mode, { place, from }) => ({
    words: [process.execPath, join(here, 'ssh2-alone.mjs'), name, mode, join(place, 'hosts.txt')],
    env: loginAs(from),
  }),
};
