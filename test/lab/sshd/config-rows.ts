import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ground, publicKey } from './ground.ts';
import type { Row } from './row.ts';

/** Nothing but the name `node0`: all else is in the ssh configuration. */
const nameOnly = () => ({
  ansible_host: undefined,
  ansible_port: undefined,
  ansible_user: undefined,
  ansible_ssh_private_key_file: undefined,
});
const known = ({ files }: Ground): string => join(files, 'known_hosts');
const reach = ({ port, files }: Ground): string =>
  `HostName 127.0.0.1\nPort ${port}\nUser op\nIdentityFile ${files}/user\nUserKnownHostsFile ${files}/known_hosts\n`;
/** Leads nowhere but by its ProxyCommand. */
const proxied = (ground: Ground): string => {
  const nowhere = `HostName nowhere.invalid\nHostKeyAlias [127.0.0.1]:${ground.port}`;
  const command = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${ground.port}; cat <&3 & exec cat >&3'`;
  return `${reach(ground).replace('HostName 127.0.0.1', nowhere)}ProxyCommand ${command}\n`;
};
const forgetAll = (ground: Ground): void => writeFileSync(known(ground), '');
const openssh = { ansible_connection: 'openssh' };

/** What the ssh configuration says, and what a person is asked. */
export const configRows: Readonly<Record<string, readonly Row[]>> = {
  'The ssh configuration': [
    {
      demand: 'An alias in ~/.ssh/config, with HostName, Port, User, IdentityFile and UserKnownHostsFile',
      outcome: 'works',
      vars: nameOnly,
      args: () => [],
      sshConfig: (ground) => `Host node0\n${reach(ground)}`,
    },
    {
      demand: 'A ProxyJump in ~/.ssh/config to an alias that stands there too',
      outcome: 'works',
      vars: nameOnly,
      args: () => [],
      sshConfig: (ground) => `Host node0\n${reach(ground)}ProxyJump gate\nHost gate\n${reach(ground)}`,
    },
    {
      demand: 'A ProxyCommand in ~/.ssh/config, which the system client runs',
      outcome: 'works',
      vars: nameOnly,
      args: () => [],
      sshConfig: (ground) => `Host node0\n${proxied(ground)}`,
    },
    {
      demand: 'A ProxyJump to an alias that has a ProxyCommand, which the system client runs',
      outcome: 'works',
      vars: nameOnly,
      args: () => [],
      sshConfig: (ground) => `Host node0\n${reach(ground)}ProxyJump gate\nHost gate\n${proxied(ground)}`,
    },
    {
      demand: 'A ProxyJump to an alias that has a ProxyCommand, with the built-in client',
      outcome: 'HAPB3133',
      vars: () => ({ ...nameOnly(), ansible_connection: 'ssh' }),
      args: () => [],
      says: /uses ProxyCommand at the jump host nowhere\.invalid for node0[\s\S]*ansible_connection: openssh/,
      sshConfig: (ground) => `Host node0\n${reach(ground)}ProxyJump gate\nHost gate\n${proxied(ground)}`,
    },
  ],
  'Keys that nobody knows yet': [
    {
      demand: 'Three names, one question, answered `yes`',
      outcome: 'works',
      names: 3,
      prepare: forgetAll,
      answers: [[/\(yes\/no\)/, 'yes']],
      says: /node0, node1, node2 {2}127\.0\.0\.1:\d+ {2}ssh-ed25519 SHA256:[\w+/]{43}/,
    },
    {
      demand: 'A question answered `no`',
      outcome: 'HAPB5010',
      prepare: forgetAll,
      answers: [[/\(yes\/no\)/, 'no']],
    },
    {
      demand: 'A key that is not known, with openssh',
      outcome: 'HAPB5010',
      prepare: forgetAll,
      vars: () => openssh,
    },
    {
      demand: 'A key that changed, with openssh and --accept-new-host-keys',
      outcome: 'HAPB5011',
      prepare: (ground) =>
        writeFileSync(
          known(ground),
          `[127.0.0.1]:${ground.port} ${publicKey(join(ground.files, 'stranger'))}\n`,
        ),
      args: (ground) => ['--known-hosts', known(ground), '--accept-new-host-keys'],
      vars: () => openssh,
    },
  ],
};
