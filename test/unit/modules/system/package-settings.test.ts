import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import type { FileState } from '../../../../src/modules/asks/file-state.ts';
import { type AlternativesArgs, alternatives } from '../../../../src/modules/system/alternatives.ts';
import { parseQuery } from '../../../../src/modules/system/alternatives-query.ts';
import { type DebconfArgs, type DebconfState, debconf } from '../../../../src/modules/system/debconf.ts';
import { type LocaleGenArgs, localeGen } from '../../../../src/modules/system/locale-gen.ts';
import { fakeHost, rawReply } from '../../../../src/testing/fake-host.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { recordedText } from './recorded-text.ts';

const task = taskContext();

describe('debconf', () => {
  const ask = (args: DebconfArgs, stdout: string) => {
    const [query] = debconf.probe(args, task).queries;
    const host = fakeHost({ answers: { [query?.key ?? '']: rawReply({ stdout }) } });
    return host.ask(debconf.probe(args, task));
  };
  const shown = '* tzdata/Areas: Etc\n  tzdata/Zones/Etc: UTC\n  tzdata/Empty:\n';
  const state: DebconfState = {
    answers: { 'tzdata/Areas': 'Etc', 'tzdata/List': 'a, b', 'tzdata/Flag': 'true' },
    password: 'old one',
  };
  const diff = (args: Omit<DebconfArgs, 'name'>) => debconf.diff({ name: 'tzdata', ...args }, state, task);

  it('is read from what debconf-show prints, and passwords from their own file', async () => {
    expect(await ask({ name: 'tzdata' }, shown)).toEqual({
      answers: { 'tzdata/Areas': 'Etc', 'tzdata/Zones/Etc': 'UTC', 'tzdata/Empty': '' },
      password: null,
    });
    const password = { name: 'x', question: 'x/p', vtype: 'password', value: 'y' };
    expect(await ask(password, '* x/p: (password omitted)\n@password old one\n')).toMatchObject({
      password: 'old one',
    });
    expect(await ask({ name: 'tzdata' }, '@no-debconf\n')).toBe('no-debconf');
  });

  it('is answered where the answer differs', () => {
    expect(diff({ question: 'tzdata/Areas', vtype: 'select', value: 'Etc' })).toBeNull();
    expect(diff({ question: 'tzdata/Flag', vtype: 'boolean', value: true })).toBeNull();
    expect(diff({ question: 'tzdata/List', vtype: 'multiselect', value: ['b', 'a'] })).toBeNull();
    expect(diff({})).toBeNull();
    const change = diff({ question: 'tzdata/Areas', vtype: 'select', value: 'Europe' });
    expect(change?.edits).toEqual([{ subject: 'debconf tzdata/Areas', before: 'Etc\n', after: 'Europe\n' }]);
    expect(change?.result).toEqual({
      current: { 'tzdata/Areas': 'Europe' },
      previous: { 'tzdata/Areas': 'Etc' },
      msg: '',
    });
  });

  it('hides passwords, and sends them on stdin', async () => {
    const value = new Secret('new one', 'value');
    expect(diff({ question: 'x/p', vtype: 'password', value: new Secret('old one', 'value') })).toBeNull();
    const change = diff({ question: 'x/p', vtype: 'password', value });
    if (change === null) throw new Error('nothing to do');
    expect(JSON.stringify([change.edits, change.result])).not.toMatch(/new one|old one/);
    const host = fakeHost({ onRun: () => ({}) });
    await debconf.apply(change, host);
    const [deed] = host.deeds;
    expect(deed?.kind === 'run' && deed.call.stdin).toBe(value);
    expect(deed?.kind === 'run' && deed.call.args).toEqual(['tzdata', 'x/p', 'password', '']);
  });

  it('is for Debian', () => {
    expect(() => debconf.diff({ name: 'x' }, 'no-debconf', task)).toThrow('the host has no debconf');
  });
});

