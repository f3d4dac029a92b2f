import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/document/parse-yaml.ts';
import { vaultTools } from '../../../src/vault/tools.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { folderForTests, golden, goldenPath, hapb, key, put, vaultText } from './rig.ts';

const folder = folderForTests();
const password = put(folder, 'password', '  pw \n');
const withPassword = ['--vault-password-file', password];

describe('hapb vault', () => {
  test('encrypts and decrypts a file in place and keeps its mode and its links', async () => {
    const path = put(folder, 'file', 'plain\0bytes', 0o640);
    const link = join(folder, 'link');
    symlinkSync(path, link);
    expect(await hapb(['vault', 'encrypt', link, ...withPassword])).toMatchObject({
      exitCode: 0,
      error: 'Encryption successful\n',
    });
    expect(readFileSync(path, 'utf8')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n(?:[0-9a-f]{1,80}\n)+$/);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(await hapb(['vault', 'decrypt', link, ...withPassword])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(path, 'utf8')).toBe('plain\0bytes');
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('writes elsewhere with --output, readable by its owner only', async () => {
    const output = join(folder, 'copy');
    await hapb([
      'vault',
      'decrypt',
      goldenPath('binary.vault'),
      '--output',
      output,
      '--vault-password-file',
      goldenPath('default.pass'),
    ]);
    expect(readFileSync(output)).toEqual(golden('binary.bin'));
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  test('shows a file', async () => {
    const { out } = await hapb([
      'vault',
      'view',
      goldenPath('plain-1.2.vault'),
      '--vault-id',
      `prod@${goldenPath('prod.pass')}`,
    ]);
    expect(out).toEqual(golden('plain.yml'));
  });

  test('asks for a new password twice, for a known one once', async () => {
    const path = put(folder, 'asked', 'text');
    const encrypted = await hapb(['vault', 'encrypt', path], { answers: ['new', 'new'] });
    expect(encrypted.questions).toEqual(['New vault password: ', 'Confirm new vault password: ']);
    const viewed = await hapb(['vault', 'view', path], { answers: ['new'] });
    expect(viewed).toMatchObject({ out: Buffer.from('text'), questions: ['Vault password: '] });
    expect((await hapb(['vault', 'encrypt', put(folder, 'x', 'x')], { answers: ['a', 'b'] })).error).toBe(
      'HAPB3512: the two passwords differ\nRun it again and type the same twice.',
    );
  });

  test('changes passwords, all files or none', async () => {
    const one = put(folder, 'one', vaultText('1'));
    const two = put(folder, 'two', vaultText('2', { password: 'other' }));
    const next = put(folder, 'next', 'new');
    const rekey = ['vault', 'rekey', one, two, '--new-vault-id', `prod@${next}`];
    expect((await hapb([...rekey, ...withPassword])).error).toBe(
      'HAPB3501: the vault password does not open this\nGive the password with which it was encrypted. With the right one, the text was changed after encryption: restore it.',
    );
    expect(readFileSync(one, 'utf8')).toBe(vaultText('1'));
    const other = put(folder, 'other', 'other');
    await hapb([...rekey, ...withPassword, '--vault-password-file', other]);
    expect(readFileSync(two, 'utf8')).toContain('$ANSIBLE_VAULT;1.2;AES256;prod\n');
    expect((await hapb(['vault', 'view', one, two, '--vault-id', next])).out.toString()).toBe('12');
  });

  test('encrypts values for YAML files', async () => {
    const { out } = await hapb([
      'vault',
      'encrypt_string',
      'naïve: secret',
      'b',
      '--name',
      'token',
      '-n',
      'other',
      ...withPassword,
    ]);
    const parsed = parseYaml(out.toString(), 'f.yml');
    if (!parsed.ok || parsed.value?.kind !== 'map') throw new Error(out.toString());
    const tools = vaultTools(createVault([key('default', 'pw')]));
    const plain = parsed.value.entries.map(({ key: name, value }) => {
      if (value.kind !== 'scalar') throw new Error(value.kind);
      const opened = tools.decryptScalar(value, name);
      return opened.ok ? `${name} ${String(opened.value)}` : opened.diagnostics;
    });
    expect(plain).toEqual(['token ‹token›', 'other ‹other›']);
  });

  test('refuses what would not do what is meant', async () => {
    const encrypted = put(folder, 'encrypted', vaultText('x'));
    const plain = put(folder, 'plain', 'x');
    const ids = ['--vault-id', `a@${password}`, '--vault-id', `b@${password}`];
    const errors = [
      await hapb(['vault', 'encrypt', encrypted, ...withPassword]),
      await hapb(['vault', 'decrypt', plain, ...withPassword]),
      await hapb(['vault', 'encrypt', plain, ...ids]),
      await hapb(['vault', 'encrypt', plain, ...ids, '--encrypt-vault-id', 'c']),
      await hapb(['vault', 'encrypt', plain, encrypted, '--output', 'o', ...withPassword]),
      await hapb(['vault', 'view', join(folder, 'missing'), ...withPassword]),
      await hapb(['vault', 'create', plain, ...withPassword]),
      await hapb(['vault', 'view', plain], { answers: [''] }),
    ].map(({ error }) => error.replaceAll(folder, '{folder}'));
    expect(errors.join('\n\n')).toMatchInlineSnapshot(`
      "HAPB3507: {folder}/encrypted is encrypted already
      To change its password use hapb vault rekey, to change what it holds hapb vault edit.

      HAPB3505: {folder}/plain is not encrypted
      An encrypted text begins with $ANSIBLE_VAULT;1.1;AES256.

      HAPB3514: there are passwords with the ids a, b, and one must encrypt
      Choose with --encrypt-vault-id a.

      HAPB3513: there is no vault password with the id c
      Known are a, b; add --vault-id c@FILE.

      HAPB3517: --output takes one file, and there are 2 to read
      Leave --output out to change each file in place, or name one file.

      HAPB3515: {folder}/missing cannot be read: it or its folder does not exist
      Check the path and your permissions.

      HAPB3518: {folder}/plain exists already
      Use: hapb vault edit {folder}/plain

      HAPB3511: the vault password is empty
      Type it again."
    `);
    expect(readFileSync(plain, 'utf8')).toBe('x');
  });
});

describe('hapb vault edit', () => {
  const editor = put(
    folder,
    'editor',
    `#!/bin/sh\nstat -c '%a' "$1" "$(dirname "$1")" >"${folder}/modes"; echo "$1" >"${folder}/where"; cp "$1" "$1~"; echo "$2" >>"$1"\n`,
    0o700,
  );

  test('gives the editor a private file and encrypts what it left, with the same password and id', async () => {
    const path = put(folder, 'secrets.yml', vaultText('a: 1\n', { vaultId: 'dev' }), 0o644);
    const before = readFileSync(path, 'utf8');
    await hapb(['vault', 'edit', path, '--vault-id', `dev@${password}`], { env: { EDITOR: editor } });
    expect(readFileSync(join(folder, 'modes'), 'utf8')).toBe('600\n700\n');
    const edited = readFileSync(join(folder, 'where'), 'utf8').trim();
    expect(edited).toMatch(/\/secrets\.yml$/);
    expect(existsSync(join(edited, '..'))).toBe(false);
    expect(readFileSync(path, 'utf8')).toContain('$ANSIBLE_VAULT;1.2;AES256;dev\n');
    expect(readFileSync(path, 'utf8')).not.toBe(before);
    expect((await hapb(['vault', 'view', path, ...withPassword])).out.toString()).toBe('a: 1\n\n');
  });

  test('writes nothing when nothing was changed or the editor failed', async () => {
    const path = put(folder, 'same.yml', vaultText('a: 1\n'));
    await hapb(['vault', 'edit', path, ...withPassword], { env: { EDITOR: 'true' } });
    expect(readFileSync(path, 'utf8')).toBe(vaultText('a: 1\n'));
    const failed = await hapb(['vault', 'edit', path, ...withPassword], {
      env: { EDITOR: 'echo x >>"$1"; false' },
    });
    expect(failed.error).toBe(
      'HAPB3516: the editor echo x >>"$1"; false failed: it ended with 1\nNothing was changed. Set EDITOR to an editor that waits until the file is closed.',
    );
    expect(readFileSync(path, 'utf8')).toBe(vaultText('a: 1\n'));
  });

  test('creates a new file', async () => {
    const path = join(folder, 'created.yml');
    await hapb(['vault', 'create', path, ...withPassword], { env: { EDITOR: editor } });
    expect((await hapb(['vault', 'view', path, ...withPassword])).out.toString()).toBe('\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
