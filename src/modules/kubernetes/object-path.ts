import { isList, isMap, type Value, type ValueMap } from '../../core/value.ts';
import { jsonReply, senseless } from '../asks/json-reply.ts';

/** One step of a path into an object. */
export type PathStep =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'each' }
  /** The items of a list whose `key` is this text. */
  | { readonly kind: 'where'; readonly key: string; readonly text: string };

/**
 * Parses `.status.conditions[type=Ready].status`, `.items[0].metadata.name`, `.spec.containers[*].image`. Keys with dots
 * stand in brackets with quotes: `.metadata.labels["node-role.kubernetes.io/control-plane"]`. `null`: not a path.
 */
export function parsePath(text: string): readonly PathStep[] | null {
  const steps: PathStep[] = [];
  const step = /\.([\w-]+)|\["([^"]+)"\]|\[(\d+)\]|\[(\*)\]|\[([\w.-]+)=([^\]]*)\]/y;
  const path = text.startsWith('.') || text.startsWith('[') ? text : `.${text}`;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) return null;
    const [, key, quoted, index, each, where, equals] = match;
    if (key !== undefined || quoted !== undefined) steps.push({ kind: 'key', key: key ?? quoted ?? '' });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (each !== undefined) steps.push({ kind: 'each' });
    else steps.push({ kind: 'where', key: where ?? '', text: equals ?? '' });
  }
  return steps;
}

/** The objects that `kubectl get -o json` printed: those of a list, or the one. @throws Failure HAPB6008 */
export function objectsOf(json: string): readonly ValueMap[] {
  const parsed = jsonReply(json, 'kubectl') as Value;
  const objects = isMap(parsed) ? (parsed.items ?? [parsed]) : null;
  if (isList(objects) && objects.every(isMap)) return objects;
  throw senseless('kubectl', 'it is neither an object nor a list of objects', json);
}

/** What a path leads to, where that is a text. */
export function textAt(object: ValueMap | undefined, path: string): string | undefined {
  const [found] = object === undefined ? [] : valuesAt(object, parsePath(path) ?? []);
  return typeof found === 'string' ? found : undefined;
}

/** `metadata.name`; empty where an object has none. */
export function nameOf(object: ValueMap): string {
  return textAt(object, '.metadata.name') ?? '';
}

/** Every value that the path leads to. */
export function valuesAt(value: Value, steps: readonly PathStep[]): readonly Value[] {
  return steps.reduce<readonly Value[]>(
    (values, step) => values.flatMap((one) => follow(one, step)),
    [value],
  );
}

function follow(value: Value, step: PathStep): readonly Value[] {
  switch (step.kind) {
    case 'key': {
      const found = isMap(value) && Object.hasOwn(value, step.key) ? value[step.key] : undefined;
      return found === undefined ? [] : [found];
    }
    case 'index': {
      const found = isList(value) ? value[step.index] : undefined;
      return found === undefined ? [] : [found];
    }
    case 'each':
      return isList(value) ? value : [];
    case 'where':
      return isList(value) ? value.filter((item) => isMap(item) && textOf(item[step.key]) === step.text) : [];
  }
}

/** A scalar as a person writes it; lists and maps as JSON. */
export function textOf(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
