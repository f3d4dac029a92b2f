import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, andThen, each, map, on, question, type Target } from '../ask.ts';
import { type Identity, identity } from '../asks/account.ts';
import { controllerFile } from '../asks/controller-file.ts';
import { file } from '../asks/file.ts';
import type { FileState } from '../asks/file-state.ts';
import type { HostWriter, TaskContext } from '../module.ts';
import { applyCopy, type CopyArgs, type CopyChange, type CopySource, planCopy } from './copy-apply.ts';
import type { Destination } from './destination.ts';
import { applyPath } from './file-apply.ts';
import { maxDiffBytes } from './file-change.ts';
import { planPath } from './file-plan.ts';
import type { FileArgs, FileChange } from './path-change.ts';

/** A folder that is copied with all that is in it, and what is where it goes. */
export interface CopyTree {
  readonly from: string;
  readonly to: string;
  readonly who: Identity;
  /** The folders above the destination, from the top. */
  readonly above: readonly Place[];
  /** The destination itself first, then those in it, from the top. */
  readonly folders: readonly Place[];
  readonly links: readonly (Place & { readonly target: string })[];
  readonly files: readonly FileIn[];
}

interface Place {
  readonly path: string;
  readonly state: FileState;
}

/** What has to be made, in this order. */
export interface TreeChange extends Change {
  readonly steps: readonly (
    | { readonly kind: 'path'; readonly change: FileChange }
    | { readonly kind: 'file'; readonly change: CopyChange }
  )[];
  readonly result: Output;
}

interface Names {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly links: readonly { readonly name: string; readonly target: string }[];
}

/** Each file costs questions of its own; for more there are archives. */
const maxFiles = 2000;

const script = `
L=; [ "$2" = keep ] || L=-L
cd "$1" || exit
find $L . -mindepth 1 -type d | LC_ALL=C sort; echo ///
find $L . -type f | LC_ALL=C sort; echo ///
find $L . -type l | LC_ALL=C sort | while IFS= read -r l; do printf '%s\\n%s\\n' "$l" "$(readlink "$l")"; done
`;

