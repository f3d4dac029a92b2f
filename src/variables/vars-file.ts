import { error, failure, type Result, success } from '../core/diagnostic.ts';
import { fileSpan, type Span } from '../core/source.ts';
import type { MapNode } from '../document/node.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import { readSource } from '../document/read-file.ts';
import { type DecryptScalar, entriesOf } from './entries.ts';
import type { VariableEntry } from './layer.ts';

/** What opens vault texts. `plainTools` where there is no vault password. */
export interface VarsTools {
  readonly decryptScalar: DecryptScalar;
  /** The plain text of a file that may be encrypted as a whole; other texts come back as they are. */
  decryptText(text: string, file: string): Result<string>;
}

/** No password is known: HAPB3003 where one is needed. */
export const plainTools: VarsTools = {
  decryptScalar: (scalar) => failure([locked(scalar.span)]),
  decryptText: (text, file) =>
    text.startsWith('$ANSIBLE_VAULT;') ? failure([locked(fileSpan(file))]) : success(text),
};

/** The top-level map of a YAML or JSON file of variables; `null` when it is empty. Fails with HAPB3004 for a list or text. */
export function readVarsMap(path: string, tools: VarsTools): Result<MapNode | null> {
  const read = readSource(path, { what: 'a file of variables', insteadOfFolder: 'Name a file inside it.' });
  if (!read.ok) return read;
  const text = tools.decryptText(read.value, path);
  if (!text.ok) return text;
  const parsed = parseYaml(text.value, path);
  if (!parsed.ok) return parsed;
  const node = parsed.value;
  if (node === null) return success(null);
  if (node.kind === 'map') return success(node);
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
  const map = readVarsMap(path, tools);
  if (!map.ok) return map;
  if (map.value === null) return success(new Map());
  const { entries, problems } = entriesOf(map.value, tools.decryptScalar);
  return problems.length > 0 ? failure(problems) : success(entries);
}

function locked(span: Span) {
  return error({
    code: 'HAPB3003',
    message: 'this is encrypted, and no vault password is known',
    hint: 'Pass --ask-vault-pass or --vault-password-file FILE.',
    span,
  });
}
