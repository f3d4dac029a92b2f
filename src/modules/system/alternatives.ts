import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all, nothing } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect, unforeseenFile } from '../asks/file-state.ts';
import { pathArgument } from '../general/file-arguments.ts';
import { refusedArgument } from '../general/refused-argument.ts';
import { step } from '../general/steps.ts';
import type { Module } from '../module.ts';
import { type AlternativesState, askAlternatives } from './alternatives-query.ts';

/** A further link that goes with an alternative. */
export interface Subcommand {
  readonly name: string;
  readonly link: string;
  readonly path: string;
}

/** Arguments of `alternatives`. */
export interface AlternativesArgs {
  readonly name: string;
  readonly path: string;
  readonly link?: string;
  readonly priority?: number;
  readonly state?: 'present' | 'selected' | 'auto' | 'absent';
  readonly subcommands?: readonly Subcommand[];
}

/** What `alternatives` asks. */
export interface AlternativesModuleState {
  readonly known: AlternativesState;
  /** What is at the path that the task names. */
  readonly program: FileState;
  /** What is where the task wants the link. */
  readonly place: FileState;
}

/** Commands for update-alternatives. */
export interface AlternativesChange extends Change {
  readonly commands: readonly (readonly string[])[];
  readonly result: Output;
}

/** Which of several programs a name stands for. */
export const alternatives: Module<AlternativesArgs, AlternativesModuleState, AlternativesChange> = {
  name: 'alternatives',
  summary: 'Chooses which program a name such as editor stands for (update-alternatives).',
  notes: ['It is for Debian and its kin, whose update-alternatives can be asked.'],
  args: {
    type: 'object',
    properties: {
      name: { type: 'string', pattern: '^[^/\\s]+$', description: 'The name, such as editor.' },
      path: pathArgument('The program that it is to stand for, or that is an alternative.'),
      link: pathArgument('Where its link is, such as /usr/bin/editor; needed for a name that is new.'),
      priority: { type: 'integer', description: 'Its priority. Absent: as it is, 50 for a new one.' },
      state: {
        enum: ['present', 'selected', 'auto', 'absent'],
        default: 'selected',
        description:
          'present: an alternative. selected: the one that is used. auto: an alternative, and the one of highest priority is used. absent: none.',
      },
      subcommands: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', description: 'Its name, such as editor.1.gz.' },
            link: pathArgument('Where its link is.'),
            path: pathArgument('What it leads to.'),
          },
          required: ['name', 'link', 'path'],
          additionalProperties: false,
        },
        description: 'Further links that go with it.',
        aliases: ['slaves'],
      },
      family: refusedArgument('Families are for Red Hat’s alternatives; use `command` there.'),
    },
    required: ['name', 'path'],
    additionalProperties: false,
  },
  returns: { name: 'The name.', path: 'The program.', state: 'What was asked for.' },
  example: `- name: Edit with vim
  alternatives:
    name: editor
    path: /usr/bin/vim.basic
    link: /usr/bin/editor
`,
  probe: (args) =>
    all({
      known: askAlternatives(args.name),
      program: file(args.path, { content: 'none', links: 'follow' }),
      place:
        args.link === undefined
          ? nothing<FileState>({ kind: 'absent' })
          : file(args.link, { content: 'none' }),
    }),
  diff: plan,
  async apply(wanted, host) {
    for (const words of wanted.commands) {
      const sh = 'LC_ALL=C; PATH=$PATH:/usr/sbin:/sbin; export LC_ALL PATH; update-alternatives "$@"';
      const problem = {
        code: 'HAPB6363',
        message: `cannot ${wanted.summary}`,
        hint: 'Add `become: true`; read what update-alternatives says below.',
      } as const;
      await step(host, { sh, args: words }, problem);
    }
    return wanted.result;
  },
  output: outputOf,
  foreseen: (wanted) => wanted.result,
};

function outputOf(args: AlternativesArgs): Output {
  return { name: args.name, path: args.path, state: args.state ?? 'selected' };
}

function plan(args: AlternativesArgs, found: AlternativesModuleState): AlternativesChange | null {
  const { known: now } = found;
  if (now.tool === 'none') {
    throw new Failure({
      code: 'HAPB6362',
      message: 'the host has no update-alternatives',
      hint: 'It comes with dpkg; use `file` with state: link elsewhere.',
    });
  }
  const state = args.state ?? 'selected';
  const choice = now.choices.find(({ path }) => path === args.path);
  if (state === 'absent') {
    if (choice === undefined) return null;
    return changeOf(args, {
      now,
      summary: `forget ${args.path} for ${args.name}`,
      commands: [['--remove', args.name, args.path]],
    });
  }
  const install = isInstalled(args, now) ? [] : [installWords(args, found)];
  const select =
    state === 'selected' && now.value !== args.path
      ? [['--set', args.name, args.path]]
      : state === 'auto' && now.status !== 'auto'
        ? [['--auto', args.name]]
        : [];
  const commands = [...install, ...select];
  if (commands.length === 0) return null;
  const verb = state === 'selected' ? 'let' : 'offer';
  const summary =
    state === 'selected'
      ? `${verb} ${args.name} be ${args.path}`
      : state === 'auto'
        ? `choose ${args.name} by priority`
        : `${verb} ${args.path} for ${args.name}`;
  return changeOf(args, { now, summary, commands });
}

