import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BecomeSettings } from '../../../src/connection/connection.ts';
import { openConnection } from '../../../src/connection/open.ts';
import { Secret } from '../../../src/core/secret.ts';
import { settingsOf } from './settings-of.ts';
import { shownError } from './shown.ts';

const password = new Secret('open sesame', 'become password');

/** Asks as sudo -S does: prompt on stderr, one line of stdin read byte by byte; then runs the command after `--`. */
const askingSudo = `
prompt=; asks=yes
while [ "$1" != -- ]; do case $1 in -p) prompt=$2; shift ;; -n) asks=no ;; esac; shift; done
shift
[ $asks = no ] && { echo 'sudo: a password is required' >&2; exit 1; }
printf %s "$prompt" >&2
answer=; while char=$(dd bs=1 count=1 2>/dev/null); [ -n "$char" ]; do answer=$answer$char; done
if [ "$answer" != 'opensesame' ] && [ "$answer" != 'open sesame' ]; then
  echo 'Sorry, try again.' >&2; printf %s "$prompt" >&2; sleep 5; exit 1
fi
`;
const runs = 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"';

describe('becoming another user', () => {
  let directory: string;
  const path = process.env.PATH;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hapb-become-'));
    process.env.PATH = `${directory}:${path ?? ''}`;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(directory, { recursive: true });
  });
  const program = (name: string, text: string): void => {
    writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(directory, name), 0o755);
  };
  const become = (changes: Partial<BecomeSettings> = {}) => {
    const settings: BecomeSettings = { method: 'sudo', user: 'root', password: null, flags: [], ...changes };
    return openConnection(settingsOf({ kind: 'local', become: settings, connectTimeoutMs: 3_000 }));
  };
  const run = async (script: string, changes: Partial<BecomeSettings> = {}) => {
    await using connection = become(changes);
    return await connection.run({ kind: 'become', user: 'root' }, { script });
  };

  it('asks no password of a method that needs none, though one is known', async () => {
    program('sudo', runs);
    expect(await run('cat; echo in', { password })).toMatchObject({
      exitCode: 0,
      stdout: 'in\n',
      stderr: '',
    });
  });

  it('answers the prompt with the password, which reaches nothing else', async () => {
    program('sudo', `${askingSudo}exec "$@"`);
    expect(await run('cat; echo in', { password })).toMatchObject({
      exitCode: 0,
      stdout: 'in\n',
      stderr: '',
    });
  });

  it('reads past a lecture before the prompt', async () => {
    program('sudo', `echo 'We trust you have received the usual lecture.' >&2; ${askingSudo}exec "$@"`);
    expect((await run('echo in', { password })).stdout).toBe('in\n');
  });

  it('tries a wrong password once', async () => {
    program('sudo', askingSudo);
    expect(
      await shownError(run('echo in', { password: new Secret('wrong', 'become password') })),
    ).toMatchInlineSnapshot(`
      "become HAPB5052: cp1: cannot become 'root': sudo does not take the become password
      hint: sudo wants the password of the user who runs hapb; correct it (--ask-become-pass or \`ansible_become_password\`). It was tried once only.
      details: Sorry, try again."
    `);
  });

  it('puts the password into no process, and shows it in no error', async () => {
    program('sudo', `${askingSudo}env; tr '\\0' ' ' </proc/$$/cmdline; exit 1`);
    expect(await shownError(run('echo in', { password }))).not.toContain('sesame');
  });

  it('passes flags and odd user names on', async () => {
    program('sudo', 'echo "$*" >&2; exit 1');
    const shown = await shownError(run('', { flags: ['--preserve-env=A B'], user: "o'root" }));
    expect(shown).toContain('-H -n --preserve-env=A B -u root -- /bin/sh');
  });

  it.each([
    ['a password is required', 'sudo', 'sudo: a password is required', 1],
    ['not in the sudoers file', 'sudo', 'admin is not in the sudoers file.', 1],
    [
      'a rule that does not fit',
      'sudo',
      "Sorry, user admin is not allowed to execute '/bin/sh' as root on cp1.",
      1,
    ],
    ['requiretty', 'sudo', 'sudo: sorry, you must have a tty to run sudo', 1],
    [
      'an expired account',
      'sudo',
      'sudo: Account or password is expired, reset your password and try again',
      1,
    ],
    [
      'an unknown user',
      'sudo',
      'sudo: unknown user root\nsudo: error initializing audit plugin sudoers_audit',
      1,
    ],
    [
      'a broken configuration',
      'sudo',
      'sudo: /etc/sudoers is world writable\nsudo: no valid sudoers sources found, quitting',
      1,
    ],
    ['doas without nopass', 'doas', 'doas: Authorization required', 1],
    ['doas without a rule', 'doas', 'doas: Operation not permitted', 1],
    ['su without a password', 'su', 'Password: ', 1],
    ['su with a wrong password', 'su', 'Password: su: Authentication failure', 1],
    ['su without permission', 'su', 'su: Permission denied', 1],
    [
      'an unknown user of su',
      'su',
      'su: user root does not exist or the user entry does not contain all the required fields',
      1,
    ],
  ] as const)('says what to do about %s', async (_what, method, words, exitCode) => {
    program(method, `cat >&2 <<'END'\n${words}\nEND\nexit ${exitCode}`);
    expect(await shownError(run('echo in', { method }))).toMatchSnapshot();
  });

  it('says that the method is not installed', async () => {
    process.env.PATH = directory;
    expect(await shownError(run('echo in', { method: 'doas' }))).toMatchInlineSnapshot(`
      "become HAPB5054: cp1: cannot become 'root': doas is not installed
      hint: Install doas on the host, log in as 'root' itself, or set \`become_method\` to one the host has.
      details: /bin/sh: 1: exec: doas: not found"
    `);
  });

  it('gives up on a method that never answers', async () => {
    program('sudo', 'echo "Verification code: " >&2; sleep 20');
    await using connection = openConnection(settingsOf({ kind: 'local', connectTimeoutMs: 300 }));
    expect(
      await shownError(connection.run({ kind: 'become', user: 'root' }, { script: '' })),
    ).toMatchInlineSnapshot(`
      "become HAPB5057: cp1: cannot become 'root' with sudo
      hint: Log in as the user who runs hapb and try \`sudo\` by hand; the host's words are below.
      details: Verification code: 

      it did not start within 0.9 s"
    `);
  });
});
