import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addRunFlags, type RunFlags, toRunOptions } from '../../../src/cli/run-flags.ts';
import type { RunOptions } from '../../../src/cli/run-options.ts';
import { refuseUnsupported } from '../../../src/cli/unsupported-flags.ts';
import type { Failure } from '../../../src/core/failure.ts';

/** Every flag that `ansible-playbook --help` of ansible-core 2.19 lists, `-h` and `--version` apart. */
const ansible = `
  -v --verbose --private-key --key-file -u --user -c --connection -T --timeout --ssh-common-args --sftp-extra-args
  --scp-extra-args --ssh-extra-args -k --ask-pass --connection-password-file --conn-pass-file --force-handlers
  -b --become --become-method --become-user -K --ask-become-pass --become-password-file --become-pass-file
  -t --tags --skip-tags -C --check -D --diff -i --inventory --inventory-file --list-hosts -l --limit --flush-cache
  -e --extra-vars --vault-id -J --ask-vault-password --ask-vault-pass --vault-password-file --vault-pass-file
  -f --forks -M --module-path --syntax-check --list-tasks --list-tags --step --start-at-task`
  .trim()
  .split(/\s+/);

type Expected = { readonly [Key in keyof RunOptions]?: unknown };

const file = (path: string) => ({ kind: 'file', path });
const ask = { kind: 'ask' };
const vault = (password: unknown, label = 'default') => ({ vault: { sources: [{ label, password }] } });

/** Flags of one meaning, their value (`null`: none), and what they mean. */
const works: readonly (readonly [string, string | null, Expected])[] = [
  ['-v --verbose', null, { verbosity: 1 }],
  ['--private-key --key-file', 'k', { connection: { privateKeyFiles: ['k'] } }],
  ['-u --user', 'me', { connection: { user: 'me' } }],
  ['-c --connection', 'local', { connection: { kind: 'local' } }],
  ['-T --timeout', '3', { connection: { connectTimeoutMs: 3000 } }],
  ['--ssh-common-args', '-J x', { connection: { sshCommonArgs: '-J x' } }],
  ['--ssh-extra-args', '-J x', { connection: { sshExtraArgs: '-J x' } }],
  ['-k --ask-pass', null, { connection: { password: ask } }],
  ['--connection-password-file --conn-pass-file', 'f', { connection: { password: file('f') } }],
  ['--force-handlers', null, { handlers: 'forced' }],
  ['-b --become', null, { become: { enabled: 'yes' } }],
  ['--become-method', 'doas', { become: { method: 'doas' } }],
  ['--become-user', 'x', { become: { user: 'x' } }],
  ['-K --ask-become-pass', null, { become: { password: ask } }],
  ['--become-password-file --become-pass-file', 'f', { become: { password: file('f') } }],
  ['-t --tags', 'a,b', { tags: ['a', 'b'] }],
  ['--skip-tags', 'a,b', { skipTags: ['a', 'b'] }],
  ['-C --check', null, { mode: 'check' }],
  ['-D --diff', null, { diff: 'show' }],
  ['-i --inventory --inventory-file', 'a,b', { inventories: ['a,b'] }],
  ['--list-hosts', null, { task: 'list', lists: ['hosts'] }],
  ['-l --limit', 'web', { limit: 'web' }],
  ['-e --extra-vars', 'a=1', { extraVars: ['a=1'] }],
  ['--vault-id', 'dev@f', vault(file('f'), 'dev')],
  ['-J --ask-vault-password --ask-vault-pass', null, vault(ask)],
  ['--vault-password-file --vault-pass-file', 'f', vault(file('f'))],
  ['-f --forks', '7', { forks: 7 }],
  ['-M --module-path', 'a:b', { modulePaths: ['a', 'b'] }],
  ['--syntax-check', null, { task: 'syntax-check' }],
  ['--list-tasks', null, { task: 'list', lists: ['tasks'] }],
  ['--list-tags', null, { task: 'list', lists: ['tags'] }],
  ['--step', null, { tasks: 'asked' }],
  ['--start-at-task', 'x*', { startAtTask: 'x*' }],
];

/** Accepted, and without a meaning here: facts are never kept from one run to the next. */
const idle: readonly string[] = ['--flush-cache'];

const refused: readonly (readonly [string, string])[] = [
  ['--sftp-extra-args', 'Leave it out: files travel over the connection of the host.'],
  ['--scp-extra-args', 'Leave it out: files travel over the connection of the host.'],
];

function parse(words: readonly string[]): RunOptions {
  refuseUnsupported(words);
  const command = addRunFlags(new Command('run').argument('<playbook...>')).exitOverride();
  command.configureOutput({ writeErr: () => undefined }).parse(words, { from: 'user' });
  return toRunOptions(command.args, command.opts<RunFlags>());
}

const each = works.flatMap(([flags, value, meaning]) =>
  flags.split(' ').map((flag) => [flag, value, meaning] as const),
);

describe('a flag of ansible-playbook', () => {
  test.each(each)('%s %s has its meaning', (flag, value, meaning) => {
    const options = parse(value === null ? ['s.yml', flag] : ['s.yml', flag, value]);
    expect(options).toMatchObject(meaning);
    expect(options, 'it must change something').not.toEqual(parse(['s.yml']));
  });

  test.each(each.filter(([flag, value]) => value !== null && flag.startsWith('--')))(
    '%s=%s is the same',
    (flag, value, meaning) => {
      expect(parse(['s.yml', `${flag}=${value ?? ''}`])).toMatchObject(meaning);
    },
  );

  test.each(idle)('%s changes nothing', (flag) => {
    expect(parse(['s.yml', flag])).toEqual(parse(['s.yml']));
  });

  test.each(refused)('%s is refused by name, with what to do', (flag, hint) => {
    for (const words of [
      ['s.yml', flag, 'x'],
      ['s.yml', `${flag}=x`],
    ]) {
      expect(() => parse(words)).toThrow(`hapb has no ${flag}`);
      try {
        parse(words);
      } catch (problem) {
        expect((problem as Failure).problem.hint).toBe(hint);
      }
    }
  });

  test('is in one of these tables', () => {
    const known = [...each.map(([flag]) => flag), ...idle, ...refused.map(([flag]) => flag)];
    expect(known.toSorted()).toEqual(ansible.toSorted());
  });

  test('is named on the page of the command line, or refused', () => {
    const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    const unnamed = each.map(([flag]) => flag).filter((flag) => !new RegExp(`\`${flag}[\` ]`).test(page));
    expect(unnamed).toEqual([]);
  });
});

test.each([
  ['-k', '--connection-password-file'],
  ['-K', '--become-password-file'],
])('%s and %s exclude each other, as one password has one source', (flag, other) => {
  expect(() => parse(['s.yml', flag, other, 'f'])).toThrow(/cannot be used with option/);
});

test('lists of several kinds are shown together', () => {
  expect(parse(['s.yml', '--list-tags', '--list-hosts'])).toMatchObject({
    task: 'list',
    lists: ['hosts', 'tags'],
  });
});
