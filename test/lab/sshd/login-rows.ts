import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Ground, passwords, publicKey } from './ground.ts';
import type { Row } from './row.ts';

const at =
  (name: string) =>
  ({ files }: Ground): string =>
    join(files, name);
const known = at('known_hosts');
const name = ({ port }: Ground): string => `[127.0.0.1]:${port}`;
const jump = ({ port }: Ground): string => `op@127.0.0.1:${port}`;
const byPassword = { sshd: ['PasswordAuthentication yes', 'PubkeyAuthentication no'] };
const byKeyboard = { sshd: ['KbdInteractiveAuthentication yes', 'PubkeyAuthentication no'] };
const write = (file: (ground: Ground) => string, text: (ground: Ground) => string) => (ground: Ground) =>
  writeFileSync(file(ground), text(ground));
const openssh = { ansible_connection: 'openssh' };

/** What is tried before anybody is logged in. */
export const loginRows: Readonly<Record<string, readonly Row[]>> = {
  'Jump hosts': [
    {
      demand: 'ProxyJump through one host',
      outcome: 'works',
      vars: (ground) => ({ ansible_ssh_common_args: `-o ProxyJump=${jump(ground)}` }),
    },
    {
      demand: 'ProxyJump through a chain of three hosts',
      outcome: 'works',
      vars: (ground) => ({
        ansible_ssh_common_args: `-J ${[jump, jump, jump].map((hop) => hop(ground)).join(',')}`,
      }),
    },
    {
      demand: 'A jump host whose key is not known',
      outcome: 'HAPB5010',
      says: 'the key of jump host 127.0.0.1',
      prepare: write(known, () => ''),
      vars: (ground) => ({ ansible_ssh_common_args: `-J ${jump(ground)}` }),
    },
  ],
  'Keys and the agent': [
    { demand: 'A key file', outcome: 'works' },
    {
      demand: 'Several keys, the last of which is taken',
      outcome: 'works',
      vars: () => ({ ansible_ssh_private_key_file: undefined }),
      args: (ground) => [
        ...['--known-hosts', known(ground), '--private-key', at('stranger')(ground)],
        ...['--private-key', at('user')(ground)],
      ],
    },
    {
      demand: 'A key that the host does not take',
      outcome: 'HAPB5020',
      vars: (ground) => ({ ansible_ssh_private_key_file: at('stranger')(ground) }),
    },
    {
      demand: 'An encrypted key with its passphrase, on ten hosts',
      outcome: 'works',
      names: 10,
      vars: (ground) => ({
        ansible_ssh_private_key_file: at('locked')(ground),
        ansible_ssh_private_key_passphrase: passwords.key,
      }),
    },
    {
      demand: 'An encrypted key without its passphrase',
      outcome: 'HAPB5022',
      vars: (ground) => ({ ansible_ssh_private_key_file: at('locked')(ground) }),
    },
    {
      demand: 'Keys that an agent holds',
      outcome: 'works',
      prepare: (ground) => startAgent(ground),
      vars: () => ({ ansible_ssh_private_key_file: undefined }),
      env: (ground) => ({ SSH_AUTH_SOCK: at('agent')(ground) }),
    },
  ],
  Passwords: [
    {
      demand: 'A password from a variable',
      outcome: 'works',
      lay: byPassword,
      vars: () => ({ ansible_password: passwords.op }),
    },
    {
      demand: 'A password from a file',
      outcome: 'works',
      lay: byPassword,
      prepare: write(at('password'), () => `${passwords.op}\n`),
      args: (ground) => [
        '--known-hosts',
        known(ground),
        '--connection-password-file',
        at('password')(ground),
      ],
    },
    {
      demand: 'A password that a command prints',
      outcome: 'works',
      lay: byPassword,
      prepare: (ground) => {
        writeFileSync(at('password')(ground), `#!/bin/sh\necho '${passwords.op}'\n`);
        chmodSync(at('password')(ground), 0o755);
      },
      args: (ground) => [
        '--known-hosts',
        known(ground),
        '--connection-password-file',
        at('password')(ground),
      ],
    },
    {
      demand: 'A password that a person types',
      outcome: 'works',
      lay: byPassword,
      args: (ground) => ['--known-hosts', known(ground), '--ask-pass'],
      answers: [[/SSH password/, passwords.op]],
    },
    {
      demand: 'A password from a vault',
      outcome: 'works',
      lay: byPassword,
      prepare: (ground) => {
        writeFileSync(at('vault-password')(ground), 'of the vault\n');
        writeFileSync(at('secret.yml')(ground), `ansible_password: ${passwords.op}\n`);
        const args = ['dist/hapb.cjs', 'vault', 'encrypt', '--vault-password-file'];
        execFileSync(process.execPath, [...args, at('vault-password')(ground), at('secret.yml')(ground)], {
          stdio: 'pipe',
        });
      },
      args: (ground) => [
        ...['--known-hosts', known(ground), '-e', `@${at('secret.yml')(ground)}`],
        ...['--vault-password-file', at('vault-password')(ground)],
      ],
    },
    {
      demand: 'A password that the host does not take',
      outcome: 'HAPB5020',
      lay: byPassword,
      vars: () => ({ ansible_password: 'wrong' }),
    },
    {
      demand: 'A password by keyboard-interactive only',
      outcome: 'works',
      lay: byKeyboard,
      vars: () => ({ ansible_password: passwords.op }),
    },
  ],
  'Host keys': [
    {
      demand: 'A hashed name in known_hosts',
      outcome: 'works',
      prepare: (ground) =>
        void execFileSync('ssh-keygen', ['-q', '-H', '-f', known(ground)], { stdio: 'ignore' }),
    },
    {
      demand: 'A wildcard in known_hosts',
      outcome: 'works',
      prepare: write(known, ({ files }) => `[127.*]:* ${publicKey(join(files, 'host'))}\n`),
    },
    {
      demand: 'A key marked `@revoked`',
      outcome: 'HAPB5012',
      prepare: (ground) => appendFileSync(known(ground), `@revoked * ${publicKey(at('host')(ground))}\n`),
    },
    {
      demand: 'Several known_hosts files, the last of which holds the key',
      outcome: 'works',
      prepare: write(at('others'), (ground) => `other ${publicKey(at('stranger')(ground))}\n`),
      args: (ground) => ['--known-hosts', at('others')(ground), '--known-hosts', known(ground)],
    },
    {
      demand: 'A key that is not known',
      outcome: 'HAPB5010',
      says: /SHA256:[\w+/]{43}/,
      prepare: write(known, () => ''),
    },
    {
      demand: 'A key that is not known, with --accept-new-host-keys',
      outcome: 'works',
      prepare: write(known, () => ''),
      args: (ground) => ['--known-hosts', known(ground), '--accept-new-host-keys'],
    },
    {
      demand: 'A key that changed, with --accept-new-host-keys',
      outcome: 'HAPB5011',
      prepare: write(known, (ground) => `${name(ground)} ${publicKey(at('stranger')(ground))}\n`),
      args: (ground) => ['--known-hosts', known(ground), '--accept-new-host-keys'],
    },
  ],
  'The system client': [
    { demand: '`connection: openssh` with a key', outcome: 'works', vars: () => openssh },
    {
      demand: 'A host certificate, with the built-in client',
      outcome: 'HAPB5013',
      says: 'ansible_connection: openssh',
      lay: hostCertificate(),
      prepare: authority,
    },
    {
      demand: 'A host certificate, with openssh',
      outcome: 'works',
      lay: hostCertificate(),
      prepare: authority,
      vars: () => openssh,
    },
    {
      demand: 'A user certificate, with openssh',
      outcome: 'works',
      lay: {
        node: 'cp "$files/stranger.pub" "$files/ca.pub"; : > "$files/authorized_keys"; echo "TrustedUserCAKeys $files/ca.pub" >> "$files/sshd_config"',
      },
      prepare: ({ files }) =>
        void execFileSync(
          'ssh-keygen',
          ['-q', '-s', join(files, 'stranger'), '-I', 'op', '-n', 'op', join(files, 'user.pub')],
          { stdio: 'ignore' },
        ),
      vars: () => openssh,
    },
    {
      demand: 'A host with post-quantum key exchange only (sntrup761), with the built-in client',
      outcome: 'HAPB5006',
      says: 'ansible_connection: openssh',
      lay: postQuantum(),
    },
    {
      demand: 'A host with post-quantum key exchange only (sntrup761), with openssh',
      outcome: 'works',
      lay: postQuantum(),
      vars: () => openssh,
    },
  ],
};

function postQuantum() {
  return { sshd: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] };
}

/** The sshd's key is signed by an authority before it starts. */
function hostCertificate() {
  return {
    node: `ssh-keygen -q -s "$files/stranger" -I host -h -n 127.0.0.1 "$files/host.pub"
echo "HostCertificate $files/host-cert.pub" >> "$files/sshd_config"`,
  };
}

function authority(ground: Ground): void {
  writeFileSync(known(ground), `@cert-authority * ${publicKey(at('stranger')(ground))}\n`);
}

/** An agent that lives as long as the tests. */
async function startAgent(ground: Ground): Promise<void> {
  const socket = at('agent')(ground);
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  process.once('exit', () => agent.kill());
  while (!existsSync(socket)) await delay(20);
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  execFileSync('ssh-add', ['-q', at('stranger')(ground), at('user')(ground)], { env, stdio: 'ignore' });
}
