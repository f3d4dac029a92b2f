import { Failure } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, type Value } from '../core/value.ts';
import type { MapEntry } from '../document/node.ts';
import { printed } from '../expression/print-value.ts';

/** `--tags` and `--skip-tags`; an empty `only` means `all`. */
export interface TagSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Whether a task with these tags takes part. `always` runs unless it is skipped by name, `never` only when one of the
 * task's tags is named; `tagged`, `untagged` and `all` are Ansible's special names.
 */
export function selected(written: readonly string[], { only, skip }: TagSelection): boolean {
  // The name that stands for no tags is none.
  const tags = written.every((tag) => tag === 'untagged') ? [] : written;
  if (only.length + skip.length === 0) return !tags.includes('never') || tags.includes('always');
  const has = (name: string): boolean => tags.includes(name);
  const tagged = tags.some((tag) => tag !== 'always' && tag !== 'never');
  const matches = (name: string): boolean => {
    switch (name) {
      case 'all':
        return !has('never');
      case 'tagged':
        return tagged && !has('never');
      case 'untagged':
        return tags.length === 0 || has(name);
      default:
        return has(name);
    }
  };
  const wanted = only.length === 0 ? ['all'] : only;
  if (!wanted.some(matches) && !has('always')) return false;
  return !skip.some((name) => {
    if (name === 'all') return !has('always') || skip.includes('always');
    if (name === 'tagged') return tags.length > 0;
    return matches(name);
  });
}

/** Whether tags are written without variables. */
export function areFixed({ value }: MapEntry): boolean {
  const nodes = value.kind === 'list' ? value.items : [value];
  return nodes.every((node) => node.kind === 'scalar' && !String(node.value).includes('{{'));
}

/**
 * The tags that a keyword comes to. As in Ansible, commas separate only where they stand in the one text that is written,
 * and a list among the values counts as its items.
 */
export function tagsOf({ value: node }: MapEntry, values: readonly Value[]): readonly string[] {
  const written = node.kind === 'scalar' ? String(node.value).replace(/\{\{.*?\}\}/gs, '') : '';
  return values
    .flatMap((value) => (isList(value) ? value : [value]))
    .flatMap((value) => (value === null ? [] : [textOf(value)]))
    .flatMap((text) => (written.includes(',') ? text.split(',') : [text]))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

/** A tag that is not known yet keeps its task in the plan, until a host's item decides. */
function textOf(value: Value): string {
  if (value instanceof Unknown) return 'always';
  if (!(value instanceof Secret)) return printed(value);
  throw new Failure({
    code: 'HAPB2021',
    message: `'${value.label}' is a secret, which no tag can be`,
    hint: 'Take another variable: tags are shown and typed.',
  });
}
