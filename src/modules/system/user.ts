import { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, andThen, each, map, nothing } from '../ask.ts';
import { accountDefaults } from '../asks/account-defaults.ts';
import { file } from '../asks/file.ts';
import type { FileState } from '../asks/file-state.ts';
import { groupOf } from '../asks/group.ts';
import { processOf, type UserState, uidOwner, userOf } from '../asks/user.ts';
import { notConverged } from '../general/steps.ts';
import type { HostWriter, Module } from '../module.ts';
import { accountStep } from './account-failure.ts';
import { type UserArgs, userSchema, wantedGroups } from './user-args.ts';
import { type KeyState, makeKey, sshKey } from './user-key.ts';
import { planUser, type UserChange, type UserModuleState } from './user-plan.ts';

/** Accounts. */
export const user: Module<UserArgs, UserModuleState, UserChange> = {
  name: 'user',
  summary: 'Makes, changes and removes accounts of users.',
  notes: [
    'It works with useradd, usermod, userdel, chpasswd and chage of the host (package passwd or shadow).',
    'The hash of a password is a secret: it is sent on stdin, stands in no process list and in no diff, and is compared with what /etc/shadow holds, so `become: true` is needed. A plain password is refused.',
    '`password_lock: false` leaves an account alone that has no password, because there is nothing to unlock.',
    'A home directory that is missing is made, also of an account that is there; `create_home: false` prevents it.',
    '`system`, `skeleton`, `umask`, `uid_min`, `uid_max` and `seuser` matter only when the account or its home directory is made.',
  ],
  args: userSchema,
  returns: {
    name: 'The account.',
    state: 'present or absent.',
    uid: 'Its number.',
    group: 'Number of its primary group.',
    groups: 'The other groups that the task names, with commas between.',
    comment: 'Full name or purpose.',
    home: 'Home directory.',
    shell: 'Login shell.',
    append: 'Whether `groups` was added; only of an account that was there.',
    move_home: 'Whether the home directory was to move; only of an account that was there.',
    create_home: 'Whether a home directory was to be made; only of a new account.',
    system: 'Whether it was made as an account of the system; only of a new one.',
    password: 'NOT_LOGGING_PASSWORD where the task has one.',
    force: 'With absent: whether it was removed though in use.',
    remove: 'With absent: whether its home directory went too.',
    ssh_fingerprint: 'Fingerprint of its SSH key, when asked for.',
    ssh_key_file: 'Path of that key.',
    ssh_public_key: 'Its public half.',
  },
  example: `- name: An account for deployments
  user:
    name: deploy
    comment: Deployments
    shell: /bin/bash
    groups: [adm]
    append: true
`,
  probe: askUser,
  diff: planUser,
  apply: applyUser,
  output: (args, state) => ({
    ...(state.user.kind === 'absent' ? {} : settled({ args, what: 'change' })),
    ...outputOf(args, state.user, state.key),
  }),
  foreseen: (wanted) => {
    const { args, after } = wanted;
    const later = new Unknown(`${args.name} is known whole only once it is made`);
    const key =
      args.generate_ssh_key === true && wanted.key !== null
        ? { ssh_key_file: wanted.key.path, ssh_fingerprint: later, ssh_public_key: later }
        : {};
    return {
      ...settled(wanted),
      ...outputOf(args, after, null),
      ...(after.kind === 'present' && after.uid === null ? { uid: later } : {}),
      ...(after.kind === 'present' && after.gid === null ? { group: later } : {}),
      ...key,
    };
  },
};

function askUser(args: UserArgs): Ask<UserModuleState> {
  const primary = args.group === undefined ? [] : [args.group];
  const names = [...new Set([args.name, ...primary, ...(wantedGroups(args) ?? [])])];
  const home = args.home ?? `/home/${args.name}`;
  const asked = all({
    user: userOf(args.name),
    tools: accountDefaults(args.skeleton ?? '', args.name),
    groups: map(
      each(names.map(groupOf)),
      (found) => new Map(found.map((each, index) => [names[index] ?? '', each])),
    ),
    owner: args.uid === undefined ? nothing(null) : uidOwner(args.uid),
    home: file(home, { content: 'none', links: 'follow' }),
  });
  const account = andThen(asked, (found) =>
    map(busyWith(args, found.user), (busy) => ({
      ...found,
      user: withHome(found.user, home, found.home),
      busy,
    })),
  );
  if (args.generate_ssh_key !== true || args.state === 'absent')
    return map(account, (found): UserModuleState => ({ ...found, key: null }));
  return andThen(account, (found) => {
    const place = args.home ?? (found.user.kind === 'present' ? found.user.home : home);
    return map(sshKey(args, place), (key) => ({ ...found, key }));
  });
}

