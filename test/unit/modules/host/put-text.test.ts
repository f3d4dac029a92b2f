import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  dropText,
  hasCleanedUp,
  putTag,
  putText,
  putWords,
  type Rights,
} from '../../../../src/modules/host/put-text.ts';
import { programsOf, type ShellName, shells } from '../general/local-host.ts';

const isRoot = process.getuid?.() === 0;

interface Put {
  readonly path: string;
  readonly mode?: string | null;
  readonly owner?: string;
  readonly group?: string;
  readonly validate?: string;
  readonly content?: string;
}

/** A folder in which files are put, and one whose programs come before the usual ones. */
function place(shell: ShellName) {
  const root = mkdtempSync(join(tmpdir(), 'hapb-put-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const [folder, bin, traces] = ['out', 'bin', 'traces'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(folder);
  mkdirSync(bin);
  const program = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const sh = (script: string, args: readonly string[]) => {
    const words = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
    return spawnSync(`/usr/bin/${words[0]}`, [...words.slice(1), '-c', script, 'sh', ...args], {
      encoding: 'utf8',
      env: { PATH: `${bin}:${programsOf(shell)}`, HOME: '/nonexistent', TRACES: traces },
    });
  };
  const put = (what: Put) => {
    const { path, mode = '0644', owner = null, group = null, validate, content = 'new\n' } = what;
    const rights: Rights = { mode, owner, group, ...(validate === undefined ? {} : { validate }) };
    const tag = putTag();
    const script = putText(`printf '%s' "$7" >&4`, rights);
    const { status, stderr } = sh(script, [...putWords(path, rights, tag), content]);
    if (!hasCleanedUp(status ?? 1)) sh(dropText, [path, tag]);
    return { status, stderr };
  };
  const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
  return { folder, root, program, put, modeOf, traces };
}

describe.each(shells)('a file that is put in place, in %s,', (shell) => {
  it.each(['0600', '0644', '0640', '0755', '4755', '2750', '0000'])(
    'has mode %s and its content, and nothing lies beside it',
    (mode) => {
      const { folder, put, modeOf } = place(shell);
      const path = join(folder, 'it');
      const content = "two lines\nand 'a' \\n %s é\n";
      expect(put({ path, mode, content })).toEqual({ status: 0, stderr: '' });
      expect([readFileSync(path, 'utf8'), modeOf(path), readdirSync(folder)]).toEqual([
        content,
        mode.replace(/^0+(?=.)/, ''),
        ['it'],
      ]);
    },
  );

  it('has the mode that it had, or that new files get, unless another one is wished', () => {
    const { folder, put, modeOf } = place(shell);
    const path = join(folder, 'it');
    put({ path, mode: null });
    expect(modeOf(path)).toBe((0o666 & ~process.umask()).toString(8));
    chmodSync(path, 0o604);
    put({ path, mode: null });
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new\n', '604']);
  });

  it.runIf(isRoot)('keeps whose it was, unless somebody else is wished', () => {
    const { folder, put } = place(shell);
    const path = join(folder, 'it');
    const owners = (): readonly number[] => [statSync(path).uid, statSync(path).gid];
    put({ path });
    expect(owners()).toEqual([0, 0]);
    for (const [uid, gid] of [
      [0, 7],
      [7, 0],
      [7, 8],
    ] as const) {
      chownSync(path, uid, gid);
      put({ path });
      expect(owners()).toEqual([uid, gid]);
    }
    put({ path, owner: 'root' });
    expect(owners()).toEqual([0, 8]);
    put({ path, owner: '9', group: '0' });
    expect(owners()).toEqual([9, 0]);
    put({ path, owner: '0', group: 'root' });
    expect(owners()).toEqual([0, 0]);
    // A folder may give its group to what is made in it.
    chownSync(folder, 0, 9);
    chmodSync(folder, 0o2755);
    put({ path });
    expect(owners()).toEqual([0, 0]);
    put({ path, group: 'root' });
    expect(owners()).toEqual([0, 0]);
    rmSync(path);
    put({ path });
    expect(owners()).toEqual([0, 9]);
  });

  it('is made anew where others might have opened it before it had its mode', () => {
    const { folder, put, program, modeOf, traces } = place(shell);
    const path = join(folder, 'it');
    // As in a folder whose default ACL says more than the umask.
    program(
      'chmod',
      `case $1 in -c) /bin/chmod 0666 "$4"; ls -i ${folder}/.hapb.* >>"$TRACES";; *) ls -i ${folder}/.hapb.* >>"$TRACES";; esac
exec /bin/chmod "$@"`,
    );
    for (const mode of ['0640', '0600']) {
      expect(put({ path, mode })).toEqual({ status: 0, stderr: '' });
      expect([readFileSync(path, 'utf8'), modeOf(path), readdirSync(folder)]).toEqual([
        'new\n',
        mode.slice(1),
        ['it'],
      ]);
    }
    const names = readFileSync(traces, 'utf8').match(/\.hapb\S+/g) ?? [];
    expect(new Set(names).size).toBe(4);
  });

  it('is never written through a link that somebody puts in its way', () => {
    const { folder, root, put, program, modeOf } = place(shell);
    const victim = join(root, 'victim');
    writeFileSync(victim, 'old\n', { mode: 0o600 });
    program('chmod', `for t in ${folder}/.hapb.*; do ln -sf ${victim} "$t"; done\nexec /bin/chmod "$@"`);
    put({ path: join(folder, 'it') });
    expect([readFileSync(victim, 'utf8'), modeOf(victim)]).toEqual(['old\n', '600']);
  });

  it('may be judged, also by running it', () => {
    const { folder, put } = place(shell);
    const path = join(folder, 'it');
    const content = '#!/bin/sh\necho "judged: $1" >&2\nexit "$1"\n';
    expect(put({ path, mode: '0755', content, validate: '%s 0' })).toEqual({
      status: 0,
      stderr: 'judged: 0\n',
    });
    expect(put({ path, mode: '0755', content, validate: 'umask >&2; : %s' })).toMatchObject({
      stderr: `${process.umask().toString(8).padStart(4, '0')}\n`,
    });
    expect(put({ path, content: 'worse\n', validate: 'test -s %s && exit 3' })).toMatchObject({ status: 24 });
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual([content, ['it']]);
  });

  it('leaves what was there when it cannot take its place, and nothing beside it', () => {
    const { folder, put, program } = place(shell);
    const path = join(folder, 'it');
    writeFileSync(path, 'old\n');
    program('mv', 'echo "mv: cannot" >&2; exit 1');
    const { status, stderr } = put({ path });
    expect(status).not.toBe(0);
    expect(stderr).toBe('mv: cannot\n');
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old\n', ['it']]);
    expect(put({ path: join(folder, 'none/it') })).toMatchObject({ status: 20 });
    expect(put({ path: folder })).toMatchObject({ status: 20 });
    symlinkSync('/nonexistent', join(folder, 'link'));
    rmSync(join(folder, '../bin/mv'));
    expect(put({ path: join(folder, 'link') })).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'link'), 'utf8')).toBe('new\n');
  });
});
