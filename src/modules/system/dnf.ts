import { quote } from '../../connection/quote.ts';
import { type Change, type Edit, type Effect, type Forecast, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { all, each, nothing } from '../ask.ts';
import { packageEffect } from '../asks/package.ts';
import { lastLines, notConverged } from '../general/steps.ts';
import type { HostWriter, Module } from '../module.ts';
import { type DnfArgs, dnfSchema, wordsOf } from './dnf-args.ts';
import { type RpmState, rpmOf, rpmUpgrades, type Upgrades } from './rpm.ts';

/** What `dnf` asks. `packages` in the order of the names. */
export interface DnfState {
  readonly packages: readonly RpmState[];
  readonly upgrades: Upgrades;
}

/** Commands for dnf. */
export interface DnfChange extends Change {
  readonly args: DnfArgs;
  readonly commands: readonly string[];
  /** What is registered of it besides. Reading the lists anew counts as no change, as with Ansible. */
  readonly result: Output;
}

/** Packages of Fedora and its kin. */
export const dnf: Module<DnfArgs, DnfState, DnfChange> = {
  name: 'dnf',
  aliases: ['dnf5', 'yum'],
  summary: 'Installs, upgrades and removes packages of Fedora and its kin (dnf).',
  notes: [
    'It needs no Python on the host. The work goes on when the connection is lost; the next run follows it to its end.',
    '`yum` and `dnf5` are names of the same module; dnf of the host does the work.',
    'With `state: latest`, what would be upgraded is read from the lists that dnf keeps; where there are none, or `update_cache` reads them anew, check says that it is unknown.',
    'Groups (@NAME) and modules are refused; use `command: dnf -y group install …` with changed_when.',
    'It was tried with recorded answers of rpm and dnf only: the lab has no host of that family.',
  ],
  args: dnfSchema,
  traits: ['durable'],
  returns: {
    results: 'What was done, in words.',
    rc: 'Always 0.',
    msg: 'Empty; `Cache updated` where only the lists were read.',
  },
  example: `- name: Install the time server
  dnf:
    name: chrony
`,
  probe: (args) => {
    const names = wordsOf(args.name);
    const single = names.filter((name) => name !== '*');
    return all({
      packages: each(single.map(rpmOf)),
      upgrades:
        args.state === 'latest'
          ? rpmUpgrades(names.includes('*') ? [] : single)
          : nothing<Upgrades>(new Map()),
    });
  },
  diff: plan,
  apply: applyDnf,
  output: () => ({ results: [], rc: 0, msg: '' }),
  foreseen: (wanted) => wanted.result,
};

function plan(args: DnfArgs, { packages, upgrades }: DnfState): DnfChange | null {
  const names = wordsOf(args.name);
  if (names.length === 0 && args.update_cache === true) return refresh(args);
  check(args, names);
  const single = names.filter((name) => name !== '*');
  const removes = args.state === 'absent' || args.state === 'removed';
  const missing = single.filter((_, index) => packages[index]?.length === 0);
  const command = commandOf(args);
  if (removes) {
    const there = single.filter((_, index) => (packages[index]?.length ?? 0) > 0);
    const found = packages.flat();
    if (there.length === 0 && (args.autoremove !== true || single.length > 0)) return null;
    return changeOf(args, {
      says: there.length === 0 ? ['remove what is no longer needed'] : [`remove ${there.join(', ')}`],
      edits: found.map(({ name, version }) => edit(name, version, null)),
      effects: found.flatMap(({ name }) => effects(name, null)),
      commands: [there.length === 0 ? command('autoremove', []) : command('remove', there)],
      forecast: there.length === 0 ? blind('what is no longer needed shows only then') : known,
    });
  }
  const installs = args.update_only === true && args.state === 'latest' ? [] : missing;
  const stale = args.update_cache === true || upgrades === 'unknown';
  const newer = upgrades === 'unknown' ? [] : [...upgrades].map(([name, version]) => ({ name, version }));
  const upgrading = args.state === 'latest' && (newer.length > 0 || stale);
  if (installs.length === 0 && !upgrading) return null;
  const wanted = names.includes('*') ? [] : single.filter((name) => !installs.includes(name));
  const before = new Map(packages.flat().map(({ name, version }) => [name, version]));
  return changeOf(args, {
    says: [
      ...(installs.length === 0 ? [] : [`install ${installs.join(', ')}`]),
      ...(newer.length === 0
        ? upgrading
          ? ['upgrade']
          : []
        : [`upgrade ${newer.map(({ name }) => name).join(', ')}`]),
    ],
    edits: [
      ...installs.map((name) => edit(name, null, 'newest')),
      ...newer.map(({ name, version }) => edit(name, before.get(name) ?? 'installed', version)),
    ],
    effects: [
      ...installs.flatMap((name) => [
        { key: `rpm:${name}`, state: [{ name, version: null }] },
        packageEffect(name, { kind: 'installed', version: null, hold: false }),
      ]),
      ...newer.flatMap(({ name, version }) => effects(name, version)),
      ...(args.update_cache === true ? [listsEffect] : []),
    ],
    commands: [
      ...(args.update_cache === true ? [command('makecache', [])] : []),
      ...(installs.length === 0 ? [] : [command('install', installs)]),
      ...(upgrading && (wanted.length > 0 || names.includes('*')) ? [command('upgrade', wanted)] : []),
    ],
    forecast:
      upgrading && stale ? blind('the newest versions are known only once the lists are read') : known,
  });
}

const listsEffect: Effect = { key: 'rpm-lists', state: new Unknown('they are read anew') };

function refresh(args: DnfArgs): DnfChange {
  return changeOf(args, {
    says: ['read the lists of the sources anew'],
    edits: [],
    effects: [listsEffect],
    commands: [commandOf(args)('makecache', [])],
    forecast: known,
    result: { changed: false, results: [], rc: 0, msg: 'Cache updated' },
  });
}

function commandOf(args: DnfArgs): (verb: string, words: readonly string[]) => string {
  const options = optionsOf(args);
  return (verb, words) => ['dnf -y -q', ...options, verb, ...words.map(quote)].join(' ');
}

function optionsOf(args: DnfArgs): readonly string[] {
  const best = args.best ?? (args.nobest === undefined ? undefined : !args.nobest);
  const repeated = (option: string, value: string | readonly string[] | undefined): readonly string[] =>
    wordsOf(value).map((word) => `${option}=${quote(word)}`);
  const flag = (value: boolean | undefined, option: string): readonly string[] =>
    value === true ? [option] : [];
  return [
    ...(args.conf_file === undefined ? [] : ['-c', quote(args.conf_file)]),
    ...(args.releasever === undefined ? [] : [`--releasever=${quote(args.releasever)}`]),
    ...repeated('--disablerepo', args.disablerepo),
    ...repeated('--enablerepo', args.enablerepo),
    ...repeated('--exclude', args.exclude),
    ...flag(args.disable_gpg_check, '--nogpgcheck'),
    ...flag(args.allowerasing, '--allowerasing'),
    ...flag(best === true, '--best'),
    ...flag(best === false, '--nobest'),
    ...flag(args.skip_broken, '--skip-broken'),
    ...flag(args.security, '--security'),
    ...flag(args.bugfix, '--bugfix'),
    ...flag(args.cacheonly, '-C'),
    ...(args.install_weak_deps === false ? ['--setopt=install_weak_deps=False'] : []),
    ...(args.sslverify === false ? ['--setopt=sslverify=False'] : []),
    ...(args.autoremove === true ? ['--setopt=clean_requirements_on_remove=True'] : []),
  ];
}

function blind(why: string): Forecast {
  return { kind: 'unknown', unknown: new Unknown(why) };
}

function edit(name: string, before: string | null, after: string | null): Edit {
  const line = (version: string | null): string | null => (version === null ? null : `${version}\n`);
  return { subject: `package ${name}`, before: line(before), after: line(after) };
}

function effects(name: string, version: string | null): readonly Effect[] {
  return version === null
    ? [{ key: `rpm:${name}`, state: [] }, packageEffect(name, { kind: 'absent', hold: false })]
    : [
        { key: `rpm:${name}`, state: [{ name, version }] },
        packageEffect(name, { kind: 'installed', version, hold: false }),
      ];
}

function changeOf(
  args: DnfArgs,
  what: Pick<DnfChange, 'edits' | 'effects' | 'commands' | 'forecast'> &
    Partial<Pick<DnfChange, 'result'>> & { readonly says: readonly string[] },
): DnfChange {
  const { says, ...rest } = what;
  const summary = says.join(', ');
  return { summary, args, result: { results: [summary], rc: 0, msg: '' }, ...rest };
}

function check(args: DnfArgs, names: readonly string[]): void {
  const odd = names.find((name) => name.startsWith('@') || name.includes('://'));
  if (odd !== undefined) {
    throw new Failure({
      code: 'HAPB6007',
      message: `"name" is not supported: ${odd} is ${odd.startsWith('@') ? 'a group' : 'an address'}`,
      hint: odd.startsWith('@')
        ? 'Use `command: dnf -y group install …` with changed_when.'
        : 'Fetch it with `get_url` first, then give its path.',
      argument: 'name',
    });
  }
  if (names.length > 0 && (!names.includes('*') || args.state === 'latest')) return;
  if (names.length === 0 && args.autoremove === true && (args.state === 'absent' || args.state === 'removed'))
    return;
  throw new Failure({
    code: 'HAPB6006',
    message: names.length === 0 ? 'neither packages nor update_cache are named' : '* is for state: latest',
    hint: 'Add `name:`, or `update_cache: true` to read the lists anew; with `state: latest`, * is all that is installed.',
    argument: 'state',
  });
}

async function applyDnf(wanted: DnfChange, host: HostWriter): Promise<Output> {
  const { args, commands } = wanted;
  const sh = [
    'LC_ALL=C; export LC_ALL',
    'command -v dnf >/dev/null || { echo "no dnf"; exit 127; }',
    ...commands.map((command) => `${command} || exit`),
  ].join('\n');
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const result = await host.durable({
      resource: 'dnf',
      sh,
      // One that was done meanwhile need not be done again: what is asked next shows it.
      unseen: 'counts',
      timeoutMs: 3_600_000,
      onLine: (line) => host.progress(line),
    });
    if (result.kind === 'running' || result.adopted) continue;
    if (result.exitCode !== 0) throw failed(wanted, result.output);
    await verify(args, host);
    return wanted.result;
  }
  throw new Failure({
    code: 'HAPB6083',
    message: `cannot ${wanted.summary}: other package commands keep running`,
    hint: 'Let one run at a time work on the host.',
  });
}