function names(folder: string, links: 'follow' | 'keep'): Ask<Names> {
  return question({
    key: `names:${folder}`,
    reads: [`file:${folder}/*`],
    sh: script,
    args: [folder, links],
    maxOutputBytes: 8_388_608,
    parse: (reply) => {
      const [folders = [], files = [], ends = []] = reply.stdout
        .split('///\n')
        .map((part) => part.split('\n').filter((line) => line !== ''));
      if (files.length > maxFiles) throw tooMany(folder, files.length);
      const plain = (name: string): string => name.replace(/^\.\//, '');
      const pairs = ends.flatMap((name, index) =>
        index % 2 === 0 ? [{ name: plain(name), target: ends[index + 1] ?? '' }] : [],
      );
      return { folders: folders.map(plain), files: files.map(plain), links: pairs };
    },
  });
}

/** Asks what is in the folder `from` (of the controller, or the host's own), then what is where that goes. */
export function copyTree(args: CopyArgs, from: string): Ask<CopyTree> {
  const place: Target = args.remote_src === true ? { kind: 'host' } : { kind: 'controller' };
  const base = args.dest.length > 1 ? args.dest.replace(/\/+$/, '') : args.dest;
  const root = from.replace(/\/+$/, '');
  // A slash behind the source means: what is in it, not the folder itself.
  const to = (args.src ?? '').endsWith('/')
    ? base
    : `${base === '/' ? '' : base}/${root.split('/').at(-1) ?? ''}`;
  return andThen(on(place, names(root, args.local_follow === false ? 'keep' : 'follow')), (found) =>
    map(
      all({
        who: identity(),
        above: each(foldersAbove(to).map(placeAt)),
        folders: each([to, ...found.folders.map((name) => `${to}/${name}`)].map(placeAt)),
        links: each(
          found.links.map(({ name, target }) =>
            map(file(`${to}/${name}`, { content: 'none' }), (state) => ({
              path: `${to}/${name}`,
              state,
              target,
            })),
          ),
        ),
        files: each(
          found.files.map((name) => fileIn(args, { src: `${root}/${name}`, dest: `${to}/${name}` })),
        ),
      }),
      (state) => ({ from: root, to, ...state }),
    ),
  );
}

function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

function placeAt(path: string): Ask<Place> {
  return map(file(path, { content: 'none', links: 'follow' }), (state) => ({ path, state }));
}

interface FileIn {
  readonly src: string;
  readonly source: CopySource;
  readonly path: string;
  readonly now: FileState;
}

function fileIn(args: CopyArgs, at: { readonly src: string; readonly dest: string }): Ask<FileIn> {
  const local = args.remote_src === true;
  const links = args.follow === true ? 'follow' : 'keep';
  const how = local
    ? ({ content: 'hash', links } as const)
    : ({ content: 'text', maxContentBytes: maxDiffBytes, links } as const);
  const source: Ask<CopySource> = local
    ? map(file(at.src, { content: 'hash', links: 'follow' }), (state) => ({
        kind: 'host',
        target: { kind: 'host' },
        state,
      }))
    : map(controllerFile([at.src], maxDiffBytes), (found) => ({ kind: 'controller', found }));
  return map(all({ source, now: file(at.dest, how) }), (state) => ({ src: at.src, path: at.dest, ...state }));
}

/** Where a file goes; its folder is there by then. */
function destinationOf({ path, now }: FileIn, who: Identity): Destination {
  const state: FileState = { kind: 'directory', mode: '0755', owner: who.user, group: who.group };
  return { path, now, who, parent: { path: path.slice(0, path.lastIndexOf('/')) || '/', state } };
}

/** What has to be done so that all of the folder is there; `null`: nothing. @throws Failure */
export function planTree(args: CopyArgs, tree: CopyTree, task: TaskContext): TreeChange | null {
  const { who } = tree;
  const owners = {
    ...(args.owner === undefined ? {} : { owner: args.owner }),
    ...(args.group === undefined ? {} : { group: args.group }),
  };
  const path = (wish: FileArgs, place: Place, above: readonly Place[]): TreeChange['steps'] => {
    const state = { now: place.state, who, below: [], above, source: null, sameInode: false };
    const change = planPath(wish, state);
    return change === null ? [] : [{ kind: 'path', change }];
  };
  const mode = args.directory_mode === undefined ? {} : { mode: args.directory_mode };
  const folders = tree.folders.flatMap((place) =>
    path(
      { path: place.path, state: 'directory', ...mode, ...owners },
      place,
      place.path === tree.to ? tree.above : [],
    ),
  );
  const files = tree.files.flatMap((each): TreeChange['steps'] => {
    const one = { ...args, src: each.src, dest: each.path };
    const change = planCopy(one, { source: each.source, to: destinationOf(each, who) }, task);
    return change === null ? [] : [{ kind: 'file', change }];
  });
  const links = tree.links.flatMap((place) =>
    path(
      { path: place.path, state: 'link', src: place.target, force: true, follow: false, ...owners },
      place,
      [],
    ),
  );
  const steps = [...folders, ...files, ...links];
  if (steps.length === 0) return null;
  const effects: Effect[] = steps.flatMap(({ change }) => [...change.effects]);
  const edits: Edit[] = steps.flatMap(({ change }) => [...change.edits]);
  const count = steps.length === 1 ? '1 thing' : `${steps.length} things`;
  return {
    summary: `bring ${count} from ${tree.from} to ${tree.to}`,
    edits,
    effects,
    forecast: known,
    steps,
    result: treeOutput(args, tree),
  };
}

/** What is registered of a folder; its `dest` ends with a slash, as Ansible's does. */
export function treeOutput(args: CopyArgs, tree: CopyTree): Output {
  const dest = args.dest.replace(/\/*$/, '/');
  return { dest, path: tree.to, src: args.src ?? '', state: 'directory' };
}

/** So many files are written without waiting for the one before. */
const mostAtOnce = 16;

/** Makes all of it. @throws Failure */
export async function applyTree(wanted: TreeChange, host: HostWriter): Promise<Output> {
  let underWay: Promise<unknown>[] = [];
  const settle = async (): Promise<void> => {
    const ends = await Promise.allSettled(underWay);
    underWay = [];
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  for (const { kind, change } of wanted.steps) {
    const isShort = kind === 'file' && change.fetch === null;
    if (!isShort || underWay.length === mostAtOnce) await settle();
    if (isShort) underWay.push(applyCopy(change, host));
    else if (kind === 'file') await applyCopy(change, host);
    else await applyPath(change, host);
  }
  await settle();
  return wanted.result;
}

function tooMany(folder: string, count: number): Failure {
  return new Failure({
    code: 'HAPB6036',
    message: `${folder} holds ${count} files; up to ${maxFiles} can be copied one by one`,
    hint: 'Pack them and use `unarchive`.',
    argument: 'src',
  });
}
