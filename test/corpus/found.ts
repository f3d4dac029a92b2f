import type { DocNode, MapEntry, ScalarNode } from '../../src/document/node.ts';
import { purposeOf } from '../../src/template/own-mustache.ts';
import { cutText } from '../../src/template/segment.ts';

/** What an author wrote that hapb has to understand. */
export interface Found {
  readonly kind: 'condition' | 'expression' | 'statement';
  readonly text: string;
  readonly where: string;
  /** How backslashes in it are read. */
  readonly escapes: 'python' | 'literal';
}

const conditionKeys: ReadonlySet<string> = new Set(['when', 'until', 'failed_when', 'changed_when', 'that']);

/** The conditions, expressions and statements of a YAML document. */
export function foundIn(node: DocNode, name: string): readonly Found[] {
  switch (node.kind) {
    case 'scalar':
      return ofScalar(node, name);
    case 'list':
      return node.items.flatMap((item) => foundIn(item, name));
    case 'map':
      return node.entries.flatMap((entry) => ofEntry(entry, name));
  }
}

function ofEntry({ key, value, span }: MapEntry, name: string): readonly Found[] {
  const inKey = foundInText(key, `${name}:${span.start.line}`, 'literal');
  if (!conditionKeys.has(key) || value.kind === 'map') return [...inKey, ...foundIn(value, name)];
  const nodes = value.kind === 'list' ? value.items : [value];
  return [
    ...inKey,
    ...nodes.flatMap((node) => (node.kind === 'scalar' ? ofCondition(node, name) : foundIn(node, name))),
  ];
}

function ofCondition({ value, span }: ScalarNode, name: string): readonly Found[] {
  if (typeof value !== 'string') return [];
  return [{ kind: 'condition', text: value, where: `${name}:${span.start.line}`, escapes: 'python' }];
}

function ofScalar({ value, tag, span }: ScalarNode, name: string): readonly Found[] {
  if (typeof value !== 'string' || tag !== null) return [];
  return foundInText(value, `${name}:${span.start.line}`, 'literal');
}

/** The expressions and statements of a text; what stands in `{% raw %}` is none. */
export function foundInText(text: string, where: string, escapes: Found['escapes']): readonly Found[] {
  const found: Found[] = [];
  let raw = false;
  for (const segment of cutText(text)) {
    if (segment.kind === 'statement') {
      raw = raw ? !/^\{%[-+]?\s*endraw/.test(segment.text) : /^\{%[-+]?\s*raw/.test(segment.text);
      found.push({ kind: 'statement', text: segment.text, where, escapes });
    } else if (segment.kind === 'mustache' && !raw && purposeOf(segment).kind !== 'foreign') {
      found.push({ kind: 'expression', text: segment.content, where, escapes });
    }
  }
  return found;
}