describe('alternatives', () => {
  const query = `Name: editor
Link: /usr/bin/editor
Slaves:
 editor.1.gz /usr/share/man/man1/editor.1.gz
Status: manual
Best: /bin/nano
Value: /usr/bin/vim.tiny

Alternative: /bin/nano
Priority: 40
Slaves:
 editor.1.gz /usr/share/man/man1/nano.1.gz

Alternative: /usr/bin/vim.tiny
Priority: 15
`;
  const known = parseQuery(query);
  const file = { kind: 'other', mode: '0755', owner: 'root', group: 'root' } as const;
  const diff = (
    args: Partial<AlternativesArgs>,
    program: object = file,
    place: FileState = { kind: 'absent' },
  ) =>
    alternatives.diff(
      { name: 'editor', path: '/bin/nano', ...args },
      { known, program: program as typeof file, place },
      task,
    );

  it('are not made where update-alternatives would leave a file in the place of the link', () => {
    const args = { path: '/bin/ed', link: '/usr/bin/editor' };
    expect(() => diff(args, file, { kind: 'directory', mode: '0755', owner: 'root', group: 'root' })).toThrow(
      'there is a directory at /usr/bin/editor, which update-alternatives would leave as it is',
    );
  });

  it('are read from update-alternatives --query', () => {
    expect(known).toEqual({
      tool: 'update-alternatives',
      link: '/usr/bin/editor',
      status: 'manual',
      value: '/usr/bin/vim.tiny',
      links: { 'editor.1.gz': '/usr/share/man/man1/editor.1.gz' },
      choices: [
        {
          path: '/bin/nano',
          priority: 40,
          subcommands: { 'editor.1.gz': '/usr/share/man/man1/nano.1.gz' },
        },
        { path: '/usr/bin/vim.tiny', priority: 15, subcommands: {} },
      ],
    });
    expect(parseQuery('none\n').tool).toBe('none');
  });

  it('are selected, chosen by priority, and forgotten', () => {
    expect(diff({})?.commands).toEqual([['--set', 'editor', '/bin/nano']]);
    expect(diff({ path: '/usr/bin/vim.tiny' })).toBeNull();
    expect(diff({ state: 'present' })).toBeNull();
    const auto = diff({ state: 'auto' });
    expect(auto?.commands).toEqual([['--auto', 'editor']]);
    expect(auto?.effects[1]).toMatchObject({
      key: 'file:/etc/alternatives/editor',
      state: { target: '/bin/nano' },
    });
    expect(diff({ state: 'absent' })?.commands).toEqual([['--remove', 'editor', '/bin/nano']]);
    expect(diff({ path: '/bin/ed', state: 'absent' })).toBeNull();
  });

  it('keep the links that go with them when their priority changes', () => {
    expect(diff({ state: 'present', priority: 50 })?.commands).toEqual([
      [
        ...['--install', '/usr/bin/editor', 'editor', '/bin/nano', '50'],
        ...['--slave', '/usr/share/man/man1/editor.1.gz', 'editor.1.gz', '/usr/share/man/man1/nano.1.gz'],
      ],
    ]);
  });

  it('need a program, and for a new name a link', () => {
    expect(() => diff({ path: '/bin/ed' }, { kind: 'absent' })).toThrow('there is no /bin/ed on the host');
    const fresh = { known: parseQuery(''), program: file, place: { kind: 'absent' } } as const;
    expect(() => alternatives.diff({ name: 'x', path: '/bin/ed' }, fresh, task)).toThrow(
      'x is new, so its link has to be named',
    );
  });
});

describe('locale_gen', () => {
  const locales = {
    tool: 'locale-gen',
    compiled: ['C', 'C.utf8', 'fr_FR.utf8', 'de_AT.iso885915@euro'],
    supported: ['de_DE.UTF-8 UTF-8', 'fr_FR.UTF-8 UTF-8', 'en_GB ISO-8859-1'],
  } as const;
  const text = '# de_DE.UTF-8 UTF-8\nfr_FR.UTF-8 UTF-8\n';
  const diff = (args: LocaleGenArgs) =>
    localeGen.diff(args, { locales, file: recordedText('/etc/locale.gen', text) }, task);

  it('takes the sign off a line, or adds it', () => {
    expect(diff({ name: ['de_DE.UTF-8', 'en_GB'] })?.plan?.content).toBe(
      'de_DE.UTF-8 UTF-8\nfr_FR.UTF-8 UTF-8\nen_GB ISO-8859-1\n',
    );
    expect(diff({ name: ['C.UTF-8', 'fr_FR.UTF-8'] })).toBeNull();
  });

  it('puts the sign back for what is to go', () => {
    expect(diff({ name: 'fr_FR.UTF-8', state: 'absent' })?.plan?.content).toBe(
      '# de_DE.UTF-8 UTF-8\n# fr_FR.UTF-8 UTF-8\n',
    );
    expect(diff({ name: 'de_DE.UTF-8', state: 'absent' })).toBeNull();
  });

  it('says what the host does not know', () => {
    expect(() => diff({ name: 'de_DE.utf8' })).toThrow('the host does not know the locale de_DE.utf8');
    const none = { locales: { ...locales, tool: 'none' as const }, file: recordedText('', null) };
    expect(() => localeGen.diff({ name: 'C' }, none, task)).toThrow('the host has no locale-gen');
  });
});
