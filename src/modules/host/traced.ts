import { Unknown } from '../../core/unknown.ts';
import type { Query } from '../ask.ts';
import { causedBy } from './cause.ts';
import type { Overlay } from './overlay.ts';
import type { PackagePlans } from './package-plans.ts';
import {
  fileDoubt,
  ownersScript,
  type PackageTraces,
  packageAlong,
  packagedPaths,
  readOwners,
  readTraces,
  tracesScript,
  tracesWords,
} from './package-traces.ts';
import { isAbsent } from './real-paths.ts';

/** Asks the host. What is asked for the `run` is not cut off with the task that asks first. */
export type ReadBesides = (script: string, args: readonly string[], whom?: 'task' | 'run') => Promise<string>;

interface Answered {
  readonly query: Query;
  readonly found: unknown;
  readonly overlay: Overlay;
}

/**
 * What is to be said in place of the host's answer to a question, once packages are as tasks before would have them, which are asked
 * for only now: what comes or goes along with them, and whose the files are. `null`: the host's answer holds.
 */
export async function tracedByPackages(
  { query, found, overlay }: Answered,
  read: ReadBesides,
): Promise<{ readonly answer: unknown } | null> {
  const plans = overlay.packagePlans();
  if (plans === null) return null;
  const [, kind, name = ''] = /^(package|rpm):(.*)$/.exec(query.key) ?? [];
  const isMissing = isAbsent(found) || (Array.isArray(found) && found.length === 0);
  const paths = kind !== undefined || isMissing ? [] : packagedPaths(query, (path) => overlay.realOf(path));
  if (kind === undefined && paths.length === 0) return null;
  const [traces, owned] = await Promise.all([
    plans.order === 'turned' ? ({ kind: 'open' } as const) : tracesOf(overlay, plans, read),
    paths.length === 0 ? '' : read(ownersScript, paths),
  ]);
  const known = { traces, plans };
  const asked = query.key.startsWith('file:') ? 'by-name' : 'listed';
  const answer =
    kind === undefined
      ? fileDoubt(readOwners(paths, owned), asked, known)
      : packageAlong(name, isMissing ? 'absent' : 'there', known);
  if (answer === null) return null;
  return { answer: kind === 'rpm' && !(answer instanceof Unknown) ? null : answer };
}

/**
 * Why what a task foresaw of a package need not hold any more: one that comes or goes later may take it along. `null`: it holds, or the
 * question is about something else.
 */
export async function untracedPackage(
  query: Query,
  overlay: Overlay,
  read: ReadBesides,
): Promise<Unknown | null> {
  if (!query.key.startsWith('package:')) return null;
  const plans = overlay.packagePlans();
  const since = overlay.packagesSince(query.key);
  if (plans === null || since === null) return null;
  const traces = plans.order === 'turned' ? null : await tracesOf(overlay, plans, read);
  return traces?.kind === 'told'
    ? null
    : causedBy(since, `${since.words} may change ${query.key.replace(':', ' ')} along with others`);
}

/** Asked for once for what is foreseen. */
const kept = new WeakMap<Overlay, { readonly words: string; readonly traces: Promise<PackageTraces> }>();

function tracesOf(
  overlay: Overlay,
  { wishes, any }: PackagePlans,
  read: ReadBesides,
): Promise<PackageTraces> {
  if (any !== null || wishes.some(({ wanted }) => wanted === 'perhaps'))
    return Promise.resolve({ kind: 'open' });
  const words = tracesWords(wishes);
  const known = kept.get(overlay);
  if (known?.words === words.join(' ')) return known.traces;
  const traces = read(tracesScript, words, 'run').then((said) => readTraces(said, wishes));
  kept.set(overlay, { words: words.join(' '), traces });
  traces.catch(() => {
    if (kept.get(overlay)?.traces === traces) kept.delete(overlay);
  });
  return traces;
}
