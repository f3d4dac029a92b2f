import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factSources, factsFrom } from '../../../../src/modules/general/facts/script.ts';
import type { Facts } from '../../../../src/modules/general/facts/source.ts';

const folder = join(import.meta.dirname, '../../../golden/facts');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** What changes between the moments in which both were recorded, the order that neither promises, and our own extras. */
function settled(facts: unknown): unknown {
  return JSON.parse(
    JSON.stringify(facts, (key: string, value: unknown) => {
      if (ignored.test(key)) return undefined;
      if (key === 'mounts' && Array.isArray(value)) return [...(value as { mount: string }[])].sort(byMount);
      if (unordered.test(key) && Array.isArray(value)) return [...(value as string[])].sort();
      return value;
    }),
  );
}

const ignored =
  /^(?:epoch|epoch_int|iso8601.*|second|minute|time|loadavg|memfree_mb|nocache|real|swap|uptime_seconds|(?:block|inode)_(?:available|used)|size_available|boot_id|gather_subset|module_setup)$/;
const unordered = /^(?:interfaces|all_ipv[46]_addresses|virtualization_tech_guest)$/;
const byMount = (a: { mount: string }, b: { mount: string }): number => (a.mount < b.mount ? -1 : 1);

describe('of a recorded machine', () => {
  const expected = JSON.parse(read('machine.json')) as Facts;
  const facts = factsFrom(factSources, read('machine.txt'));

  test.each(Object.keys(expected))('%s is what ansible-core says', (name) => {
    expect(settled({ [name]: facts[name] })).toEqual(settled({ [name]: expected[name] }));
  });

  test('nothing is told besides, but the id of the boot', () => {
    expect(Object.keys(facts).filter((name) => !(name in expected))).toEqual(['boot_id']);
  });

  test('memory and load have the form of ansible-core', () => {
    const form = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, form(item)]))
        : typeof value;
    for (const name of ['memory_mb', 'loadavg', 'date_time', 'uptime_seconds', 'memfree_mb'])
      expect(form(facts[name])).toEqual(form(expected[name]));
  });
});

describe('the system', () => {
  const recorded = JSON.parse(read('systems.json')) as Record<string, { probe: string; facts: Facts }>;
  const sources = factSources.filter(({ name }) => ['distribution', 'pkg_mgr'].includes(name));

  test.each(Object.entries(recorded))('%s is what ansible-core says', (_, { probe, facts }) => {
    expect(settled({ distribution_file_parsed: true, ...factsFrom(sources, probe) })).toEqual(
      settled({ distribution_file_parsed: true, ...facts }),
    );
  });
});
