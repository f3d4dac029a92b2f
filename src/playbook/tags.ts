/** `--tags` and `--skip-tags`; an empty `only` means `all`. */
export interface TagSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Whether a task with these tags takes part. `always` runs unless it is skipped by name, `never` only when one of the
 * task's tags is named; `tagged`, `untagged` and `all` are Ansible's special names.
 */
export function selected(tags: readonly string[], { only, skip }: TagSelection): boolean {
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
        return tags.length === 0;
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
