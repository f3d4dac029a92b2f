import { types } from 'node:util';
import { omit } from '../core/omit.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import { mapOf } from './secrecy.ts';

/** The value without the entries of its maps and lists that are `omit`, at any depth; the same one where there are none. */
export function withoutOmitted(value: Value): Value {
  return value !== omit && holdsOmitted(value) ? dropped(value) : value;
}

/** Whether it is `omit`, or has it in its maps and lists at any depth. */
export function holdsOmitted(value: Value): boolean {
  // What is worked out when it is read is left to who reads it.
  if (types.isProxy(value)) return false;
  const items = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return value === omit || items.some(holdsOmitted);
}

function dropped(value: Value): Value {
  if (isList(value)) return value.filter((item) => item !== omit).map(dropped);
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== omit);
  return mapOf(kept.map(([key, item]) => [key, dropped(item)]));
}
