import { types } from 'node:util';
import { isList, isMap, type Value } from '../core/value.ts';
import { omit } from './scope.ts';
import { mapOf } from './secrecy.ts';

/** The value without the entries of its maps and lists that are `omit`, at any depth; the same one where there are none. */
export function withoutOmitted(value: Value): Value {
  return holdsOmitted(value) ? dropped(value) : value;
}

function holdsOmitted(value: Value): boolean {
  // What is worked out when it is read is left to who reads it.
  if (value === omit || types.isProxy(value)) return false;
  const items = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return items.some((item) => item === omit || holdsOmitted(item));
}

function dropped(value: Value): Value {
  if (isList(value)) return value.filter((item) => item !== omit).map(dropped);
  if (!isMap(value) || value === omit) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== omit);
  return mapOf(kept.map(([key, item]) => [key, dropped(item)]));
}
