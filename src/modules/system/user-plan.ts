import type { Change, Edit, Effect } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { AccountDefaults, AccountTools } from '../asks/account-defaults.ts';
import type { FileState } from '../asks/file-state.ts';
import type { GroupState } from '../asks/group.ts';
import type { PresentUser, Shadow, UserState } from '../asks/user.ts';
import { noAccountTools, numberTaken } from './account-failure.ts';
import { type UserArgs, wantedGroups } from './user-args.ts';
import { createWords, type PasswordStep, passwordStep, shadowAfter, usermodWords } from './user-commands.ts';
import {
  accountEffects,
  type HomePlan,
  homeEdits,
  homePlan,
  removal,
  unlessBusy,
  userLines,
} from './user-effects.ts';
import { type KeyPlan, type KeyState, planKey } from './user-key.ts';

/** What `user` asks. */
export interface UserModuleState {
  readonly user: UserState;
  readonly tools: AccountTools;
  /** Groups that the task names, and the one of the account's own name. */
  readonly groups: ReadonlyMap<string, GroupState>;
  /** Whose the wanted number is; `null`: nobody's, or none is wanted. */
  readonly owner: string | null;
  /** What is at the home directory that the task names, or that a new account would get. */
  readonly home: FileState;
  /** A process of the user that stands in the way of what is wanted; `null`: there is none. */
  readonly busy: string | null;
  /** `null`: no key is asked for. */
  readonly key: KeyState | null;
}

/** What has to be done to an account. */
export interface UserChange extends Change {
  readonly args: UserArgs;
  readonly what: 'make' | 'change' | 'remove';
  /** useradd, usermod or userdel with its arguments; empty: none is needed. */
  readonly words: readonly string[];
  readonly password: PasswordStep | null;
  /** chage with its arguments; empty: none is needed. */
  readonly ageing: readonly string[];
  /** Home directory to make; `null`: it is there or not asked for. */
  readonly home: HomePlan | null;
  readonly key: KeyPlan | null;
  /** How the account will be. */
  readonly after: UserState;
}

/** What has to be done; `null`: nothing. @throws Failure HAPB6006, HAPB6300, HAPB6302 to HAPB6305 */
export function planUser(args: UserArgs, state: UserModuleState): UserChange | null {
  if (args.state === 'absent') return planRemoval(args, state);
  const tools = toolsOf(state);
  const groups = checkGroups(args, state);
  if (args.non_unique === true && args.uid === undefined) throw needs('non_unique', 'uid');
  const taken = state.owner !== null && state.owner !== args.name ? state.owner : null;
  if (taken !== null && args.uid !== undefined && args.non_unique !== true)
    throw numberTaken('uid', args.uid, taken);
  if (args.move_home === true && args.home === undefined) throw needs('move_home', 'home');
  return state.user.kind === 'absent'
    ? planNew(args, { ...state, tools, wanted: groups })
    : planExisting(args, { ...state, user: state.user, tools, wanted: groups });
}

type Known = UserModuleState & {
  readonly tools: AccountDefaults;
  /** Names of the other groups; `null`: the task says nothing. */
  readonly wanted: readonly string[] | null;
};

function planNew(args: UserArgs, state: Known): UserChange {
  const { tools } = state;
  const own = state.groups.get(args.name);
  const primary =
    args.group === undefined
      ? tools.ownGroup && own?.kind !== 'present'
        ? { name: args.name, gid: null }
        : { name: null, gid: Number(tools.group) || null }
      : groupNamed(args.group, state);
  const path = args.home ?? `${tools.base}/${args.name}`;
  const home = homePlan(args, { path, now: state.home, tools, who: args.name, group: primary.name });
  const password = args.password === undefined ? null : passwordStep(args, args.password, null);
  const after: PresentUser = {
    kind: 'present',
    uid: args.uid ?? null,
    gid: primary.gid,
    group: primary.name,
    groups: [...(state.wanted ?? [])].filter((name) => name !== primary.name).sort(),
    comment: args.comment ?? '',
    home: path,
    homeExists: home !== null || state.home.kind !== 'absent',
    shell: args.shell ?? tools.shell,
    shadow: shadowAfter(args, { before: freshShadow(args, tools), password, words: [] }),
  };
  return finish(args, state, {
    what: 'make',
    words: createWords(args, {
      groups: after.groups ?? [],
      ownGroupExists: own?.kind === 'present',
      parent: home?.parents.at(-1) ?? null,
    }),
    password,
    ageing: ageingWords(args, null),
    home,
    after,
    ownGroup: args.group === undefined && primary.name === args.name,
  });
}

