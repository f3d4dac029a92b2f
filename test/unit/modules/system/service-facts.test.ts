import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceFacts } from '../../../../src/modules/system/service-facts.ts';
import { listsFrom, serviceScript, servicesFrom } from '../../../../src/modules/system/service-lists.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from '../general/local-host.ts';

const units = `UNIT                   LOAD      ACTIVE   SUB     DESCRIPTION
apparmor.service       not-found inactive dead    apparmor.service
cron.service           loaded    active   running Regular background program processing daemon
getty@tty1.service     loaded    active   running Getty on tty1
law.service            loaded    failed   failed  A service that failed
networking.service     loaded    active   exited  Raise network interfaces
rescue.service         loaded    inactive dead    Rescue Shell
LOAD   = Reflects whether the unit definition was properly loaded.
6 loaded units listed.
`;
const files = `UNIT FILE               STATE    PRESET
autovt@.service         alias    -
console-getty.service   disabled disabled
cron.service            enabled  enabled
dbus-org.freedesktop.login1.service alias -
getty@.service          enabled  enabled
law.service             enabled  enabled
networking.service      enabled  enabled
rescue.service          static   -

8 unit files listed.
`;
const systemd = (name: string, state: string, status: string) => ({ name, state, status, source: 'systemd' });

/** Stand-ins for programs, each of which prints one text for one first word. */
function programs(host: LocalHost, texts: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  for (const [name, byWord] of Object.entries(texts)) {
    const cases = Object.entries(byWord).map(([word, text]) => `${word}) cat <<'END'\n${text}END\n;;\n`);
    writeFileSync(join(host.directory, name), `#!/bin/sh\ncase $1 in\n${cases.join('')}esac\n`);
    chmodSync(join(host.directory, name), 0o755);
  }
}

describe.each(shells)('the services of a host, in %s', (shell) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(shell);
  });
  afterEach(() => host.dispose());

  it('are asked of this one', async () => {
    const { output } = await expectLawful(serviceFacts, {}, { host });
    expect('ansible_facts' in output || output.skipped).toBeTruthy();
  });

  it('are asked of systemd, in one go for those that it has not loaded', async () => {
    const asked = `for one; do case $one in *.service) printf 'ActiveState=inactive\\n\\n' ;; esac; done\n`;
    programs(host, { systemctl: { 'list-units': units, 'list-unit-files': files }, service: {} });
    writeFileSync(join(host.directory, 'show'), asked);
    const stand = `[ "$1" != show ] || { . '${host.directory}/show'; exit; }\n`;
    const program = join(host.directory, 'systemctl');
    const sh = serviceScript.replace('/run/systemd/system', host.directory);
    await host.run({ sh: 'sed -i "2i $2" "$1"', args: [program, stand.trim()] });
    const { stdout } = await host.run({ sh: `PATH=${host.directory}:$PATH\n${sh}` });
    const found = servicesFrom(listsFrom(stdout));
    const names = ['autovt@.service', 'console-getty.service', 'dbus-org.freedesktop.login1.service'];
    expect(names.map((name) => found[name])).toEqual([
      systemd('autovt@.service', 'unknown', 'alias'),
      systemd('console-getty.service', 'inactive', 'disabled'),
      systemd('dbus-org.freedesktop.login1.service', 'inactive', 'alias'),
    ]);
  });

  it('are asked of OpenRC', async () => {
    programs(host, {
      'rc-status': {
        '-a': 'Runlevel: default\n sshd   [  started  ]\n crond  [  stopped  ]\nDynamic Runlevel: manual\n',
      },
      'rc-update': { show: '  crond |\n   sshd | boot default\n' },
    });
    const { stdout } = await host.run({ sh: `PATH=${host.directory}:$PATH\n${serviceScript}` });
    expect(servicesFrom(listsFrom(stdout))).toEqual({
      crond: { name: 'crond', runlevels: null, state: 'stopped', source: 'openrc' },
      sshd: { name: 'sshd', runlevels: ['boot', 'default'], state: 'started', source: 'openrc' },
    });
  });

  it('are asked of chkconfig, and each whether it runs', async () => {
    const levels = (on: string): string => `0:off 1:off 2:${on} 3:${on} 4:${on} 5:${on} 6:off`;
    programs(host, { chkconfig: { '--list': `netconsole ${levels('off')}\nnetwork ${levels('on')}\n` } });
    const program = join(host.directory, 'service');
    writeFileSync(program, '#!/bin/sh\n[ "$1 $2" = "network status" ]\n');
    chmodSync(program, 0o755);
    const { stdout } = await host.run({ sh: `PATH=${host.directory}:$PATH\n${serviceScript}` });
    expect(servicesFrom(listsFrom(stdout))).toEqual({
      netconsole: { name: 'netconsole', state: 'stopped', status: 'disabled', source: 'sysv' },
      network: { name: 'network', state: 'running', status: 'enabled', source: 'sysv' },
    });
  });
});

describe('services, of recorded answers', () => {
  it('have the states that Ansible gives them', () => {
    const lists = new Map([
      ['units', units],
      ['files', files],
      [
        'states',
        'console-getty.service dbus-org.freedesktop.login1.service\nActiveState=inactive\n\nActiveState=active\n',
      ],
      ['service', ' [ - ]  dbus\n [ + ]  ssh\n'],
    ]);
    expect(servicesFrom(lists)).toEqual({
      dbus: { name: 'dbus', state: 'stopped', source: 'sysv' },
      ssh: { name: 'ssh', state: 'running', source: 'sysv' },
      'apparmor.service': systemd('apparmor.service', 'stopped', 'not-found'),
      'autovt@.service': systemd('autovt@.service', 'unknown', 'alias'),
      'console-getty.service': systemd('console-getty.service', 'inactive', 'disabled'),
      'cron.service': systemd('cron.service', 'running', 'enabled'),
      'dbus-org.freedesktop.login1.service': systemd(
        'dbus-org.freedesktop.login1.service',
        'active',
        'alias',
      ),
      'getty@.service': systemd('getty@.service', 'unknown', 'enabled'),
      'getty@tty1.service': systemd('getty@tty1.service', 'running', 'active'),
      'law.service': systemd('law.service', 'stopped', 'failed'),
      'networking.service': systemd('networking.service', 'stopped', 'enabled'),
      'rescue.service': systemd('rescue.service', 'stopped', 'static'),
    });
  });

  it('that are none leave the task skipped', () => {
    expect(serviceFacts.output?.({}, new Map(), taskContext())).toEqual({
      skipped: true,
      msg: 'no manager of services was found on the host, or none that tells this user',
    });
  });
});
