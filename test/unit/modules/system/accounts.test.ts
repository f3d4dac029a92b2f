import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import { Unknown } from '../../../../src/core/unknown.ts';
import { all, andThen, each, map } from '../../../../src/modules/ask.ts';
import { accountDefaults } from '../../../../src/modules/asks/account-defaults.ts';
import { groupOf } from '../../../../src/modules/asks/group.ts';
import { type PresentUser, processOf, userOf } from '../../../../src/modules/asks/user.ts';
import { group } from '../../../../src/modules/system/group.ts';
import { user } from '../../../../src/modules/system/user.ts';
import type { UserArgs } from '../../../../src/modules/system/user-args.ts';
import { sshKey } from '../../../../src/modules/system/user-key.ts';
import { planUser, type UserModuleState } from '../../../../src/modules/system/user-plan.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { localHost, shells } from '../general/local-host.ts';

const task = taskContext();
const hash = '$6$law$PsHzKHJWWrd3N9SdlUt';

const settings = `GROUP=100
HOME=/home
SHELL=/bin/sh
PASS_MAX_DAYS	99999
PASS_MIN_DAYS	0
PASS_WARN_AGE	7
UMASK		022
USERGROUPS_ENAB yes
@skeleton
/etc/skel
644 ./.profile
=dW1hc2sgMDIyCg==
777 ./.link
`;
const recorded = `deploy:x:1001:1001:Deployments,,,:/home/deploy:/bin/bash
deploy
deploy adm sudo
home
deploy:${hash}:19900:0:99999:7:::
`;

async function state(change: Partial<UserModuleState> = {}): Promise<UserModuleState> {
  const host = fakeHost({
    answers: {
      'user:deploy': rawReply({ stdout: recorded }),
      'account-defaults::deploy': rawReply({ stdout: settings }),
    },
  });
  return {
    user: await host.ask(userOf('deploy')),
    tools: await host.ask(accountDefaults('', 'deploy')),
    groups: new Map([
      ['adm', { kind: 'present', name: 'adm', gid: 4 }],
      ['users', { kind: 'present', name: 'users', gid: 100 }],
    ]),
    owner: null,
    home: { kind: 'absent' },
    busy: null,
    key: null,
    ...change,
  };
}
const absent = { kind: 'absent' } as const;
const plan = async (args: Omit<UserArgs, 'name'>, change: Partial<UserModuleState> = {}) =>
  planUser({ name: 'deploy', ...args }, await state(change));
const present = async (): Promise<PresentUser> => {
  const { user: found } = await state();
  if (found.kind === 'absent') throw new Error('the recorded account is not read');
  return found;
};

describe('asks', () => {
  it('that hang on an answer ask again with it, alone and beside others', async () => {
    const host = fakeHost({
      answers: { 'group:a': absent, 'group:b': { kind: 'present', name: 'b', gid: 7 } },
    });
    const second = andThen(groupOf('a'), (found) => map(groupOf('b'), (next) => [found.kind, next.kind]));
    const both = await host.ask(all({ second, other: groupOf('b'), list: each([second, second]) }));
    expect(both).toEqual({
      second: ['absent', 'present'],
      other: { kind: 'present', name: 'b', gid: 7 },
      list: [
        ['absent', 'present'],
        ['absent', 'present'],
      ],
    });
  });

  it.each(shells)('read root, its group, and what is not there, in %s', async (shell) => {
    const host = localHost(shell);
    expect(await host.ask(userOf('root'))).toMatchObject({ uid: 0, gid: 0, group: 'root', homeExists: true });
    expect(await host.ask(userOf('hapb-nobody-has-this'))).toEqual(absent);
    expect(await host.ask(groupOf('root'))).toEqual({ kind: 'present', name: 'root', gid: 0 });
    expect(await host.ask(groupOf('hapb-no-such-group'))).toEqual(absent);
    host.dispose();
  });

  it('read an account with its other groups and dates', async () => {
    expect(await present()).toEqual({
      kind: 'present',
      uid: 1001,
      gid: 1001,
      group: 'deploy',
      groups: ['adm', 'sudo'],
      comment: 'Deployments,,,',
      home: '/home/deploy',
      homeExists: true,
      shell: '/bin/bash',
      shadow: { password: hash, minDays: 0, maxDays: 99999, warnDays: 7, inactiveDays: -1, expireDay: -1 },
    });
  });
});

