import { types } from 'node:util';
import { Float } from './float.ts';
import { omit } from './omit.ts';
import { Secret } from './secret.ts';
import { Unknown } from './unknown.ts';

/** Data that playbooks compute with: JSON, plus secrets and unknowns at any depth. */
export type Value = null | boolean | number | Float | string | Secret | Unknown | readonly Value[] | ValueMap;

/** A map of values. Maps from outside have a null prototype. Getters are allowed: `hostvars` is filled lazily. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** What a module hands back; becomes the registered result. */
export type Output = Readonly<Record<string, Value>>;

/** Whether a value is a map, neither list nor secret nor unknown nor omitted. */
export function isMap(value: Value | undefined): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown) &&
    !(value instanceof Float) &&
    value !== omit
  );
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** The first unknown inside a value at any depth, or `null`. */
export function findUnknown(value: Value): Unknown | null {
  if (value instanceof Unknown) return value;
  if (isList(value)) {
    for (const item of value) {
      const found = findUnknown(item);
      if (found !== null) return found;
    }
  } else if (isMap(value)) {
    for (const item of Object.values(value)) {
      const found = findUnknown(item);
      if (found !== null) return found;
    }
  }
  return null;
}

/**
 * The same value after each member was read, as one of a variable may fail then. Lazy maps such as `hostvars` are left
 * for whoever looks into them. @throws Failure of a member that could not be worked out
 */
export function whole(value: Value): Value {
  if (types.isProxy(value)) return value;
  if (isList(value)) for (const item of value) whole(item);
  else if (isMap(value)) for (const item of Object.values(value)) whole(item);
  return value;
}

/** The first secret inside a value at any depth, or `null`. */
export function findSecret(value: Value): Secret | null {
  if (value instanceof Secret) return value;
  if (isList(value)) {
    for (const item of value) {
      const found = findSecret(item);
      if (found !== null) return found;
    }
  } else if (isMap(value)) {
    for (const item of Object.values(value)) {
      const found = findSecret(item);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The name of a value's type as playbook authors know it. */
export function typeName(value: Value | undefined): string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (value instanceof Secret) return 'secret';
  if (value instanceof Unknown) return 'unknown';
  if (value instanceof Float) return 'number';
  if (value === omit) return 'omit';
  if (isList(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The same value with plain numbers in place of whole floats at every depth, for code that only counts. */
export function withoutFloats(value: Value): Value {
  if (value instanceof Float) return value.number;
  if (isList(value)) return value.map(withoutFloats);
  if (!isMap(value)) return value;
  const plain = Object.create(null) as Record<string, Value>;
  for (const [key, item] of Object.entries(value)) plain[key] = withoutFloats(item);
  return plain;
}
