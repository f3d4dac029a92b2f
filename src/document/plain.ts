import { Float } from '../core/float.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import type { Value, ValueMap } from '../core/value.ts';
import type { DocNode, ScalarNode } from './node.ts';

/** JSON as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A scalar's value without regard to its tag; 3.0 is no 3. */
export function scalarValue({ value, float }: Pick<ScalarNode, 'value' | 'float'>): Value {
  return float === true ? new Float(Number(value)) : value;
}

/**
 * A document as a value; maps have no prototype. `decode` is asked for scalars with a tag (`!vault`, `!unsafe`) and may
 * throw; without it their text is taken as written.
 */
export function toValue(node: DocNode, decode: (scalar: ScalarNode) => Value = scalarValue): Value {
  switch (node.kind) {
    case 'scalar':
      return node.tag === null ? scalarValue(node) : decode(node);
    case 'list':
      return node.items.map((item) => toValue(item, decode));
    case 'map': {
      const map = Object.create(null) as { [key: string]: Value };
      for (const entry of node.entries) map[entry.key] = toValue(entry.value, decode);
      return map as ValueMap;
    }
  }
}

/** A document as JSON, tags ignored; what schemas are checked against. */
export function toJson(node: DocNode): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'map':
      return jsonMap(node.entries.map((entry) => [entry.key, toJson(entry.value)]));
  }
}

/** A value as JSON with secrets and unknowns as their printed form, for checks that only look at shapes. */
export function shapeOf(value: unknown): Json {
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value;
  }
  if (value instanceof Secret || value instanceof Unknown) return value.toString();
  if (value instanceof Float) return value.number;
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object') return null;
  return jsonMap(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
}

function jsonMap(entries: readonly (readonly [string, Json])[]): Json {
  const map: { [key: string]: Json } = {};
  for (const [key, value] of entries) {
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return map;
}
