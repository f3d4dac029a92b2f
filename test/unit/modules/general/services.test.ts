import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { Unknown } from '../../../../src/core/unknown.ts';
import { isMap } from '../../../../src/core/value.ts';
import { type Query, question } from '../../../../src/modules/ask.ts';
import { regularFile } from '../../../../src/modules/asks/file-state.ts';
import type { UnitState } from '../../../../src/modules/asks/unit.ts';
import { assert } from '../../../../src/modules/general/assert.ts';
import { debug } from '../../../../src/modules/general/debug.ts';
import { facts } from '../../../../src/modules/general/facts.ts';
import { fail } from '../../../../src/modules/general/fail.ts';
import { setFact } from '../../../../src/modules/general/set-fact.ts';
import {
  planService,
  type ServiceArgs,
  type ServiceState,
} from '../../../../src/modules/general/systemd-plan.ts';
import { systemdService } from '../../../../src/modules/general/systemd-service.ts';
import { asWritten } from '../../../../src/modules/general/systemd-unit.ts';
import { waitFor } from '../../../../src/modules/general/wait-for.ts';
import { fakeHost } from '../../../../src/testing/fake-host.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { localHost, shells } from './local-host.ts';

const task = taskContext();
const running: UnitState = {
  load: 'loaded',
  active: 'active',
  sub: 'running',
  unitFile: 'enabled',
  needsReload: false,
};
const stopped: UnitState = { ...running, active: 'inactive', sub: 'dead', unitFile: 'disabled' };

