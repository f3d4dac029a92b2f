import type { LawCase } from './law-case.ts';

const apt = (state: string, rest: Omit<LawCase, 'module' | 'state'>): LawCase => ({
  module: 'apt',
  state,
  ...rest,
});

const repository = (state: string, rest: Omit<LawCase, 'module' | 'state'>): LawCase => ({
  module: 'apt_repository',
  state,
  ...rest,
});
/** Sources without packages on the node itself: other cases read the lists of all sources anew. */
const line = 'deb [trusted=yes] file:/srv/law-sources';
const sources = ['new', 'here', 'off', 'gone']
  .map((name) => `mkdir -p /srv/law-sources/${name} && touch /srv/law-sources/${name}/Packages`)
  .join('\n');

/** Builds a package of nothing in the case's folder. */
const deb = (name: string, version: string): string =>
  `mkdir -p ${name}/DEBIAN && printf 'Package: ${name}\\nVersion: ${version}\\nArchitecture: all\\nMaintainer: law\\nDescription: law\\n' >${name}/DEBIAN/control && dpkg-deb -b ${name} >/dev/null`;

/** Start states for apt. They come before those that change packages: what a simulation would say then, check cannot know. */
export const aptCases: readonly LawCase[] = [
  apt('nothing to upgrade', { args: { upgrade: 'dist' }, does: 'nothing' }),
  apt('a package file that is not installed', {
    setup: deb('law-new', '1.0'),
    args: { deb: 'DIR/law-new.deb' },
    does: 'change',
  }),
  apt('a package file that is installed', {
    setup: `${deb('law-same', '1.0')} && dpkg -i law-same.deb >/dev/null`,
    args: { deb: 'DIR/law-same.deb' },
    does: 'nothing',
  }),
  apt('a package file newer than what is installed', {
    start: 'other content',
    setup: `${deb('law-newer', '1.0~rc1')} && dpkg -i law-newer.deb >/dev/null && ${deb('law-newer', '1.0')}`,
    args: { deb: 'DIR/law-newer.deb' },
    does: 'change',
  }),
  apt('no package file', { args: { deb: 'DIR/none.deb' }, does: 'failure' }),
  apt('not installed', {
    setup: 'apt-get purge -q -y lsb-base >/dev/null',
    args: { name: 'lsb-base', install_recommends: false },
    does: 'change',
  }),
  apt('installed', { args: { name: 'sudo,procps', policy_rc_d: 101 }, does: 'nothing' }),
  apt('not installed, and only to be upgraded', {
    start: 'not there',
    args: { name: ['ethtool'], only_upgrade: true },
    does: 'nothing',
  }),
  apt('new enough', { args: { name: 'sudo>=1.0' }, does: 'nothing' }),
  apt('no such version', { args: { name: 'sudo>=99' }, does: 'failure' }),
  apt('no such package', { args: { name: 'law-none' }, does: 'failure' }),
  apt('a pattern', { args: { name: 'sudo*', state: 'absent' }, does: 'failure' }),
  apt('to be removed', {
    start: 'to go',
    setup: `${deb('law-gone', '1.0')} && dpkg -i law-gone.deb >/dev/null`,
    args: { name: 'law-gone', state: 'absent', purge: true },
    does: 'change',
  }),
  apt('removed', { start: 'not there', args: { name: 'law-never', state: 'absent' }, does: 'nothing' }),
];

/** Start states that leave the lists of sources read anew: afterwards check cannot know what they offer. */
export const aptListCases: readonly LawCase[] = [
  repository('not there', {
    setup: sources,
    args: { repo: `${line} new/`, filename: 'law-new', update_cache: false },
    does: 'change',
  }),
  repository('there, in another file', {
    setup: `${sources}\necho '${line}  here/ # ours' > /etc/apt/sources.list.d/law-there.list`,
    args: { repo: `${line} here/`, filename: 'law-other', update_cache: false },
    does: 'nothing',
  }),
  repository('there, as a comment', {
    start: 'half done',
    setup: `${sources}\necho '# ${line} off/' > /etc/apt/sources.list.d/law-off.list`,
    args: { repo: `${line} off/`, update_cache: false },
    does: 'change',
  }),
  repository('to be removed', {
    start: 'to go',
    setup: `${sources}\necho '${line} gone/' > /etc/apt/sources.list.d/law-gone.list`,
    args: { repo: `${line} gone/`, state: 'absent', update_cache: false },
    does: 'change',
  }),
  repository('no source', { args: { repo: 'http://127.0.0.1/' }, does: 'failure' }),
  apt('fresh lists', {
    setup: 'touch /var/lib/apt/lists',
    args: { update_cache: true, cache_valid_time: 86_400 },
    does: 'nothing',
  }),
];
