import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { ControllerFile } from '../asks/controller-file.ts';
import { fileEffect } from '../asks/file-state.ts';
import { packageListsRefreshed } from '../asks/package-lists.ts';
import { armored, looksLikeKey } from './armor.ts';
import type { FilePlan } from './file-change.ts';
import { planText, type TextFile } from './text-file.ts';

/** Arguments of `package_repo`. */
export interface RepoArgs {
  readonly name: string;
  readonly types?: string | readonly string[];
  readonly uris?: string | readonly string[];
  readonly suites?: string | readonly string[];
  readonly components?: string | readonly string[];
  readonly architectures?: string | readonly string[];
  /** A key, its address, or the path of one that is on the host. */
  readonly signed_by?: string;
  readonly key?: string;
  readonly key_file?: string;
  readonly key_url?: string;
  readonly refresh_key?: boolean;
  readonly trusted?: boolean;
  readonly state?: 'present' | 'absent';
}

/** What `package_repo` asks. */
export interface RepoState {
  readonly source: TextFile;
  readonly key: TextFile;
  /** `null`: no key_file was given. */
  readonly keyFile: ControllerFile | null;
}

/** A source to add or remove. */
export interface RepoChange extends Change {
  readonly args: RepoArgs;
  readonly source: FilePlan | null;
  readonly sourceText: string;
  /** The key to write; `fetch`: from its address first. */
  readonly key: FilePlan | 'fetch' | null;
  readonly now: RepoState;
}

/** Where the source is written. */
export function sourcePath(args: RepoArgs): string {
  return `/etc/apt/sources.list.d/${args.name}.sources`;
}

/** Where its key is written. */
export function keyPath(args: RepoArgs): string {
  return `/etc/apt/keyrings/${args.name}.asc`;
}

/** The file of the key that the source names; `null`: it names none. */
export function namedKey({ signed_by: by, ...args }: RepoArgs): string | null {
  if (args.trusted === true) return null;
  return by?.startsWith('/') === true ? by : keyPath(args);
}

/** `signed_by` as the argument that it stands for; as it is where it is the path of a key on the host. */
function meant(given: RepoArgs): RepoArgs {
  const { signed_by: by, ...args } = given;
  if (by === undefined || by.startsWith('/')) return given;
  return /^https?:/.test(by) ? { ...args, key_url: by } : { ...args, key: by };
}

/** What has to be done; `null`: nothing. @throws Failure HAPB6006, HAPB6090 */
export function planRepo(given: RepoArgs, state: RepoState): RepoChange | null {
  const args = meant(given);
  if (args.state === 'absent') return planAbsent(args, state);
  const text = sourceText(args);
  const source = planText(sourcePath(args), text, { now: state.source });
  const key = planKey(args, state);
  if (source === null && key === null) return null;
  const fetched = key === 'fetch' ? [{ key: `file:${keyPath(args)}`, state: keyState }] : [];
  const keyPlan = key === 'fetch' ? null : key;
  return {
    summary: `${state.source.file.kind === 'absent' ? 'add' : 'change'} the package source ${args.name}`,
    edits: [
      ...(source?.edits ?? []),
      ...(key === 'fetch'
        ? [{ subject: keyPath(args), before: null, after: `fetched from ${args.key_url ?? ''}\n` }]
        : []),
      ...(keyPlan?.edits ?? []),
    ],
    effects: [...(source?.effects ?? []), ...fetched, ...(keyPlan?.effects ?? []), packageListsRefreshed],
    forecast: known,
    args,
    source,
    sourceText: text,
    key,
    now: state,
  };
}

const keyState = {
  kind: 'file',
  mode: '0644',
  owner: 'root',
  group: 'root',
  sizeBytes: null,
  sha256: null,
  content: null,
} as const;

