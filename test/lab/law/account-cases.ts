import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const of =
  (module: string) =>
  (state: string, rest: Rest): LawCase => ({ module, state, ...rest });
const group = of('group');
const user = of('user');

/** Of the password `law`; crypt(5), SHA-512. */
const hash = '$6$law$PsHzKHJWWrd3N9SdlUt/b7rVN2XW7Pk8qDNdMNpHqJ.HkLE8xw5zIoHXJ6Ddl2dxvnPWYAoYgyrQa4mpRQ/dt/';
const other = hash.replace('PsHz', 'QsHz');

/** Start states for accounts and groups. */
export const accountCases: readonly LawCase[] = [
  group('not there', { args: { name: 'law-new' }, does: 'change' }),
  group('not there, with a number', { args: { name: 'law-number', gid: 4801 }, does: 'change' }),
  group('not there, of the system', { args: { name: 'law-system', system: true }, does: 'change' }),
  group('there', { setup: 'groupadd law-there', args: { name: 'law-there' }, does: 'nothing' }),
  group('another number', {
    setup: 'groupadd -g 4802 law-moved',
    args: { name: 'law-moved', gid: 2803 },
    does: 'change',
  }),
  group('to be removed', {
    setup: 'groupadd law-gone',
    args: { name: 'law-gone', state: 'absent' },
    does: 'change',
  }),
  group('removed', { args: { name: 'law-never', state: 'absent' }, does: 'nothing' }),
  user('not there', { args: { name: 'law1' }, does: 'change' }),
  user('not there, and much is asked for', {
    setup: 'groupadd law-of2',
    args: {
      name: 'law2',
      uid: 4810,
      group: 'users',
      groups: ['law-of2', 'adm'],
      comment: 'A law, Esq.',
      home: '/srv/law-homes/law2',
      shell: '/bin/bash',
      password: hash,
      expires: 1893456000,
      password_expire_max: 90,
      password_expire_warn: 5,
      umask: '0077',
    },
    does: 'change',
  }),
  user('not there, of the system, without home', {
    args: { name: 'law3', system: true, create_home: false, shell: '/usr/sbin/nologin' },
    does: 'change',
  }),
  user('not there, while a group has its name', {
    setup: 'groupadd law4',
    args: { name: 'law4' },
    does: 'change',
  }),
  user('not there, with the password locked', {
    args: { name: 'law5', password: hash, password_lock: true, create_home: false },
    does: 'change',
  }),
  user('as asked', {
    setup: `useradd -m -c 'A law' -s /bin/bash -G adm law6 && echo 'law6:${hash}' | chpasswd -e`,
    args: { name: 'law6', comment: 'A law', shell: '/bin/bash', groups: ['adm'], password: hash },
    does: 'nothing',
  }),
  user('other groups, shell and comment', {
    setup: 'useradd -m -c old -s /bin/sh -G adm,games law7',
    args: { name: 'law7', comment: 'new', shell: '/bin/bash', groups: ['adm', 'audio'] },
    does: 'change',
  }),
  user('groups to be added to', {
    setup: 'useradd -m -G games law8',
    args: { name: 'law8', groups: 'audio,games', append: true },
    does: 'change',
  }),
  user('in all groups already', {
    setup: 'useradd -m -G games,audio,adm law9',
    args: { name: 'law9', groups: ['audio'], append: true },
    does: 'nothing',
  }),
  user('in groups that it is to leave', {
    setup: 'useradd -m -G games law10',
    args: { name: 'law10', groups: '' },
    does: 'change',
  }),
  user('another password', {
    setup: `useradd -m law11 && echo 'law11:${hash}' | chpasswd -e`,
    args: { name: 'law11', password: other },
    does: 'change',
  }),
  user('another password that is to stay', {
    setup: `useradd -m law12 && echo 'law12:${hash}' | chpasswd -e`,
    args: { name: 'law12', password: other, update_password: 'on_create' },
    does: 'nothing',
  }),
  user('password to be locked', {
    setup: `useradd -m law13 && echo 'law13:${hash}' | chpasswd -e`,
    args: { name: 'law13', password_lock: true },
    does: 'change',
  }),
  user('password to be unlocked', {
    setup: `useradd -m law14 && echo 'law14:!${hash}' | chpasswd -e`,
    args: { name: 'law14', password_lock: false },
    does: 'change',
  }),
  user('nothing to unlock', {
    setup: 'useradd -m law15',
    args: { name: 'law15', password_lock: false },
    does: 'nothing',
  }),
  user('home that moves', {
    setup: 'useradd -m law16 && touch /home/law16/kept',
    args: { name: 'law16', home: '/home/law16-new', move_home: true },
    does: 'change',
  }),
  user('home that is missing', {
    setup: 'useradd -M law17',
    args: { name: 'law17', home: '/home/law17' },
    does: 'change',
  }),
  user('expiry to be taken off', {
    setup: 'useradd -m -e 2030-01-01 law18',
    args: { name: 'law18', expires: -1, password_expire_account_disable: 7 },
    does: 'change',
  }),
  user('another number and primary group', {
    setup: 'useradd -m law19',
    args: { name: 'law19', uid: 2819, group: 'users' },
    does: 'change',
  }),
  user('to be removed', {
    setup: 'useradd -m law20',
    args: { name: 'law20', state: 'absent' },
    does: 'change',
  }),
  user('to be removed with its home', {
    setup: 'useradd -m law21',
    args: { name: 'law21', state: 'absent', remove: true },
    does: 'change',
  }),
  user('removed', { args: { name: 'law22', state: 'absent' }, does: 'nothing' }),
  user('a group that is not there', { args: { name: 'law23', groups: ['law-none'] }, does: 'failure' }),
  user('a password in clear', { args: { name: 'law24', password: 'hunter2' }, does: 'failure' }),
  user('a number that another has', { args: { name: 'law25', uid: 0 }, does: 'failure' }),
];
