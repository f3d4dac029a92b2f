import { Float } from '../core/float.ts';
import { reveal } from '../core/reveal.ts';
import { Secret, type Text } from '../core/secret.ts';
import { findSecret, isList, isMap, type Value } from '../core/value.ts';

/** A value as JSON for a program's standard input; a Secret when one is inside it. Unknowns are `null`. */
export function jsonText(value: Value): Text {
  const text = JSON.stringify(plain(value));
  const inside = findSecret(value);
  return inside === null ? text : new Secret(text, inside.label);
}

function plain(value: Value): unknown {
  if (value instanceof Secret) return reveal(value);
  if (value instanceof Float) return value.number;
  if (isList(value)) return value.map(plain);
  if (!isMap(value)) return typeof value === 'object' ? null : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
