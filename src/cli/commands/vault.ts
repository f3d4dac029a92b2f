import { randomBytes } from 'node:crypto';
import type { Result } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { fileSpan } from '../../core/source.ts';
import { encrypt, saltBytes } from '../../vault/cipher.ts';
import { isVaultText, writeEnvelope } from '../../vault/envelope.ts';
import { createVault, type Opened, type VaultKey } from '../../vault/vault.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { gatherVaultKeys, type VaultSource, withEnvironment } from '../vault-passwords.ts';
import { editBytes } from './vault-edit.ts';
import { readBytes, replaceFile } from './vault-files.ts';
import { encryptingKey, encryptStrings, type StringsToEncrypt, type VaultWorld } from './vault-strings.ts';

/** What `hapb vault` is asked to do. `files` empty: standard input. `output` null: in place; `-`: standard output. */
export type VaultRequest = {
  readonly sources: readonly VaultSource[];
  /** Which of several passwords encrypts; `null`: the only one. */
  readonly encryptId: string | null;
} & (
  | {
      readonly kind: 'encrypt' | 'decrypt';
      readonly files: readonly string[];
      readonly output: string | null;
    }
  | { readonly kind: 'view' | 'edit' | 'create'; readonly files: readonly string[] }
  | { readonly kind: 'rekey'; readonly files: readonly string[]; readonly newSources: readonly VaultSource[] }
  | ({ readonly kind: 'encrypt-string'; readonly output: string | null } & StringsToEncrypt)
);

/** Encrypts, decrypts and edits. Gives the exit code. @throws Failure HAPB3501 to HAPB3516, HAPB8004, HAPB8005 */
export async function vaultCommand(request: VaultRequest, world: VaultWorld): Promise<number> {
  const { terminal } = world;
  const given = withEnvironment(request.sources, terminal.env);
  const sources: readonly VaultSource[] =
    given.length > 0 ? given : [{ label: request.encryptId ?? 'default', password: { kind: 'ask' } }];
  const isNew = ['encrypt', 'encrypt-string', 'create'].includes(request.kind);
  const keys = await gatherVaultKeys(sources, terminal, isNew ? 'new' : 'known');
  switch (request.kind) {
    case 'encrypt':
      await convert(request, world, (bytes, name) => {
        if (isVaultText(Buffer.from(bytes).toString('latin1'))) throw alreadyEncrypted(name);
        return encrypted(bytes, encryptingKey(keys, request.encryptId));
      });
      terminal.writeError('Encryption successful\n');
      break;
    case 'decrypt':
      await convert(request, world, (bytes, name) => open(bytes, name, keys).bytes);
      terminal.writeError('Decryption successful\n');
      break;
    case 'view':
      for (const file of request.files) terminal.writeOut(open(readBytes(file), file, keys).bytes);
      break;
    case 'create':
      for (const file of request.files) await create(file, encryptingKey(keys, request.encryptId), terminal);
      break;
    case 'edit':
      for (const file of request.files) {
        const opened = open(readBytes(file), file, keys);
        const edited = await editBytes(opened.bytes, { name: file, env: terminal.env });
        if (Buffer.compare(edited, opened.bytes) === 0) continue;
        const key =
          request.encryptId === null
            ? { ...opened.key, label: opened.vaultId ?? 'default' }
            : encryptingKey(keys, request.encryptId);
        replaceFile(file, encrypted(edited, key));
      }
      break;
    case 'rekey':
      await rekey(request, keys, terminal);
      break;
    case 'encrypt-string': {
      const key = encryptingKey(keys, request.encryptId);
      const text = await encryptStrings(request, world, (bytes) => encrypted(bytes, key).toString('latin1'));
      write(Buffer.from(text), request.output, terminal);
      terminal.writeError('Encryption successful\n');
      break;
    }
  }
  return exitCodes.success;
}

/** All files are converted before the first is written. */
async function convert(
  { files, output }: { readonly files: readonly string[]; readonly output: string | null },
  { terminal, input }: VaultWorld,
  change: (bytes: Uint8Array, name: string) => Uint8Array,
): Promise<void> {
  const names = files.length === 0 ? ['-'] : files;
  if (output !== null && names.length > 1) {
    throw new Failure(
      {
        code: 'HAPB3517',
        message: `--output takes one file, and there are ${names.length} to read`,
        hint: 'Leave --output out to change each file in place, or name one file.',
      },
      fileSpan(output),
    );
  }
  const changed: { name: string; bytes: Uint8Array }[] = [];
  for (const name of names) {
    const bytes = name === '-' ? await input() : readBytes(name);
    changed.push({ name, bytes: change(bytes, name === '-' ? '<standard input>' : name) });
  }
  for (const { name, bytes } of changed) write(bytes, output ?? name, terminal);
}

function write(bytes: Uint8Array, output: string | null, terminal: Terminal): void {
  if (output === null || output === '-') terminal.writeOut(bytes);
  else replaceFile(output, bytes);
}

async function create(file: string, key: VaultKey, { env }: Terminal): Promise<void> {
  const { existsSync } = await import('node:fs');
  if (existsSync(file)) {
    throw new Failure(
      { code: 'HAPB3518', message: `${file} exists already`, hint: `Use: hapb vault edit ${file}` },
      fileSpan(file),
    );
  }
  replaceFile(file, encrypted(await editBytes(new Uint8Array(), { name: file, env }), key));
}

async function rekey(
  { files, newSources }: { readonly files: readonly string[]; readonly newSources: readonly VaultSource[] },
  keys: readonly VaultKey[],
  terminal: Terminal,
): Promise<void> {
  const opened = files.map((file) => ({ file, bytes: open(readBytes(file), file, keys).bytes }));
  const sources: readonly VaultSource[] =
    newSources.length > 0 ? newSources : [{ label: 'default', password: { kind: 'ask' } }];
  const key = encryptingKey(await gatherVaultKeys(sources, terminal, 'new'), null);
  for (const { file, bytes } of opened) replaceFile(file, encrypted(bytes, key));
  terminal.writeError('Rekey successful\n');
}

function open(bytes: Uint8Array, name: string, keys: readonly VaultKey[]): Opened {
  return unwrap(createVault(keys).open(Buffer.from(bytes).toString('latin1'), name, fileSpan(name)));
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const [first] = result.diagnostics;
  const { code = 'HAPB9000', message = '', hint = '', span = null } = first ?? {};
  throw new Failure({ code, message, hint }, span);
}

function encrypted(bytes: Uint8Array, { label, password }: VaultKey): Buffer {
  const vaultId = label === 'default' ? null : label;
  return Buffer.from(writeEnvelope(encrypt(bytes, password, { salt: randomBytes(saltBytes), vaultId })));
}

function alreadyEncrypted(name: string): Failure {
  return new Failure(
    {
      code: 'HAPB3507',
      message: `${name} is encrypted already`,
      hint: 'To change its password use hapb vault rekey, to change what it holds hapb vault edit.',
    },
    fileSpan(name),
  );
}
