import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForTests, hapb, put } from './rig.ts';

/** HAPB_ANSIBLE_VAULT, or what is on the path; where neither is, the golden files stand in. */
const program = [
  process.env.HAPB_ANSIBLE_VAULT ?? '',
  ...(process.env.PATH ?? '').split(':').map((folder) => join(folder, 'ansible-vault')),
].find((path) => path !== '' && existsSync(path));
const folder = folderForTests();

function ansible(...words: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program ?? '', words, {
    env: { ...process.env, ANSIBLE_NOCOLOR: '1' },
  });
  expect(status, stderr.toString()).toBe(0);
  return stdout;
}

describe.runIf(program !== undefined)('with the real ansible-vault', () => {
  const password = put(folder, 'pass', 'both ways ✓\n');
  const bytes = Buffer.from(Array.from({ length: 777 }, (_, index) => (index * 11) & 255));

  test('it decrypts what hapb encrypted', async () => {
    const path = put(folder, 'ours', bytes);
    await hapb(['vault', 'encrypt', path, '--vault-id', `prod@${password}`]);
    expect(ansible('decrypt', '--vault-id', `prod@${password}`, '--output', '-', path)).toEqual(bytes);
  });

  test('hapb decrypts what it encrypted', async () => {
    const path = put(folder, 'theirs', bytes);
    ansible('encrypt', '--vault-password-file', password, path);
    const { out } = await hapb([
      'vault',
      'decrypt',
      path,
      '--output',
      '-',
      '--vault-password-file',
      password,
    ]);
    expect(out).toEqual(bytes);
  });
});
