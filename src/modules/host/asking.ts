import { unlessAborted } from '../../connection/attempt.ts';
import { ConnectionError, type ShellRequest } from '../../connection/connection.ts';
import type { Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Ask, Query, Target } from '../ask.ts';
import { type Identity, identity } from '../asks/account.ts';
import type { Person } from '../module.ts';
import { accountsByHand } from './accounts-by-hand.ts';
import type { Behind } from './behind.ts';
import { type Cause, causedBy } from './cause.ts';
import { controller, type Destination, type Way } from './destination.ts';
import type { HostRequest } from './gathering.ts';
import type { Overlay } from './overlay.ts';
import type { HostPool } from './pool.ts';
import { keyOf, type Reader } from './read-ahead.ts';
import { isAbsent, readRealPaths, realPathsScript } from './real-paths.ts';
import { type ReadBesides, tracedByPackages, untracedPackage } from './traced.ts';

/** Where and as whom a task works. */
export interface Site extends Destination {
  readonly pool: HostPool;
  readonly signal: AbortSignal;
  /** The inventory host that the task is for, where it may work on another one; absent: the host itself. */
  readonly owner?: string;
  /** `environment:` of the task, for scripts that change something. */
  readonly environment: ReadonlyMap<string, Text>;
  /** Absent: every question is asked now. */
  readonly reader?: Reader;
  /** Told of the first change of a loop's item; absent: nothing is asked behind it. */
  readonly behind?: Behind;
  /** See HostWriter. */
  readonly person?: Person;
}

/** Reading has no business taking longer; a dead mount would hang it for ever. */
const askTimeoutMs = 120_000;

/** The inventory name that a target means for this task. */
export function hostOf(site: Site, target: Target): string {
  switch (target.kind) {
    case 'host':
      return site.host;
    case 'other':
      return target.host;
    case 'controller':
      return controller;
  }
}

/** The controller is where hapb runs, whatever the inventory or the command line say of `localhost`. */
const thisMachine: Way = {
  key: 'controller',
  variables: {
    lookup: (name) => (name === 'ansible_connection' ? 'local' : undefined),
    names: () => ['ansible_connection'],
  },
};

/** Where a target's requests go. The task's way leads to its own host alone; the controller is never read as another user. */
export function destinationOf(site: Site, target: Target): Destination {
  const host = hostOf(site, target);
  const { folder } = site;
  const at = folder === undefined ? {} : { folder };
  if (target.kind === 'controller') return { host, user: { kind: 'login' }, way: thisMachine, ...at };
  return { host, user: site.user, way: host === site.host ? site.way : null, ...at };
}

/** The request with the task's environment set first. Values travel as shell text, so none shows in a process's argv. */
export function withEnvironment(site: Site, request: ShellRequest): ShellRequest {
  const names = [...site.environment.keys()];
  if (names.length === 0) return request;
  const exports = names.map((name, index) => `export ${name}="\${${index + 1}}"`).join('\n');
  return {
    ...request,
    script: `${exports}\nshift ${names.length}\n${request.script}`,
    args: [...site.environment.values(), ...(request.args ?? [])],
  };
}

/** Answers an ask from the hosts, all questions in one flight each. @throws ConnectionError, Failure */
export async function ask<T>(site: Site, asked: Ask<T>): Promise<T> {
  const { queries } = asked;
  const once = new Map<string, Promise<unknown>>();
  const answers = await Promise.all(
    queries.map((query) => {
      const same = queries.length === 1 ? null : sameness(site, query);
      const found = (same === null ? undefined : once.get(same)) ?? answer(site, query);
      if (same !== null) once.set(same, found);
      return found;
    }),
  );
  return asked.next === undefined ? asked.decode(answers) : ask(site, asked.next(answers));
}

/**
 * Answers an ask from what the check has foreseen first, then from the hosts; an unknown among them is the answer. `missing`
 * gets what is not there but may come with a package that would be installed before, with the reason.
 */
export async function askForeseen<T>(
  site: Site,
  asked: Ask<T>,
  missing: Map<string, Unknown> = new Map(),
): Promise<T | Unknown> {
  // What is found out for all tasks goes on when this one has waited long enough.
  const inTime = <A>(waited: Promise<A>): Promise<A> =>
    unlessAborted(waited, site.signal, () => new DOMException('the task was cut off', 'AbortError'));
  const answers = await Promise.all(
    asked.queries.map(async (query) => {
      const overlay = site.pool.overlay(hostOf(site, query.target));
      const { user } = destinationOf(site, query.target);
      const gone = overlay.removerOf(user);
      if (gone !== null) return causedBy(gone, `nothing can be asked as a user whom ${gone.words} removes`);
      const closer = await closerOf(site, query, overlay);
      if (closer !== null)
        return causedBy(closer, `${closer.words} may close ${query.key.slice(5)} to this user`);
      const read = readerOf(site, query);
      const foreseen = overlay.answer(query);
      switch (foreseen.kind) {
        case 'state':
          return (await inTime(untracedPackage(query, overlay, read))) ?? foreseen.state;
        case 'unknown':
          return foreseen.unknown;
        case 'untouched': {
          const [found] = await Promise.all([
            answer(site, query).catch((thrown: unknown) => unlessToCome(site, query, thrown)),
            resolvePaths(site, query, overlay).catch((thrown: unknown) => unlessToCome(site, query, thrown)),
          ]);
          if (found instanceof Unknown) return found;
          const elsewhere = overlay.changedElsewhere(query);
          if (elsewhere !== null) return elsewhere;
          const traced = await inTime(tracedByPackages({ query, found, overlay }, read));
          if (traced !== null) return traced.answer;
          const maker = isAbsent(found) ? overlay.makerBelow(query.key) : null;
          if (maker !== null)
            return causedBy(maker, `${query.key} is not there, but ${maker.words} would write below it`);
          const bringer = isAbsent(found) ? overlay.bringerOf(query.key) : null;
          if (bringer !== null)
            missing.set(
              query.key,
              causedBy(bringer, `${query.key} is not there, but may come with ${bringer.words}`),
            );
          return found;
        }
      }
    }),
  );
  const unknown = answers.find(
    (item, index) => item instanceof Unknown && asked.queries[index]?.unknown !== 'pass',
  );
  if (unknown instanceof Unknown) return unknown;
  return asked.next === undefined ? asked.decode(answers) : askForeseen(site, asked.next(answers), missing);
}

