import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileSpan } from '../../../src/core/source.ts';
import { readEnvelope } from '../../../src/vault/envelope.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { golden, goldenKeys, key, vaultText } from './rig.ts';

function opened(text: string, keys = [key('default', 'pw')]): Buffer | string {
  const result = createVault(keys).open(text, 'it', fileSpan('f.yml'));
  if (result.ok) return Buffer.from(result.value.bytes);
  return result.diagnostics.map(({ code, message, hint }) => `${code} ${message} | ${hint}`).join('\n');
}

describe('what ansible-vault wrote is read', () => {
  test.each([
    ['plain-1.1.vault', 'plain.yml'],
    ['plain-1.2.vault', 'plain.yml'],
    ['binary.vault', 'binary.bin'],
    ['empty.vault', 'empty.txt'],
  ])('%s', (encrypted, plain) => {
    expect(opened(golden(encrypted).toString(), goldenKeys)).toEqual(golden(plain));
  });

  test('and what hapb writes is the same, byte for byte, with the same salt', async () => {
    const text = golden('plain-1.2.vault').toString();
    const read = readEnvelope(text);
    if (read.kind !== 'envelope') throw new Error(read.kind);
    const { encrypt } = await import('../../../src/vault/cipher.ts');
    const { writeEnvelope } = await import('../../../src/vault/envelope.ts');
    const { password } = key('prod', 'battery staple');
    expect(writeEnvelope(encrypt(golden('plain.yml'), password, read.envelope))).toBe(text);
  });
});

test('any bytes come back as they were', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.option(fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)),
      (bytes, vaultId) => {
        expect(opened(vaultText(bytes, { vaultId }))).toEqual(Buffer.from(bytes));
      },
    ),
    { numRuns: 25 },
  );
});

test('a change of any one digit is noticed before anything is decrypted', () => {
  const text = vaultText('a secret of some length, so that there are several blocks');
  const start = text.indexOf('\n') + 1;
  fc.assert(
    fc.property(
      fc.integer({ min: start, max: text.length - 2 }),
      fc.constantFrom(...'0123456789abcdefz \n'),
      (at, sign) => {
        fc.pre(text[at] !== '\n' && text[at] !== sign);
        const changed = text.slice(0, at) + sign + text.slice(at + 1);
        // The digits are themselves written as digits: 61 is `a` and 41 is `A`, which say the same.
        fc.pre(!isDeepStrictEqual(readEnvelope(changed), readEnvelope(text)));
        expect(opened(changed)).toMatch(/^HAPB350[12] /);
      },
    ),
    { numRuns: 40 },
  );
});

test('small and capital digits say the same', () => {
  const [header = '', ...lines] = vaultText('x').trimEnd().split('\n');
  const digits = Buffer.from(lines.join(''), 'hex').toString('latin1').toUpperCase();
  expect(opened(`${header}\n${Buffer.from(digits, 'latin1').toString('hex')}\n`)).toEqual(Buffer.from('x'));
});

test('line breaks of every kind and blanks around do not matter', () => {
  const text = vaultText('x');
  expect(opened(text.replaceAll('\n', '\r\n'))).toEqual(Buffer.from('x'));
  expect(opened(text.replaceAll('\n', '  \n  '))).toEqual(Buffer.from('x'));
});

describe('several passwords', () => {
  const keys = [key('dev', 'one'), key('prod', 'two'), key('prod', 'three')];

  test('the one of the id that is asked for opens, and is named', () => {
    const result = createVault(keys).open(
      vaultText('x', { password: 'three', vaultId: 'prod' }),
      'it',
      fileSpan('f'),
    );
    expect(result).toMatchObject({ ok: true, value: { key: { label: 'prod' }, vaultId: 'prod' } });
  });

  test('the others are tried too, so a wrong or missing id is no obstacle', () => {
    expect(opened(vaultText('x', { password: 'one', vaultId: 'prod' }), keys)).toEqual(Buffer.from('x'));
    expect(opened(vaultText('x', { password: 'two', vaultId: 'stage' }), keys)).toEqual(Buffer.from('x'));
    expect(opened(vaultText('x', { password: 'three' }), keys)).toEqual(Buffer.from('x'));
  });
});

test('what cannot be opened is told apart', () => {
  const text = vaultText('some text');
  const body = text.slice(text.indexOf('\n') + 1);
  const shown = [
    opened(text, [key('default', 'no')]),
    opened(text, [key('dev', 'no')]),
    opened(text, [key('dev', 'no'), key('prod', 'neither')]),
    opened(vaultText('x', { vaultId: 'stage' }), [key('dev', 'no')]),
    opened('$ANSIBLE_VAULT;1.1;AES256\n'),
    opened(text.replace(/\d\n$/, 'g\n')),
    opened(text.split('\n').slice(0, 2).join('\n')),
    opened(text.trimEnd().slice(0, -4)),
    opened(`$ANSIBLE_VAULT;1.0;AES\n${body}`),
    opened('password: x\n'),
  ];
  expect(shown.map(String).join('\n')).toMatchInlineSnapshot(`
    "HAPB3501 the vault password does not open this | Give the password with which it was encrypted. With the right one, the text was changed after encryption: restore it.
    HAPB3501 the vault password dev does not open this | Give the password with which it was encrypted. With the right one, the text was changed after encryption: restore it.
    HAPB3501 none of the 2 vault passwords (dev, prod) opens this | Give the password with which it was encrypted. With the right one, the text was changed after encryption: restore it.
    HAPB3503 this is encrypted with the vault password "stage", and only dev is known | Add --vault-id stage@FILE or --vault-id stage@prompt.
    HAPB3502 this encrypted text is damaged: nothing follows its first line | Restore the whole text, from its $ANSIBLE_VAULT line to the last digit.
    HAPB3502 this encrypted text is damaged: it holds something else than pairs of hexadecimal digits | Restore the whole text, from its $ANSIBLE_VAULT line to the last digit.
    HAPB3502 this encrypted text is damaged: its end is missing | Restore the whole text, from its $ANSIBLE_VAULT line to the last digit.
    HAPB3502 this encrypted text is damaged: its end is missing | Restore the whole text, from its $ANSIBLE_VAULT line to the last digit.
    HAPB3504 vault format 1.0 with AES is not supported | Formats 1.1 and 1.2 with AES256 are; encrypt it again with a newer ansible-vault.
    HAPB3505 it is not encrypted | An encrypted text begins with $ANSIBLE_VAULT;1.1;AES256."
  `);
});
