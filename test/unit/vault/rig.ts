import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { Failure } from '../../../src/core/failure.ts';
import { Secret } from '../../../src/core/secret.ts';
import { encrypt } from '../../../src/vault/cipher.ts';
import { writeEnvelope } from '../../../src/vault/envelope.ts';
import type { VaultKey } from '../../../src/vault/vault.ts';
import { fakeTerminal } from '../cli/terminal.ts';

/** A file that real ansible-vault wrote, or one it was made of. */
export function golden(name: string): Buffer {
  return readFileSync(new URL(`../../golden/vault/${name}`, import.meta.url));
}

/** The path of such a file. */
export function goldenPath(name: string): string {
  return new URL(`../../golden/vault/${name}`, import.meta.url).pathname;
}

/** A password under a label. */
export function key(label: string, password: string): VaultKey {
  return { label, password: new Secret(password, 'vault password') };
}

/** The passwords of the golden files. */
export const goldenKeys = [key('default', 'correct horse'), key('prod', 'battery staple')];

/** An encrypted text as hapb writes it, with the password `pw` unless told otherwise. */
export function vaultText(
  plain: string | Uint8Array,
  { password = 'pw', vaultId = null }: { readonly password?: string; readonly vaultId?: string | null } = {},
): string {
  const salt = Buffer.from('0123456789abcdef0123456789abcdef');
  return writeEnvelope(
    encrypt(Buffer.from(plain), new Secret(password, 'vault password'), { salt, vaultId }),
  );
}

/** The text as a `!vault` scalar below a key that stands at the left. */
export function vaultScalar(plain: string): string {
  return `!vault |\n${vaultText(plain).replace(/^(?=.)/gm, '          ')}`;
}

/** A folder for the tests of one file, removed at their end. */
export function folderForTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-vault-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file into a folder and gives its path. */
export function put(folder: string, name: string, content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode });
  return path;
}

/** Runs hapb with answers to its questions. What stops it is shown in `error`. */
export async function hapb(
  words: readonly string[],
  {
    answers = [],
    env = {},
  }: { readonly answers?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<{
  readonly exitCode: number | null;
  readonly out: Buffer;
  readonly error: string;
  readonly questions: readonly string[];
}> {
  const out: Uint8Array[] = [];
  const questions: string[] = [];
  const left = [...answers];
  const askSecret = (question: string): Promise<string> => {
    questions.push(question);
    return Promise.resolve(left.shift() ?? '');
  };
  const terminal = fakeTerminal({
    env,
    askSecret,
    writeOut: (text: string | Uint8Array) => void out.push(Buffer.from(text)),
  });
  try {
    const exitCode = await runProgram({ words, version: 'test', terminal });
    return { exitCode, out: Buffer.concat(out), error: terminal.error, questions };
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    const { code, message, hint } = problem.problem;
    return {
      exitCode: null,
      out: Buffer.concat(out),
      error: `${code}: ${message}\n${hint}`,
      questions,
    };
  }
}