describe('user', () => {
  it('makes an account, and foresees it, its group, its home and what is in it', async () => {
    const change = await plan({ shell: '/bin/bash', groups: ['adm'] }, { user: absent });
    expect(change?.words).toEqual(['useradd', '-G', 'adm', '-s', '/bin/bash', '-m', 'deploy']);
    expect(change?.effects.slice(0, 2)).toMatchObject([
      { key: 'user:deploy', state: { uid: null, group: 'deploy', groups: ['adm'], home: '/home/deploy' } },
      { key: 'group:deploy', state: { gid: null } },
    ]);
    expect(change?.effects).toContainEqual({
      key: 'file:/home/deploy',
      state: { kind: 'directory', mode: '0755', owner: 'deploy', group: 'deploy' },
    });
    expect(change?.edits.map(({ subject }) => subject)).toEqual([
      'user deploy',
      '/home/deploy',
      '/home/deploy/.link',
      '/home/deploy/.profile',
    ]);
    const profile = change?.effects.find(({ key }) => key === 'file:/home/deploy/.profile');
    expect(profile?.state).toMatchObject({ content: 'umask 022\n', mode: '0644', owner: 'deploy' });
  });

  it('keeps to the group of its name where there is one, as useradd would not', async () => {
    const own = new Map([['deploy', { kind: 'present', name: 'deploy', gid: 5 } as const]]);
    const change = await plan({}, { user: absent, groups: own });
    expect(change?.words).toEqual(['useradd', '-N', '-m', 'deploy']);
  });

  it('leaves an account alone that is as asked', async () => {
    expect(
      await plan({ uid: 1001, comment: 'Deployments,,,', groups: 'adm', append: true, expires: -1 }),
    ).toBeNull();
  });

  it('registers of an account what Ansible does: its other groups as one text, and how it was to change', async () => {
    const args = { name: 'deploy', groups: ['adm', 'sudo'], append: true } as const;
    expect(user.output?.(args, await state(), task)).toMatchObject({
      groups: 'adm,sudo',
      append: true,
      move_home: false,
    });
    const there = user.output?.({ name: 'deploy' }, await state({ user: absent }), task);
    expect(there).toEqual({ name: 'deploy', state: 'present' });
  });

  it('names the file of a key after its type', () => {
    const key = (args: Omit<UserArgs, 'name'>) =>
      sshKey({ name: 'deploy', ...args }, '/home/deploy').queries.map((query) => query.key);
    expect(key({ ssh_key_type: 'ed25519' })).toContain('file:/home/deploy/.ssh/id_ed25519');
    expect(key({})).toContain('file:/home/deploy/.ssh/id_rsa');
    expect(key({ ssh_key_type: 'ecdsa', ssh_key_file: '.ssh/own' })).toContain('file:/home/deploy/.ssh/own');
  });

  it('changes only what differs, and shows that', async () => {
    const change = await plan({ groups: ['adm'], shell: '/bin/sh', group: 'users', expires: 1893456000.5 });
    expect(change?.words.join(' ')).toBe('usermod -g users -G adm -s /bin/sh -e 2030-01-01 deploy');
    expect(change?.edits[0]).toEqual({
      subject: 'user deploy',
      before: 'group: deploy\ngroups: adm,sudo\nshell: /bin/bash\nexpires: never\n',
      after: 'group: users\ngroups: adm\nshell: /bin/sh\nexpires: 2030-01-01\n',
    });
  });

  it('sends the hash on stdin, and shows it nowhere', async () => {
    const password = new Secret('$6$law$another', 'password');
    const change = await plan({ password });
    expect(change?.words).toEqual([]);
    expect(JSON.stringify(change)).not.toContain('another"');
    if (change === null || change === undefined) throw new Error('nothing to do');
    const host = fakeHost({
      answers: { 'user:deploy': rawReply({ stdout: recorded }) },
      onRun: () => ({}),
    });
    expect(await user.apply(change, host)).toMatchObject({ password: 'NOT_LOGGING_PASSWORD', uid: 1001 });
    const [deed] = host.deeds;
    expect(deed?.kind === 'run' && deed.call.stdin).toBe(password);
    expect(deed?.kind === 'run' && deed.call.args).toEqual(['deploy', '', 'yes', '']);
  });

  it('knows a hash that is set, locked or not, and locks and unlocks it', async () => {
    const same = new Secret(hash, 'password');
    expect(await plan({ password: same })).toBeNull();
    const found = await present();
    if (found.shadow === null) throw new Error('no shadow');
    const locked = { ...found, shadow: { ...found.shadow, password: `!${hash}` } };
    expect(await plan({ password: same }, { user: locked })).toBeNull();
    expect((await plan({ password_lock: true }))?.words).toEqual(['usermod', '-L', 'deploy']);
    expect((await plan({ password_lock: false }, { user: locked }))?.words).toEqual([
      'usermod',
      '-U',
      'deploy',
    ]);
    const none = { ...found, shadow: { ...found.shadow, password: '!' } };
    expect(await plan({ password_lock: false }, { user: none })).toBeNull();
    const other = new Secret('$6$law$yetanother', 'password');
    expect(await plan({ password: other, update_password: 'on_create' })).toBeNull();
  });

  it('says what cannot be', async () => {
    await expect(plan({ password: new Secret('hunter2!', 'password') })).rejects.toThrow(
      'the password is no hash, so nobody could log in with it',
    );
    await expect(plan({ groups: ['docker'] })).rejects.toThrow('the host has no group docker');
    await expect(plan({ uid: 0 }, { owner: 'root' })).rejects.toThrow("uid 0 is root's");
    await expect(plan({}, { user: absent, tools: 'no-useradd' })).rejects.toThrow('the host has no useradd');
    const unread = { ...(await present()), shadow: null };
    await expect(plan({ password_lock: true }, { user: unread })).rejects.toThrow(
      'the password of deploy and its dates may not be read by this user',
    );
  });

  it('does not know whether the tools refuse an account that has processes', async () => {
    expect((await plan({ uid: 1002 }))?.forecast).toEqual({ kind: 'known' });
    const used = {
      kind: 'unknown',
      unknown: new Unknown('deploy has processes (7), and a run fails as long as one is there'),
    };
    expect((await plan({ uid: 1002 }, { busy: '7' }))?.forecast).toEqual(used);
    expect((await plan({ state: 'absent' }, { busy: '7' }))?.forecast).toEqual(used);
    const host = fakeHost({
      answers: { 'process-of:1001': rawReply({ stdout: '/proc/7/status\n/proc/8/status\n' }) },
    });
    expect(await host.ask(processOf(1001))).toBe('7');
    expect(
      await fakeHost({ answers: { 'process-of:1001': rawReply({ stdout: '' }) } }).ask(processOf(1001)),
    ).toBeNull();
  });

  it('names the cause when the tools refuse', async () => {
    const change = await plan({ state: 'absent' });
    if (change === null) throw new Error('nothing to do');
    const host = fakeHost({
      onRun: () => ({ exitCode: 8, stderr: 'userdel: user deploy is currently used by process 4242\n' }),
    });
    await expect(user.apply(change, host)).rejects.toMatchObject({
      problem: {
        message: 'cannot remove user deploy: it is in use',
        details: 'userdel: user deploy is currently used by process 4242',
        output: { rc: 8 },
      },
    });
  });

  it('foresees results as far as they can be', async () => {
    const change = await plan({ state: 'present' }, { user: absent });
    const result = change === null ? {} : user.foreseen?.(change);
    expect(result).toMatchObject({ name: 'deploy', home: '/home/deploy', system: false, create_home: true });
    expect(result?.uid).toBeInstanceOf(Unknown);
  });
});

