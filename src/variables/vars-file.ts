import { error, failure, type Result, success } from '../core/diagnostic.ts';
import type { Secret } from '../core/secret.ts';
import { fileSpan, type Span } from '../core/source.ts';
import type { MapNode } from '../document/node.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import { readSource } from '../document/read-file.ts';
import { isVaultText } from '../vault/envelope.ts';
import { type DecryptScalar, entriesOf } from './entries.ts';
import type { VariableEntry } from './layer.ts';
import { sealEntry } from './seal.ts';

/** What opens vault texts. `plainTools` where there is no vault password. */
export interface VarsTools {
  readonly decryptScalar: DecryptScalar;
  /** The plain text of a file that may be encrypted as a whole; other texts come back as they are. */
  decryptText(text: string, file: string): Result<string>;
  /** Whether `decryptText` has decrypted that file. */
  wasEncrypted(file: string): boolean;
  /** The plain content of a file that `isVaultText` says is encrypted: a Secret where it is text, else its bytes. */
  openFile(text: string, file: string): Result<Secret | Uint8Array>;
}

/** No password is known: HAPB3003 where one is needed. */
export const plainTools: VarsTools = {
  decryptScalar: (scalar) => failure([locked(scalar.span)]),
  decryptText: (text, file) => (isVaultText(text) ? failure([locked(fileSpan(file))]) : success(text)),
  wasEncrypted: () => false,
  openFile: (_text, file) => failure([locked(fileSpan(file))]),
};

/** A file of variables. `map` is `null` when it is empty. `texts`: `secret` when it was encrypted as a whole. */
export interface VarsMap {
  readonly map: MapNode | null;
  readonly texts: 'clear' | 'secret';
}

/** The top-level map of a YAML or JSON file of variables. Fails with HAPB3004 for a list or text. */
export function readVarsMap(path: string, tools: VarsTools): Result<VarsMap> {
  const read = readSource(path, { what: 'a file of variables', insteadOfFolder: 'Name a file inside it.' });
  if (!read.ok) return read;
  const text = tools.decryptText(read.value, path);
  if (!text.ok) return text;
  const parsed = parseYaml(text.value, path);
  if (!parsed.ok) return parsed;
  const node = parsed.value;
  const texts = isVaultText(read.value) ? 'secret' : 'clear';
  if (node === null || node.kind === 'map') return success({ map: node, texts });
  return failure([
    error({
      code: 'HAPB3004',
      message: `${path} must hold a map of names to values, not ${node.kind === 'list' ? 'a list' : 'a text'}`,
      hint: 'Write one `name: value` a line, without a dash in front.',
      span: node.span,
    }),
  ]);
}

/** The variables of a file, compiled. */
export function readVarsFile(path: string, tools: VarsTools): Result<ReadonlyMap<string, VariableEntry>> {
  const read = readVarsMap(path, tools);
  if (!read.ok) return read;
  const { map, texts } = read.value;
  if (map === null) return success(new Map());
  const { entries, problems } = entriesOf(map, tools.decryptScalar);
  if (problems.length > 0) return failure(problems);
  if (texts === 'clear') return success(entries);
  return success(new Map([...entries].map(([name, entry]) => [name, sealEntry(name, entry)])));
}

function locked(span: Span) {
  return error({
    code: 'HAPB3003',
    message: 'this is encrypted, and no vault password is known',
    hint: 'Pass --ask-vault-pass or --vault-password-file FILE.',
    span,
  });
}
