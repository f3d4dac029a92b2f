import type { ShellUser } from '../../connection/connection.ts';
import type { Effect } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Query } from '../ask.ts';
import { isSameAccount, type Permissions } from '../asks/file-state.ts';
import { allOf, type Cause, causedBy, placed } from './cause.ts';
import { mayComeWithPackage, mayComeWithUnit, mirrored } from './mirrors.ts';
import { type PackagePlans, wishOf } from './package-plans.ts';
import {
  aliased,
  changedElsewhere,
  isAbsent,
  isLink,
  type Lead,
  leadOf,
  pathIn,
  pathsOf,
  type RealPath,
} from './real-paths.ts';

/** What an overlay knows of a question. */
export type Foreseen =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** Packages that change at once, by their keys. `of`: all that happens with them. */
interface LastPackages {
  readonly of: readonly Effect[];
  readonly cause: Cause;
  readonly keys: ReadonlySet<string>;
}

/** What a check has foreseen on one host so far, by the keys of the ask vocabulary. In a real run only of tasks that are just checked. */
export class Overlay {
  /** In the order of learning, so that what came last wins. A key with a trailing star stands for its family. */
  readonly #learned = new Map<string, { readonly state: unknown; readonly cause: Cause }>();
  #families = 0;
  readonly #real = new Map<string, RealPath>();
  /** Paths that tasks would change, and those of them of which it is not known yet where they lead. */
  readonly #changed = new Set<string>();
  readonly #unresolved = new Set<string>();
  /** Where paths lead, or may lead, by links that tasks would make. */
  #links: readonly Lead[] = [];
  #packageOrder: PackagePlans['order'] = 'straight';
  /** The packages that the last task that changes any would change at once. */
  #lastPackages: LastPackages | null = null;
  /** Keys of two names of one file, as tasks would make them. */
  readonly #twins: (readonly [string, string])[] = [];
  /** Whether any path is known to lead elsewhere than it says, now or after a task. */
  #leads: 'as-they-say' | 'elsewhere' = 'as-they-say';

