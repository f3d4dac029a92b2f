import { error, failure, type Result, success } from '../core/diagnostic.ts';
import { fileSpan, type Span } from '../core/source.ts';
import { readSource } from '../document/read-file.ts';
import { matchHosts } from '../expression/host-pattern.ts';
import { splitPatterns } from '../expression/split-patterns.ts';
import { type HostEntry, hostEntry, type Inventory } from './inventory.ts';

/** The hosts that a pattern means, as `matchHosts` says. */
export function selectHosts(
  pattern: string | readonly string[],
  inventory: Inventory,
  span: Span = fileSpan('<command line>'),
): Result<readonly HostEntry[]> {
  const matched = matchHosts(pattern, inventory, span);
  if (!matched.ok) return matched;
  return success(
    matched.value.flatMap((name) => hostEntry(inventory, name) ?? []),
    matched.warnings,
  );
}

/**
 * The names that `--limit` leaves: a pattern in which `@FILE` stands for the lines of a file. HAPB3122 when none of the
 * inventory's hosts is left: this machine alone is not enough, unless the inventory has no hosts.
 */
export function limitHosts(limit: string, inventory: Inventory): Result<ReadonlySet<string>> {
  const span = fileSpan('--limit');
  const patterns: string[] = [];
  for (const part of splitPatterns(limit)) {
    if (!part.startsWith('@')) {
      patterns.push(part);
      continue;
    }
    const file = readSource(part.slice(1), {
      what: 'a file of hosts',
      insteadOfFolder: 'Name a file inside it.',
    });
    if (!file.ok) return file;
    patterns.push(
      ...file.value
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#')),
    );
  }
  const selected = selectHosts(patterns, inventory, span);
  if (!selected.ok) return selected;
  const left = selected.value.filter(({ kind }) => kind !== 'implicit' || inventory.hosts.size === 0);
  if (left.length > 0) return success(new Set(selected.value.map(({ name }) => name)), selected.warnings);
  const nothing = error({
    code: 'HAPB3122',
    message: `--limit ${limit} leaves no host`,
    hint: selected.warnings[0]?.hint ?? `Known groups are: ${[...inventory.groups.keys()].join(', ')}.`,
    span,
  });
  return failure([nothing, ...selected.warnings]);
}
