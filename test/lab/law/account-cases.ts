import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const of =
  (module: string) =>
  (state: string, rest: Rest): LawCase => ({ module, state, ...rest });
const group = of('group');
const user = of('user');
const key = of('authorized_key');
const hostname = of('hostname');
const timezone = of('timezone');
const known = of('known_hosts');

/** Of the password `law`; crypt(5), SHA-512. */
const hash = '$6$law$GsYquDfG6zl.bxJJv63OMxsgmGXUPK6Pdf8kYMbKMgLISUG795Lndv.srCq2UCDn2XgHYI1WmZPjgcGpzF7Hl0';
const other = hash.replace('GsYq', 'HsYq');

const ada = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP2+Kl1jA+95uLZTLC/koSirFK4eAR5m23y/0LCTL/WI ada';
const eve = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID7UI35C/XrcmEm/qWkhhCQ8mANm1udOrJ9cVhYf6M4j eve';

const host = { name: 'law.lab', key: `law.lab ${ada.replace(/ ada$/, '')}` };

/** Makes an account with these lines in its authorized_keys. */
const keys = (name: string, ...lines: readonly string[]): string =>
  [
    `useradd -m ${name} && install -d -m 700 -o ${name} -g ${name} /home/${name}/.ssh`,
    ...lines.map((line) => `echo '${line}' >>/home/${name}/.ssh/authorized_keys`),
    `chown ${name}:${name} /home/${name}/.ssh/* && chmod 600 /home/${name}/.ssh/*`,
  ].join('\n');

