import type { Unknown } from '../../core/unknown.ts';
import type { Query } from '../ask.ts';
import type { PackageState } from '../asks/package.ts';
import { parseSimulation, simulateText } from '../general/apt-simulation.ts';
import { causedBy } from './cause.ts';
import { mayComeWithPackage } from './mirrors.ts';
import type { PackagePlans, PackageWish } from './package-plans.ts';
import { pathsOf, type RealPath } from './real-paths.ts';

/** What apt says would come of the packages that tasks would change; `open`: it cannot say before a run. */
export type PackageTraces =
  | {
      readonly kind: 'told';
      /** Packages that would be new, have another version, or go, each with its version then. */
      readonly fresh: ReadonlyMap<string, string>;
      readonly changed: ReadonlyMap<string, string>;
      readonly gone: ReadonlyMap<string, string>;
      /** One of them that is held, though no task names it: whether a run moves it, and what comes with it, is open. `null`: none. */
      readonly held: string | null;
    }
  | { readonly kind: 'open' };

/**
 * What apt-get would do if it were told all at once. A name with a dash behind it is one to remove. Behind that come the packages
 * that are held.
 */
export const tracesScript = `LC_ALL=C; export LC_ALL
${simulateText} --allow-downgrades --allow-change-held-packages install "$@" 2>/dev/null || echo failed
dpkg-query -W -f '\${Status} \${Package}\\n' 2>/dev/null | sed -n 's/^hold .* /Hold /p'`;

/** The words for it. */
export function tracesWords(wishes: readonly PackageWish[]): readonly string[] {
  return wishes.map(({ name, version, wanted, file }) => {
    if (wanted === 'gone') return `${name}-`;
    return file ?? (version === null ? name : `${name}=${version}`);
  });
}

/** Reads what it printed. */
export function readTraces(stdout: string, wishes: readonly PackageWish[]): PackageTraces {
  if (/^failed$/m.test(stdout)) return { kind: 'open' };
  const found = { fresh: new Map<string, string>(), changed: new Map<string, string>(), gone: new Map() };
  for (const { name, before, after } of parseSimulation(stdout).packages)
    found[after === null ? 'gone' : before === null ? 'fresh' : 'changed'].set(bare(name), after ?? '');
  const named = wishes.map(bareName);
  const moved = [...stdout.matchAll(/^Hold (\S+)$/gm)].map(([, name = '']) => name);
  const held = moved.find(
    (name) => !named.includes(name) && Object.values(found).some((each) => each.has(name)),
  );
  return { kind: 'told', ...found, held: held ?? null };
}

/**
 * For each path a line of what it is (`d` a folder, `n` nothing yet, `e` a configuration file that is not as its package brought it,
 * `f` anything else), then one of the packages that it belongs to, or that something below it does where it ends with a slash and a star.
 */
export const ownersScript = `LC_ALL=C; export LC_ALL
alias() { case $1 in /usr/bin/*|/usr/sbin/*|/usr/lib*) printf '%s\\n' "\${1#/usr}" ;; /bin/*|/sbin/*|/lib*) printf '/usr%s\\n' "$1" ;; esac; }
owners() {
  if command -v dpkg-query >/dev/null; then
    real=$(readlink -f "\${1%/\\*}") && case $1 in */\\*) real=$real/\\* ;; esac
    other=$(alias "$1")
    dpkg-query -S "$1" \${real:+"$real"} \${other:+"$other"} 2>/dev/null |
      sed -n '/^diversion by /!s/: \\/.*//p' | sort -u | tr '\\n' ' '
  elif command -v rpm >/dev/null; then rpm -qf --qf '%{NAME} ' "$1" 2>/dev/null
  fi
}
edited() {
  [ -f "$1" ] && command -v dpkg-query >/dev/null || return 1
  sum=$(dpkg-query -W -f '\${Conffiles}\\n' $2 2>/dev/null | sed -n "s|^ $1 \\([0-9a-f]*\\).*|\\1|p")
  [ -n "$sum" ] && [ "$(md5sum <"$1" | cut -c1-32)" != "$sum" ]
}
for p in "$@"; do
  said=$(owners "$p" | tr -d ,)
  if [ -d "\${p%/\\*}" ]; then echo d; elif [ ! -e "\${p%/\\*}" ]; then echo n; elif edited "$p" "$said"; then echo e; else echo f; fi
  printf '%s\\n' "$said"
done`;

/** A path that a package may have brought. */
export interface Owned {
  readonly path: string;
  readonly kind: 'folder' | 'missing' | 'file' | 'edited';
  readonly owners: readonly string[];
}

