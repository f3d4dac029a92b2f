import { expect, test } from 'vitest';
import { plainPaint } from '../../../src/core/paint.ts';
import { chooseReporters, type OutputChoice, type ReportContext } from '../../../src/reports/choose.ts';
import { escapeMarkup } from '../../../src/reports/escape-markup.ts';
import { createJsonlReporter } from '../../../src/reports/jsonl.ts';
import { createJunitReporter } from '../../../src/reports/junit.ts';
import { fixture, memorySink } from './fixture.ts';
import { failed, numbered, ok, play, ran, skipped, task } from './log.ts';

test('a JSONL report is the log itself', async () => {
  const sink = memorySink();
  const reporter = createJsonlReporter(sink);
  const events = fixture('ha');
  for (const event of events) reporter.on(event);
  await reporter.close();
  expect(
    sink.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(events);
  expect(sink.closed).toBe(true);
});

test('a JUnit report has a suite per play and a case per task and host', async () => {
  const sink = memorySink();
  const reporter = createJunitReporter(sink);
  const log = [
    play('Site <1>', ['a', 'b'], [task('0.0', 'one & "two"'), task('0.1', '{{ x }}')]),
    { type: 'task.named', node: '0.1', title: 'three' } as const,
    ...ran('0.0', 'a', { outcome: ok }),
    ...ran('0.0', 'b', { outcome: failed('a < b\u0000', 4) }),
    ...ran('0.1', 'a', { outcome: skipped }),
    ...ran('0.1', 'b', { outcome: failed('ignored', 4), verdict: 'ignored' }),
  ];
  for (const event of numbered(log)) reporter.on(event);
  await reporter.close();
  expect(sink.text).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites tests="4" failures="1" errors="0" skipped="1" time="0.480">
      <testsuite name="Site &lt;1&gt;" tests="4" failures="1" errors="0" skipped="1" time="0.480">
        <testcase name="[a] one &amp; &quot;two&quot;" classname="site.yml:4:7" time="0.120"/>
        <testcase name="[b] one &amp; &quot;two&quot;" classname="site.yml:4:7" time="0.120">
          <failure message="a &lt; b�">site.yml:4:7  error HAPB6001: a &lt; b
      hint: read what the command printed</failure>
        </testcase>
        <testcase name="[a] three" classname="site.yml:5:7" time="0.120">
          <skipped message="when"/>
        </testcase>
        <testcase name="[b] three" classname="site.yml:5:7" time="0.120"/>
      </testsuite>
    </testsuites>
    "
  `);
});

test('markup is escaped, and characters that XML forbids are replaced', () => {
  expect(escapeMarkup(`<a href="x">'&\u0000\ud800 🎉`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;&#39;&amp;\ufffd\ufffd 🎉',
  );
});

async function chosen(
  choices: readonly OutputChoice[],
  kind: 'terminal' | 'stream',
): Promise<Record<string, string>> {
  const files: Record<string, ReturnType<typeof memorySink>> = { screen: memorySink() };
  const context: ReportContext = {
    screen: { kind, rows: 24, columns: 79, paint: plainPaint, write: (text) => files.screen?.write(text) },
    openFile: (path) => {
      const sink = memorySink();
      files[path] = sink;
      return sink;
    },
    verbosity: 0,
    diff: 'hide',
    source: () => null,
    clock: () => 0,
  };
  const reporters = await chooseReporters(choices, context);
  for (const event of fixture('ha')) for (const reporter of reporters) reporter.on(event);
  for (const reporter of reporters) await reporter.close();
  return Object.fromEntries(Object.entries(files).map(([path, { text }]) => [path, text]));
}

test('a report in a file does not take the screen away', async () => {
  const files = await chosen(
    [
      { kind: 'jsonl', file: 'log.jsonl' },
      { kind: 'plain', file: 'log.txt' },
    ],
    'stream',
  );
  expect(files.screen).toContain('TASK [Gathering Facts] ***');
  expect(files['log.jsonl']).toMatch(/^\{"seq":0/);
  expect(files['log.txt']).toBe(files.screen);
});

test('a report on standard output has it for itself', async () => {
  const files = await chosen([{ kind: 'jsonl', file: null }], 'terminal');
  expect(files.screen).toMatch(/^\{"seq":0[\s\S]*\}\n$/);
});
