import { dirname, resolve } from 'node:path';
import type { Effect } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Query } from '../ask.ts';
import { type Cause, causedBy } from './cause.ts';

/** Where a path of a host leads: by the links before its last part, and by all. */
export interface RealPath {
  readonly own: string;
  readonly target: string;
  /** What it shares with the other names of the file, where it has any. */
  readonly inode?: string;
}

/**
 * For each path the same with the links of its folder followed, then with all followed; an empty line: that leads nowhere. What is
 * not there may be made by a task, so where readlink can (busybox cannot) it goes on behind it. The third line is the inode of a file
 * that has other names.
 */
export const realPathsScript = `
real() { readlink -m "$1" 2>/dev/null || readlink -f "$1" 2>/dev/null; }
for p in "$@"; do
  case \${p##*/} in
    ''|.|..) real "$p" || echo ;;
    *) d=$(real "\${p%/*}/") && printf '%s/%s\\n' "\${d%/}" "\${p##*/}" || echo ;;
  esac
  real "$p" || echo
  i=; [ ! -f "$p" ] || i=$(stat -Lc '%h %d:%i' "$p" 2>/dev/null)
  case $i in ''|'1 '*) echo ;; *) echo "\${i#* }" ;; esac
done
`;

/** Reads what it printed. */
export function readRealPaths(
  paths: readonly string[],
  stdout: string,
): readonly (readonly [string, RealPath])[] {
  const lines = stdout.split('\n');
  return paths.map((path, index) => {
    const [own, target, inode] = lines.slice(index * 3, index * 3 + 3);
    return [path, { own: own || path, target: target || path, ...(inode ? { inode } : {}) }];
  });
}

/** A path that a key of the vocabulary names. */
export interface NamedPath {
  readonly path: string;
  /** `below`: what is in the folder, not itself. */
  readonly what: 'itself' | 'below';
}

/** `null`: the key names no path. */
export function pathIn(key: string): NamedPath | null {
  const [, path, below] = /^file:(\/.*?)(\/\*)?$/.exec(key) ?? [];
  return path === undefined ? null : { path, what: below === undefined ? 'itself' : 'below' };
}

/** The paths that a question is about. */
export function pathsOf({ key, reads }: Pick<Query, 'key' | 'reads'>): readonly NamedPath[] {
  return [key, ...reads].flatMap((each) => pathIn(each) ?? []);
}

/** A foreseen effect, and the task that has it. */
export interface Learned extends Pick<Effect, 'key' | 'state'> {
  readonly cause: Cause;
}

/** A path that leads elsewhere once a task is done. */
export interface Lead {
  readonly at: string;
  readonly to: string;
  readonly cause: Cause;
}

/** Where an effect lets its path lead; `null`: nowhere else. */
export function leadOf({ key, state, cause }: Learned): Lead | null {
  const at = pathIn(key)?.path ?? /^leads:(.*)$/s.exec(key)?.[1];
  return at !== undefined && isLink(state) ? { at, to: resolve(dirname(at), state.target), cause } : null;
}

interface Known {
  readonly learned: readonly Learned[];
  readonly real: ReadonlyMap<string, RealPath>;
  readonly links: readonly Lead[];
}

/**
 * Why the host's answer to a question does not count though no effect is foreseen under its keys: it is about a path that
 * leads by links to what an earlier task would change, or through a link that it would make. `null`: it counts.
 */
