import { failure, type Result, success } from '../core/diagnostic.ts';
import { Secret } from '../core/secret.ts';
import { fileSpan, type Span } from '../core/source.ts';
import type { ScalarNode } from '../document/node.ts';
import { isVaultText } from './envelope.ts';
import { notText } from './problems.ts';
import type { Vault } from './vault.ts';

/** What loaders and modules open encrypted texts with; fits `VarsTools` of the variables. */
export interface VaultTools {
  /** The Secret in a `!vault` scalar, labelled with the name of its variable, or `vault`. */
  decryptScalar(scalar: ScalarNode, name?: string): Result<Secret>;
  /** The plain text of a file; one that is not encrypted comes back as it is. */
  decryptText(text: string, file: string): Result<string>;
  /** Whether `decryptText` has decrypted that file. */
  wasEncrypted(file: string): boolean;
  /** The plain content of a file that is encrypted: a Secret where it is text, else its bytes. */
  openFile(text: string, file: string): Result<Secret | Uint8Array>;
}

/** Tools over a vault. Fail with HAPB3501 to HAPB3506. */
export function vaultTools(vault: Vault): VaultTools {
  const openText = (text: string, what: string, span: Span): Result<string> => {
    const opened = vault.open(text, what, span);
    if (!opened.ok) return opened;
    const plain = textOf(opened.value.bytes);
    return plain === null ? failure([notText(span)]) : success(plain);
  };
  const encrypted = new Set<string>();
  return {
    decryptScalar({ value, span }, name = 'vault') {
      const opened = openText(String(value ?? '').trim(), 'the text after !vault', span);
      return opened.ok ? success(new Secret(opened.value, name)) : opened;
    },
    decryptText(text, file) {
      if (!isVaultText(text)) return success(text);
      encrypted.add(file);
      return openText(text, file, fileSpan(file));
    },
    wasEncrypted: (file) => encrypted.has(file),
    openFile(text, file) {
      const opened = vault.open(text, file, fileSpan(file));
      if (!opened.ok) return opened;
      const { bytes } = opened.value;
      const plain = textOf(bytes);
      return success(plain === null ? bytes : new Secret(plain, 'vault'));
    },
  };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
