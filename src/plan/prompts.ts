import type { DocNode, MapEntry } from '../document/node.ts';
import { type Compiler, fixedText, report, template } from './compiler.ts';
import type { PlanPrompt } from './plan.ts';

const keys = ['name', 'prompt', 'default', 'private', 'confirm', 'unsafe'];

/** Words of Ansible's that would hash the answer. */
const hashing = ['encrypt', 'salt', 'salt_size'];

/** `vars_prompt` of a play. HAPB2003 for what is no list of mappings with names, HAPB2002 for keys that are not known. */
export function buildPrompts(compiler: Compiler, entry: MapEntry | undefined): readonly PlanPrompt[] {
  if (entry === undefined) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => buildPrompt(compiler, node) ?? []);
}

function buildPrompt(compiler: Compiler, node: DocNode): PlanPrompt | null {
  const entries = node.kind === 'map' ? node.entries : [];
  const found = new Map(entries.map((entry) => [entry.key, entry]));
  const name = fixedText(compiler, found.get('name')?.value, 'name');
  if (name === null) {
    if (!found.has('name')) {
      report(compiler, {
        code: 'HAPB2003',
        message: '"vars_prompt" needs a list of mappings, each with the "name" of a variable',
        span: node.span,
        hint: 'Write "- name: VARIABLE" and below it "prompt: QUESTION".',
      });
    }
    return null;
  }
  for (const { key, span } of entries) {
    if (keys.includes(key)) continue;
    report(compiler, {
      code: 'HAPB2002',
      message: `"${key}" is not supported in vars_prompt`,
      span,
      hint: hashing.includes(key)
        ? 'Answers are not hashed. Ask for the hash itself; it is made with: openssl passwd -6'
        : `These are: ${keys.join(', ')}.`,
    });
  }
  return {
    name,
    span: found.get('name')?.value.span ?? node.span,
    question: template(compiler, found.get('prompt')),
    fallback: template(compiler, found.get('default')),
    private: template(compiler, found.get('private')),
    confirm: template(compiler, found.get('confirm')),
  };
}
