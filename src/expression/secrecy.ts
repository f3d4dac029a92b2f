import { reveal } from '../core/reveal.ts';
import { Secret, type Text } from '../core/secret.ts';
import { findSecret, isList, isMap, type Value, type ValueMap } from '../core/value.ts';

/** The same value with every secret opened; used while computing, sealed again by `sealed`. */
export function opened(value: Value): Value {
  if (value instanceof Secret) return reveal(value);
  if (isList(value)) return value.map(opened);
  return isMap(value) ? mapValues(value, opened) : value;
}

/** The same value with every text in it made a secret of this label; numbers and booleans stay plain. */
export function sealed(value: Value, label: string): Value {
  if (typeof value === 'string') return new Secret(value, label);
  if (isList(value)) return value.map((item) => sealed(item, label));
  return isMap(value) ? mapValues(value, (item) => sealed(item, label)) : value;
}

/** A text made of a value: a secret where the value holds one. */
export function composed(value: Value, make: (plain: Value) => string): Text {
  const secret = findSecret(value);
  const text = make(opened(value));
  return secret === null ? text : new Secret(text, secret.label);
}

/** A map with every value changed; without prototype, so that no key has a meaning of its own. */
export function mapValues(map: ValueMap, change: (value: Value, key: string) => Value): ValueMap {
  return mapOf(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/** A map from entries, later ones winning; without prototype. */
export function mapOf(entries: Iterable<readonly [string, Value]>): ValueMap {
  const map = Object.create(null) as Record<string, Value>;
  for (const [key, value] of entries) map[key] = value;
  return map;
}
