import { type Diagnostic, failure, type Result, success } from '../core/diagnostic.ts';
import type { Secret } from '../core/secret.ts';
import type { Span } from '../core/source.ts';
import { type DerivedKeys, decrypt, deriveKeys } from './cipher.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { damagedText, notEncrypted, otherFormat, unknownId, wrongPassword } from './problems.ts';

/** A vault password under its id; `default` where none was given. */
export interface VaultKey {
  readonly label: string;
  readonly password: Secret;
}

/** Something that was opened. */
export interface Opened {
  readonly bytes: Uint8Array;
  /** What opened it. */
  readonly key: VaultKey;
  /** The id that the text carries. */
  readonly vaultId: string | null;
}

/** Opens encrypted texts with the passwords that are known. */
export interface Vault {
  /** Where `what` begins is shown as `span`. Fails with HAPB3501 to HAPB3505. */
  open(text: string, what: string, span: Span): Result<Opened>;
}

/** A vault over passwords. Those whose id a text asks for are tried first, then all others, each in its order. */
export function createVault(keys: readonly VaultKey[]): Vault {
  // The same file is opened for every host that gets it; deriving is what takes time.
  const derived = new Map<string, DerivedKeys>();
  const keysOf = (key: VaultKey, salt: Uint8Array): DerivedKeys => {
    const name = `${keys.indexOf(key)}:${Buffer.from(salt).toString('hex')}`;
    const made = derived.get(name) ?? deriveKeys(key.password, salt);
    derived.set(name, made);
    return made;
  };
  return {
    open(text, what, span) {
      const read = readEnvelope(text);
      switch (read.kind) {
        case 'plain':
          return failure([notEncrypted(what, span)]);
        case 'other-format':
          return failure([otherFormat(read.format, span)]);
        case 'damaged':
          return failure([damagedText(read.what, span)]);
        case 'envelope': {
          const { envelope } = read;
          for (const key of inOrder(keys, envelope.vaultId)) {
            const bytes = decrypt(envelope, keysOf(key, envelope.salt));
            if (bytes !== null) return success({ bytes, key, vaultId: envelope.vaultId });
          }
          return failure([closed(envelope, keys, span)]);
        }
      }
    },
  };
}

function inOrder(keys: readonly VaultKey[], vaultId: string | null): readonly VaultKey[] {
  const matches = ({ label }: VaultKey): boolean => label === vaultId;
  return [...keys.filter(matches), ...keys.filter((key) => !matches(key))];
}

function closed({ vaultId }: Envelope, keys: readonly VaultKey[], span: Span): Diagnostic {
  const labels = keys.map(({ label }) => label);
  return vaultId === null || labels.includes(vaultId)
    ? wrongPassword(labels, span)
    : unknownId(vaultId, labels, span);
}
