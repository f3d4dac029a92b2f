import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/core/outcome.ts';
import type { EventBody } from '../../../src/events/event.ts';
import { createHtmlReporter } from '../../../src/reports/html/html.ts';
import { createJunitReporter } from '../../../src/reports/junit.ts';
import { memorySink } from './fixture.ts';
import { at, failed, numbered, ok, play, ran, skipped, task } from './log.ts';

async function reportsOf(
  bodies: readonly EventBody[],
): Promise<{ readonly html: string; readonly junit: string }> {
  const [page, xml] = [memorySink(), memorySink()];
  const reporters = [createHtmlReporter(page), createJunitReporter(xml)];
  for (const event of numbered(bodies)) for (const reporter of reporters) reporter.on(event);
  for (const reporter of reporters) await reporter.close();
  return { html: page.text, junit: xml.text };
}

const would: Outcome = {
  kind: 'would-change',
  change: { summary: 'write /etc/motd', edits: [] },
  output: {},
};
const unknown: Outcome = {
  kind: 'unknown',
  reason: "depends on 'r' set at site.yml:4",
  cause: null,
  output: {},
};

/** An end, with what the plan says of it. */
function noted(bodies: readonly EventBody[], reason: string): readonly EventBody[] {
  return bodies.map((body) =>
    body.type === 'task.finished' ? { ...body, plan: { kind: 'resolved', reason } } : body,
  );
}

test('both reports show all five answers of a check', async () => {
  const failure = failed('no such package', 4);
  const wouldFail: Outcome = failure.kind === 'failed' ? { ...failure, kind: 'would-fail' } : failure;
  const outcomes = [ok, would, unknown, skipped, wouldFail];
  const { html, junit } = await reportsOf([
    play(
      'p',
      ['a'],
      outcomes.map(({ kind }, index) => task(`0.${index}`, kind)),
    ),
    ...outcomes.flatMap((outcome, index) => ran(`0.${index}`, 'a', { outcome })),
  ]);
  for (const { kind } of outcomes) expect(html).toContain(`a: <b class="${kind}">${kind}</b>`);
  expect(html).toContain('<p>depends on &#39;r&#39; set at site.yml:4</p>');
  expect(junit).toContain('failures="1" errors="0" skipped="2"');
  expect(junit).toContain('<system-out>would change: write /etc/motd</system-out>');
  expect(junit).toContain('<skipped message="unknown: depends on &#39;r&#39; set at site.yml:4"/>');
  expect(junit).toContain('<failure message="no such package">');
});

test('both reports show what a run says of the plan that it is held to', async () => {
  const item = { node: '0.1', host: 'a', delegate: null, label: 'x' } as const;
  const { html, junit } = await reportsOf([
    play('p', ['a'], [task('0.0', 'one'), task('0.1', 'two')]),
    ...noted(ran('0.0', 'a', { outcome: ok }), 'only running it tells'),
    {
      type: 'item.finished',
      ...item,
      outcome: ok,
      plan: { kind: 'unneeded', summary: 'write /x' },
    },
    ...ran('0.1', 'a', { outcome: ok, looped: true }),
    { type: 'plan.left', changes: [{ host: 'a', title: 'three', span: at(9), summary: 'write /y' }] },
  ]);
  const resolved = 'plan: resolved; the plan did not know it (only running it tells)';
  const unneeded = 'plan: no longer needed; the plan foresaw: write /x';
  const left = 'plan: [a] three: write /y (site.yml:9:7)';
  for (const text of [resolved, unneeded]) expect(html).toContain(`<p class="unknown">${text}</p>`);
  expect(html).toContain(`<h2>Foreseen by the plan, and not come to</h2><ul><li>${left}</li></ul>`);
  for (const text of [resolved, `x: ${unneeded}`, left])
    expect(junit).toContain(`<system-out>${text}</system-out>`);
});