/** Reads what it printed. */
export function readOwners(paths: readonly string[], stdout: string): readonly Owned[] {
  const lines = stdout.split('\n');
  return paths.map((path, index) => ({
    path,
    kind: ({ d: 'folder', n: 'missing', e: 'edited' } as const)[lines[index * 2] ?? ''] ?? 'file',
    owners: (lines[index * 2 + 1] ?? '')
      .split(/\s+/)
      .filter((name) => name !== '')
      .map(bare),
  }));
}

/** The paths of a question that packages may have brought, and where they lead, as `ownersScript` takes them. */
export function packagedPaths(
  query: Pick<Query, 'key' | 'reads' | 'links'>,
  realOf: (path: string) => RealPath | undefined,
): readonly string[] {
  const places = pathsOf(query).flatMap(({ path, what }) => {
    const { own = path, target = path } = realOf(path) ?? {};
    const names = what === 'itself' && query.links === 'keep' ? [path, own] : [path, own, target];
    return names
      .filter((name) => mayComeWithPackage(`file:${name}`) && !name.startsWith('/usr/local/'))
      .map((name) => (what === 'below' ? `${name}/*` : name));
  });
  return [...new Set(places)];
}

/** What a package's scripts write that is no file of its own. */
const registers =
  /^\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid|shells|mailcap|ld\.so\.cache)-?$|^\/var\/(?:lib\/dpkg|cache|log\/(?:apt|dpkg\.log))(?:\/|$)/;

interface Known {
  readonly traces: PackageTraces;
  readonly plans: PackagePlans;
}

/** What becomes of a package that no task names, where the host's answer does not hold; `null`: it does. */
export function packageAlong(
  name: string,
  found: 'absent' | 'there',
  { traces, plans: { cause, lists } }: Known,
): PackageState | Unknown | null {
  const by = cause.words;
  if (traces.kind === 'open')
    return found === 'absent'
      ? causedBy(cause, `package ${name} may come along with what ${by} installs`)
      : null;
  const version = traces.fresh.get(name) ?? traces.changed.get(name);
  if (version === undefined && !traces.gone.has(name)) return null;
  if (traces.held !== null)
    return causedBy(
      cause,
      `package ${traces.held} is held, and would have to change with what ${by} changes`,
    );
  if (lists === 'read-anew')
    return causedBy(
      cause,
      `package ${name} ${version === undefined ? 'goes' : 'comes'} along with what ${by} changes`,
    );
  return version === undefined
    ? { kind: 'absent', hold: false }
    : { kind: 'installed', version, hold: false };
}

/** Why the host's answer about files does not hold; `null`: it does. `asked`: whether it lists what is in a folder. */
export function fileDoubt(
  owned: readonly Owned[],
  asked: 'by-name' | 'listed',
  { traces, plans }: Known,
): Unknown | null {
  const { wishes, any } = plans;
  const cause = any ?? plans.cause;
  const by = cause.words;
  const open = traces.kind === 'open';
  const gone = open
    ? wishes.filter(({ wanted }) => wanted !== 'there').map(bareName)
    : [...traces.gone.keys()];
  const changed = open ? wishes.map(bareName) : [...traces.changed.keys()];
  const brings = open || any !== null || traces.fresh.size > 0;
  if (!brings && gone.length + changed.length === 0) return null;
  const mayGo = (owner: string): boolean => any !== null || gone.includes(owner);
  for (const { path, kind, owners } of owned) {
    if (kind !== 'folder' && registers.test(path))
      return causedBy(cause, `${path} may be written by what ${by} changes`);
    const isListed = path.endsWith('/*');
    const isFolder = kind === 'folder' || kind === 'missing';
    if (isListed && isFolder && asked === 'listed' && brings)
      return causedBy(cause, `${path} may get files of what ${by} installs`);
    const mayChange = (owner: string): boolean =>
      mayGo(owner) || ((isListed || kind === 'file' || kind === 'missing') && changed.includes(owner));
    // A folder stays as long as one package has it.
    const all = kind === 'folder' && !isListed;
    const owner = all && !owners.every(mayGo) ? undefined : owners.find(mayChange);
    if (owner !== undefined)
      return causedBy(cause, `${path} belongs to package ${owner}, which ${by} would change`);
  }
  return null;
}

function bareName({ name }: PackageWish): string {
  return bare(name);
}

function bare(name: string): string {
  return name.replace(/:.*$/, '');
}
