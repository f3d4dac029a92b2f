import { type Change, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { all, nothing, orUnknown } from '../ask.ts';
import { commandExists } from '../asks/command-exists.ts';
import { unforeseenFile } from '../asks/file-state.ts';
import {
  type GroupState,
  type GroupUsers,
  groupEffect,
  groupKey,
  groupOf,
  usersOfGroup,
} from '../asks/group.ts';
import { accountFiles, userKey } from '../asks/user.ts';
import { onlyFlag } from '../general/refused-argument.ts';
import { notConverged } from '../general/steps.ts';
import type { Module } from '../module.ts';
import { accountStep, noAccountTools, numberTaken, primaryGroup } from './account-failure.ts';

/** Arguments of `group`. */
export interface GroupArgs {
  readonly name: string;
  readonly state?: 'present' | 'absent';
  readonly gid?: number;
  readonly non_unique?: boolean;
  readonly system?: boolean;
  readonly force?: boolean;
  readonly gid_min?: number;
  readonly gid_max?: number;
}

/** What `group` asks. */
export interface GroupModuleState {
  readonly group: GroupState;
  readonly groupadd: string | null | Unknown;
  /** Whose the wanted number is. */
  readonly owner: GroupState;
  /** Who is in it when it goes. Unknown: an earlier task may change it. */
  readonly users: GroupUsers | Unknown;
}

/** One command to run. */
export interface GroupChange extends Change {
  readonly args: GroupArgs;
  readonly words: readonly [string, ...string[]];
}

/** Groups of users. */
export const group: Module<GroupArgs, GroupModuleState, GroupChange> = {
  name: 'group',
  summary: 'Makes and removes groups of users.',
  notes: [
    'It works with groupadd, groupmod and groupdel of the host (package passwd or shadow).',
    '`system`, `gid_min` and `gid_max` matter only when the group is made.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        minLength: 1,
        pattern: '^[^:,\\s]+$',
        description: 'Name of the group.',
        changes: 'group',
      },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be there.' },
      gid: { type: 'integer', minimum: 0, description: 'Its number. Absent: the next free one.' },
      non_unique: {
        type: 'boolean',
        default: false,
        description: 'Allow a number that another group has; needs gid.',
      },
      system: { type: 'boolean', default: false, description: 'Take a number from the range of the system.' },
      force: {
        type: 'boolean',
        default: false,
        description: 'Remove it even if it is the primary group of a user.',
      },
      local: onlyFlag('false', 'Groups are made in the files of the host; leave it out.'),
      gid_min: { type: 'integer', minimum: 0, description: 'Lowest number for a new group.' },
      gid_max: { type: 'integer', minimum: 0, description: 'Highest number for a new group.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  returns: {
    name: 'The group.',
    state: 'present or absent.',
    gid: 'Its number.',
    system: 'Whether the task asked for a group of the system.',
  },
  example: `- name: A group for those who deploy
  group:
    name: deploy
    gid: 1500
`,
  probe: (args) =>
    all({
      group: groupOf(args.name),
      groupadd: orUnknown(commandExists('groupadd')),
      owner: args.gid === undefined ? nothing<GroupState>({ kind: 'absent' }) : groupOf(String(args.gid)),
      users:
        args.state === 'absent'
          ? orUnknown(usersOfGroup(args.name))
          : nothing<GroupUsers>({ primary: [], members: [] }),
    }),
  diff: plan,
  async apply(wanted, host) {
    const { args, words } = wanted;
    await accountStep(host, { sh: '"$@"', args: words }, wanted.summary);
    const found = await host.ask(groupOf(args.name));
    const absent = args.state === 'absent';
    if ((found.kind === 'absent') !== absent) throw notConverged(`group ${args.name}`, `it as ${found.kind}`);
    return outputOf(args, found);
  },
  output: (args, state) => outputOf(args, state.group),
  foreseen: ({ args }) =>
    args.state === 'absent'
      ? outputOf(args, { kind: 'absent' })
      : {
          ...outputOf(args, { kind: 'absent' }),
          system: args.system ?? false,
          gid: args.gid ?? new Unknown(`the host gives group ${args.name} its number`),
        },
};

function plan(args: GroupArgs, state: GroupModuleState): GroupChange | null {
  const { group: now, groupadd, users } = state;
  check(args, state);
  if (args.state === 'absent') {
    if (now.kind === 'absent') return null;
    if (!(users instanceof Unknown) && users.primary.length > 0 && args.force !== true)
      throw primaryGroup(args.name, users.primary);
    const force = args.force === true ? ['-f'] : [];
    return changeOf(args, {
      words: ['groupdel', ...force, args.name],
      summary: `remove group ${args.name}`,
      now,
      after: { kind: 'absent' },
      groupadd,
      users,
    });
  }
  const number =
    args.gid === undefined ? [] : ['-g', String(args.gid), ...(args.non_unique === true ? ['-o'] : [])];
  const after = { kind: 'present', name: args.name, gid: args.gid ?? null } as const;
  if (now.kind === 'absent') {
    const range = [
      ...(args.gid_min === undefined ? [] : ['-K', `GID_MIN=${args.gid_min}`]),
      ...(args.gid_max === undefined ? [] : ['-K', `GID_MAX=${args.gid_max}`]),
    ];
    const system = args.system === true ? ['-r'] : [];
    return changeOf(args, {
      words: ['groupadd', ...number, ...system, ...range, args.name],
      summary: `make group ${args.name}`,
      now,
      after,
      groupadd,
    });
  }
  if (args.gid === undefined || args.gid === now.gid) return null;
  return changeOf(args, {
    words: ['groupmod', ...number, args.name],
    summary: `give group ${args.name} the number ${args.gid}`,
    now,
    after,
    groupadd,
  });
}

interface Step {
  readonly words: readonly [string, ...string[]];
  readonly summary: string;
  readonly now: GroupState;
  readonly after: GroupState;
  readonly groupadd: string | null | Unknown;
  /** Who is in it no more; absent: it stays. */
  readonly users?: GroupUsers | Unknown;
}

function changeOf(args: GroupArgs, { words, summary, now, after, groupadd, users }: Step): GroupChange {
  if (groupadd === null) throw noAccountTools(words[0]);
  // What number it had is of no use any more, and not known of a group that the same check would make.
  const goes = after.kind === 'absent';
  const doubt = users instanceof Unknown && args.force !== true ? users : undefined;
  const line = (state: GroupState): string | null =>
    state.kind === 'absent'
      ? null
      : goes
        ? `${args.name}\n`
        : state.gid === null
          ? 'gid: next free\n'
          : `gid: ${state.gid}\n`;
  return {
    summary,
    edits: [{ subject: `group ${args.name}`, before: line(now), after: line(after) }],
    effects: [
      ...(doubt === undefined
        ? [groupEffect(args.name, after)]
        : [{ key: groupKey(args.name), state: doubt }]),
      ...(now.kind === 'absent' || now.gid === null
        ? []
        : [groupEffect(String(now.gid), { kind: 'absent' })]),
      ...(args.gid === undefined || goes ? [] : [groupEffect(String(args.gid), after)]),
      ...leaving(args.name, users),
      ...accountFiles.map((path) => unforeseenFile(path, `${words[0]} edits ${path}`)),
    ],
    forecast: doubt === undefined ? known : { kind: 'unknown', unknown: doubt },
    args,
    words,
  };
}

/** Who was in a group that goes is so no more. */
function leaving(name: string, users: Step['users']): readonly Effect[] {
  if (users === undefined) return [];
  const state = new Unknown(`who was in group ${name} is so no more`);
  const names = users instanceof Unknown ? ['*'] : [...users.primary, ...users.members];
  return names.map((user) => ({ key: userKey(user), state }));
}

function check(args: GroupArgs, { owner }: GroupModuleState): void {
  const taken = args.state !== 'absent' && owner.kind === 'present' && owner.name !== args.name;
  if (taken && args.gid !== undefined && args.non_unique !== true)
    throw numberTaken('gid', args.gid, owner.name);
  if (args.non_unique === true && args.gid === undefined) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'non_unique needs a number',
      hint: 'Add `gid:`, or take `non_unique` out.',
      argument: 'non_unique',
    });
  }
}

function outputOf(args: GroupArgs, found: GroupState): Output {
  const base = { name: args.name, state: args.state ?? 'present' };
  return found.kind === 'absent' || found.gid === null
    ? base
    : { ...base, gid: found.gid, system: args.system ?? false };
}
