import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all } from '../ask.ts';
import { type Identity, identity } from '../asks/account.ts';
import { fileEffect, regularFile } from '../asks/file-state.ts';
import { packageListsRefreshed } from '../asks/package-lists.ts';
import { runApt } from '../general/apt.ts';
import { onlyFlag, refusedArgument } from '../general/refused-argument.ts';
import { step } from '../general/steps.ts';
import type { HostWriter, Module } from '../module.ts';
import {
  aptSources,
  aptSourcesEffect,
  fileNameOf,
  parseSource,
  type SourceFile,
  withoutSource,
  withSource,
} from './apt-sources.ts';

/** Arguments of `apt_repository`. */
export interface AptRepositoryArgs {
  readonly repo: string;
  readonly state?: 'present' | 'absent';
  readonly filename?: string;
  readonly mode?: string;
  readonly update_cache?: boolean;
}

/** What `apt_repository` asks. */
export interface AptRepositoryState {
  readonly files: readonly SourceFile[];
  readonly who: Identity;
}

/** Files of sources to write or remove. */
export interface AptRepositoryChange extends Change {
  readonly args: AptRepositoryArgs;
  readonly files: readonly {
    readonly path: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly result: Output;
}

/** Sources of packages, a line each. */
export const aptRepository: Module<AptRepositoryArgs, AptRepositoryState, AptRepositoryChange> = {
  name: 'apt_repository',
  summary: 'Adds and removes sources of packages in one-line style (apt).',
  notes: [
    'A source that stands in any file as a comment is put in force there. A file that holds nothing more is removed.',
    'When the lists of the new source cannot be read, the files are put back as they were.',
    'It adds no keys: name one with [signed-by=FILE] in `repo`, or use `package_repo`, which does both.',
  ],
  args: {
    type: 'object',
    properties: {
      repo: {
        type: 'string',
        minLength: 1,
        description: 'The line: deb [OPTIONS] ADDRESS SUITE COMPONENTS.',
      },
      state: {
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether it is to be in force.',
      },
      filename: {
        type: 'string',
        pattern: '^[A-Za-z0-9_./-]+$',
        description:
          'Name of its file in /etc/apt/sources.list.d, without ending, or a path. Absent: made from the address.',
      },
      mode: { type: 'string', description: "Mode of a new file, such as '0644'." },
      update_cache: {
        type: 'boolean',
        default: true,
        description: 'Read the lists anew after a change.',
        aliases: ['update-cache'],
      },
      update_cache_retries: { type: 'integer', description: 'Accepted; apt tries three times.' },
      update_cache_retry_max_delay: { type: 'integer', description: 'Accepted.' },
      install_python_apt: { type: 'boolean', description: 'Accepted; nothing is needed.' },
      validate_certs: onlyFlag(
        'true',
        'Give the authority’s certificate to the host: package ca-certificates.',
      ),
      codename: refusedArgument('Sources of Launchpad (ppa:) are not looked up; write the line out.'),
    },
    required: ['repo'],
    additionalProperties: false,
  },
  traits: ['durable'],
  returns: {
    repo: 'The line.',
    state: 'present or absent.',
    sources_added: 'Files that are new.',
    sources_removed: 'Files that are gone.',
  },
  example: `- name: Add the packages of a vendor
  apt_repository:
    repo: deb [signed-by=/etc/apt/keyrings/vendor.asc] https://packages.example.org/debian bookworm main
    filename: vendor
`,
  probe: () => all({ files: aptSources(), who: identity() }),
  diff: plan,
  apply: applyRepository,
  output: (args) => ({
    repo: args.repo,
    state: args.state ?? 'present',
    sources_added: [],
    sources_removed: [],
  }),
  foreseen: (wanted) => wanted.result,
};

function plan(args: AptRepositoryArgs, { files, who }: AptRepositoryState): AptRepositoryChange | null {
  const parsed = parseSource(args.repo);
  if (parsed === null || parsed.state === 'disabled') throw noSource(args.repo);
  const { source } = parsed;
  const wanted =
    args.state === 'absent' ? withoutSource(files, source) : withSource(files, source, pathOf(args, source));
  const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  const changed = wanted.flatMap((file) => {
    const old = files.find(({ path }) => path === file.path);
    const before = old === undefined ? null : textOf(old.lines);
    const after = file.lines.length === 0 ? null : textOf(file.lines);
    return before === after || (old?.lines.length === 0 && after === null)
      ? []
      : [{ path: file.path, before, after }];
  });
  if (changed.length === 0) return null;
  const edits: readonly Edit[] = changed.map(({ path, before, after }) => ({ subject: path, before, after }));
  const mode = args.mode ?? '0644';
  const effects: readonly Effect[] = [
    ...changed.map(({ path, after }) =>
      fileEffect(
        path,
        after === null
          ? { kind: 'absent' }
          : regularFile(path, after, { mode, owner: who.user, group: who.group }),
      ),
    ),
    aptSourcesEffect(wanted.filter(({ lines }) => lines.length > 0)),
    ...(args.update_cache === false ? [] : [packageListsRefreshed]),
  ];
  return {
    summary: `${args.state === 'absent' ? 'remove' : 'add'} the source ${source}`,
    edits,
    effects,
    forecast: known,
    args,
    files: changed,
    result: {
      repo: args.repo,
      state: args.state ?? 'present',
      sources_added: changed.filter(({ before }) => before === null).map(({ path }) => path),
      sources_removed: changed.filter(({ after }) => after === null).map(({ path }) => path),
    },
  };
}

function pathOf(args: AptRepositoryArgs, source: string): string {
  const name = (args.filename ?? fileNameOf(source)).replace(/[.]list$/, '');
  return name.startsWith('/') ? `${name}.list` : `/etc/apt/sources.list.d/${name}.list`;
}

async function applyRepository(wanted: AptRepositoryChange, host: HostWriter): Promise<Output> {
  const { args, files } = wanted;
  for (const { path, before, after } of files)
    await put(path, after, { mode: before === null ? (args.mode ?? '0644') : null, host });
  if (args.update_cache === false) return wanted.result;
  const command = { sh: 'update', args: [], timeoutMs: 600_000, what: `cannot ${wanted.summary}` };
  try {
    // Another run's command may have read the lists before ours was there.
    for (let attempt = 0; attempt < 10; attempt += 1) if ((await runApt(command, host)) === 'done') break;
  } catch (thrown) {
    if (thrown instanceof Failure)
      for (const { path, before } of files) await put(path, before, { mode: null, host });
    throw thrown;
  }
  return wanted.result;
}

async function put(
  path: string,
  text: string | null,
  { mode, host }: { readonly mode: string | null; readonly host: HostWriter },
): Promise<void> {
  if (text !== null) {
    await host.write({ path, content: text, mode, owner: null, group: null });
    return;
  }
  await step(
    host,
    { sh: 'rm -f -- "$1"', args: [path] },
    { code: 'HAPB6003', message: `cannot remove ${path}`, hint: 'Add `become: true`.' },
  );
}

function noSource(repo: string): Failure {
  const ppa = repo.startsWith('ppa:');
  return new Failure({
    code: 'HAPB6352',
    message: ppa ? `${repo} would have to be looked up at Launchpad` : `no source of packages: ${repo}`,
    hint: ppa
      ? 'Write its line out: deb [signed-by=KEY] https://ppa.launchpadcontent.net/OWNER/NAME/ubuntu SUITE main.'
      : 'Write it as deb [OPTIONS] ADDRESS SUITE COMPONENTS.',
    argument: 'repo',
  });
}