/** Start states for accounts, groups, and the names that a host goes by. */
export const accountCases: readonly LawCase[] = [
  group('not there', { args: { name: 'law-new' }, does: 'change' }),
  group('not there, with a number', { args: { name: 'law-number', gid: 4801 }, does: 'change' }),
  group('not there, of the system', { args: { name: 'law-system', system: true }, does: 'change' }),
  group('there', { setup: 'groupadd law-there', args: { name: 'law-there' }, does: 'nothing' }),
  group('another number', {
    start: 'other content',
    setup: 'groupadd -g 4802 law-moved',
    args: { name: 'law-moved', gid: 2803 },
    does: 'change',
  }),
  group('to be removed', {
    start: 'to go',
    setup: 'groupadd law-gone',
    args: { name: 'law-gone', state: 'absent' },
    does: 'change',
  }),
  group('removed', { start: 'not there', args: { name: 'law-never', state: 'absent' }, does: 'nothing' }),
  group('a number that another has', { args: { name: 'law-root', gid: 0 }, does: 'failure' }),
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
    start: 'foreign',
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
    start: 'other content',
    setup: 'useradd -m -c old -s /bin/sh -G adm,games law7',
    args: { name: 'law7', comment: 'new', shell: '/bin/bash', groups: ['adm', 'audio'] },
    does: 'change',
  }),
  user('groups to be added to', {
    start: 'half done',
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
    start: 'other content',
    setup: 'useradd -m -G games law10',
    args: { name: 'law10', groups: '' },
    does: 'change',
  }),
  user('another password', {
    start: 'other content',
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
    start: 'other content',
    setup: `useradd -m law13 && echo 'law13:${hash}' | chpasswd -e`,
    args: { name: 'law13', password_lock: true },
    does: 'change',
  }),
  user('password to be unlocked', {
    start: 'other content',
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
    start: 'other content',
    setup: 'useradd -m law16 && touch /home/law16/kept',
    args: { name: 'law16', home: '/home/law16-new', move_home: true },
    does: 'change',
  }),
  user('home that is missing', {
    start: 'half done',
    setup: 'useradd -M law17',
    args: { name: 'law17', home: '/home/law17' },
    does: 'change',
  }),
  user('expiry to be taken off', {
    start: 'other content',
    setup: 'useradd -m -e 2030-01-01 law18',
    args: { name: 'law18', expires: -1, password_expire_account_disable: 7 },
    does: 'change',
  }),
  user('another number and primary group', {
    start: 'other content',
    setup: 'useradd -m law19',
    args: { name: 'law19', uid: 2819, group: 'users' },
    does: 'change',
  }),
  user('to be removed', {
    start: 'to go',
    setup: 'useradd -m law20',
    args: { name: 'law20', state: 'absent' },
    does: 'change',
  }),
  user('to be removed with its home', {
    start: 'to go',
    setup: 'useradd -m law21',
    args: { name: 'law21', state: 'absent', remove: true },
    does: 'change',
  }),
  user('removed', { start: 'not there', args: { name: 'law22', state: 'absent' }, does: 'nothing' }),
  user('a group that is not there', { args: { name: 'law23', groups: ['law-none'] }, does: 'failure' }),
  user('a password in clear', { args: { name: 'law24', password: 'hunter2' }, does: 'failure' }),
  user('a number that another has', { start: 'foreign', args: { name: 'law25', uid: 0 }, does: 'failure' }),
  key('no file', {
    setup: 'useradd -m lawk1',
    args: { user: 'lawk1', key: ada },
    does: 'change',
  }),
  key('other keys', {
    start: 'other content',
    setup: keys('lawk2', '# ours', eve),
    args: { user: 'lawk2', key: `${ada}\n# a comment\n\n${eve}\n` },
    does: 'change',
  }),
  key('the key', { setup: keys('lawk3', ada), args: { user: 'lawk3', key: ada }, does: 'nothing' }),
  key('the key with other options', {
    start: 'other content',
    setup: keys('lawk4', `no-pty ${ada}`, eve),
    args: { user: 'lawk4', key: ada, key_options: 'no-pty,from="10.0.0.0/8,10.1.2.3"' },
    does: 'change',
  }),
  key('the key with other options in another order', {
    setup: keys('lawk5', `from="10.0.0.0/8",no-pty ${ada}`),
    args: { user: 'lawk5', key: ada, key_options: 'no-pty,from="10.0.0.0/8"' },
    does: 'nothing',
  }),
  key('more than the only ones', {
    start: 'foreign',
    setup: keys('lawk6', '# ours', eve, ada),
    args: { user: 'lawk6', key: ada, exclusive: true },
    does: 'change',
  }),
  key('a key that is to go', {
    start: 'to go',
    setup: keys('lawk7', eve, `no-pty ${ada}`),
    args: { user: 'lawk7', key: ada, state: 'absent' },
    does: 'change',
  }),
  key('a key that is gone', {
    start: 'not there',
    setup: keys('lawk8', eve),
    args: { user: 'lawk8', key: ada, state: 'absent' },
    does: 'nothing',
  }),
  key('a link in its place', {
    start: 'link in place',
    setup: `${keys('lawk9', eve)}\nmv /home/lawk9/.ssh/authorized_keys there && ln -s "$PWD/there" /home/lawk9/.ssh/authorized_keys`,
    args: { user: 'lawk9', key: ada },
    does: 'change',
  }),
  key('another file, whose folder is left alone', {
    setup: 'install -d -m 755 keys && useradd -m lawk10',
    args: { user: 'lawk10', key: ada, path: 'DIR/keys/lawk10', manage_dir: false },
    does: 'change',
  }),
  key('keys in a file of the host', {
    setup: `${keys('lawk11', eve)}\necho '${ada}' > ada.pub`,
    args: { user: 'lawk11', key: 'file://DIR/ada.pub', comment: 'from a file' },
    does: 'change',
  }),
  key('an account that an earlier task makes', {
    after: 'user: not there',
    args: { user: 'law1', key: ada },
    does: 'change',
  }),
  key('no such account', { args: { user: 'law-none', key: ada }, does: 'failure' }),
  key('a key that is cut off', { args: { user: 'root', key: ada.slice(0, 40) }, does: 'failure' }),
  hostname('another name', {
    start: 'other content',
    setup: 'hostname law-old && echo law-old > /etc/hostname',
    args: { name: 'cp1' },
    does: 'change',
  }),
  hostname('as asked', {
    after: 'hostname: another name',
    args: { name: 'cp1', use: 'systemd' },
    does: 'nothing',
  }),
  timezone('another one', { start: 'other content', args: { name: 'Europe/Berlin' }, does: 'change' }),
  timezone('as asked', { after: 'timezone: another one', args: { name: 'Europe/Berlin' }, does: 'nothing' }),
  timezone('another hardware clock', {
    after: 'timezone: another one',
    start: 'other content',
    args: { name: 'Europe/Berlin', hwclock: 'local' },
    does: 'change',
  }),
  timezone('no such zone', { args: { name: 'Europe/Nowhere' }, does: 'failure' }),
  known('no file', { args: { ...host, path: 'DIR/it' }, does: 'change' }),
  known('the key', { setup: `echo '${host.key}' > it`, args: { ...host, path: 'DIR/it' }, does: 'nothing' }),
  known('another key', {
    start: 'other content',
    setup: `printf '%s\\n' 'law.lab ssh-ed25519 AAAA' 'other.lab ssh-rsa AAAA' > it`,
    args: { ...host, path: 'DIR/it' },
    does: 'change',
  }),
  known('the key, to be hashed', {
    start: 'other content',
    setup: `echo '${host.key}' > it`,
    args: { ...host, path: 'DIR/it', hash_host: true },
    does: 'change',
  }),
  known('a key that is to go', {
    start: 'to go',
    setup: `echo '${host.key}' > it`,
    args: { name: host.name, path: 'DIR/it', state: 'absent' },
    does: 'change',
  }),
  known('a key of another host', { args: { ...host, name: 'other.lab', path: 'DIR/it' }, does: 'failure' }),
];