describe('group', () => {
  const diff = (args: object, now: object = absent, more: object = {}) => {
    const users = { primary: [], members: [] };
    const rest = { groupadd: '/usr/sbin/groupadd', owner: absent, users, ...more };
    const state = { group: now, ...rest } as Parameters<typeof group.diff>[1];
    return group.diff({ name: 'deploy', ...args }, state, task);
  };
  const there = { kind: 'present', name: 'deploy', gid: 1001 };

  it('is made, renumbered and removed', () => {
    expect(diff({ gid: 1500, system: true })?.words.join(' ')).toBe('groupadd -g 1500 -r deploy');
    expect(diff({ gid: 1500 }, there)?.words.join(' ')).toBe('groupmod -g 1500 deploy');
    expect(diff({ state: 'absent', force: true }, there)?.words.join(' ')).toBe('groupdel -f deploy');
    expect(diff({}, there)).toBeNull();
    expect(diff({ state: 'absent' })).toBeNull();
  });

  it('stays while it is a user’s own, unless by force, and takes its members with it', () => {
    const users = { primary: ['ann'], members: ['bob'] };
    expect(() => diff({ state: 'absent' }, there, { users })).toThrow(
      'cannot remove group deploy: it is the primary group of ann',
    );
    const forced = diff({ state: 'absent', force: true }, there, { users });
    expect(forced?.effects.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['group:deploy', 'user:ann', 'user:bob']),
    );
    const doubt = new Unknown('an earlier task may change it');
    expect(diff({ state: 'absent' }, there, { users: doubt })?.forecast).toEqual({
      kind: 'unknown',
      unknown: doubt,
    });
  });

  it('says whose number it is, and what it needs', () => {
    const taken = { kind: 'present', name: 'staff', gid: 50 };
    expect(() => diff({ gid: 50 }, absent, { owner: taken })).toThrow("gid 50 is staff's");
    expect(diff({ gid: 50, non_unique: true }, absent, { owner: taken })?.words).toContain('-o');
    expect(() => diff({ non_unique: true })).toThrow('non_unique needs a number');
  });
});