describe('systemd_service', () => {
  const plan = (args: ServiceArgs, unit: UnitState, more: Partial<ServiceState> = {}) =>
    planService({ name: 'kubelet', ...args }, { unit, stale: [], place: null, ...more });

  it('enables before it starts, and foresees both', () => {
    const change = plan({ state: 'started', enabled: true }, stopped);
    expect(change?.verbs).toEqual(['enable', 'start']);
    expect(change?.effects).toMatchObject([
      { key: 'unit:kubelet', state: { active: 'active', unitFile: 'enabled' } },
    ]);
    expect(plan({ state: 'started', enabled: true }, running)).toBeNull();
  });

  it('takes a unit that keeps being started for started', () => {
    expect(plan({ state: 'started' }, { ...running, active: 'activating', sub: 'auto-restart' })).toBeNull();
  });

  it('reads unit files anew only where they have changed, and takes masks off first', () => {
    expect(plan({ daemon_reload: true }, running)).toBeNull();
    const nameless = { unit: null, place: null, stale: [] };
    expect(systemdService.output?.({ daemon_reload: true }, nameless, task)).toEqual({
      name: null,
      status: {},
    });
    const stale = { ...stopped, needsReload: true };
    expect(plan({ daemon_reload: true, state: 'started' }, stale)?.verbs).toEqual(['daemon-reload', 'start']);
    const masked = { ...stopped, load: 'masked', unitFile: 'masked' };
    const change = plan({ masked: false, state: 'started' }, masked);
    expect(change?.verbs).toEqual(['unmask', 'start']);
    expect(change?.effects[0]?.state).toBeInstanceOf(Unknown);
  });

  it('looks for other units whose files have changed only where that decides', async () => {
    const verbs = async (args: ServiceArgs, unit: UnitState): Promise<readonly string[]> => {
      const host = fakeHost({
        answers: {
          'unit:kubelet': unit,
          'global-unit:kubelet': unit,
          'file:/etc/systemd/system/kubelet.service': { kind: 'absent' },
          'stale-units:system': ['cron.service'],
          'stale-units:global': ['cron.service'],
        },
      });
      const all: ServiceArgs = { name: 'kubelet', daemon_reload: true, ...args };
      const state = await host.ask(systemdService.probe(all, task));
      return [...(planService(all, state)?.verbs ?? []), ...(state.stale as readonly string[])];
    };
    expect(await verbs({ state: 'started' }, running)).toEqual(['daemon-reload', 'cron.service']);
    expect(await verbs({}, { ...running, needsReload: true })).toEqual(['daemon-reload']);
    // systemctl enable and disable read all files anew by themselves, but for those of all users.
    expect(await verbs({ enabled: true, state: 'started' }, stopped)).toEqual(['enable', 'start']);
    expect(await verbs({ enabled: false }, { ...running, needsReload: true })).toEqual(['disable']);
    expect(await verbs({ enabled: true, scope: 'global' }, stopped)).toEqual([
      'daemon-reload',
      'enable',
      'cron.service',
    ]);
  });

  it('looks where the mask of all users would lie', () => {
    const { queries } = systemdService.probe({ name: 'kubelet', masked: true, scope: 'global' }, task);
    expect(queries.map(({ key }) => key)).toContain('file:/etc/systemd/user/kubelet.service');
    const place = { kind: 'link', target: '/opt/law.service', owner: 'root', group: 'root' } as const;
    expect(() => plan({ masked: true, scope: 'global' }, stopped, { place })).toThrow(
      '/etc/systemd/user/kubelet.service is a link',
    );
  });

  it('does not know whether a unit of a user can be masked, and tries', () => {
    const change = plan({ masked: true, scope: 'user' }, stopped);
    expect(change?.verbs).toEqual(['mask']);
    expect(change?.forecast.kind).toBe('unknown');
    expect(plan({ state: 'started', scope: 'user' }, stopped)?.forecast.kind).toBe('known');
  });

  it('refuses to mask a unit whose file lies where the mask would', () => {
    const who = { mode: '0644', owner: 'root', group: 'root', uid: 0, gid: 0 };
    const place = regularFile('/etc/systemd/system/kubelet.service', '[Service]\n', who);
    expect(() => plan({ masked: true }, stopped, { place })).toThrow('kubelet.service cannot be masked');
    expect(() => plan({ masked: true, force: true }, stopped, { place })).toThrow('cannot be masked');
    expect(plan({ masked: true }, stopped, { place: { kind: 'absent' } })?.verbs).toEqual(['mask']);
    const unsure = plan({ masked: true }, stopped, { place: new Unknown('it may be there') });
    expect(unsure?.forecast.kind).toBe('unknown');
    expect(
      systemdService.probe({ name: 'kubelet', masked: true }, task).queries.map(({ key }) => key),
    ).toContain('file:/etc/systemd/system/kubelet.service');
  });

  it('knows a unit whose file an earlier task would write', () => {
    const none: UnitState = { ...stopped, load: 'not-found', unitFile: '' };
    const file = (content: string) =>
      ({
        kind: 'file',
        mode: '0644',
        owner: 'root',
        group: 'root',
        sizeBytes: content.length,
        sha256: null,
        content,
        realPath: '/etc/systemd/system/kubelet.service',
      }) as const;
    const unsure = new Unknown('a file of a unit');
    const args = { state: 'started', enabled: true, daemon_reload: true } as const;
    const installed = asWritten(none, file('[Service]\n[Install]\n'));
    expect(plan(args, installed, { stale: unsure })).toMatchObject({
      verbs: ['enable', 'start'],
      forecast: { kind: 'known' },
    });
    expect(plan(args, asWritten(none, file('[Service]\n')))?.verbs).toEqual(['start']);
    expect(asWritten(none, { kind: 'absent' })).toBe(none);
    expect(asWritten(running, file(''))).toBe(running);
  });

  it('does not know whether to reload, or what a package may bring', () => {
    const unsure = new Unknown('a file of a unit');
    const forecast = { kind: 'unknown', unknown: unsure };
    expect(plan({ daemon_reload: true, state: 'started' }, running, { stale: unsure })).toMatchObject({
      forecast,
    });
    expect(plan({ state: 'started' }, running, { unit: unsure })).toMatchObject({
      forecast,
      effects: [{ key: 'unit:kubelet', state: unsure }],
    });
  });

  it('says what is missing', () => {
    expect(() => plan({ state: 'started' }, { ...stopped, load: 'not-found' })).toThrow(
      'the host has no unit kubelet.service',
    );
    expect(() => plan({ state: 'started' }, { ...stopped, load: 'masked' })).toThrow(
      'kubelet.service is masked',
    );
    expect(() => plan({}, { ...stopped, load: 'no-systemd' })).toThrow('systemd does not run on this host');
  });

  it('shows the journal of a unit that does not start', async () => {
    const change = plan({ state: 'started' }, stopped);
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      onRun: (call) =>
        call.sh.includes('unitctl "$2" start -- "$1"')
          ? { exitCode: 100, stderr: 'Job failed.\n' }
          : { stdout: 'bad flag --x\n' },
    });
    await expect(systemdService.apply(change, host)).rejects.toMatchObject({
      problem: { message: 'systemctl start kubelet.service failed', details: 'Job failed.\nbad flag --x' },
    });
  });
});

