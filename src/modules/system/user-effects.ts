import { type Edit, type Effect, type Forecast, known } from '../../core/change.ts';
import { Unknown } from '../../core/unknown.ts';
import type { AccountDefaults } from '../asks/account-defaults.ts';
import { belowEffect, type FileState, fileEffect, regularFile, unforeseenFile } from '../asks/file-state.ts';
import { groupEffect, groupKey } from '../asks/group.ts';
import { accountFiles, type PresentUser, uidEffect, userEffect } from '../asks/user.ts';
import type { UserArgs } from './user-args.ts';
import type { PasswordStep } from './user-commands.ts';

/** A home directory to make. */
export interface HomePlan {
  readonly path: string;
  /** Folders above it, from the top; they are made where they are missing. */
  readonly parents: readonly string[];
  readonly mode: string;
  readonly skeleton: string;
  readonly edits: readonly Edit[];
  readonly effects: readonly Effect[];
}

/** The home directory that has to be made; `null`: it is there, or none is to be made. */
export function homePlan(
  args: UserArgs,
  at: {
    readonly path: string;
    readonly now: FileState;
    readonly tools: AccountDefaults;
    readonly who: string;
    readonly group: string | null;
  },
): HomePlan | null {
  const { path, tools, who } = at;
  if (args.create_home === false || at.now.kind !== 'absent') return null;
  const mode = args.umask === undefined ? tools.homeMode : cut(args.umask);
  const group = at.group ?? tools.group;
  const { skeleton } = tools;
  const words = path.split('/').slice(1, -1);
  return {
    path,
    parents: words.map((_, index) => `/${words.slice(0, index + 1).join('/')}`),
    mode,
    skeleton: skeleton.path,
    edits: [
      { subject: path, before: null, after: `mode: ${mode}\nowner: ${who}\ngroup: ${group}\n` },
      ...skeleton.files.map((file) => ({
        subject: `${path}/${file.path}`,
        before: null,
        after: `copy of ${skeleton.path}/${file.path}\n`,
      })),
    ],
    effects: [
      at.group === null
        ? unforeseenFile(path, 'its group is not known before the account is made')
        : fileEffect(path, { kind: 'directory', mode, owner: who, group }),
      ...skeleton.files.map((file) => {
        const place = `${path}/${file.path}`;
        return file.content === null || at.group === null
          ? unforeseenFile(place, `it is copied from ${skeleton.path}/${file.path}`)
          : fileEffect(place, regularFile(place, file.content, { mode: file.mode, owner: who, group }));
      }),
    ],
  };
}

function cut(umask: string): string {
  return (0o777 & ~Number.parseInt(umask, 8)).toString(8).padStart(4, '0');
}

/** What is true of the account, its groups and the files of accounts afterwards. */
export function accountEffects(
  name: string,
  at: {
    readonly before: PresentUser | null;
    readonly after: PresentUser;
    readonly ownGroup: boolean;
    readonly words: readonly string[];
  },
): readonly Effect[] {
  const { before, after, ownGroup } = at;
  const moved = before === null ? null : movedHome(before, after, at.words);
  return [
    userEffect(name, after),
    ...(before === null || before.uid === null || before.uid === after.uid
      ? []
      : [uidEffect(before.uid, null)]),
    ...(after.uid === null ? [] : [uidEffect(after.uid, name)]),
    ...(ownGroup ? [groupEffect(name, { kind: 'present', name, gid: null })] : []),
    ...(moved === null
      ? []
      : [
          fileEffect(moved.from, { kind: 'absent' }),
          belowEffect(moved.from, { kind: 'absent' }),
          unforeseenFile(moved.to, `it is moved from ${moved.from}`),
          belowEffect(moved.to, new Unknown(`it is moved from ${moved.from}`)),
        ]),
    ...accountFiles.map((path) => unforeseenFile(path, `the account ${name} is written to ${path}`)),
  ];
}

/** What usermod does to a home directory besides. */
export function homeEdits(
  before: PresentUser,
  after: PresentUser,
  words: readonly string[],
): readonly Edit[] {
  const moved = movedHome(before, after, words);
  const renumbered = before.uid !== after.uid && before.homeExists;
  return [
    ...(moved === null
      ? []
      : [
          { subject: moved.from, before: 'directory\n', after: null },
          { subject: moved.to, before: null, after: `moved from ${moved.from}\n` },
        ]),
    ...(renumbered
      ? [
          {
            subject: moved?.to ?? before.home,
            before: `owner of all below: ${before.uid}\n`,
            after: `owner of all below: ${after.uid}\n`,
          },
        ]
      : []),
  ];
}

function movedHome(
  before: PresentUser,
  after: PresentUser,
  words: readonly string[],
): { readonly from: string; readonly to: string } | null {
  return before.home === after.home || !words.includes('-m') ? null : { from: before.home, to: after.home };
}