function planExisting(args: UserArgs, state: Known & { readonly user: PresentUser }): UserChange | null {
  const { user, tools } = state;
  needShadow(args, user);
  const primary = args.group === undefined ? null : groupNamed(args.group, state);
  const samePrimary =
    primary === null || (primary.gid === null ? primary.name === user.group : primary.gid === user.gid);
  const present = user.groups ?? [];
  const wanted = (state.wanted ?? present).filter((name) => name !== (primary?.name ?? user.group));
  const groups = args.append === true ? [...new Set([...present, ...wanted])].sort() : [...wanted].sort();
  const password =
    args.password === undefined || args.update_password === 'on_create'
      ? null
      : passwordStep(args, args.password, user.shadow);
  const words = usermodWords(args, {
    user,
    primary: samePrimary ? null : primary,
    groups: state.wanted === null || groups.join() === [...present].sort().join() ? null : groups,
    password,
  });
  const path = args.home ?? user.home;
  const now =
    args.home === undefined || args.home === user.home ? (user.homeExists ? 'there' : 'missing') : null;
  const moves = path !== user.home && args.move_home === true && user.homeExists;
  const home =
    now === 'there' || moves
      ? null
      : homePlan(args, {
          path,
          now: now === 'missing' ? { kind: 'absent' } : state.home,
          tools,
          who: args.name,
          group: primary?.name ?? user.group,
        });
  const after: PresentUser = {
    kind: 'present',
    uid: args.uid ?? user.uid,
    gid: samePrimary ? user.gid : (primary?.gid ?? null),
    group: samePrimary ? user.group : (primary?.name ?? null),
    groups,
    comment: args.comment ?? user.comment,
    home: path,
    homeExists: home !== null || moves || (now === null ? state.home.kind !== 'absent' : now === 'there'),
    shell: args.shell ?? user.shell,
    shadow: user.shadow === null ? null : shadowAfter(args, { before: user.shadow, password, words }),
  };
  const ageing = ageingWords(args, user);
  const key = state.key === null ? null : planKey(args, state.key);
  if (words.length === 0 && password === null && ageing.length === 0 && home === null && key === null)
    return null;
  return finish(args, state, { what: 'change', words, password, ageing, home, after, ownGroup: false });
}

/** How useradd leaves shadow(5); accounts of the system do not age. */
function freshShadow(args: UserArgs, tools: AccountDefaults): Shadow {
  const never = { minDays: -1, maxDays: -1, warnDays: -1 };
  return {
    password: '!',
    ...(args.system === true ? never : tools.ageing),
    inactiveDays: -1,
    expireDay: -1,
  };
}

interface Found extends Pick<UserChange, 'words' | 'password' | 'ageing' | 'home'> {
  readonly what: 'make' | 'change';
  readonly after: PresentUser;
  /** Whether useradd makes a group of the account's own name. */
  readonly ownGroup: boolean;
}

