import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inventoryText } from '../../../src/cli/commands/inventory-view.ts';
import type { Inventory } from '../../../src/inventory/inventory.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import { selectHosts } from '../../../src/inventory/pattern.ts';
import { valueLayer } from '../../../src/variables/layer.ts';
import { good } from './harness.ts';

/** What ansible-core was seen to read; see record.py beside the inventories. */
interface Recorded {
  readonly sources: readonly string[];
  readonly flags: readonly string[];
  readonly list: unknown;
  readonly export: unknown;
  readonly graph: readonly string[];
  readonly patterns: Readonly<Record<string, readonly string[] | 'error'>>;
}

const folder = join(import.meta.dirname, '../../golden/inventory');
const recorded = JSON.parse(readFileSync(join(folder, 'ansible-core.json'), 'utf8')) as Record<
  string,
  Recorded
>;

function load(name: string, { sources, flags }: Recorded): Inventory {
  const paths = sources.map((source) => (source.includes(',') ? source : join(folder, name, source)));
  const [, playbook] = flags;
  const playbookFolders = playbook === undefined ? [] : [join(folder, name, playbook)];
  return good(loadInventory(paths, { playbookFolders }));
}

describe.each(Object.entries(recorded))('%s', (name, expected) => {
  const inventory = load(name, expected);
  const shown = { inventory, extraVars: valueLayer('extra vars', 'none', {}), within: null };

  test('every host has the variables that it has in Ansible', () => {
    const list: unknown = JSON.parse(
      inventoryText({ kind: 'list', variables: 'of-hosts', form: 'json' }, shown),
    );
    expect(list).toEqual(expected.list);
  });

  test('variables are set where Ansible sees them set', () => {
    const list: unknown = JSON.parse(
      inventoryText({ kind: 'list', variables: 'where-set', form: 'json' }, shown),
    );
    expect(list).toEqual(expected.export);
  });

  test('groups stand in the order of Ansible', () => {
    const graph = inventoryText({ kind: 'graph', group: 'all', variables: 'hidden' }, shown);
    expect(graph.trimEnd().split('\n')).toEqual(expected.graph);
  });

  test('patterns mean the hosts that they mean in Ansible, in its order', () => {
    const found = Object.keys(expected.patterns).map((pattern) => {
      const result = selectHosts(pattern, inventory);
      return [pattern, result.ok ? result.value.map((host) => host.name) : 'error'];
    });
    expect(Object.fromEntries(found)).toEqual(expected.patterns);
  });
});
