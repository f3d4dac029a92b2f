import type { DocNode, MapEntry } from '../document/node.ts';
import type { Keywords, PromptAst } from './ast.ts';
import { describe, listOf, type Reader, report } from './reader.ts';

const keys: ReadonlySet<string> = new Set([
  ...['name', 'prompt', 'default', 'private', 'confirm', 'unsafe'],
  ...['encrypt', 'salt', 'salt_size'],
]);

/** How answers can be hashed. */
const hashes = ['sha512_crypt', 'sha256_crypt'];

/** Reads `vars_prompt`. HAPB2003 for what is no list of mappings with names, HAPB2002 for keys that are not known, HAPB2023 for hashes. */
export function parsePrompts(reader: Reader, entry: MapEntry | undefined): readonly PromptAst[] {
  return listOf(reader, entry).flatMap((node) => parsePrompt(reader, node) ?? []);
}

function parsePrompt(reader: Reader, node: DocNode): PromptAst | null {
  const found: Keywords = new Map(
    (node.kind === 'map' ? node.entries : []).map((entry) => [entry.key, entry]),
  );
  const name = found.get('name')?.value;
  if (name?.kind !== 'scalar' || typeof name.value !== 'string' || !/^[A-Za-z_]\w*$/.test(name.value)) {
    report(reader, {
      code: 'HAPB2003',
      message: `"vars_prompt" needs mappings with the "name" of a variable, found ${describe(name ?? node)}`,
      span: (name ?? node).span,
      hint: 'Write "- name: VARIABLE" and below it "prompt: QUESTION".',
    });
    return null;
  }
  for (const { key, span } of found.values()) {
    if (keys.has(key)) continue;
    report(reader, {
      code: 'HAPB2002',
      message: `"${key}" is not supported in vars_prompt`,
      span,
      hint: `These are: ${[...keys].join(', ')}.`,
    });
  }
  const hash = found.get('encrypt')?.value;
  if (hash !== undefined && !(hash.kind === 'scalar' && hashes.includes(String(hash.value)))) {
    report(reader, {
      code: 'HAPB2023',
      message: `"encrypt" is ${hash.kind === 'scalar' ? `"${String(hash.value)}"` : `a ${hash.kind}`}`,
      span: hash.span,
      hint: `It can be: ${hashes.join(', ')}.`,
    });
  }
  return { name: name.value, span: name.span, keywords: found };
}
