import { resolve } from 'node:path';
import type { Value } from '../core/value.ts';
import type { Layer, VariableEntry } from './layer.ts';

/** What the names of a run tell. */
export interface RunWords {
  readonly mode: 'apply' | 'check';
  readonly diff: 'no' | 'yes';
  readonly forks: number;
  readonly verbosity: number;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string | null;
}

/** What the names of a play tell; lists as they are when somebody asks. */
export interface PlayWords {
  readonly name: string;
  readonly folder: string;
  /** All hosts of the play, those of them that are still in it, and those of the batch. */
  all(): readonly string[];
  active(): readonly string[];
  batch(): readonly string[];
  /** Roles that it has used so far, and those that they depend on. */
  roles(): readonly string[];
  dependencies(): readonly string[];
  hostvars(): Value;
}

/** Whose language is spoken, for playbooks that ask for it. */
const language = { full: '2.19.0', major: 2, minor: 19, revision: 0, string: '2.19.0' };

type Meanings<T> = Readonly<Record<string, (words: T) => Value | undefined>>;

const ofRun: Meanings<RunWords> = {
  ansible_version: () => language,
  ansible_check_mode: ({ mode }) => mode === 'check',
  ansible_diff_mode: ({ diff }) => diff === 'yes',
  ansible_forks: ({ forks }) => forks,
  ansible_verbosity: ({ verbosity }) => verbosity,
  ansible_run_tags: ({ tags }) => (tags.length === 0 ? ['all'] : tags),
  ansible_skip_tags: ({ skipTags }) => skipTags,
  ansible_limit: ({ limit }) => limit ?? undefined,
  // There is no such file.
  ansible_config_file: () => null,
  // hapb has no Python of its own; this is for playbooks that name it as the interpreter of this machine.
  ansible_playbook_python: () => '/usr/bin/python3',
};

const ofPlay: Meanings<PlayWords> = {
  hostvars: (play) => play.hostvars(),
  play_hosts: (play) => play.batch(),
  ansible_play_hosts: (play) => play.active(),
  ansible_play_hosts_all: (play) => play.all(),
  ansible_play_batch: (play) => play.batch(),
  ansible_play_name: ({ name }) => name,
  playbook_dir: ({ folder }) => folder,
  role_names: (play) => play.roles(),
  ansible_play_role_names: (play) => play.roles(),
  ansible_dependent_role_names: (play) => [...new Set(play.dependencies())],
  ansible_role_names: (play) => [...new Set([...play.dependencies(), ...play.roles()])],
};

/** Names that every task of a play has, whatever its host. */
export const magicNames: readonly string[] = [
  ...Object.keys(ofRun),
  ...Object.keys(ofPlay),
  'vars',
  'omit',
  'environment',
  'ansible_search_path',
];

/** Where a task's lookups search for files, and the name that tells it. */
export interface Search {
  readonly folders: readonly string[];
  readonly layer: Layer;
}

const searches = new WeakMap<object, Search>();

/** The search of a task, whose `paths` are made absolute once for all its hosts. */
export function searchIn(task: object, paths: () => readonly string[]): Search {
  const known = searches.get(task);
  if (known !== undefined) return known;
  const folders = [...new Set(paths().map((path) => resolve(path)))];
  const made = { folders, layer: lazyLayer([['ansible_search_path', () => folders]]) };
  searches.set(task, made);
  return made;
}

/** The names of a run. */
export function runLayer(words: RunWords): Layer {
  return layerOf(ofRun, words);
}

/** The names of a play. */
export function playLayer(words: PlayWords): Layer {
  return layerOf(ofPlay, words);
}

function layerOf<T>(meanings: Meanings<T>, words: T): Layer {
  return lazyLayer(Object.entries(meanings).map(([name, meaning]) => [name, () => meaning(words)] as const));
}

/** A layer of names that hapb works out when they are used. */
export function lazyLayer(names: Iterable<readonly [string, () => Value | undefined]>): Layer {
  const entries = new Map<string, VariableEntry>();
  for (const [name, get] of names) entries.set(name, { kind: 'lazy', get });
  return { level: 'magic', source: 'hapb', entries };
}