export function changedElsewhere(
  query: Pick<Query, 'key' | 'reads' | 'links'>,
  { learned, real, links }: Known,
): Unknown | null {
  const changes = learned.flatMap(({ key, state, cause }) => {
    const named = pathIn(key);
    if (named === null) return [];
    const follow = named.what === 'below' || isWritten(state) ? 'follow' : 'keep';
    const names = namesOf(named.path, { real, links, follow });
    // What is written in a folder may be written through a link in it.
    const within = links.filter(
      ({ at }) => named.what === 'below' && names.some((name) => at.startsWith(`${name}/`)),
    );
    return [{ named, cause, names: [...names, ...within.map(({ to }) => to)] }];
  });
  for (const asked of pathsOf(query)) {
    const through = links.find(({ at }) => asked.path.startsWith(`${at}/`));
    if (through !== undefined)
      return causedBy(
        through.cause,
        `${asked.path} leads through ${through.at}, which ${through.cause.words} would change`,
      );
    const follow = asked.what === 'below' ? 'follow' : (query.links ?? 'follow');
    for (const name of namesOf(asked.path, { real, links, follow }))
      for (const { named, cause, names } of changes) {
        const other = names.find((one) => touches({ ...asked, path: name }, { ...named, path: one }));
        // What it is called itself was looked for already.
        if (other !== undefined && name === asked.path && other !== named.path)
          return causedBy(cause, `${cause.words} may change it as ${named.path}`);
        if (other !== undefined && name !== asked.path)
          return causedBy(cause, `${asked.path} leads to ${other}, which ${cause.words} would change`);
      }
    const twin = twinOf(asked, { changes: learned, real, query });
    if (twin !== undefined)
      return causedBy(
        twin.cause,
        `${asked.path} is another name of ${twin.path}, which ${twin.cause.words} would change`,
      );
  }
  return null;
}

/** Another name of a file that a task would change; that one goes changes only how many names it has. */
function twinOf(
  asked: NamedPath,
  at: {
    readonly changes: readonly Learned[];
    readonly real: Known['real'];
    readonly query: Pick<Query, 'key'>;
  },
): { readonly path: string; readonly cause: Cause } | undefined {
  const inode = at.real.get(asked.path)?.inode;
  if (inode === undefined) return undefined;
  for (const { key, state, cause } of at.changes) {
    const path = pathIn(key)?.path;
    const stays = isAbsent(state) && at.query.key.startsWith('file:');
    if (path !== undefined && !stays && at.real.get(path)?.inode === inode) return { path, cause };
  }
  return undefined;
}

interface Leads extends Pick<Known, 'real' | 'links'> {
  readonly follow: 'follow' | 'keep';
}

/** All names of a path that are known. */
function namesOf(path: string, { real, links, follow }: Leads): readonly string[] {
  const known = real.get(path);
  const names = new Set([path, ...(known === undefined ? [] : [known.own])]);
  if (follow === 'follow' && known !== undefined) names.add(known.target);
  for (const { at, to } of links)
    for (const name of [...names])
      if (name.startsWith(`${at}/`) || (follow === 'follow' && name === at))
        names.add(to + name.slice(at.length));
  return [...names];
}

/** Keys of files that a change of a path changes too, of those that were foreseen: they are other names of it. */
export function aliased(
  { key, state }: Pick<Learned, 'key' | 'state'>,
  { learned, real, links }: Known,
): readonly string[] {
  const path = pathIn(key)?.path;
  if (path === undefined || key.endsWith('*')) return [];
  const follow = (what: unknown): Leads['follow'] => (isLink(what) || isAbsent(what) ? 'keep' : 'follow');
  const names = namesOf(path, { real, links, follow: follow(state) });
  return learned
    .filter((other) => other.key !== key && other.key.startsWith('file:') && !other.key.endsWith('*'))
    .filter((other) => {
      const at = { real, links, follow: isLink(other.state) ? 'keep' : 'follow' } as const;
      return namesOf(other.key.slice('file:'.length), at).some((name) => names.includes(name));
    })
    .map((other) => other.key);
}

function touches(asked: NamedPath, changed: NamedPath): boolean {
  if (asked.path === changed.path) return asked.what === changed.what;
  return (
    (changed.what === 'below' && asked.path.startsWith(`${changed.path}/`)) ||
    (asked.what === 'below' && changed.path.startsWith(`${asked.path}/`))
  );
}

/** Whether a state says that there is nothing. */
export function isAbsent(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'kind' in state && state.kind === 'absent';
}

/** Whether a foreseen state is that of a link. */
export function isLink(state: unknown): state is { readonly target: string } {
  return typeof state === 'object' && state !== null && 'kind' in state && state.kind === 'link';
}

/** Content may have been written through a link. */
function isWritten(state: unknown): boolean {
  return (
    state instanceof Unknown ||
    (typeof state === 'object' && state !== null && 'kind' in state && state.kind === 'file')
  );
}
