import { describe, expect, test } from 'vitest';
import { plainPaint } from '../../../src/core/paint.ts';
import type { EventBody } from '../../../src/events/event.ts';
import { createPlainReporter } from '../../../src/reports/plain.ts';
import type { PlainOptions } from '../../../src/reports/plain-options.ts';
import { changed, closed, failed, item, numbered, ok, play, ran, skipped, task } from './log.ts';

const source = `- name: Site
  hosts: all
  tasks:
    - name: one
      command: x
    - name: two
`;

function print(bodies: readonly EventBody[], options: Partial<PlainOptions> = {}): string {
  let printed = '';
  const reporter = createPlainReporter({
    screen: { write: (text) => (printed += text), columns: 39, paint: plainPaint },
    verbosity: 0,
    diff: 'hide',
    source: () => source,
    ...options,
  });
  for (const event of numbered(bodies)) reporter.on(event);
  return printed;
}

describe('plain report', () => {
  test('calls a task what it is called where it runs first', () => {
    const log = [
      play('Site', ['a'], [task('0.0', 'go to {{ x }}'), task('0.1', 'two')]),
      { type: 'task.named', node: '0.0', title: 'go to a' } as const,
      ...ran('0.0', 'a', { outcome: ok }),
      closed('0.0'),
    ];
    expect(print(log)).toContain('TASK [go to a] *');
  });

  test('shows plays, tasks, handlers and outcomes with the words and stars of Ansible', () => {
    const log = [
      play(
        'Site',
        ['a', 'b'],
        [task('0.0', 'one'), task('0.1', 'r : two'), task('0.h0', 'restart', { kind: 'handler' })],
      ),
      ...ran('0.0', 'a', { outcome: ok }),
      ...ran('0.0', 'b', { outcome: changed, delegate: 'a' }),
      closed('0.0'),
      ...ran('0.1', 'a', { outcome: skipped }),
      ...ran('0.1', 'b', { outcome: changed }),
      closed('0.1'),
      ...ran('0.h0', 'b', { outcome: changed }),
      closed('0.h0'),
    ];
    expect(print(log)).toMatchInlineSnapshot(`
      "
      PLAY [Site] ****************************

      TASK [one] *****************************
      ok: [a]
      changed: [b -> a]

      TASK [r : two] *************************
      skipping: [a]
      changed: [b]

      RUNNING HANDLER [restart] **************
      changed: [b]
      "
    `);
  });

  test('shows a failure as a line of Ansible, then as a diagnostic with its place', () => {
    const log = [
      play('', ['a'], [task('0.0', 'one')]),
      ...ran('0.0', 'a', { outcome: failed('command ended with exit code 1', 4), verdict: 'ignored' }),
    ];
    expect(print(log)).toMatchInlineSnapshot(`
      "
      PLAY ***********************************

      TASK [one] *****************************
      fatal: [a]: FAILED! => {"changed": false, "msg": "command ended with exit code 1"}
      site.yml:4:7  error HAPB6001: command ended with exit code 1
        4 |     - name: one
          |       ^^^^
        hint: read what the command printed
      ...ignoring
      "
    `);
  });

  test('tells what is the same on several hosts once per task', () => {
    const log = [
      play('Site', ['a', 'b'], [task('0.0', 'one'), task('0.1', 'two')]),
      ...['a', 'b'].flatMap((host) => ran('0.0', host, { outcome: failed('no', 4), verdict: 'ignored' })),
      closed('0.0'),
      ...['a', 'b'].flatMap((host) => ran('0.1', host, { outcome: failed('no', 4) })),
    ];
    const printed = print(log);
    expect(printed.match(/^fatal: /gm)).toHaveLength(4);
    expect(printed.match(/^site.yml:4:7 {2}error/gm)).toHaveLength(2);
  });

  test('shows each item of a loop and no line for the loop as a whole, except when it was skipped', () => {
    const log = [
      play('Site', ['a'], [task('0.0', 'one'), task('0.1', 'two'), task('0.2', 'three')]),
      item('0.0', 'a', { label: 'x', outcome: ok }),
      item('0.0', 'a', { label: 'y', outcome: failed('no', 4) }),
      ...ran('0.0', 'a', { outcome: failed('one item failed', 4), looped: true, verdict: 'ignored' }),
      closed('0.0'),
      item('0.1', 'a', { label: 'x', outcome: skipped }),
      ...ran('0.1', 'a', { outcome: skipped, looped: true }),
      closed('0.1'),
      ...ran('0.2', 'a', { outcome: failed("'x' is undefined", 4), looped: true }),
    ];
    expect(print(log)).toMatchInlineSnapshot(`
      "
      PLAY [Site] ****************************

      TASK [one] *****************************
      ok: [a] => (item=x)
      failed: [a] (item=y) => {"changed": false, "msg": "no"}
      site.yml:4:7  error HAPB6001: no
        4 |     - name: one
          |       ^^^^
        hint: read what the command printed
      ...ignoring

      TASK [two] *****************************
      skipping: [a] => (item=x) 
      skipping: [a]

      TASK [three] ***************************
      fatal: [a]: FAILED! => {"changed": false, "msg": "'x' is undefined"}
      site.yml:4:7  error HAPB6001: 'x' is undefined
        4 |     - name: one
          |       ^^^^
        hint: read what the command printed
      "
    `);
  });

  test('shows what check mode foresees with its own words', () => {
    const change = { summary: 'write /etc/motd (0644)', edits: [] };
    const log = [
      play('Site', ['a', 'b', 'c'], [task('0.0', 'one')]),
      ...ran('0.0', 'a', { outcome: { kind: 'would-change', change, output: {} } }),
      ...ran('0.0', 'b', {
        outcome: { kind: 'unknown', reason: "depends on 'r' set at site.yml:4", cause: null, output: {} },
      }),
      ...ran('0.0', 'c', {
        outcome: {
          kind: 'would-fail',
          output: {},
          diagnostic: {
            code: 'HAPB6001',
            severity: 'error',
            message: 'no such group',
            span: {
              file: 'x',
              start: { line: 99, column: 1, offset: 0 },
              end: { line: 99, column: 1, offset: 0 },
            },
            hint: 'make it first',
          },
        },
      }),
    ];
    expect(print(log)).toMatchInlineSnapshot(`
      "
      PLAY [Site] ****************************

      TASK [one] *****************************
      would change: [a]: write /etc/motd (0644)
      unknown: [b] (depends on 'r' set at site.yml:4)
      would fail: [c] => {"changed": false, "msg": "no such group"}
      x:99:1  error HAPB6001: no such group
        hint: make it first
      "
    `);
  });

  test('keeps task order when a host runs ahead, and shows the front task live', () => {
    const first = play('Site', ['a', 'b'], [task('0.0', 'one'), task('0.1', 'two')]);
    const ahead = [first, ...ran('0.0', 'a', { outcome: ok }), ...ran('0.1', 'a', { outcome: changed })];
    expect(print(ahead)).not.toContain('two');
    expect(print(ahead)).toContain('ok: [a]');
    const log = [
      ...ahead,
      ...ran('0.0', 'b', { outcome: ok }),
      closed('0.0'),
      ...ran('0.1', 'b', { outcome: ok }),
    ];
    expect(print(log)).toMatchInlineSnapshot(`
      "
      PLAY [Site] ****************************

      TASK [one] *****************************
      ok: [a]
      ok: [b]

      TASK [two] *****************************
      changed: [a]
      ok: [b]
      "
    `);
  });

  test('prints messages of debug as Ansible does, and results of others only with -v', () => {
    const log = [
      play('Site', ['a'], [task('0.0', 'say', { module: 'debug' }), task('0.1', 'two')]),
      ...ran('0.0', 'a', { outcome: { kind: 'ok', output: { msg: ['é', { b: 1, a: null }] } } }),
      closed('0.0'),
      ...ran('0.1', 'a', { outcome: { kind: 'ok', output: { stdout: 'x', rc: 0 } } }),
    ];
    expect(print(log)).toMatchInlineSnapshot(`
      "
      PLAY [Site] ****************************

      TASK [say] *****************************
      ok: [a] => {
          "msg": [
              "é",
              {
                  "a": null,
                  "b": 1
              }
          ]
      }

      TASK [two] *****************************
      ok: [a]
      "
    `);
    expect(print(log, { verbosity: 1 })).toContain('ok: [a] => {"changed": false, "rc": 0, "stdout": "x"}\n');
    expect(print(log, { verbosity: 2 })).toContain('task path: site.yml:5:7\n');
  });

  test('shows a diff before the line of its change', () => {
    const edits = [
      { subject: '/etc/motd', before: 'a\nb\n', after: 'a\nc\n' },
      { subject: '/etc/motd', before: 'mode: 0600\nowner: root\n', after: 'mode: 0644\nowner: root\n' },
      { subject: '/etc/new', before: null, after: 'x\n' },
      { subject: '/etc/big', before: null, after: 'x\n'.repeat(60_000) },
    ];
    const log = [
      play('Site', ['a'], [task('0.0', 'one')]),
      ...ran('0.0', 'a', { outcome: { kind: 'changed', change: { summary: 's', edits }, output: {} } }),
    ];
    expect(print(log, { diff: 'show' })).toMatchInlineSnapshot(`
      "
      PLAY [Site] ****************************

      TASK [one] *****************************
      --- before: /etc/motd
      +++ after: /etc/motd
      @@ -1,2 +1,2 @@
       a
      -b
      +c
      -mode: 0600
      +mode: 0644
      --- before
      +++ after: /etc/new
      @@ -0,0 +1 @@
      +x
      --- before
      +++ after: /etc/big
      (too large to show: 0 → 120000 bytes)

      changed: [a]
      "
    `);
  });

  test('names barriers, retries, hosts that are missing and the end of all hosts', () => {
    const log: EventBody[] = [
      {
        type: 'play.no-hosts',
        play: '0',
        name: 'None',
        span: { file: 'x', start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } },
      },
      play('Site', ['a'], [task('0.0', 'joined', { kind: 'barrier' }), task('0.1', 'wait')]),
      { type: 'barrier.waiting', node: '0.0', host: 'a' },
      { type: 'barrier.opened', node: '0.0', name: 'joined', hosts: ['a'] },
      closed('0.0'),
      { type: 'task.started', node: '0.1', host: 'a' },
      { type: 'task.retrying', node: '0.1', host: 'a', attempt: 1, retriesLeft: 2 },
      { type: 'play.aborted', play: '0', reason: '' },
    ];
    expect(print(log)).toMatchInlineSnapshot(`
      "
      PLAY [None] ****************************
      skipping: no hosts matched

      PLAY [Site] ****************************

      BARRIER [joined] ***********************

      TASK [wait] ****************************
      FAILED - RETRYING: [a]: wait (2 retries left).

      NO MORE HOSTS LEFT *********************
      "
    `);
  });
});
