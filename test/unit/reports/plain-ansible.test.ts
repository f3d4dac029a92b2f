import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Edit } from '../../../src/core/change.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { plainPaint } from '../../../src/core/paint.ts';
import { fileSpan } from '../../../src/core/source.ts';
import type { EventBody } from '../../../src/events/event.ts';
import { createTallyFold } from '../../../src/events/tally.ts';
import { createPlainReporter } from '../../../src/reports/plain.ts';
import { changed, closed, item, numbered, ok, play, ran, skipped, task } from './log.ts';

const hosts = ['a-host-with-a-very-long-name-indeed', 'web1'];

function each(node: string, outcome: Outcome): readonly EventBody[] {
  return [...hosts.flatMap((host) => ran(node, host, { outcome })), closed(node)];
}

function loop(node: string, items: readonly Outcome[], outcome: Outcome): readonly EventBody[] {
  const labels = ['a', 'b'];
  const one = (host: string): readonly EventBody[] => [
    ...items.map((end, index) => item(node, host, { label: labels[index] ?? '', outcome: end })),
    ...ran(node, host, { outcome, looped: true }),
  ];
  return [...hosts.flatMap(one), closed(node)];
}

function written(edit: Edit): Outcome {
  return { kind: 'changed', change: { summary: `write ${edit.subject}`, edits: [edit] }, output: {} };
}

const said = ['é', { b: 1, a: null, c: 1.5, d: true, e: {}, f: [] }];
const [first = '', second = ''] = hosts;
const content = 'a\nc\n1\n2\n3\n4\n5\n';
const log: readonly EventBody[] = [
  play('First play', hosts, [
    task('0.0', 'command'),
    task('0.1', 'debug', { module: 'debug' }),
    task('0.2', 'looped'),
    task('0.3', 'looped skip'),
    task('0.4', 'all skip'),
    task('0.5', 'empty loop'),
    task('0.6', 'command'),
    task('0.7', '日本 copy', { module: 'copy' }),
    task('0.8', 'copy', { module: 'copy' }),
    task('0.9', 'a name that is so long that hardly any room is left for the stars behind it, truly'),
  ]),
  ...each('0.0', changed),
  ...each('0.1', { kind: 'ok', output: { msg: said } }),
  ...loop('0.2', [ok, changed], changed),
  ...loop('0.3', [skipped, changed], changed),
  ...loop('0.4', [skipped, skipped], skipped),
  ...loop('0.5', [], { kind: 'skipped', because: 'empty-loop', output: {} }),
  ...each('0.6', skipped),
  ...hosts.flatMap((host) =>
    ran('0.7', host, { outcome: written({ subject: `/tmp/motd-${host}`, before: null, after: 'a\nb\n' }) }),
  ),
  closed('0.7'),
  ...ran('0.8', first, {
    outcome: written({ subject: '/tmp/motd-web1', before: 'a\nb\n', after: content }),
    delegate: 'web1',
  }),
  ...ran('0.8', second, { outcome: ok, delegate: 'web1' }),
  closed('0.8'),
  ...ran('0.9', first, { outcome: ok }),
  ...ran('0.9', second, { outcome: { kind: 'skipped', because: 'not-this-host', output: {} } }).slice(1),
  closed('0.9'),
  { type: 'tasks.added', after: '0.9', tasks: [task('0.10', 'h', { kind: 'handler' })] },
  ...each('0.10', changed),
  { type: 'play.no-hosts', play: '1', name: 'nope', span: fileSpan('site.yml') },
];

// fixtures/ansible.txt is what ansible-playbook of ansible-core 2.19.14 printed for such a playbook with --diff --forks 1.
test('plain output is that of Ansible, byte for byte, where hapb says nothing of its own', () => {
  let printed = '';
  const reporter = createPlainReporter({
    screen: { write: (text) => (printed += text), columns: 79, paint: plainPaint },
    verbosity: 0,
    diff: 'show',
    source: () => null,
  });
  const tally = createTallyFold();
  for (const body of log) tally.on(body);
  const end: EventBody = { type: 'run.finished', exitCode: 0, durationMs: 1, recap: tally.recap() };
  for (const event of numbered([...log, end])) reporter.on(event);
  expect(printed).toBe(readFileSync(new URL('fixtures/ansible.txt', import.meta.url), 'utf8'));
});
