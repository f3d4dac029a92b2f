import type { LawCase } from './law-case.ts';

type Rest = Omit<LawCase, 'module' | 'state'>;
const of =
  (module: string) =>
  (state: string, rest: Rest): LawCase => ({ module, state, ...rest });
const debconf = of('debconf');
const alternatives = of('alternatives');
const locale = of('locale_gen');

const answer = (value: string): string =>
  `printf 'law law/answer string ${value}\\n' | debconf-set-selections`;

/** Two programs, and what update-alternatives knows of them. */
const programs = (name: string, ...commands: readonly string[]): string =>
  [
    'printf "#!/bin/sh\\n" > one',
    'cp one two && chmod 755 one two',
    ...commands.map((words) => `update-alternatives --quiet ${words}`),
  ]
    .join('\n')
    .replaceAll('NAME', `law-${name}`);
const install = (program: string, priority: number): string =>
  `--install /usr/local/bin/NAME NAME "$PWD/${program}" ${priority}`;

/** The lab's packages hold no locales: a list and a program that compiles nothing stand in for them. */
const localesPackage = `mkdir -p /usr/share/i18n
printf 'de_DE.UTF-8 UTF-8\\nfr_FR.UTF-8 UTF-8\\nC.UTF-8 UTF-8\\nes_ES.UTF-8 UTF-8\\nit_IT.UTF-8 UTF-8\\n' >/usr/share/i18n/SUPPORTED
[ -e /etc/locale.gen ] || printf '# de_DE.UTF-8 UTF-8\\n# fr_FR.UTF-8 UTF-8\\n' >/etc/locale.gen
cat >/usr/local/sbin/locale-gen <<'END'
#!/bin/sh
grep -o '^[a-z][^ ]*' /etc/locale.gen >/usr/local/share/law-locales
exit 0
END
cat >/usr/local/bin/locale <<'END'
#!/bin/sh
echo C; echo C.utf8; echo POSIX
sed 's/UTF-8/utf8/' /usr/local/share/law-locales 2>/dev/null
END
chmod 755 /usr/local/sbin/locale-gen /usr/local/bin/locale`;

/** Start states for answers to packages, alternatives and locales. */
export const packageSettingsCases: readonly LawCase[] = [
  debconf('no answer', {
    args: { name: 'law-none', question: 'law/new', vtype: 'string', value: 'one' },
    does: 'change',
  }),
  debconf('another answer', {
    start: 'other content',
    setup: answer('two').replaceAll('law law', 'law-two law').replace('law/answer', 'law/two'),
    args: { name: 'law-two', question: 'law/two', vtype: 'string', value: 'one' },
    does: 'change',
  }),
  debconf('the answer', {
    setup: answer('one').replaceAll('law law', 'law-one law').replace('law/answer', 'law/one'),
    args: { name: 'law-one', question: 'law/one', vtype: 'string', value: 'one' },
    does: 'nothing',
  }),
  debconf('a boolean answer in other words', {
    setup: `printf 'law-bool law/bool boolean true\\n' | debconf-set-selections`,
    args: { name: 'law-bool', question: 'law/bool', vtype: 'boolean', value: true },
    does: 'nothing',
  }),
  debconf('another password', {
    start: 'other content',
    setup: `printf 'law-pass law/pass password old\\n' | debconf-set-selections`,
    args: { name: 'law-pass', question: 'law/pass', vtype: 'password', value: 'new one' },
    does: 'change',
  }),
  debconf('the password', {
    setup: `printf 'law-same law/same password the same\\n' | debconf-set-selections`,
    args: { name: 'law-same', question: 'law/same', vtype: 'password', value: 'the same' },
    does: 'nothing',
  }),
  alternatives('a name that is new', {
    setup: programs('new'),
    args: { name: 'law-new', path: 'DIR/one', link: '/usr/local/bin/law-new' },
    does: 'change',
  }),
  alternatives('another one selected', {
    start: 'other content',
    setup: programs('other', install('one', 10), install('two', 20)),
    args: { name: 'law-other', path: 'DIR/one' },
    does: 'change',
  }),
  alternatives('selected', {
    setup: programs('same', install('one', 10), install('two', 20), '--set NAME "$PWD/one"'),
    args: { name: 'law-same', path: 'DIR/one' },
    does: 'nothing',
  }),
  alternatives('one more to offer', {
    start: 'half done',
    setup: programs('more', install('one', 10)),
    args: { name: 'law-more', path: 'DIR/two', priority: 5, state: 'present' },
    does: 'change',
  }),
  alternatives('chosen by hand, to be by priority', {
    start: 'other content',
    setup: programs('auto', install('one', 10), install('two', 20), '--set NAME "$PWD/one"'),
    args: { name: 'law-auto', path: 'DIR/one', state: 'auto' },
    does: 'change',
  }),
  alternatives('one to be forgotten', {
    start: 'to go',
    setup: programs('gone', install('one', 10), install('two', 20)),
    args: { name: 'law-gone', path: 'DIR/two', state: 'absent' },
    does: 'change',
  }),
  alternatives('a file where its link is to be', {
    start: 'foreign',
    setup: `${programs('foreign')}\necho mine >/usr/local/bin/law-foreign`,
    args: { name: 'law-foreign', path: 'DIR/one', link: '/usr/local/bin/law-foreign' },
    does: 'failure',
  }),
  alternatives('no such program', {
    args: { name: 'law-none', path: 'DIR/none', link: '/usr/local/bin/law-none' },
    does: 'failure',
  }),
  locale('listed, not compiled', {
    start: 'half done',
    setup: localesPackage,
    args: { name: 'es_ES.UTF-8' },
    spoil: "sed -i '/es_ES/d' /usr/local/share/law-locales",
    does: 'change',
  }),
  locale('not compiled', { setup: localesPackage, args: { name: 'de_DE.UTF-8' }, does: 'change' }),
  locale('compiled', {
    setup: `${localesPackage}\necho 'it_IT.UTF-8 UTF-8' >>/etc/locale.gen && locale-gen`,
    args: { name: ['it_IT.UTF-8', 'C.UTF-8'] },
    does: 'nothing',
  }),
  locale('compiled, to be removed', {
    start: 'to go',
    setup: `${localesPackage}\nsed -i 's/^# fr/fr/' /etc/locale.gen && locale-gen`,
    args: { name: 'fr_FR.UTF-8', state: 'absent' },
    does: 'change',
  }),
  locale('not known', { args: { name: 'xx_XX.UTF-8' }, does: 'failure' }),
];