async function verify(args: DnfArgs, host: HostWriter): Promise<void> {
  if (args.skip_broken === true || args.update_only === true) return;
  const names = wordsOf(args.name).filter((name) => name !== '*');
  const found = await host.ask(each(names.map(rpmOf)));
  const removed = args.state === 'absent' || args.state === 'removed';
  const odd = names.findIndex((_, index) => (found[index]?.length === 0) !== removed);
  if (odd !== -1) throw notConverged(`package ${names[odd] ?? ''}`, removed ? 'it' : 'no such package');
}

const causes: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  { pattern: /no dnf/, hint: 'The host has rpm and no dnf; use `command` with its own tool.' },
  {
    pattern: /No match for argument|Unable to find a match/,
    hint: 'Correct the name, or enable its source with `enablerepo`.',
  },
  { pattern: /needs? to be (run|executed) (as|with) .*root|superuser/i, hint: 'Add `become: true`.' },
  {
    pattern: /GPG check FAILED|Public key .* is not (installed|trusted)/i,
    hint: 'Import the key first: `rpm --import`.',
  },
  {
    pattern: /Could not resolve|Cannot download|Curl error|Failed to download metadata/i,
    hint: 'Check the network and the proxies of the host.',
  },
  { pattern: /No space left/i, hint: 'Free space on the host.' },
  { pattern: /allowerasing/, hint: 'Read what is in the way below; `allowerasing: true` removes it.' },
];

function failed(wanted: DnfChange, output: string): Failure {
  return new Failure({
    code: 'HAPB6371',
    message: `cannot ${wanted.summary}: dnf failed`,
    hint: causes.find(({ pattern }) => pattern.test(output))?.hint ?? 'Read what dnf says below.',
    details: lastLines(output, 20),
  });
}
