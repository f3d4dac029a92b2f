// The hosts of the bench, what each tool's inventory says of them, and how the bench itself looks at them.
import { execFile, execFileSync, fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const folder = process.env.SPEED_FOLDER ?? '';

function listed(place) {
  return readFileSync(join(place, 'list'), 'utf8')
    .trim()
    .split('\n')
    .map((line, index) => {
      const [name, address] = line.split(' ');
      return { name, address, port: 22, number: index + 1 };
    });
}

function script(name) {
  execFileSync(join(here, name.split(' ')[0]), name.split(' ').slice(1), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Full nodes of the lab: own systemd, own disks. */
export function nodes(count) {
  const place = join(folder, 'nodes');
  script(`nodes.sh up ${count} ${place}`);
  const hosts = listed(place).map((host) => ({
    ...host,
    systemd: true,
    shell: ['test/lab/lab', 'exec', host.name, 'sh', '-s'],
  }));
  return { place, hosts, kind: 'nodes' };
}

/** Hosts that are an sshd in namespaces of its own, without systemd. */
export function light(count) {
  const place = join(folder, 'light');
  const lower = execFileSync(join(here, 'nodes.sh'), ['root'], { encoding: 'utf8' }).trim();
  script(`namespaces.sh up ${count} ${place} ${lower}`);
  const hosts = listed(place).map((host) => ({ ...host, systemd: false, shell: inside(place, host) }));
  return { place, hosts, kind: 'light hosts' };
}

/** The way into a light host: past its sshd, which is the first process there and the only child of unshare. */
function inside(place, { name }) {
  const outer = readFileSync(join(place, 'hosts', name, 'pid'), 'utf8').trim();
  const first = readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').trim();
  const words = `nsenter -t ${first} -m -p -n -u -r -w env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -s`;
  return words.split(' ');
}

export function lightDown() {
  script(`namespaces.sh down ${join(folder, 'light')}`);
}

/** Runs a script of `node/` on all hosts; gives what each printed. */
export function onAll(hosts, name) {
  const text = readFileSync(join(here, 'node', `${name}.sh`), 'utf8');
  const one = ({ name: host, shell, systemd }) =>
    new Promise((resolve, reject) => {
      const child = execFile(shell[0], shell.slice(1), (error, out, err) => {
        if (error) reject(new Error(`${name} on ${host}: ${err || error.message}`));
        else resolve(out);
      });
      // Where it does not even start, its message says more than a broken pipe.
      child.stdin.on('error', () => undefined);
      child.stdin.end(`systemd=${systemd}\n${text}`);
    });
  return Promise.all(hosts.map(one));
}

/** The same hosts behind a proxy on loopback, a number of milliseconds away. `ask` gives what went over it since then. */
export async function farAway({ place, hosts, kind }, roundTripMs) {
  const proxy = fork(join(here, 'delay-proxy.mjs'));
  const answer = (question) =>
    new Promise((resolve) => {
      proxy.once('message', resolve);
      proxy.send(question);
    });
  const targets = hosts.map(({ address: host, port }) => ({ host, port }));
  const { ports } = await answer({ targets, roundTripMs });
  const moved = join(folder, `far-${roundTripMs}`);
  mkdirSync(moved, { recursive: true });
  writeFileSync(join(moved, 'key'), readFileSync(join(place, 'key')), { mode: 0o600 });
  const keys = readFileSync(join(place, 'known_hosts'), 'utf8').trim().split('\n');
  const known = hosts.flatMap(({ address }, index) =>
    keys
      .filter((line) => line.startsWith(`${address} `))
      .map((line) => line.replace(address, `[127.0.0.1]:${ports[index]}`)),
  );
  writeFileSync(join(moved, 'known_hosts'), `${known.join('\n')}\n`);
  return {
    place: moved,
    kind,
    hosts: hosts.map((host, index) => ({ ...host, address: '127.0.0.1', port: ports[index] })),
    ask: async () => (await answer('counted')).counted,
    end: () => proxy.disconnect(),
  };
}