  /** Learns what a task would do. `cause`: the task, for reasons. `of`: all that it would do at once. */
  learn(effect: Effect, cause: Cause, of: readonly Effect[] = [effect]): void {
    const { key } = effect;
    const state = placed(effect.state, cause);
    if (key.endsWith('*')) {
      for (const known of [...this.#learned.keys()]) if (matches(key, known)) this.#learned.delete(known);
      this.#families += 1;
    }
    this.#learnLead({ key, state, cause });
    if (key.startsWith('leads:')) return;
    if (key.startsWith('twin:'))
      return void this.#twins.push([`file:${key.slice(5)}`, `file:${String(state)}`]);
    this.#changeTwins(key, state, cause);
    this.#changeAliases(key, state, cause);
    if (key.startsWith('package:')) {
      this.#forgetPackaged(state, cause);
      const before = this.#lastPackages?.of === of ? this.#lastPackages.keys : [];
      this.#lastPackages = { of, cause, keys: new Set([...before, key]) };
      const known = this.#learned.get(key);
      if (known !== undefined && isAbsent(known.state) !== isAbsent(state)) this.#packageOrder = 'turned';
    }
    this.#learned.delete(key);
    this.#learned.set(key, { state, cause });
    const path = pathIn(key)?.path;
    if (path === undefined) return;
    this.#changed.add(path);
    if (!this.#real.has(path)) this.#unresolved.add(path);
  }

  /** What is foreseen of a file by one name is no longer sure once it is changed by another one. */
  #changeAliases(key: string, state: unknown, cause: Cause): void {
    if (this.#leads === 'as-they-say' || !key.startsWith('file:')) return;
    const learned = [...this.#learned].map(([other, known]) => ({ key: other, ...known }));
    for (const other of aliased({ key, state }, { learned, real: this.#real, links: this.#links }))
      this.#learned.set(other, {
        state: causedBy(cause, `${cause.words} would change it as ${key.slice(5)}`),
        cause,
      });
  }

  /** By whichever of its names a file is changed, what the others are is no longer sure. */
  #changeTwins(key: string, state: unknown, cause: Cause): void {
    for (const pair of isAbsent(state) ? [] : this.#twins) {
      const other = pair[0] === key ? pair[1] : pair[1] === key ? pair[0] : null;
      const why = causedBy(cause, `${cause.words} would change it as ${key.slice('file:'.length)}`);
      if (other !== null) this.#learned.set(other, { state: why, cause });
    }
  }

  /** What tasks before foresaw of files that a package may bring, change or take is no longer sure. */
  #forgetPackaged(packaged: unknown, cause: Cause): void {
    for (const [key, { state }] of this.#learned) {
      if (!key.startsWith('file:') || !mayComeWithPackage(key)) continue;
      const mayBeOther = isAbsent(packaged) ? !isAbsent(state) : isAbsent(state) || isProgramFile(key);
      if (mayBeOther || packaged instanceof Unknown)
        this.#learned.set(key, {
          state: causedBy(cause, `${cause.words} may change ${key.slice(5)}`),
          cause,
        });
    }
  }

  /** What tasks would do to packages; `null`: nothing. */
  packagePlans(): PackagePlans | null {
    if (this.#lastPackages === null) return null;
    const found = [...this.#learned].filter(([key]) => key.startsWith('package:'));
    return {
      wishes: found.filter(([key]) => !key.endsWith('*')).map(([key, { state }]) => wishOf(key, state)),
      cause: allOf(found.map(([, { cause }]) => cause)) ?? this.#lastPackages.cause,
      lists: this.#learned.has('package-lists') ? 'read-anew' : 'as-they-are',
      order: this.#packageOrder,
      any: found.find(([key]) => key.endsWith('*'))?.[1].cause ?? null,
    };
  }

  /** What only may lie in the place of a link leaves it open whether it still leads there. */
  #learnLead(effect: Effect & { readonly cause: Cause }): void {
    if (!(effect.state instanceof Unknown) && !effect.key.startsWith('leads:'))
      this.#links = this.#links.filter(({ at }) => !matches(effect.key, `file:${at}`));
    const lead = leadOf(effect);
    if (lead === null) return;
    this.#links = [...this.#links, lead];
    this.#leads = 'elsewhere';
  }

  /** The answer to a question as far as foreseen effects decide it. */
  answer(query: Query): Foreseen {
    const learned = this.#learned.get(query.key) ?? this.#familyOf(query.key);
    if (learned !== undefined) {
      const { state, cause } = learned;
      if (state instanceof Unknown) return { kind: 'unknown', unknown: state };
      if (query.covers?.(state) === false)
        return {
          kind: 'unknown',
          unknown: causedBy(cause, `${cause.words} would change ${query.key} in part`),
        };
      return { kind: 'state', state };
    }
    const reads = this.#learned.size === 0 ? [] : [...query.reads, ...mirrored(query)];
    for (const [key, { cause }] of this.#learned) {
      if (reads.some((pattern) => matches(pattern, key) || (key.endsWith('*') && matches(key, pattern)))) {
        const reason = `${query.key} depends on ${key}, which ${cause.words} would change`;
        return { kind: 'unknown', unknown: causedBy(cause, reason) };
      }
    }
    return { kind: 'untouched' };
  }

  /** Paths of which it has to be known where they lead before the host's answer to a question counts. */
  unresolved(query: Query): readonly string[] {
    const asked = pathsOf(query);
    if (asked.length === 0 || (this.#changed.size === 0 && this.#lastPackages === null)) return [];
    const open = asked.map(({ path }) => path).filter((path) => !this.#real.has(path));
    return [...new Set([...open, ...this.#unresolved])];
  }

  /** Learns where paths of the host lead. */
  resolve(paths: readonly (readonly [string, RealPath])[]): void {
    for (const [path, real] of paths) {
      this.#real.set(path, real);
      this.#unresolved.delete(path);
      if (real.own !== path || real.target !== path || real.inode !== undefined) this.#leads = 'elsewhere';
    }
  }

  /** Where a path is known to lead; `undefined`: not asked for. */
  realOf(path: string): RealPath | undefined {
    return this.#real.get(path);
  }

  /** Why the host's answer to a question that is untouched does not count all the same; `null`: it does. */
  changedElsewhere(query: Query): Unknown | null {
    if (this.#leads === 'as-they-say') return null;
    const learned = [...this.#learned].map(([key, { state, cause }]) => ({ key, state, cause }));
    return changedElsewhere(query, { learned, real: this.#real, links: this.#links });
  }

  /** The task that would install a package, or start a unit, which may bring what a question did not find; `null`: none. */
  bringerOf(key: string): Cause | null {
    const families = [
      ...(mayComeWithPackage(key) ? ['package:'] : []),
      ...(mayComeWithUnit(key) ? ['unit:'] : []),
    ];
    for (const [known, { state, cause }] of families.length === 0 ? [] : this.#learned)
      if (families.some((family) => known.startsWith(family)) && !isAbsent(state)) return cause;
    return null;
  }

  /** The task that would write something below a path, which makes it a folder; `null`: none. */
  makerBelow(key: string): Cause | null {
    for (const [known, { state, cause }] of key.startsWith('file:') ? this.#learned : [])
      if (known.startsWith(`${key}/`) && !known.endsWith('*') && !isAbsent(state)) return cause;
    return null;
  }

  /** A later task than that by which a package was foreseen last, which would change others; `null`: none. */
  packagesSince(key: string): Cause | null {
    return this.#lastPackages === null || this.#lastPackages.keys.has(key) ? null : this.#lastPackages.cause;
  }

  /** The task that would make, change or remove an account; `null`: none. */
  makerOf(user: string): Cause | null {
    const key = `user:${user}`;
    return (this.#learned.get(key) ?? this.#familyOf(key))?.cause ?? null;
  }

  /** The task that would change what is at a path, below it, or what leads to it; `null`: none. */
  changerOf(path: string): Cause | null {
    const key = `file:${path}`;
    for (const [known, { state, cause }] of this.#learned) {
      const above =
        key.startsWith(`${known}/`) && (isAbsent(state) || isLink(state) || state instanceof Unknown);
      if (
        known === key ||
        above ||
        known.startsWith(`${key}/`) ||
        (known.endsWith('*') && matches(known, key))
      )
        return cause;
    }
    return null;
  }

  /** The task that would remove the user as whom something is asked; `null`: none. */
  removerOf(user: ShellUser): Cause | null {
    const known = user.kind === 'become' ? this.#learned.get(`user:${user.user}`) : undefined;
    return known !== undefined && isAbsent(known.state) ? known.cause : null;
  }

  /** The task that would leave a folder above a path so that a user may not go through it, unless by a group; `null`: none. */
  closerOf(key: string, user: string): Cause | null {
    const closed = this.#permittedOn(key).find(({ key: at, state }) => at !== key && isClosedTo(state, user));
    return closed?.cause ?? null;
  }

  /** The task by whose permissions a user may perhaps look at a path who may not now; `null`: none. */
  openerOf(key: string): Cause | null {
    return this.#permittedOn(key)[0]?.cause ?? null;
  }

  /** What is foreseen of a file and of folders above it, where it has permissions of its own; the lowest first. */
  #permittedOn(
    key: string,
  ): readonly { readonly key: string; readonly state: Permissions; readonly cause: Cause }[] {
    if (!key.startsWith('file:') || this.#learned.size === 0) return [];
    const found: { readonly key: string; readonly state: Permissions; readonly cause: Cause }[] = [];
    for (let at = key; at.includes('/'); at = at.slice(0, at.lastIndexOf('/'))) {
      const { state, cause } = this.#learned.get(at) ?? {};
      if (cause !== undefined && isPermitted(state)) found.push({ key: at, state, cause });
    }
    return found;
  }

  #familyOf(key: string): { readonly state: unknown; readonly cause: Cause } | undefined {
    if (this.#families === 0) return undefined;
    const families = [...this.#learned].filter(([known]) => known.endsWith('*') && matches(known, key));
    return families.at(-1)?.[1];
  }
}

function isPermitted(state: unknown): state is Permissions {
  return typeof state === 'object' && state !== null && 'mode' in state;
}

function isClosedTo({ mode, owner }: Permissions, user: string): boolean {
  return !isSameAccount(owner, user) && !isSameAccount(user, 'root') && (Number.parseInt(mode, 8) & 1) === 0;
}

/** Packages write anew what they bring here, whatever is there. */
function isProgramFile(key: string): boolean {
  return /^file:\/(?:usr\/(?!local\/)|lib|s?bin)/.test(key);
}

/** Whether a key is one, or of the family that a trailing star stands for. */
export function matches(pattern: string, key: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