/** The task that would close what a question is about to the user as whom it is asked; `null`: none. */
async function closerOf(site: Site, { target, key }: Query, overlay: Overlay): Promise<Cause | null> {
  const to = destinationOf(site, target);
  if (to.user.kind === 'become') return overlay.closerOf(key, to.user.user);
  // Who has logged in need not be who the inventory says.
  if (overlay.closerOf(key, '') === null) return null;
  const [who] = identity().queries;
  const login = who === undefined ? null : ((await answer(site, { ...who, target })) as Identity);
  return login === null || login.uid === 0 ? null : overlay.closerOf(key, login.user);
}

/**
 * Nobody can be asked as a user who is only to come, and what may not be looked at now may be open by then. @throws what was
 * thrown where it is not for that
 */
function unlessToCome(site: Site, { target, key }: Query, thrown: unknown): Unknown {
  const { host, user } = destinationOf(site, target);
  const opener = isDenied(thrown) ? site.pool.overlay(host).openerOf(key) : null;
  if (opener !== null) return causedBy(opener, `${opener.words} may open ${key.slice(5)} to this user`);
  if (user.kind === 'login' || !(thrown instanceof ConnectionError) || thrown.kind !== 'become') throw thrown;
  const overlay = site.pool.overlay(host);
  const maker = overlay.makerOf(user.user) ?? overlay.bringerOf(`user:${user.user}`);
  if (maker === null) throw thrown;
  return causedBy(maker, `nothing can be asked as ${user.user} before ${maker.words}`);
}

function isDenied(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.problem.code === 'HAPB6001';
}

/** Asks besides what a check has to know, where the question itself is asked. */
function readerOf(site: Site, { target }: Query): ReadBesides {
  return async (script, args, whom = 'task') => {
    const signal = whom === 'run' ? site.pool.signal : site.signal;
    const request = { script, args, timeoutMs: askTimeoutMs, signal };
    return (await site.pool.read(destinationOf(site, target), request)).stdout;
  };
}

/** Finds out where the paths lead that a question is about, once something is foreseen of any path. */
async function resolvePaths(site: Site, query: Query, overlay: Overlay): Promise<void> {
  const paths = overlay.unresolved(query);
  if (paths.length === 0) return;
  const stdout = await readerOf(site, query)(realPathsScript, paths);
  overlay.resolve(readRealPaths(paths, stdout));
}

/** Remembers what a task would do, on the hosts it would do it to. */
export function foresee(site: Pick<Site, 'pool' | 'host'>, effects: readonly Effect[], cause: Cause): void {
  const all = [...effects, ...accountsByHand(effects, cause)];
  for (const effect of all) site.pool.overlay(effect.host ?? site.host).learn(effect, cause, all);
}

/** Equal for questions of one flight that have one answer; `null`: it holds a secret. */
function sameness(site: Site, { target, key, sh, args }: Query): string | null {
  const to = destinationOf(site, target);
  const same = keyOf(to, { script: sh, args });
  return same === null ? null : `${to.host} ${key} ${same}`;
}

function answer(site: Site, query: Query): Promise<unknown> {
  if (query.sh === '') return Promise.resolve(null);
  const to = destinationOf(site, query.target);
  const own = query.environment === 'task' && site.environment.size > 0;
  if (query.holds === undefined || own) return askNow(site, to, query);
  return site.pool.kept(to, query.key, () => askNow(site, to, query));
}

async function askNow(site: Site, to: Destination, query: Query): Promise<unknown> {
  const request: HostRequest = {
    script: query.sh,
    args: query.args,
    maxOutputBytes: query.maxOutputBytes,
    timeoutMs: askTimeoutMs,
    signal: site.signal,
    several: (query.environment === 'task' ? null : query.several) ?? null,
  };
  const whole = query.environment === 'task' ? withEnvironment(site, request) : request;
  const reading = site.reader?.read(to, whole) ?? site.pool.read(to, whole);
  // This host is well when another one, of which something is to be known, cannot be reached.
  const reply = to.host === site.host ? await reading : await reading.catch(asFailure);
  return query.parse(reply);
}

function asFailure(thrown: unknown): never {
  if (!(thrown instanceof ConnectionError)) throw thrown;
  const { code, message, hint, span, details } = thrown.diagnostic;
  throw new Failure({ code, message, hint, ...(details === undefined ? {} : { details }) }, span);
}