function planAbsent(args: RepoArgs, state: RepoState): RepoChange | null {
  const paths = [
    ...(state.source.file.kind === 'absent' ? [] : [sourcePath(args)]),
    ...(state.key.file.kind === 'absent' ? [] : [keyPath(args)]),
  ];
  if (paths.length === 0) return null;
  return {
    summary: `remove the package source ${args.name}`,
    edits: paths.map((path) => ({ subject: path, before: 'file\n', after: null })),
    effects: [...paths.map((path) => fileEffect(path, { kind: 'absent' })), packageListsRefreshed],
    forecast: known,
    args,
    source: null,
    sourceText: '',
    key: null,
    now: state,
  };
}

function planKey(args: RepoArgs, state: RepoState): RepoChange['key'] {
  if (args.trusted === true || args.signed_by !== undefined) return null;
  const path = keyPath(args);
  if (args.key_url !== undefined) {
    const there = state.key.file.kind === 'file';
    return there && args.refresh_key !== true ? null : 'fetch';
  }
  const key = args.key ?? keyOfFile(args, state);
  return planText(path, checkedKey(key, args), { now: state.key });
}

/** The key as armor. @throws Failure HAPB6090 when it is none */
export function checkedKey(key: string | Uint8Array, args: RepoArgs): string {
  if (looksLikeKey(key)) {
    const text = armored(key);
    return text.endsWith('\n') ? text : `${text}\n`;
  }
  throw new Failure({
    code: 'HAPB6090',
    message: `the key of the package source ${args.name} is no OpenPGP public key`,
    hint: 'Give a key that begins with -----BEGIN PGP PUBLIC KEY BLOCK-----, or its binary form.',
    argument: args.key !== undefined ? 'key' : args.key_file !== undefined ? 'key_file' : 'key_url',
  });
}

function keyOfFile(args: RepoArgs, { keyFile }: RepoState): string | Uint8Array {
  if (keyFile?.kind === 'file' && keyFile.content !== null) return keyFile.content;
  if (keyFile !== null) {
    throw new Failure({
      code: 'HAPB6090',
      message: `key_file ${args.key_file ?? ''} was not found on the controller`,
      hint: keyFile.kind === 'none' ? `Looked for: ${keyFile.tried.join(', ')}.` : 'Give the path of a file.',
      argument: 'key_file',
    });
  }
  throw new Failure({
    code: 'HAPB6006',
    message: `the package source ${args.name} has no key`,
    hint: 'Give `signed_by`, `key_url`, `key_file` or `key`; or `trusted: true` for a source that is not signed.',
    argument: 'name',
  });
}

/** The source in deb822 form, sources.list(5). */
function sourceText(args: RepoArgs): string {
  const list = (value: string | readonly string[] | undefined): string =>
    value === undefined ? '' : typeof value === 'string' ? value : value.join(' ');
  const suites = list(args.suites ?? '/');
  const components = list(args.components);
  if (args.uris === undefined) {
    throw new Failure({
      code: 'HAPB6006',
      message: `the package source ${args.name} has no address`,
      hint: 'Add `uris:`.',
      argument: 'name',
    });
  }
  if (suites.endsWith('/') !== (components === '')) {
    throw new Failure({
      code: 'HAPB6006',
      message: suites.endsWith('/')
        ? `suite ${suites} is a path, which has no components`
        : `suite ${suites} needs components, such as main`,
      hint: 'Correct `suites` or `components`.',
      argument: 'suites',
    });
  }
  const architectures = list(args.architectures);
  return [
    '# Managed by hapb.',
    `Types: ${list(args.types ?? 'deb')}`,
    `URIs: ${list(args.uris)}`,
    `Suites: ${suites}`,
    ...(components === '' ? [] : [`Components: ${components}`]),
    ...(architectures === '' ? [] : [`Architectures: ${architectures}`]),
    args.trusted === true ? 'Trusted: yes' : `Signed-By: ${namedKey(args) ?? ''}`,
    '',
  ].join('\n');
}
