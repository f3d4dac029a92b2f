// Records what ansible-core's setup says of a machine, and what a host answers to hapb's script of facts at the same time.
//
//     node test/golden/facts/record.mjs PATH/OF/ansible        (as root, on Linux, in the project's folder)
//
// The machine is this one in namespaces of its own: with invented names, addresses, interfaces, kernel words and files, so
// that nothing of the recorder's own gets into the recording.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { systems } from './systems.mjs';

const [ansible = 'ansible'] = process.argv.slice(2);
const here = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), 'facts-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

buildSync({
  entryPoints: ['src/modules/general/facts/script.ts'],
  outfile: join(work, 'script.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
});
const { factSources, factsScript } = createRequire(import.meta.url)(join(work, 'script.cjs'));

const machineFiles = {
  '/etc/hosts': '127.0.0.1 localhost\n192.0.2.10 node1.example.org node1\n',
  '/etc/resolv.conf': 'domain example.org\nsearch example.org example.net\nnameserver 192.0.2.53\nnameserver 2001:db8::53\noptions ndots:2 rotate\n',
  '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet console=tty0 console=ttyS0 x="a b"\n',
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  '/etc/ssh/ssh_host_ed25519_key.pub': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleOnly root@node1\n',
  '/etc/ansible/facts.d/preferences.fact': '[general]\nAsdf = 1\nbar: two words\n# note\n[Other]\nlist = a\n  b\n',
  '/etc/ansible/facts.d/data.fact': '{"a": [1, {"b": null}]}\n',
  '/etc/ansible/facts.d/script.fact': '#!/bin/sh\necho \'{"from": "script"}\'\n',
  '/etc/ansible/facts.d/failing.fact': '#!/bin/sh\nexit 3\n',
  '/etc/ansible/facts.d/broken.fact': 'neither this\nnor that\n',
};

const network = `ip link set lo up
ip link add eth0 type veth peer name peer0
ip link set eth0 address 02:00:00:00:00:10; ip link set peer0 address 02:00:00:00:00:11
ip addr add 192.0.2.10/24 brd 192.0.2.255 dev eth0
ip addr add 192.0.2.11/24 brd 192.0.2.255 dev eth0
ip addr add 198.51.100.7/28 brd + label eth0:1 dev eth0
ip addr add 192.0.2.12/24 brd + label eth0:2 dev eth0
ip -6 addr add 2001:db8::10/64 dev eth0 nodad
ip link set eth0 up; ip link set peer0 up
ip link add br-lan type bridge; ip link set br-lan address 02:00:00:00:00:20; ip link set peer0 master br-lan; ip link set br-lan up
ip link add p2p0 type veth peer name far; ip link set p2p0 address 02:00:00:00:00:30; ip link set far address 02:00:00:00:00:31
ip addr add 10.8.0.1 peer 10.8.0.2/32 dev p2p0; ip link set p2p0 up promisc on
ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8::1 dev eth0 metric 1
sleep 3`;

/** Runs sh as another machine: with these files in place of its own and a network of its own. */
function as(files, lines) {
  const root = mkdtempSync(join(work, 'files-'));
  const binds = Object.entries(files).map(([path, text]) => {
    const copy = join(root, path.replaceAll('/', '_'));
    writeFileSync(copy, text, { mode: path.endsWith('.fact') && text.startsWith('#!') ? 0o755 : 0o644 });
    return `mkdir -p ${dirname(path)}; [ -e ${path} ] || : >${path}; mount --bind ${copy} ${path}`;
  });
  const script = [
    'set -e',
    'mount -t sysfs sys /sys; mount -t tmpfs tmp /etc/ansible 2>/dev/null || { mkdir -p /etc/ansible; mount -t tmpfs tmp /etc/ansible; }',
    // What is made in /etc must not stay.
    `mkdir -p ${work}/upper ${work}/lower-work; mount -t tmpfs tmp ${work}/upper; mkdir ${work}/upper/u ${work}/upper/w`,
    `mount -t overlay overlay -o lowerdir=/etc,upperdir=${work}/upper/u,workdir=${work}/upper/w /etc`,
    'hostname node1; rm -f /etc/ssh/ssh_host_* /etc/debian_version /etc/*-release',
    ...binds,
    // It would answer for the recorder's own system.
    'for p in /usr/bin/lsb_release /bin/lsb_release; do [ -e $p ] && mount --bind /dev/null $p; done',
    'set +e',
    ...lines,
  ].join('\n');
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', TZ: 'Europe/Berlin', TERM: 'dumb', LC_ALL: 'C.UTF-8', NOTE: 'two\nlines = @platform' };
  return execFileSync('unshare', ['-n', '-m', '-u', 'sh', '-c', script], { env, encoding: 'utf8', maxBuffer: 1e8 });
}

function setup(args) {
  return `${ansible} localhost -c local -m setup ${args} -o 2>/dev/null | sed 's/^[^{]*//'`;
}

function both(files, { sources, args, before }) {
  writeFileSync(join(work, 'facts.sh'), factsScript(sources));
  const out = as(files, [before, `sh ${work}/facts.sh /etc/ansible/facts.d`, 'echo @@@@', setup(args)]);
  const [probe, json] = out.split('@@@@\n');
  const facts = Object.entries(JSON.parse(json).ansible_facts).map(([name, value]) => [name.replace(/^ansible_/, ''), value]);
  const own = ['python', 'python_version', 'selinux_python_present'];
  return { probe, facts: Object.fromEntries(facts.filter(([name]) => !own.includes(name))) };
}

mkdirSync(here, { recursive: true });
const os = systems.debian12;
const machine = both({ ...os, ...machineFiles }, { sources: factSources, args: '', before: network });
writeFileSync(join(here, 'machine.txt'), machine.probe);
writeFileSync(join(here, 'machine.json'), `${JSON.stringify(machine.facts, null, 1)}\n`);

const wanted = ['distribution', 'pkg_mgr'];
const sources = factSources.filter(({ name }) => wanted.includes(name));
const recorded = Object.entries(systems).map(([name, files]) => {
  const { probe, facts } = both(files, { sources, args: "-a 'gather_subset=!all,!min,distribution,pkg_mgr'", before: ':' });
  console.error(name);
  return [name, { probe, facts }];
});
writeFileSync(join(here, 'systems.json'), `${JSON.stringify(Object.fromEntries(recorded), null, 1)}\n`);