/** What goes with an account. */
export function removal(
  args: UserArgs,
  user: PresentUser,
  tools: AccountDefaults,
): { readonly edits: readonly Edit[]; readonly effects: readonly Effect[] } {
  const gone = args.remove === true && user.homeExists ? [user.home] : [];
  const mail = args.remove === true ? [`/var/mail/${args.name}`] : [];
  const ownGroup = tools.ownGroup && user.group === args.name;
  return {
    edits: [
      { subject: `user ${args.name}`, before: lines(withoutNumbers(user)), after: null },
      ...gone.map((path) => ({ subject: path, before: 'directory\n', after: null })),
    ],
    effects: [
      userEffect(args.name, { kind: 'absent' }),
      ...(user.uid === null ? [] : [uidEffect(user.uid, null)]),
      // It stays where another account has it too.
      ...(ownGroup
        ? [args.name, ...(user.gid === null ? [] : [String(user.gid)])].map((name) => ({
            key: groupKey(name),
            state: new Unknown('it goes with its account unless others use it'),
          }))
        : []),
      ...[...gone, ...mail].map((path) => fileEffect(path, { kind: 'absent' })),
      ...gone.map((path) => belowEffect(path, { kind: 'absent' })),
      ...accountFiles.map((path) => unforeseenFile(path, `the account is taken out of ${path}`)),
    ],
  };
}

/** What comes of an account that may be in use: its processes may have ended by then, or not. */
export function unlessBusy(
  name: string,
  busy: string | null,
  effects: readonly Effect[],
): { readonly effects: readonly Effect[]; readonly forecast: Forecast } {
  if (busy === null) return { effects, forecast: known };
  const unknown = new Unknown(`${name} has processes (${busy}), and a run fails as long as one is there`);
  return {
    effects: effects.map(({ key }) => ({ key, state: unknown })),
    forecast: { kind: 'unknown', unknown },
  };
}

type Lines = ReadonlyMap<string, string>;

function describe(user: PresentUser): Lines {
  return new Map([
    ['uid', user.uid === null ? 'next free' : String(user.uid)],
    ['group', user.group ?? String(user.gid ?? 'default')],
    ['groups', (user.groups ?? []).join(',')],
    ['comment', user.comment],
    ['home', user.home],
    ['shell', user.shell],
  ]);
}

/** Which numbers an account got that the same check would make is not known, and of one that goes of no use. */
function withoutNumbers(user: PresentUser): Lines {
  return new Map([...describe(user)].filter(([name]) => name !== 'uid' && name !== 'group'));
}

/** Key lines for what differs, of a new account for all; `null`: nothing does. No hash is shown. */
export function userLines(
  args: UserArgs,
  before: PresentUser | null,
  found: {
    readonly after: PresentUser;
    readonly password: PasswordStep | null;
    readonly words: readonly string[];
  },
): { readonly before: string | null; readonly after: string } | null {
  const shown = (user: PresentUser): Map<string, string> => {
    const days = user.shadow;
    return new Map([
      ...describe(user),
      ['expires', days === null || days.expireDay < 0 ? 'never' : dateOf(days.expireDay)],
      ['password_expire_min', String(days?.minDays ?? '')],
      ['password_expire_max', String(days?.maxDays ?? '')],
      ['password_expire_warn', String(days?.warnDays ?? '')],
      ['password_expire_account_disable', String(days?.inactiveDays ?? '')],
    ]);
  };
  const after = shown(found.after);
  if (before === null) {
    const asked = [...describe(found.after).keys()];
    const rest = [...after.keys()].filter((key) => key in args && !asked.includes(key));
    const picked = new Map([...asked, ...rest].map((key) => [key, after.get(key) ?? '']));
    if (found.password !== null) picked.set('password', '(hidden)');
    return { before: null, after: lines(picked) };
  }
  const now = shown(before);
  const differing = [...after.keys()].filter((key) => after.get(key) !== now.get(key));
  const of = (from: Lines): Map<string, string> =>
    new Map(differing.map((key) => [key, from.get(key) ?? '']));
  const [old, fresh] = [of(now), of(after)];
  if (found.password !== null) {
    old.set('password', '(hidden)');
    fresh.set('password', `(hidden, another one${found.password.prefix === '!' ? ', locked' : ''})`);
  }
  const lock = found.words.includes('-L') ? 'yes' : found.words.includes('-U') ? 'no' : null;
  if (lock !== null) {
    old.set('password_lock', lock === 'yes' ? 'no' : 'yes');
    fresh.set('password_lock', lock);
  }
  return fresh.size === 0 ? null : { before: lines(old), after: lines(fresh) };
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function lines(from: Lines): string {
  return [...from].map(([key, value]) => `${key}: ${value}\n`).join('');
}
