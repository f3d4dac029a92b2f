import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, andThen, each, map, nothing } from '../ask.ts';
import { type PackageState, packageOf } from '../asks/package.ts';
import { packageLists } from '../asks/package-lists.ts';
import type { HostWriter, Module } from '../module.ts';
import { aptOutput } from './apt.ts';
import { type AptArgs, aptSchema, upgradeOf } from './apt-args.ts';
import { type AptChange, type AptState, packageArgs, planApt } from './apt-plan.ts';
import { debFile, keptArchives, simulation } from './apt-simulation.ts';
import { settled } from './package-apply.ts';
import { offersOf, packagesFound } from './package-ask.ts';
import { wishesOf } from './package-plan.ts';
import { linesOf } from './run-command.ts';

/** Packages of Debian and its kin, with all that Ansible's module knows. */
export const apt: Module<AptArgs, AptState, AptChange> = {
  name: 'apt',
  summary: 'Installs, upgrades and removes packages of Debian and its kin, with all of apt’s ways.',
  notes: [
    'It needs no Python and no aptitude. It waits for other package managers, asks no questions, and goes on when the connection is lost.',
    'With `name`, lists are read anew only when something has to be installed, or, with `state: latest`, when they are older than `cache_valid_time`; so a second run changes nothing. `update_cache: true` alone, with no `cache_valid_time`, reads them every time.',
    'Upgrades and removals are foreseen by simulating them. Where the lists would be read anew before, check says that they are unknown.',
    'Patterns in names are refused, because what they pick differs from host to host.',
  ],
  args: aptSchema,
  traits: ['durable'],
  returns: {
    cache_updated: 'Whether the lists were read anew.',
    cache_update_time: 'When they were read last, in seconds since 1970; 0: not known.',
    stdout: 'What apt printed.',
    stdout_lines: 'The same, line by line.',
    stderr_lines: 'Always empty.',
    stderr: 'Always empty: apt’s errors stand in stdout, or the task fails.',
  },
  example: `- name: Install the time server
  apt:
    name: chrony
    update_cache: true
    cache_valid_time: 3600
`,
  probe: askApt,
  diff: planApt,
  apply: applyApt,
  output: (_args, state) => ({
    cache_updated: false,
    cache_update_time: state.lists.kind === 'as-is' ? (state.lists.readAt ?? 0) : 0,
  }),
  foreseen: (wanted) => ({
    cache_updated: wanted.refresh === 'refresh',
    stderr: '',
    cache_update_time:
      wanted.refresh === 'refresh' ? new Unknown('the lists are read anew only by a run') : wanted.readAt,
  }),
};

function askApt(args: AptArgs): Ask<AptState> {
  const named = packageArgs(args, false);
  const wishes = named === null ? [] : wishesOf(named);
  const release = args.default_release ?? '';
  const how = upgradeOf(args);
  const prefer = release === '' ? [] : ['-t', release];
  const none = nothing(null);
  const absent: PackageState = { kind: 'absent', hold: false };
  const asked = all({
    found: packagesFound(wishes, offersOf(args.state), release),
    lists: packageLists(args.cache_valid_time ?? 0),
    upgrade:
      how === null ? none : simulation([...prefer, ...(how === 'upgrade' ? ['--with-new-pkgs'] : []), how]),
    fixed: args.state === 'fixed' ? simulation(['--fix-broken', 'install']) : none,
    leftovers:
      args.autoremove === true
        ? simulation([...(args.purge === true ? ['--purge'] : []), 'autoremove'])
        : none,
    autoclean: args.autoclean === true ? simulation(['autoclean']) : none,
    archives: args.clean === true ? keptArchives() : none,
    deb:
      args.deb === undefined
        ? none
        : andThen(debFile(args.deb), (file) =>
            map(file === null ? nothing(absent) : packageOf(file.name), (now) => ({ file, now })),
          ),
  });
  return map(asked, ({ found, ...rest }) => ({ ...found, ...rest }));
}

/** Keeps services from starting; what was there is put back however it ends. */
const policyScript = (code: number): string => `
policy=/usr/sbin/policy-rc.d
trap 'rm -f "$policy"; [ ! -e "$policy.hapb" ] || mv -f "$policy.hapb" "$policy"' EXIT
[ ! -e "$policy" ] || [ -e "$policy.hapb" ] || mv -f "$policy" "$policy.hapb" || exit
printf '#!/bin/sh\\nexit ${code}\\n' >"$policy" && chmod 755 "$policy" || exit
`;

async function applyApt(wanted: AptChange, host: HostWriter): Promise<Output> {
  const { args, commands, named } = wanted;
  const options = (args.dpkg_options ?? 'force-confdef,force-confold')
    .split(',')
    .map((option) => `-o Dpkg::Options::=--${option}`);
  const before = named === null ? [] : await host.ask(each(named.steps.map((step) => packageOf(step.name))));
  const sh = [
    `lock=${args.lock_timeout ?? 60} dpkg_options='${options.join(' ')}'`,
    ...(args.policy_rc_d === undefined ? [] : [policyScript(args.policy_rc_d)]),
    ...commands.map((command) => `${command} || exit`),
  ].join('\n');
  const command = { sh, args: [], timeoutMs: 3_600_000, what: `cannot ${wanted.summary}` };
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const stdout = await aptOutput(command, host);
    // Another run's command was followed; ours is still to do, and harmless where that one did it.
    if (stdout === null) continue;
    const lists = await host.ask(packageLists(0));
    const same =
      named === null
        ? changedNothing(wanted, stdout)
        : (await settled(named, { host, before })).changed === false;
    return {
      ...(same && wanted.forecast.kind === 'unknown' ? { changed: false } : {}),
      cache_updated: wanted.refresh === 'refresh',
      cache_update_time: lists.kind === 'as-is' ? (lists.readAt ?? 0) : 0,
      stdout,
      stdout_lines: linesOf(stdout),
      stderr: '',
      stderr_lines: [],
    };
  }
  throw new Failure({
    code: 'HAPB6083',
    message: `cannot ${wanted.summary}: other package commands keep running`,
    hint: 'Let one run at a time work on the host.',
  });
}

/** An upgrade that could not be foreseen turned out to have nothing to do. */
function changedNothing(wanted: AptChange, stdout: string): boolean {
  return upgradeOf(wanted.args) !== null && /^0 upgraded, 0 newly installed, 0 to remove/m.test(stdout);
}
