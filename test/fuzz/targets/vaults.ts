import { Secret } from '../../../src/core/secret.ts';
import { fileSpan } from '../../../src/core/source.ts';
import { decrypt, deriveKeys, encrypt } from '../../../src/vault/cipher.ts';
import { readEnvelope, writeEnvelope } from '../../../src/vault/envelope.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { soundValue } from '../sound.ts';
import { type Target, textOf } from '../target.ts';

const password = new Secret('the password of the fuzzer', 'vault password');
const salt = Buffer.alloc(32, 7);
const keys = deriveKeys(password, salt);
const right = encrypt(Buffer.from('a text'), password, { salt, vaultId: null });

/** Encrypted files. The checksum lets nothing through that was not encrypted with the password. */
export const vault: Target = {
  name: 'vault',
  seeds: [
    writeEnvelope(right),
    writeEnvelope({ ...right, vaultId: 'prod' }).replaceAll('\n', '\r\n'),
    '$ANSIBLE_VAULT;1.1;AES256\n3132\n',
  ],
  words: ['$ANSIBLE_VAULT;', '1.1', '1.2', ';', 'AES256', ';prod\n', '0a', '30', '\n', '\r', ' ', 'zz', '\0'],
  feed: (input) => {
    const text = textOf(input);
    // No password: deriving keys is slow on purpose.
    soundValue(createVault([]).open(text, 'x', fileSpan('x')), { file: 'x', text });
    const read = readEnvelope(text);
    if (read.kind !== 'envelope') return;
    const again = readEnvelope(writeEnvelope(read.envelope));
    if (again.kind !== 'envelope') throw new Error('what was read cannot be written');
    const opened = decrypt(read.envelope, keys);
    if (opened !== null && Buffer.from(opened).toString() !== 'a text')
      throw new Error('a forged text was opened');
  },
};
