import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import ssh2, { type ParsedKey } from 'ssh2';
import { reveal } from '../core/reveal.ts';
import type { Text } from '../core/secret.ts';
import { expandHome } from './known-hosts.ts';
import { unlocked } from './unlock-key.ts';

/** What became of a key file. */
export type KeyFile =
  | { readonly kind: 'key'; readonly path: string; readonly key: ParsedKey }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly why: string }
  | { readonly kind: 'locked'; readonly path: string; readonly why: 'no-passphrase' | 'wrong-passphrase' }
  | { readonly kind: 'unsupported'; readonly path: string; readonly why: string };

/** Decrypting takes as long as its owner wanted, half a second and more; every host of a run shares the result. */
const cache = new Map<string, Promise<KeyFile>>();

/** Loads a private key, once per run for each path and passphrase. */
export function loadPrivateKey(path: string, passphrase: Text | null): Promise<KeyFile> {
  const id = JSON.stringify([path, passphrase === null ? null : reveal(passphrase)]);
  const known = cache.get(id);
  if (known !== undefined) return known;
  const loading = load(path, passphrase);
  cache.set(id, loading);
  void loading.then(({ kind }) => {
    if (kind === 'missing') cache.delete(id);
  });
  return loading;
}

async function load(path: string, passphrase: Text | null): Promise<KeyFile> {
  let text: Buffer;
  try {
    text = readFileSync(expandHome(path));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { kind: 'missing', path };
    return { kind: 'unreadable', path, why: error instanceof Error ? error.message : 'unknown reason' };
  }
  const phrase = passphrase === null ? undefined : reveal(passphrase);
  const open = phrase === undefined ? null : await unlocked(text.toString('latin1'), phrase);
  if (open === 'wrong-passphrase') return { kind: 'locked', path, why: 'wrong-passphrase' };
  const parsed = parse(open === null ? text : Buffer.from(open), phrase);
  if (!(parsed instanceof Error)) {
    if (parsed.isPrivateKey()) return { kind: 'key', path, key: parsed };
    return { kind: 'unsupported', path, why: 'it holds a public key, not a private one' };
  }
  const why = parsed.message;
  if (/no passphrase given/i.test(why)) return { kind: 'locked', path, why: 'no-passphrase' };
  if (/bad passphrase|integrity check failed|bad decrypt/i.test(why))
    return { kind: 'locked', path, why: 'wrong-passphrase' };
  return { kind: 'unsupported', path, why };
}

function parse(text: Buffer, passphrase: string | undefined): ParsedKey | Error {
  const first = firstOf(ssh2.utils.parseKey(text, passphrase));
  if (first !== undefined && !(first instanceof Error)) return first;
  const head = text.toString('latin1', 0, 64);
  if (!/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(head)) return first ?? new Error('the file is empty');
  return parsePkcs8(text, passphrase);
}

/** Some formats hold several keys; ssh uses the first. */
function firstOf(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error | undefined {
  return [parsed].flat()[0];
}

/** ssh2 does not read PKCS#8; Node does, and writes RSA and EC keys in the older form that ssh2 reads. */
function parsePkcs8(text: Buffer, passphrase: string | undefined): ParsedKey | Error {
  if (passphrase === undefined && text.includes('ENCRYPTED PRIVATE KEY'))
    return new Error('no passphrase given');
  try {
    const key = createPrivateKey(passphrase === undefined ? { key: text } : { key: text, passphrase });
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : key.asymmetricKeyType === 'ec' ? 'sec1' : null;
    if (type === null)
      return new Error(
        `a PKCS#8 key of type ${key.asymmetricKeyType ?? 'unknown'}; convert it with ssh-keygen -p -f FILE`,
      );
    return (
      firstOf(ssh2.utils.parseKey(key.export({ type, format: 'pem' }))) ?? new Error('the file is empty')
    );
  } catch (error) {
    return error instanceof Error ? error : new Error('the key cannot be read');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
