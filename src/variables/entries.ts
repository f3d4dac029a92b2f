import { type Diagnostic, error, type Result, success } from '../core/diagnostic.ts';
import type { Value } from '../core/value.ts';
import type { DocNode, MapNode, ScalarNode } from '../document/node.ts';
import { toValue } from '../document/plain.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { constantTemplate } from '../template/compile-text.ts';
import type { Template } from '../template/template.ts';
import type { VariableEntry } from './layer.ts';

/** How a `!vault` text becomes a value, a Secret with the name of its variable where that is known. */
export type DecryptScalar = (scalar: ScalarNode, name?: string) => Result<Value>;

/** Names that templates can mention. */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

interface Entries {
  readonly entries: ReadonlyMap<string, VariableEntry>;
  readonly problems: readonly Diagnostic[];
}

/** A role that many plays use reads its variables once. */
const madeBy = new WeakMap<DecryptScalar, WeakMap<MapNode, Entries>>();

/**
 * The variables of a map in a file that the user wrote: texts with `{{` become templates, the rest data. HAPB3001 for a
 * name that no template could mention.
 */
export function entriesOf(map: MapNode, decrypt: DecryptScalar): Entries {
  const made = madeBy.get(decrypt) ?? new WeakMap<MapNode, Entries>();
  madeBy.set(decrypt, made);
  const entries = made.get(map) ?? makeEntries(map, decrypt);
  made.set(map, entries);
  return entries;
}

function makeEntries(map: MapNode, decrypt: DecryptScalar): Entries {
  const entries = new Map<string, VariableEntry>();
  const problems: Diagnostic[] = [];
  for (const { key, span, value } of map.entries) {
    if (!variableName.test(key)) {
      problems.push(badName(key, span));
      continue;
    }
    const made = makeEntry(value, span, (scalar) => decrypt(scalar, key));
    if (made.ok) entries.set(key, made.value);
    else {
      problems.push(...made.diagnostics);
      // So that its uses are not problems too; nothing runs with an error.
      entries.set(key, { kind: 'value', value: null, span });
    }
  }
  return { entries, problems };
}

/** One variable of a file that the user wrote; `span` is that of its name. */
export function makeEntry(
  node: DocNode,
  span: ScalarNode['span'],
  decrypt: DecryptScalar,
): Result<VariableEntry> {
  if (hasMustache(node)) {
    const compiled = compileTemplate(node, (scalar) => readTagged(scalar, decrypt));
    return compiled.ok
      ? success({ kind: 'template', template: compiled.value, span }, compiled.warnings)
      : compiled;
  }
  const problems: Diagnostic[] = [];
  const value = toValue(node, (scalar) => {
    if (scalar.tag !== '!vault') return scalar.value;
    const plain = decrypt(scalar);
    if (plain.ok) return plain.value;
    problems.push(...plain.diagnostics);
    return null;
  });
  return problems.length > 0 ? { ok: false, diagnostics: problems } : success({ kind: 'value', value, span });
}

function readTagged(scalar: ScalarNode, decrypt: DecryptScalar): Result<Template> {
  if (scalar.tag !== '!vault') return success(constantTemplate(scalar.span, scalar.value));
  const plain = decrypt(scalar);
  return plain.ok ? success(constantTemplate(scalar.span, plain.value)) : plain;
}

/** HAPB3001. */
export function badName(name: string, span: ScalarNode['span']): Diagnostic {
  return error({
    code: 'HAPB3001',
    message: `"${name}" cannot be the name of a variable`,
    hint: 'Use letters, digits and underscores, and begin with a letter or an underscore.',
    span,
  });
}

/** What a text that is more than itself holds: an expression, a statement or a comment. */
const opening = /\{[{%#]/;

function hasMustache(node: DocNode): boolean {
  switch (node.kind) {
    case 'scalar':
      return node.tag === null && typeof node.value === 'string' && opening.test(node.value);
    case 'list':
      return node.items.some(hasMustache);
    case 'map':
      return node.entries.some((entry) => opening.test(entry.key) || hasMustache(entry.value));
  }
}