describe('wait_for', () => {
  it.each(shells)('sees a port, a path and a command that are there at once, in %s', async (shell) => {
    const host = localHost(shell);
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect((await expectLawful(waitFor, { port }, { host })).change).toBeNull();
    server.close();
    expect((await expectLawful(waitFor, { port, state: 'stopped' }, { host })).change).toBeNull();
    writeFileSync(join(host.directory, 'log'), 'almost ready\n');
    const path = join(host.directory, 'log');
    expect(
      (await expectLawful(waitFor, { path, search_regex: 'read(y|iness)$' }, { host })).change,
    ).toBeNull();
    expect((await expectLawful(waitFor, { command: `test -s ${path}` }, { host })).change).toBeNull();
    host.dispose();
  });

  it.each(shells)('registers what a pattern found in a file or in what a port says, in %s', async (shell) => {
    const host = localHost(shell);
    const path = join(host.directory, 'log');
    writeFileSync(path, 'almost\nready 42\n');
    const search_regex = '^ready (?P<count>\\d+)(x)?$';
    expect((await expectLawful(waitFor, { path, search_regex }, { host })).output).toMatchObject({
      match_groups: ['42', null],
      match_groupdict: { count: '42' },
      state: 'file',
      path,
      size: 16,
    });
    const server = createServer((socket) => socket.end('SSH-2.0-test\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const banner = await expectLawful(waitFor, { port, search_regex: 'SSH-(\\S+)' }, { host });
    expect(banner.output).toMatchObject({ match_groups: ['2.0-test'], state: 'started', port });
    server.close();
    host.dispose();
  });

  it('waits until a port has no connections, but for those that do not count', async () => {
    const host = localHost();
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const args = { port, state: 'drained', timeout: 0.2, sleep: 0.1 } as const;
    expect((await expectLawful(waitFor, args, { host })).change).toBeNull();
    const client = connect(port, '127.0.0.1');
    await new Promise((resolve) => client.once('connect', resolve));
    await expect(expectLawful(waitFor, args, { host })).rejects.toMatchObject({
      problem: { details: expect.stringMatching(/ has [1-9] active connections?$/) as unknown },
    });
    const others = { ...args, exclude_hosts: ['localhost', '127.0.0.1'] };
    expect((await expectLawful(waitFor, others, { host })).change).toBeNull();
    client.destroy();
    server.close();
    host.dispose();
  });

  it('waits until it comes, changes nothing, and tells what it sees on the way', async () => {
    const host = localHost();
    const path = join(host.directory, 'late');
    const args = { path, sleep: 0.1, timeout: 10 };
    const change = waitFor.diff(args, await host.ask(waitFor.probe(args, task)), task);
    expect(change?.forecast.kind).toBe('unknown');
    setTimeout(() => writeFileSync(path, ''), 300);
    if (change === null) throw new Error('nothing to do');
    expect(await waitFor.apply(change, host)).toMatchObject({ changed: false });
    expect(host.progressed).toEqual([`${path}: absent (0 s)`]);
    host.dispose();
  });

  it('fails with what it saw last', async () => {
    const host = localHost();
    const run = expectLawful(
      waitFor,
      { command: 'echo no leader >&2; exit 3', timeout: 0.2, sleep: 0.1 },
      { host },
    );
    await expect(run).rejects.toMatchObject({
      problem: {
        message: 'after 0.2 s it is still not so that `echo no leader >&2; exit 3` succeeds',
        details: 'exit code 3: no leader',
      },
    });
    host.dispose();
  });
});

describe('modules that only compute', () => {
  const that = (value: boolean | string | Unknown | undefined) => ({ that: [{ text: 'x > 1', value }] });

  it('assert: true passes, false fails with the author’s words, unknown stays unknown', () => {
    expect(assert.diff(that(true), null, task)).toBeNull();
    expect(() => assert.diff({ ...that(false), fail_msg: 'too few' }, null, task)).toThrow(/^too few$/);
    expect(() => assert.diff(that(undefined), null, task)).toThrow('Assertion failed: x > 1 is undefined');
    expect(() => assert.diff(that('yes'), null, task)).toThrow('x > 1 is "yes"');
    expect(assert.diff(that(new Unknown('depends on r')), null, task)?.forecast.kind).toBe('unknown');
  });

  it('fail, debug and set_fact say and set what they are given', () => {
    expect(() => fail.diff({ msg: 'stop here' }, null, task)).toThrow('stop here');
    const secret = new Secret('hunter22', 'password');
    expect(debug.output?.({ msg: secret }, null, task)?.msg).toBe(secret);
    const undefinedVar = { var: { text: 'nope', value: undefined } };
    expect(debug.output?.(undefinedVar, null, task)).toEqual({ nope: 'VARIABLE IS NOT DEFINED!' });
    expect(setFact.output?.({ a: 1, b: ['x'], cacheable: true }, null, task)).toEqual({
      ansible_facts: { a: 1, b: ['x'] },
    });
  });
});

describe('facts', () => {
  it.each(shells)('are gathered in one round trip, in %s', async (shell) => {
    const host = localHost(shell);
    const ask = facts.probe({}, task);
    const travels = ({ sh }: Query): boolean => sh !== '';
    const answers = ask.queries.map(async (query) => (travels(query) ? host.ask(question(query)) : null));
    expect(ask.next?.(await Promise.all(answers)).queries.filter(travels) ?? []).toEqual([]);
    const found = await host.ask(ask);
    expect(found.ansible_facts).toMatchObject({
      ansible_system: 'Linux',
      ansible_user_uid: process.getuid?.(),
      ansible_lo: { device: 'lo', type: 'loopback' },
    });
    const gathered = isMap(found.ansible_facts) ? found.ansible_facts : {};
    expect(gathered.ansible_architecture).toMatch(/^[a-z0-9_]+$/);
    expect(Number(gathered.ansible_memtotal_mb)).toBeGreaterThan(0);
    expect(Number(gathered.ansible_processor_vcpus)).toBeGreaterThan(0);
    host.dispose();
  });
});
