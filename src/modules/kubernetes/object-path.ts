import type { Value } from '../../core/value.ts';
import { isList, isMap } from '../../core/value.ts';

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
