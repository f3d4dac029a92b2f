import { expect, test } from 'vitest';
import type { Event } from '../../../src/events/event.ts';
import { createHtmlReporter } from '../../../src/reports/html/html.ts';
import { fixture, memorySink } from './fixture.ts';

async function page(events: readonly Event[]): Promise<string> {
  const sink = memorySink();
  const reporter = createHtmlReporter(sink);
  for (const event of events) reporter.on(event);
  await reporter.close();
  return sink.text;
}

test('the page shows hosts on a timeline, barriers, diffs, errors and the recap', async () => {
  const html = await page(fixture('ha'));
  expect(html).toContain('<title>hapb run: playbooks/ha.yml</title>');
  expect(html).toContain('<title>cp2: Join the other control planes: changed (1 s)</title>');
  expect(html).toContain('<title>barrier: prepared</title>');
  expect(html).toContain('<span class="added">+br_netfilter</span>');
  expect(html).toContain('hint: check that the clocks of cp1 and cp3 agree');
  expect(html).toContain('<td>cp3</td><td class="ok">4</td>');
});

test('the page loads nothing and runs nothing', async () => {
  const html = await page(fixture('ha'));
  expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(/);
  expect(html).toContain(`default-src 'none'`);
});

const attack = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
const kept = new Set(['type', 'kind', 'verdict', 'mode', 'severity', 'code', 'id', 'node', 'play']);

/** The value with every text in it, keys of outputs too, replaced by the attack. */
function poisoned(value: unknown, key: string): unknown {
  if (typeof value === 'string') return kept.has(key) ? value : value + attack;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key === 'tasks' ? '' : key));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [
    key === 'output' || key === 'recap' ? name + attack : name,
    poisoned(item, name),
  ]);
  return Object.fromEntries(entries);
}

test('no text of a run becomes markup', async () => {
  const html = await page(fixture('ha').map((event) => poisoned(event, '') as Event));
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;');
  expect(html).not.toMatch(/<script|<img/);
  expect(html.replace(/&[a-z#0-9]+;/g, '')).not.toMatch(/="[^"]*onerror/);
});

test('a log that ends early gives a page that says so', async () => {
  expect(await page(fixture('ha').slice(0, 20))).toContain('not finished');
});
