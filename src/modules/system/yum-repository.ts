import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, map } from '../ask.ts';
import { file } from '../asks/file.ts';
import { applyPath } from '../general/file-apply.ts';
import { type PermissionArgs, pathArgument, permissionArguments } from '../general/file-arguments.ts';
import { applyFile, type FilePlan } from '../general/file-change.ts';
import { planPath } from '../general/file-plan.ts';
import type { FileChange } from '../general/path-change.ts';
import { refusedFileArguments } from '../general/refused-argument.ts';
import { planText, type TextFile, textFile, textOf } from '../general/text-file.ts';
import type { Module } from '../module.ts';
import { yumOptions } from './yum-options.ts';
import { isSecret, type RepoSection, readRepos, sameRepos, writeRepos } from './yum-repo-text.ts';

/** Arguments of `yum_repository`; the options of a repository are those of yum itself. */
export interface YumRepositoryArgs extends PermissionArgs {
  readonly name: string;
  readonly description?: string;
  readonly state?: 'present' | 'absent';
  readonly file?: string;
  readonly reposdir?: string;
  readonly [option: string]: unknown;
}

/** What it asks: the file, and whether its folder is there. */
export interface YumRepositoryState {
  readonly path: string;
  readonly now: TextFile;
  readonly folder: 'there' | 'missing';
}

/** A file to write, or one to remove when nothing is left in it. */
export interface YumRepositoryChange extends Change {
  readonly plan: FilePlan | null;
  readonly removal: FileChange | null;
  readonly result: Output;
}

/** A repository of yum and dnf. */
export const yumRepository: Module<YumRepositoryArgs, YumRepositoryState, YumRepositoryChange> = {
  name: 'yum_repository',
  summary: 'Adds or removes a repository of dnf and yum.',
  notes: [
    'A file may hold several repositories. When one changes, the file is written anew: comments go, as they do with Ansible. A file in which no repository is left is removed.',
    'Options that are not named are taken out of a repository that is there already. Lists of addresses take a line each.',
    'A secret password makes the whole file a secret: no diff is shown.',
  ],
  args: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, description: 'Its id, which stands in brackets in the file.' },
      description: {
        type: 'string',
        description: 'What it is, for people: `name` in the file. Needed for present.',
      },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be there.' },
      file: {
        type: 'string',
        pattern: '^[^/]+$',
        description: 'Name of its file, without .repo. Absent: its id.',
      },
      reposdir: { ...pathArgument('Folder of the files.'), default: '/etc/yum.repos.d' },
      ...yumOptions,
      ...permissionArguments,
      ...refusedFileArguments,
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: { repo: 'The id.', state: 'present or absent.' },
  example: `- name: Know the packages of EPEL
  yum_repository:
    name: epel
    description: EPEL
    baseurl: https://download.fedoraproject.org/pub/epel/$releasever/$basearch/
    gpgcheck: true
    gpgkey: https://download.fedoraproject.org/pub/epel/RPM-GPG-KEY-EPEL-9
`,
  probe: (args): Ask<YumRepositoryState> => {
    const folder = (args.reposdir ?? '/etc/yum.repos.d').replace(/(?<=.)\/+$/, '');
    const path = `${folder}/${args.file ?? args.name}.repo`;
    return map(
      all({ now: textFile(path), folder: file(folder, { content: 'none', links: 'follow' }) }),
      ({ now, folder: above }) => ({ path, now, folder: above.kind === 'directory' ? 'there' : 'missing' }),
    );
  },
  diff(args, { path, now, folder }) {
    if (folder === 'missing') throw noFolder(path);
    const before = readRepos(textOf(path, now) ?? '');
    const after = args.state === 'absent' ? without(before, args.name) : withSection(before, sectionOf(args));
    const same = !isSecret(after) && sameRepos(before, after);
    const result = { repo: args.name, state: args.state ?? 'present' };
    if (!same && after.length === 0) return removed(path, now, result);
    if (now.file.kind === 'absent' && after.length === 0) return null;
    const text: Text = same ? (textOf(path, now) ?? '') : writeRepos(after);
    const plan = planText(path, text, { now, edit: args });
    if (plan === null) return null;
    return {
      summary: plan.write === null ? `set the permissions of ${path}` : summaryOf(args),
      edits: plan.edits,
      effects: plan.effects,
      forecast: known,
      plan,
      removal: null,
      result,
    };
  },
  async apply({ plan, removal, result }, host) {
    if (removal !== null) await applyPath(removal, host);
    if (plan !== null) await applyFile(plan, host);
    return result;
  },
  output: (args) => ({ repo: args.name, state: args.state ?? 'present' }),
  foreseen: (wanted) => wanted.result,
};

function summaryOf({ name, state }: YumRepositoryArgs): string {
  return state === 'absent' ? `forget the repository ${name}` : `set the repository ${name}`;
}

function removed(path: string, { file: now, who }: TextFile, result: Output): YumRepositoryChange | null {
  const state = { now, who, below: [], above: [], source: null, sameInode: false };
  const removal = planPath({ path, state: 'absent' }, state);
  if (removal === null) return null;
  const { summary, edits, effects, forecast } = removal;
  return { summary, edits, effects, forecast, plan: null, removal, result };
}

/** A new one goes to the end, and so does one that changes; with a secret, which may be the same, it keeps its place. */
function withSection(before: readonly RepoSection[], section: RepoSection): readonly RepoSection[] {
  if (isSecret([section]) && before.some(({ id }) => id === section.id))
    return before.map((each) => (each.id === section.id ? section : each));
  return [...without(before, section.id), section];
}

function without(sections: readonly RepoSection[], id: string): readonly RepoSection[] {
  return sections.filter((section) => section.id !== id);
}

const separators: Readonly<Record<string, string>> = {
  baseurl: '\n',
  gpgkey: '\n',
  exclude: ' ',
  includepkgs: ' ',
};

function sectionOf(args: YumRepositoryArgs): RepoSection {
  const missing = wrong(args);
  if (missing !== null) throw missing;
  const options = new Map<string, Text>();
  for (const option of ['name', ...Object.keys(yumOptions)].sort()) {
    const value = option === 'name' ? args.description : args[option];
    if (value === undefined || value === null) continue;
    options.set(option, wordOf(option, value));
  }
  return { id: args.name, options };
}

function wordOf(option: string, value: unknown): Text {
  if (typeof value === 'boolean') return value ? '1' : '0';
  const separator = separators[option];
  if (separator === undefined) return value as Text;
  const items =
    typeof value === 'string' ? value.split(',').map((item) => item.trim()) : (value as readonly string[]);
  return items.join(separator);
}

function wrong(args: YumRepositoryArgs): Failure | null {
  const sources = ['baseurl', 'mirrorlist', 'metalink'];
  const lacks = args.description === undefined ? 'description' : null;
  const none = sources.every((source) => args[source] === undefined);
  if (lacks === null && !none) return null;
  return new Failure({
    code: 'HAPB6006',
    message:
      lacks === null
        ? `the repository ${args.name} has no address`
        : `the repository ${args.name} has no description`,
    hint:
      lacks === null ? 'Give `baseurl`, `mirrorlist` or `metalink`.' : 'Add `description`, which dnf shows.',
    argument: 'name',
  });
}

function noFolder(path: string): Failure {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  return new Failure({
    code: 'HAPB6380',
    message: `the folder ${folder} of repositories does not exist`,
    hint: "Leave hosts without dnf out with `when: ansible_facts.os_family == 'RedHat'`, or correct `reposdir`.",
    argument: 'reposdir',
  });
}
