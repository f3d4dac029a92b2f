import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionError } from '../../../src/connection/connection.ts';
import { openConnection } from '../../../src/connection/open.ts';
import type { ConnectionSettings } from '../../../src/connection/settings.ts';
import { keygen, type RealSshd, startSshd, whyNoSshd } from './real-sshd.ts';
import { shownError } from './shown.ts';

const login = { kind: 'login' } as const;

describe.runIf(whyNoSshd === null)('host keys', () => {
  let sshd: RealSshd;
  let file: string;
  let knownKey: string;
  let otherKey: string;
  const name = (): string => `[127.0.0.1]:${sshd.port}`;
  const publicKey = (path: string): string =>
    readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');

  beforeAll(async () => {
    sshd = await startSshd();
    knownKey = publicKey(join(sshd.directory, 'host_ed25519'));
    keygen(join(sshd.directory, 'other'), ['-t', 'ed25519', '-N', '']);
    otherKey = publicKey(join(sshd.directory, 'other'));
  });
  afterAll(async () => {
    await sshd[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    file = join(sshd.directory, `known_hosts_${Math.random().toString(36).slice(2)}`);
  });

  const connect = async (changes: Partial<ConnectionSettings> = {}): Promise<string> => {
    await using connection = openConnection({ ...sshd.settings, knownHostsFiles: [file], ...changes });
    return (await connection.run(login, { script: 'echo in' })).stdout;
  };
  const fails = async (changes: Partial<ConnectionSettings> = {}): Promise<string> =>
    (await shownError(connect(changes)))
      .replaceAll(String(sshd.port), 'PORT')
      .replaceAll(file, 'FILE')
      .replaceAll(/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:HASH');

  it.each([
    ['a plain line', () => `${name()} ${knownKey} comment\n`],
    ['a line among others and comments', () => `# hosts\n\nother ${otherKey}\n${name()} ${knownKey}`],
    ['several names', () => `cp1,${name()},10.0.0.1 ${knownKey}\n`],
    ['a wildcard', () => `[127.*]:* ${knownKey}\n`],
    ['a name without the port', () => `127.0.0.1 ${knownKey}\n`],
    [
      'a name without the port that holds another key, beside the right one',
      () => `127.0.0.1 ${otherKey}\n${name()} ${knownKey}\n`,
    ],
    ['two keys of which one is right', () => `${name()} ${otherKey}\n${name()} ${knownKey}\n`],
    ['a CRLF file', () => `${name()} ${knownKey}\r\n`],
  ])('are known by %s', async (_what, text) => {
    writeFileSync(file, text());
    expect(await connect()).toBe('in\n');
  });

  it('are known by a hashed name, as ssh-keygen writes it', async () => {
    writeFileSync(file, `${name()} ${knownKey}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
    expect(await connect()).toBe('in\n');
  });

  it('are looked for in every file', async () => {
    writeFileSync(file, '');
    expect(await connect({ knownHostsFiles: ['/does/not/exist', file, sshd.knownHosts] })).toBe('in\n');
  });

  it.each([
    ['an empty file', () => ''],
    ['a negated name', () => `!127.0.0.1,!${name()},* ${knownKey}\n`],
    ['a line without a key', () => `${name()}\n${name()} ssh-ed25519\n`],
    ['another port', () => `[127.0.0.1]:1 ${knownKey}\n`],
    ['a name without the port that holds another key', () => `127.0.0.1 ${otherKey}\n`],
  ])('are unknown with %s', async (_what, text) => {
    writeFileSync(file, text());
    expect(await fails()).toContain('HAPB5010');
  });

  it('that are unknown are shown with their fingerprint', async () => {
    expect(await fails()).toMatchInlineSnapshot(`
      "host-key HAPB5010: cp1: the key of 127.0.0.1:PORT is not known: ssh-ed25519 SHA256:HASH
      hint: Compare the fingerprint with the host's own (on its console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then add the key with \`ssh-keyscan -p PORT -t ed25519 127.0.0.1 >> FILE\`, or run with --accept-new-host-keys."
    `);
    const expected = execFileSync('ssh-keygen', ['-lf', join(sshd.directory, 'host_ed25519.pub')], {
      encoding: 'utf8',
    });
    expect(await shownError(connect())).toContain(expected.split(' ')[1]);
  });

  it('that changed are fatal, even when new ones are accepted', async () => {
    writeFileSync(file, `# first line\n${name()} ${otherKey}\n`);
    expect(await fails({ hostKeyPolicy: 'accept-new' })).toMatchInlineSnapshot(`
      "host-key HAPB5011: cp1: the key of 127.0.0.1:PORT is not the known one: it shows ssh-ed25519 SHA256:HASH, FILE:2 holds SHA256:HASH
      hint: If the host was reinstalled, compare the fingerprint on its console, then remove the old key with \`ssh-keygen -f FILE -R '[127.0.0.1]:PORT'\`. If not, someone may stand between: do not go on."
    `);
    const error = await connect().catch((reason: ConnectionError) => reason);
    expect(error).toMatchObject({ diagnostic: { related: [{ span: { file, start: { line: 2 } } }] } });
  });

  it('of another type than the known one are fatal too', async () => {
    const ecdsa = join(sshd.directory, 'ecdsa');
    keygen(ecdsa, ['-t', 'ecdsa', '-N', '']);
    writeFileSync(file, `${name()} ${publicKey(ecdsa)}\n`);
    expect(await fails({ hostKeyPolicy: 'accept-new' })).toMatchInlineSnapshot(`
      "host-key HAPB5011: cp1: 127.0.0.1:PORT shows ssh-ed25519 SHA256:HASH and cannot prove the ecdsa-sha2-nistp256 key in FILE:1
      hint: If the host was reinstalled, compare the fingerprint on its console, then remove the old key with \`ssh-keygen -f FILE -R '[127.0.0.1]:PORT'\`. If not, someone may stand between: do not go on."
    `);
  });

  it('that are revoked are fatal, also when another line holds them', async () => {
    writeFileSync(file, `${name()} ${knownKey}\n@revoked * ${knownKey}\n`);
    expect(await fails()).toMatchInlineSnapshot(`
      "host-key HAPB5012: cp1: 127.0.0.1:PORT shows a key that is revoked in FILE:2: ssh-ed25519 SHA256:HASH
      hint: Do not connect: this key is known to be in wrong hands. Give the host new keys, then replace its line in known_hosts."
    `);
  });

  it('of a certificate authority need the system ssh client', async () => {
    writeFileSync(file, `@cert-authority * ${otherKey}\n`);
    expect(await fails()).toMatchInlineSnapshot(`
      "host-key HAPB5013: cp1: 127.0.0.1:PORT is known by a certificate authority (FILE:1), which the built-in ssh client cannot check
      hint: Set \`ansible_connection: openssh\` for this host: the system ssh client checks certificates."
    `);
  });

  it('that are new are written down when the user says so, once', async () => {
    writeFileSync(file, 'other ssh-ed25519 AAAA no newline at the end');
    expect(await connect({ hostKeyPolicy: 'accept-new' })).toBe('in\n');
    expect(await connect({ hostKeyPolicy: 'accept-new' })).toBe('in\n');
    expect(readFileSync(file, 'utf8')).toBe(
      `other ssh-ed25519 AAAA no newline at the end\n${name()} ${knownKey}\n`,
    );
    expect(execFileSync('ssh-keygen', ['-F', name(), '-f', file], { encoding: 'utf8' })).toContain(knownKey);
  });

  it('that are new get a hashed name where names are hashed', async () => {
    writeFileSync(file, `other ${otherKey}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    await connect({ hostKeyPolicy: 'accept-new' });
    expect(readFileSync(file, 'utf8')).not.toContain('127.0.0.1');
    expect(execFileSync('ssh-keygen', ['-F', name(), '-f', file], { encoding: 'utf8' })).toContain(knownKey);
  });

  it('that are new cannot be accepted when the file cannot be written', async () => {
    const blocked = join(sshd.directory, 'a-file');
    writeFileSync(blocked, '');
    chmodSync(blocked, 0o400);
    expect(
      await fails({ hostKeyPolicy: 'accept-new', knownHostsFiles: [`${blocked}/known_hosts`] }),
    ).toContain('HAPB5014');
  });

  it('are not looked at when the user switched the check off', async () => {
    writeFileSync(file, `${name()} ${otherKey}\n`);
    expect(await connect({ hostKeyPolicy: 'off' })).toBe('in\n');
  });
});

describe.runIf(whyNoSshd === null)('a host with keys of several types', () => {
  it('is asked for the one that is known', async () => {
    await using sshd = await startSshd();
    const ecdsa = join(sshd.directory, 'host_ecdsa');
    keygen(ecdsa, ['-t', 'ecdsa', '-N', '']);
    await using both = await startSshd([`HostKey ${ecdsa}`]);
    const key = readFileSync(`${ecdsa}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(both.knownHosts, `[127.0.0.1]:${both.port} ${key}\n`);
    await using connection = openConnection(both.settings);
    expect((await connection.run(login, { script: 'echo in' })).stdout).toBe('in\n');
  });
});
