// What a program on ssh2 cannot go below: every host at once, each with one connection of ssh2 and the script that OpenSSH
// runs. No playbook, no inventory, no modules. Usage: ssh2-alone.mjs WORK run|check HOSTS, as openssh.sh.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';

const [work, mode, list] = process.argv.slice(2);
const script = readFileSync(join(import.meta.dirname, 'jobs', work, 'node.sh'), 'utf8');
const privateKey = readFileSync(process.env.key);
const known = readFileSync(process.env.known_hosts, 'utf8');
const hosts = readFileSync(list, 'utf8').trim().split('\n');

function one(line) {
  const [, address, port, number, systemd] = line.split(' ');
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('ready', () => {
      client.exec('exec /bin/sh', (error, channel) => {
        if (error) return void reject(error);
        channel.resume().stderr.resume();
        channel.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${address}: ${code}`))));
        channel.on('close', () => client.end());
        channel.end(`number=${number} systemd=${systemd} mode=${mode}\n${script}\nexit\n`);
      });
    });
    client.connect({
      sock: connect({ host: address, port: Number(port), noDelay: true }),
      username: 'root',
      privateKey,
      algorithms: { kex: ['curve25519-sha256'], serverHostKey: ['ssh-ed25519'] },
      hostVerifier: (key) => known.includes(key.toString('base64')),
    });
    // Proofs of host keys, which nobody asked for.
    client._protocol._handlers.GLOBAL_REQUEST = () => undefined;
  });
}

await Promise.all(hosts.map(one));
