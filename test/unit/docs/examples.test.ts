import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/document/parse-yaml.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import { kubernetesModules } from '../../../src/modules/kubernetes/index.ts';
import { temporaryFolder } from '../rig/run-playbook.ts';
import { prepare } from './example-rig.ts';
import { type Example, examplesOf, pages } from './examples.ts';

/** Modules whose examples speak of what only a real node has: its cluster, systemd, packages' folders, files, a network. */
const needNodes = [
  ...kubernetesModules.map(({ name }) => name),
  'assemble',
  'dnf',
  'fetch',
  'get_url',
  'git',
  'locale_gen',
  'script',
  'service_facts',
  'slurp',
  'systemd_service',
  'template',
  'unarchive',
  'uri',
  'yum_repository',
];
/** Those that need a machine with apt. */
const needApt = existsSync('/usr/bin/apt-get')
  ? []
  : ['alternatives', 'apt', 'apt_repository', 'debconf', 'package', 'package_repo'];
const plannedPages = new Set([...needNodes, ...needApt].map((name) => `docs/modules/${name}.md`));

async function tryOut({ text, use }: Example): Promise<void> {
  if (use === 'part') {
    expect(parseYaml(text, 'example.yml')).toMatchObject({ ok: true });
    return;
  }
  if (use === 'inventory') {
    const path = join(temporaryFolder(), 'inventory.yml');
    writeFileSync(path, text);
    expect(loadInventory([path], { playbookFolders: [] })).toMatchObject({ ok: true });
    return;
  }
  const hapb = prepare(text);
  expect(await hapb(['plan'])).toMatchObject({ exitCode: 0, err: '' });
  if (use === 'planned') return;
  const forecast = await hapb(['check']);
  expect(forecast, forecast.out + forecast.err).toMatchObject({ exitCode: 0, err: '' });
  if (use === 'check') return;
  const first = await hapb(['run']);
  expect(first, first.out + first.err).toMatchObject({ exitCode: 0, err: '' });
  const second = await hapb(['run']);
  expect(second.out).toMatch(/ changed=0 /);
  expect(second.out).not.toMatch(/ changed=[1-9]/);
}

const pagesWithExamples = pages()
  .map((path) => ({ path, examples: examplesOf(path) }))
  .filter(({ examples }) => examples.length > 0);

describe.each(pagesWithExamples)('$path', ({ path, examples }) => {
  const all = plannedPages.has(path)
    ? examples.map((example) => ({ ...example, use: 'planned' as const }))
    : examples;
  test.each(all)('the example at $place works: $use', tryOut);
});

test('there are examples for every module', () => {
  const without = pages().filter(
    (path) => /^docs\/modules\/(?!README)/.test(path) && examplesOf(path).length === 0,
  );
  expect(without).toEqual([]);
});

test('the forecast of the example about check mode is what the page says', async () => {
  const [example] = examplesOf('docs/check-mode.md');
  const { out } = await prepare(example?.text ?? '')(['check']);
  expect(out).toContain('would change: [cp1]');
  expect(out.match(/^unknown: \[cp1\].*/gm)).toEqual([
    expect.stringContaining('unknown: [cp1]'),
    expect.stringContaining("depends on 'time' set at"),
  ]);
});
