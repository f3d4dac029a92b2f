import { createDecipheriv, type DecipherGCM } from 'node:crypto';

/** What has to be worked out of a passphrase to open a key: the slow part, which its rounds make as slow as its owner wants. */
export interface KeyLock {
  readonly salt: Uint8Array;
  readonly rounds: number;
  /** How many bytes the key's cipher takes. */
  readonly length: number;
}

/** An encrypted key in OpenSSH's own form. */
export interface LockedKey {
  readonly lock: KeyLock;
  /** The same key without encryption, in text; `null`: the bytes are not the right ones, as after a wrong passphrase. */
  readonly open: (bytes: Uint8Array) => string | null;
}

const magic = 'openssh-key-v1\0';
const ivOf = { ctr: 16, cbc: 16, gcm: 12 } as const;

/**
 * Reads an encrypted key of the form that ssh-keygen writes (OpenSSH's PROTOCOL.key). `null`: it is none, is not encrypted,
 * or has a cipher that is not among AES; then ssh2 may know it.
 */
export function lockedKey(text: string): LockedKey | null {
  const body = /^-----BEGIN OPENSSH PRIVATE KEY-----\s([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/.exec(
    text.trim(),
  );
  if (body?.[1] === undefined) return null;
  const bytes = Buffer.from(body[1], 'base64');
  if (bytes.toString('latin1', 0, magic.length) !== magic) return null;
  try {
    return read(bytes);
  } catch (thrown) {
    // A length that leads out of the file: ssh2 says that it is malformed.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function read(bytes: Buffer): LockedKey | null {
  const fields = new Fields(bytes, magic.length);
  const cipher = /^aes(128|192|256)-(ctr|cbc|gcm)(?:@openssh\.com)?$/.exec(fields.text().toString('latin1'));
  const kdf = fields.text().toString('latin1');
  const options = new Fields(fields.text(), 0);
  if (cipher === null || kdf !== 'bcrypt') return null;
  const [salt, rounds] = [options.text(), options.number()];
  const count = fields.number();
  // Each key's public half; ssh2 looks at the first key only, and so does ssh.
  if (count !== 1) return null;
  const publicKey = fields.text();
  const encrypted = fields.text();
  const mode = cipher[2] as keyof typeof ivOf;
  const keyBytes = Number(cipher[1]) / 8;
  const tag = mode === 'gcm' ? fields.rest(16) : null;
  return {
    lock: { salt, rounds, length: keyBytes + ivOf[mode] },
    open: (derived) => {
      const [key, iv] = [derived.subarray(0, keyBytes), derived.subarray(keyBytes)];
      const plain = decrypted(`aes-${cipher[1]}-${mode}`, { key, iv, tag, encrypted });
      // Two numbers stand in front, which are the same if all went well.
      if (plain === null || plain.length < 8 || !plain.subarray(0, 4).equals(plain.subarray(4, 8)))
        return null;
      return written(publicKey, plain);
    },
  };
}

interface Sealed {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Buffer | null;
  readonly encrypted: Buffer;
}

function decrypted(cipher: string, { key, iv, tag, encrypted }: Sealed): Buffer | null {
  const decipher = createDecipheriv(cipher, key, iv).setAutoPadding(false);
  if (tag !== null) (decipher as DecipherGCM).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    return null;
  }
}

/** The key again, with cipher and key derivation `none`. */
function written(publicKey: Buffer, plain: Buffer): string {
  const none = field(Buffer.from('none'));
  const body = Buffer.concat([
    Buffer.from(magic, 'latin1'),
    none,
    none,
    field(Buffer.alloc(0)),
    number(1),
    field(publicKey),
    field(plain),
  ]);
  const lines = body.toString('base64').replace(/.{70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(bytes: Buffer): Buffer {
  return Buffer.concat([number(bytes.length), bytes]);
}

/** Numbers and texts with their length in front. @throws RangeError at the end */
class Fields {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  number(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  text(): Buffer {
    return this.rest(this.number());
  }

  rest(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('the key ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
