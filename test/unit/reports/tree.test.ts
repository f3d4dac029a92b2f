import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { plainPaint } from '../../../src/core/paint.ts';
import type { Event, EventBody } from '../../../src/events/event.ts';
import type { LiveView } from '../../../src/reports/tree/live-view.ts';
import { createTreeReporter } from '../../../src/reports/tree/tree.ts';
import { fixture } from './fixture.ts';
import { changed, closed, failed, item, numbered, ok, play, ran, task } from './log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch(events: readonly Event[]): { readonly printed: string; readonly live: readonly string[] } {
  let printed = '';
  let live: readonly string[] = [];
  let nowMs = 0;
  const view: LiveView = {
    print: (text) => {
      printed += text;
    },
    show: (lines) => {
      live = lines;
    },
    close: () => Promise.resolve(),
  };
  const reporter = createTreeReporter({
    screen: { write: () => undefined, columns: 79, paint: plainPaint },
    view,
    diff: 'hide',
    source: () => null,
    clock: () => nowMs,
  });
  for (const event of events) {
    nowMs = event.atMs;
    reporter.on(event);
  }
  vi.advanceTimersByTime(100);
  void reporter.close();
  return { printed, live };
}

test('a run leaves one line per task with all hosts together, what changed or failed, the recap and the problems', () => {
  expect(watch(fixture('ha')).printed).toMatchInlineSnapshot(`
    "
    PLAY [Control plane]
    ✔ Gathering Facts                              3 ok
    ✔ Load the kernel modules that containers need 3 changed
        cp1, cp2, cp3: br_netfilter: load br_netfilter now and at boot
    ✔ Install containerd and the Kubernetes packa… 3 changed · 5 s
        cp1, cp2, cp3: install containerd 1.7, kubeadm 1.34.1
    ✔ Say where we are                             3 ok · 2 s
        cp1: node cp1
        cp3: node cp3
        cp2: node cp2
    ── barrier: prepared
    ✔ kubeadm init on the first node               1 changed, 2 skipped · 3 s
        cp1: kubeadm init 1.34.1
    ✖ Join the other control planes                1 failed, 1 changed, 1 skipped …
        cp2: join as a control plane
        cp3: kubeadm join ended with exit code 1: couldn't validate the identity of the API Server (playbooks/ha.yml:24:7)
    ✔ Check endpoint                               2 ok · 2 s
    ✔ handler: restart containerd                  1 changed · 1 s
        cp2: restart containerd.service

    PLAY RECAP *********************************************************************
    cp1                        : ok=6    changed=3    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0   
    cp2                        : ok=7    changed=4    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0   
    cp3                        : ok=4    changed=2    unreachable=0    failed=1    skipped=1    rescued=0    ignored=0   

    playbooks/ha.yml:24:7  error HAPB6510: kubeadm join ended with exit code 1: couldn't validate the identity of the API Server
        error execution phase preflight: couldn't validate the identity of the API Server
        To see the stack trace of this error execute with --v=5 or higher
      hint: check that the clocks of cp1 and cp3 agree, then run the playbook again
    "
  `);
});

test('live lines show progress of the task and the host that takes longest', () => {
  const upTo = fixture('ha').findIndex(({ type }) => type === 'handler.notified');
  const midway = fixture('ha').slice(0, upTo);
  const events = midway.filter((event) => event.type !== 'node.closed' || event.node < '0.2');
  expect(watch(events.slice(0, -6)).live).toMatchInlineSnapshot(`
    [
      "Install containerd and the Kubernetes packa… 2/3 hosts · cp2 running 4 s
      cp2: Get:11 http://deb.debian.org/debian bookworm/main amd64 package-11 amd64 1.2.11 [12.3 MB]",
      "Say where we are                             1/3 hosts",
      "barrier: prepared                            1/3 hosts waiting",
    ]
  `);
});

test('items of a loop are told one by one, the loop itself is not', () => {
  const change = { summary: 'load overlay', edits: [] };
  const log: EventBody[] = [
    play('p', ['a'], [task('0.0', 'load')]),
    { type: 'task.started', node: '0.0', host: 'a' },
    item('0.0', 'a', { label: 'overlay', outcome: { kind: 'changed', change, output: {} } }),
    item('0.0', 'a', { label: 'bad', outcome: failed('no such module', 4) }),
    ...ran('0.0', 'a', { outcome: failed('one item failed', 4), looped: true, verdict: 'ignored' }),
    closed('0.0'),
  ];
  expect(watch(numbered(log)).printed).toMatchInlineSnapshot(`
    "
    PLAY [p]
    ✔ load                                         1 ignored
        a: overlay: load overlay
        a: bad: no such module (site.yml:4:7)
    "
  `);
});

test('a task that is not closed is shown when its play ends', () => {
  const log = [
    play('p', ['a'], [task('0.0', 'x')]),
    ...ran('0.0', 'a', { outcome: changed }),
    play('q', ['a'], []),
  ];
  expect(watch(numbered(log)).printed).toContain('✔ x ');
});

test('a task that is done elsewhere leaves no line', () => {
  const log = [
    play('p', ['a', 'b'], [task('0.0', 'once')]),
    ...ran('0.0', 'b', { outcome: { kind: 'skipped', because: 'not-this-host', output: {} } }).slice(1),
    closed('0.0'),
    ...ran('0.0', 'a', { outcome: ok }),
  ];
  expect(watch(numbered(log.slice(0, 3))).printed).toBe('\nPLAY [p]\n');
});