/** What usermod and userdel refuse as long as the user has a process; only asked for where they would be told so. */
function busyWith(args: UserArgs, now: UserState): Ask<string | null> {
  if (now.kind === 'absent' || now.uid === null) return nothing(null);
  const differs =
    args.state === 'absent'
      ? args.force !== true
      : (args.uid ?? now.uid) !== now.uid || (args.home ?? now.home) !== now.home;
  return differs ? processOf(now.uid) : nothing(null);
}

/** A task before may have made or removed the home, which only the question for its path tells. */
function withHome(user: UserState, path: string, now: FileState): UserState {
  if (user.kind === 'absent' || user.home !== path) return user;
  return { ...user, homeExists: now.kind !== 'absent' };
}

const script = `
name=$1 prefix=$2 secret=$3 parent=$4; shift 4
if [ -n "$parent" ]; then mkdir -p -- "$parent" || exit; fi
if [ $# -gt 0 ]; then "$@" || exit; fi
if [ "$secret" = yes ]; then
  hash=$(cat)
  printf '%s:%s%s\\n' "$name" "$prefix" "$hash" | chpasswd -e || exit
fi
`;

// chown -h leaves what links lead to alone.
const homeScript = `
name=$1 path=$2 mode=$3 skeleton=$4
mkdir -p -- "$path" || exit
if [ -d "$skeleton" ]; then cp -a -- "$skeleton/." "$path/" || exit; fi
owner=$(id -u "$name"):$(id -g "$name") || exit
chown -R -h -- "$owner" "$path" && chmod -- "$mode" "$path"
`;

async function applyUser(wanted: UserChange, host: HostWriter): Promise<Output> {
  const { args, words, password, ageing, home, key } = wanted;
  if (words.length > 0 || password !== null) {
    const parent = wanted.what === 'make' ? (home?.parents.at(-1) ?? '') : '';
    const front = [args.name, password?.prefix ?? '', password === null ? 'no' : 'yes', parent];
    const stdin = password === null ? {} : { stdin: password.hash };
    await accountStep(host, { sh: script, args: [...front, ...words], ...stdin }, wanted.summary);
  }
  if (ageing.length > 0) await accountStep(host, { sh: '"$@"', args: ageing }, wanted.summary);
  if (home !== null && wanted.what === 'change') {
    const call = { sh: homeScript, args: [args.name, home.path, home.mode, home.skeleton] };
    await accountStep(host, call, `make the home directory ${home.path}`);
  }
  if (key !== null) await makeKey(args, key, host);
  const found = await host.ask(userOf(args.name));
  if ((found.kind === 'absent') !== (args.state === 'absent'))
    throw notConverged(`user ${args.name}`, `it as ${found.kind}`);
  const made =
    args.generate_ssh_key === true && found.kind === 'present'
      ? await host.ask(sshKey(args, args.home ?? found.home))
      : null;
  return { ...settled(wanted), ...outputOf(args, found, made) };
}

/** What the result says of the way that was taken. */
function settled({ args, what }: Pick<UserChange, 'args' | 'what'>): Output {
  switch (what) {
    case 'make':
      return { system: args.system ?? false, create_home: args.create_home ?? true };
    case 'change':
      return { append: args.append ?? false, move_home: args.move_home ?? false };
    case 'remove':
      return { force: args.force ?? false, remove: args.remove ?? false };
  }
}

function outputOf(args: UserArgs, found: UserState, key: KeyState | null): Output {
  const base: Output = {
    name: args.name,
    state: args.state ?? 'present',
    ...(args.password === undefined || args.state === 'absent' ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
  };
  if (found.kind === 'absent') return base;
  const { public: half } = key ?? {};
  return {
    ...base,
    uid: found.uid,
    group: found.gid,
    comment: found.comment,
    home: found.home,
    shell: found.shell,
    ...(args.groups === undefined ? {} : { groups: (wantedGroups(args) ?? []).join(',') }),
    ...(key === null
      ? {}
      : {
          ssh_key_file: key.path,
          ssh_fingerprint: key.fingerprint,
          ssh_public_key:
            half?.kind === 'file' && typeof half.content === 'string' ? half.content.trim() : null,
        }),
  };
}
