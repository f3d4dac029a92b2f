import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { each } from '../ask.ts';
import { type PackageState, packageOf } from '../asks/package.ts';
import type { HostWriter } from '../module.ts';
import { runApt } from './apt.ts';
import { matches, type PackageChange, type PackageStep, wishesOf } from './package-plan.ts';
import { notConverged } from './steps.ts';

const script = `
refresh=$1 options=$2 removal=$3 hold=$4 unhold=$5; shift 5
if [ "$refresh" = refresh ]; then update || exit; fi
if [ -n "$unhold" ]; then apt-mark unhold $unhold || exit; fi
if [ "$removal" != keep ]; then apt --allow-change-held-packages "$removal" "$@" || exit
elif [ $# -gt 0 ]; then apt $options --allow-change-held-packages install "$@" || exit; fi
if [ -n "$hold" ]; then apt-mark hold $hold || exit; fi
`;

/** Does what was planned, and looks whether it came about. @throws Failure */
export async function applyPackages(wanted: PackageChange, host: HostWriter): Promise<Output> {
  const { args } = wanted;
  const names = (test: (step: PackageStep) => boolean): string =>
    wanted.steps
      .filter(test)
      .map((step) => step.name)
      .join(' ');
  const acting = wanted.steps.filter(
    (step) => step.action === (args.state === 'absent' ? 'remove' : 'install'),
  );
  // With `latest` every package is named, because new lists may offer a newer version of any.
  const words = (args.state === 'latest' ? wanted.steps : acting).map((step) => step.word);
  const options = [
    ...(args.install_recommends === undefined
      ? []
      : [args.install_recommends ? '--install-recommends' : '--no-install-recommends']),
    ...(args.allow_downgrade === true ? ['--allow-downgrades'] : []),
  ].join(' ');
  const removal = args.state === 'absent' ? (args.purge === true ? 'purge' : 'remove') : 'keep';
  const before = await states(wanted, host);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const outcome = await runApt(
      {
        sh: script,
        args: [
          wanted.refresh,
          options,
          removal,
          names((step) => step.hold === true),
          names((step) => step.hold === false),
          ...words,
        ],
        timeoutMs: (args.timeout ?? 1800) * 1000,
        what: `cannot ${wanted.summary}`,
      },
      host,
    );
    // Another run's command was followed, which may have been the same.
    if (outcome === 'done' || (await isDone(wanted, host))) return settled(wanted, { host, before });
  }
  throw new Failure({
    code: 'HAPB6083',
    message: `cannot ${wanted.summary}: other package commands keep running`,
    hint: 'Let one run at a time work on the host.',
  });
}

/** Whether nothing is left to do; with `latest` only apt knows. */
async function isDone(wanted: PackageChange, host: HostWriter): Promise<boolean> {
  if (wanted.args.state === 'latest') return false;
  const found = await states(wanted, host);
  return wanted.steps.every(({ hold }, index) => {
    const now = found[index] ?? nothing;
    return isRight(wanted, index, now) && (hold === null || hold === now.hold);
  });
}

async function states(wanted: PackageChange, host: HostWriter): Promise<readonly PackageState[]> {
  return host.ask(each(wanted.steps.map((step) => packageOf(step.name))));
}

/** Looks whether it came about; `changed: false` where all is as before. @throws Failure HAPB6004 */
export async function settled(
  wanted: PackageChange,
  at: { readonly host: HostWriter; readonly before: readonly PackageState[] },
): Promise<Output> {
  const found = await states(wanted, at.host);
  const packages: Record<string, string | null> = {};
  wanted.steps.forEach((step, index) => {
    const now = found[index] ?? nothing;
    const version = versionOf(now);
    if (!isRight(wanted, index, now)) throw notConverged(`package ${step.name}`, version ?? now.kind);
    packages[step.name] = version;
  });
  const same = JSON.stringify(found) === JSON.stringify(at.before);
  return { packages, ...(same ? { changed: false } : {}) };
}

const nothing: PackageState = { kind: 'absent', hold: false };

function versionOf(state: PackageState): string | null {
  return state.kind === 'installed' ? state.version : null;
}

function isRight({ args }: PackageChange, index: number, state: PackageState): boolean {
  if (args.state === 'absent') return state.kind !== 'installed';
  const version = versionOf(state);
  const wish = wishesOf(args)[index]?.version ?? null;
  return version !== null && (wish === null || matches(version, wish));
}
