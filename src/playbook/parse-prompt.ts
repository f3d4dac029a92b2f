import type { DocNode, MapEntry } from '../document/node.ts';
import type { Keywords, PromptAst } from './ast.ts';
import { describe, listOf, type Reader, report } from './reader.ts';

const keys: ReadonlySet<string> = new Set(['name', 'prompt', 'default', 'private', 'confirm', 'unsafe']);

/** Words of Ansible's that would hash the answer. */
const hashing: ReadonlySet<string> = new Set(['encrypt', 'salt', 'salt_size']);

/** Reads `vars_prompt`. HAPB2003 for what is no list of mappings with names, HAPB2002 for keys that are not known. */
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
      hint: hashing.has(key)
        ? 'Answers are not hashed. Ask for the hash itself; it is made with: openssl passwd -6'
        : `These are: ${[...keys].join(', ')}.`,
    });
  }
  return { name: name.value, span: name.span, keywords: found };
}