function isInstalled(args: AlternativesArgs, now: AlternativesState): boolean {
  const choice = now.choices.find(({ path }) => path === args.path);
  if (choice === undefined) return false;
  if (args.priority !== undefined && args.priority !== choice.priority) return false;
  if (args.link !== undefined && args.link !== now.link) return false;
  if (args.subcommands === undefined) return true;
  const wanted = args.subcommands.map(({ name, path, link }) => `${name} ${path} ${link}`);
  const found = Object.entries(choice.subcommands).map(
    ([name, path]) => `${name} ${path} ${now.links[name] ?? ''}`,
  );
  return wanted.sort().join('\n') === found.sort().join('\n');
}

function installWords(
  args: AlternativesArgs,
  { known: now, program, place }: AlternativesModuleState,
): readonly string[] {
  const link = args.link ?? now.link;
  if (program.kind === 'absent') {
    throw new Failure({
      code: 'HAPB6363',
      message: `there is no ${args.path} on the host`,
      hint: 'Install the program first, or correct `path`.',
      argument: 'path',
    });
  }
  if (link === null) {
    throw new Failure({
      code: 'HAPB6006',
      message: `${args.name} is new, so its link has to be named`,
      hint: `Add \`link:\`, such as /usr/bin/${args.name}.`,
      argument: 'name',
    });
  }
  if (place.kind === 'file' || place.kind === 'directory') {
    throw new Failure({
      code: 'HAPB6363',
      message: `there is a ${place.kind} at ${link}, which update-alternatives would leave as it is`,
      hint: 'Remove it first, or give another `link`.',
      argument: 'link',
    });
  }
  const choice = now.choices.find(({ path }) => path === args.path);
  const kept = Object.entries(choice?.subcommands ?? {}).map(([name, path]) => ({
    name,
    path,
    link: now.links[name] ?? '',
  }));
  const followers = args.subcommands ?? kept;
  return [
    '--install',
    link,
    args.name,
    args.path,
    String(args.priority ?? choice?.priority ?? 50),
    ...followers.flatMap((each) => ['--slave', each.link, each.name, each.path]),
  ];
}

function changeOf(
  args: AlternativesArgs,
  what: {
    readonly now: AlternativesState;
    readonly summary: string;
    readonly commands: readonly (readonly string[])[];
  },
): AlternativesChange {
  const { now, summary, commands } = what;
  const state = args.state ?? 'selected';
  const rest = now.choices.filter(({ path }) => path !== args.path);
  const own = now.choices.find(({ path }) => path === args.path);
  const priority = args.priority ?? own?.priority ?? 50;
  const choices =
    state === 'absent'
      ? rest
      : [
          ...rest,
          {
            path: args.path,
            priority,
            subcommands:
              args.subcommands === undefined
                ? (own?.subcommands ?? {})
                : Object.fromEntries(args.subcommands.map(({ name, path }) => [name, path])),
          },
        ];
  const best = [...choices].sort((a, b) => b.priority - a.priority)[0]?.path ?? '';
  const sets = commands.some(([verb]) => verb === '--set');
  const resets = state === 'auto' || (state === 'absent' && now.value === args.path);
  const status = sets ? 'manual' : resets ? 'auto' : now.status;
  const value = sets ? args.path : status === 'auto' ? best : now.value;
  const links = {
    ...now.links,
    ...Object.fromEntries((args.subcommands ?? []).map(({ name, link }) => [name, link])),
  };
  const after: AlternativesState = { ...now, link: args.link ?? now.link, status, value, links, choices };
  const path = `/etc/alternatives/${args.name}`;
  const line = (found: AlternativesState): string | null =>
    found.choices.length === 0
      ? null
      : `${found.value} (${found.status})\n${found.choices
          .map((each) => `${each.path} ${each.priority}\n`)
          .sort()
          .join('')}`;
  return {
    summary,
    edits: [{ subject: `alternatives ${args.name}`, before: line(now), after: line(after) }],
    effects: [
      { key: `alternatives:${args.name}`, state: after },
      ...[path, ...(after.link === null ? [] : [after.link])].map((place, index) =>
        value === ''
          ? fileEffect(place, { kind: 'absent' })
          : fileEffect(place, {
              kind: 'link',
              target: index === 0 ? value : path,
              owner: 'root',
              group: 'root',
            }),
      ),
      ...Object.entries(links)
        .flatMap(([name, link]) => [link, `/etc/alternatives/${name}`])
        .map((place) => unforeseenFile(place, `it goes with the alternatives ${args.name}`)),
    ],
    forecast: known,
    commands,
    result: outputOf(args),
  };
}