function finish(args: UserArgs, state: UserModuleState, found: Found): UserChange {
  const key = state.key === null ? null : planKey(args, state.key);
  const { ownGroup, ...rest } = found;
  const before = state.user.kind === 'absent' ? null : state.user;
  const lines = userLines(args, before, found);
  const effects: readonly Effect[] = [
    ...accountEffects(args.name, { before, after: found.after, ownGroup, words: found.words }),
    ...(found.home?.effects ?? []),
    ...(key?.effects ?? []),
  ];
  const edits: readonly Edit[] = [
    ...(lines === null ? [] : [{ subject: `user ${args.name}`, ...lines }]),
    ...(before === null ? [] : homeEdits(before, found.after, found.words)),
    ...(found.home?.edits ?? []),
    ...(key?.edits ?? []),
  ];
  return {
    summary: found.what === 'make' ? `make user ${args.name}` : `change user ${args.name}`,
    edits,
    ...unlessBusy(args.name, state.busy, effects),
    args,
    key,
    ...rest,
  };
}

function planRemoval(args: UserArgs, state: UserModuleState): UserChange | null {
  if (state.user.kind === 'absent') return null;
  const tools = toolsOf(state);
  const { edits, effects } = removal(args, state.user, tools);
  return {
    summary: `remove user ${args.name}`,
    edits,
    ...unlessBusy(args.name, state.busy, effects),
    args,
    what: 'remove',
    words: [
      'userdel',
      ...(args.force === true ? ['-f'] : []),
      ...(args.remove === true ? ['-r'] : []),
      args.name,
    ],
    password: null,
    ageing: [],
    home: null,
    key: null,
    after: { kind: 'absent' },
  };
}

function ageingWords(args: UserArgs, user: PresentUser | null): readonly string[] {
  const wishes = [
    ['-m', args.password_expire_min, user?.shadow?.minDays],
    ['-M', args.password_expire_max, user?.shadow?.maxDays],
    ['-W', args.password_expire_warn, user?.shadow?.warnDays],
  ] as const;
  const words = wishes.flatMap(([flag, wanted, now]) =>
    wanted === undefined || wanted === now ? [] : [flag, String(wanted)],
  );
  return words.length === 0 ? [] : ['chage', ...words, args.name];
}

function checkGroups(args: UserArgs, state: UserModuleState): readonly string[] | null {
  const wanted = wantedGroups(args);
  const names = [...(args.group === undefined ? [] : [args.group]), ...(wanted ?? [])];
  const missing = names.find((name) => state.groups.get(name)?.kind !== 'present');
  if (missing !== undefined) {
    throw new Failure({
      code: 'HAPB6302',
      message: `the host has no group ${missing}`,
      hint: `Make it first: \`group: {name: ${missing}}\`.`,
      argument: missing === args.group ? 'group' : 'groups',
    });
  }
  return wanted === null ? null : wanted.map((name) => groupNamed(name, state).name ?? name);
}

function groupNamed(
  name: string,
  state: UserModuleState,
): { readonly name: string | null; readonly gid: number | null } {
  const found = state.groups.get(name);
  return found?.kind === 'present' ? { name: found.name, gid: found.gid } : { name, gid: null };
}

function toolsOf({ tools }: UserModuleState): AccountDefaults {
  if (tools === 'no-useradd') throw noAccountTools('useradd');
  return tools;
}

/** What only root can read has to be read before it can be compared. */
function needShadow(args: UserArgs, user: PresentUser): void {
  const asks =
    (args.password !== undefined && args.update_password !== 'on_create') ||
    args.password_lock !== undefined ||
    args.expires !== undefined ||
    args.password_expire_min !== undefined ||
    args.password_expire_max !== undefined ||
    args.password_expire_warn !== undefined ||
    args.password_expire_account_disable !== undefined;
  if (!asks || user.shadow !== null) return;
  throw new Failure({
    code: 'HAPB6303',
    message: `the password of ${args.name} and its dates may not be read by this user`,
    hint: 'Add `become: true`.',
  });
}

function needs(argument: string, other: string): Failure {
  return new Failure({
    code: 'HAPB6006',
    message: `${argument} needs ${other}`,
    hint: `Add \`${other}:\`, or take \`${argument}\` out.`,
    argument,
  });
}
