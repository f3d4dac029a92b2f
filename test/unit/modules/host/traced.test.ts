import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { question } from '../../../../src/modules/ask.ts';
import { causedBy } from '../../../../src/modules/host/cause.ts';
import { Overlay } from '../../../../src/modules/host/overlay.ts';
import { ownersScript, tracesScript } from '../../../../src/modules/host/package-traces.ts';
import { tracedByPackages, untracedPackage } from '../../../../src/modules/host/traced.ts';
import { by } from './by.ts';

const simulated = `Inst libnew (1.2-1 lab [amd64])
Inst libold [1.0-1] (1.1-1 lab [amd64])
Inst wanted (3.0-1 lab [amd64])
Remv rival [0.9-1]
Conf wanted (3.0-1 lab [amd64])
`;

function query(key: string, reads: readonly string[] = []) {
  const [first] = question({ key, sh: '', reads, parse: () => null }).queries;
  if (first === undefined) throw new Error('no query');
  return first;
}

/** A host on which apt says so, and dpkg so of whose each path is. */
function host(said: string, owners: Readonly<Record<string, string>> = {}) {
  const overlay = new Overlay();
  const asked: string[] = [];
  const read = async (script: string, args: readonly string[]): Promise<string> => {
    asked.push(args.join(' '));
    return script.includes('apt-get') ? said : args.map((path) => owners[path] ?? 'f\n').join('\n');
  };
  const answer = async (key: string, found: unknown, reads: readonly string[] = []): Promise<unknown> =>
    (await tracedByPackages({ query: query(key, reads), found, overlay }, read))?.answer ?? null;
  return { overlay, asked, read, answer };
}

const there = { kind: 'installed', version: '1', hold: false };
const absent = { kind: 'absent', hold: false };
const file = { kind: 'file' };

describe('packages that tasks of a check would change', () => {
  it('bring and take others along, as apt says', async () => {
    const { overlay, asked, answer } = host(simulated);
    expect(await answer('package:libnew', absent)).toBeNull();
    overlay.learn({ key: 'package:wanted', state: { ...there, version: '3.0-1' } }, by('install'));
    expect(await answer('package:libnew', absent)).toEqual({ ...there, version: '1.2-1' });
    expect(await answer('package:libold', there)).toEqual({ ...there, version: '1.1-1' });
    expect(await answer('package:rival', there)).toEqual(absent);
    expect(await answer('package:other', absent)).toBeNull();
    expect(asked).toEqual(['wanted=3.0-1']);
    overlay.learn({ key: 'package:old', state: absent }, by('remove'));
    await answer('package:other', absent);
    expect(asked[1]).toBe('wanted=3.0-1 old-');
  });

  it('may bring anything where apt cannot say, or lists are read anew', async () => {
    const { overlay, answer } = host('failed\n');
    overlay.learn({ key: 'package:wanted', state: there }, by('install'));
    expect(await answer('package:other', absent)).toBeInstanceOf(Unknown);
    expect(await answer('package:other', there)).toBeNull();
    const anew = host(simulated);
    anew.overlay.learn({ key: 'package-lists', state: { kind: 'to-be-refreshed' } }, by('install'));
    anew.overlay.learn({ key: 'package:wanted', state: there }, by('install'));
    expect(await anew.answer('package:libnew', absent)).toBeInstanceOf(Unknown);
    expect(await anew.answer('package:other', absent)).toBeNull();
  });

  it('change whose files are theirs, and folders that are theirs alone', async () => {
    const { overlay, answer } = host(simulated, {
      '/usr/bin/rival': 'f\nrival:amd64 ',
      '/usr/bin/other': 'f\nother ',
      '/etc/libold.conf': 'e\nlibold ',
      '/etc/rival.conf': 'e\nrival ',
      '/usr/share/doc': 'd\nother rival ',
      '/usr/share/rival': 'd\nrival ',
      '/usr/share/rival/*': 'd\nrival ',
    });
    overlay.learn({ key: 'package:wanted', state: there }, by('install'));
    expect(await answer('file:/usr/bin/rival', file)).toEqual(
      causedBy(
        by('install'),
        "/usr/bin/rival belongs to package rival, which 'install' at site.yml:1:1 would change",
      ),
    );
    expect(await answer('file:/etc/rival.conf', file)).toBeInstanceOf(Unknown);
    expect(await answer('file:/usr/share/rival', { kind: 'directory' })).toBeInstanceOf(Unknown);
    expect(await answer('file:/etc/passwd', file)).toBeInstanceOf(Unknown);
    expect(await answer('find:/usr/share/rival', {}, ['file:/usr/share/rival/*'])).toBeInstanceOf(Unknown);
    for (const path of ['/usr/bin/other', '/etc/libold.conf', '/usr/share/doc', '/usr/local/bin/x', '/srv/x'])
      expect(await answer(`file:${path}`, file), path).toBeNull();
  });

  it('leave in doubt what was foreseen of files that are theirs, and of packages before', async () => {
    const { overlay, read } = host('failed\n');
    overlay.learn({ key: 'package:first', state: there }, by('first'));
    overlay.learn({ key: 'file:/etc/kept.conf', state: file }, by('write'));
    overlay.learn({ key: 'file:/usr/bin/x', state: file }, by('write'));
    overlay.learn({ key: 'file:/etc/gone.conf', state: { kind: 'absent' } }, by('remove'));
    overlay.learn({ key: 'package:later', state: there }, by('later'));
    expect(overlay.answer(query('file:/etc/kept.conf')).kind).toBe('state');
    expect(overlay.answer(query('file:/usr/bin/x')).kind).toBe('unknown');
    expect(overlay.answer(query('file:/etc/gone.conf')).kind).toBe('unknown');
    expect(await untracedPackage(query('package:first'), overlay, read)).toBeInstanceOf(Unknown);
    expect(await untracedPackage(query('package:later'), overlay, read)).toBeNull();
    overlay.learn({ key: 'package:later', state: absent }, by('no more'));
    expect(overlay.answer(query('file:/etc/kept.conf')).kind).toBe('unknown');
  });

  it('bring files into folders and what may become one, not below a file', async () => {
    const { overlay, answer } = host('failed\n', { '/etc/x.d/*': 'd\n', '/etc/to-come/*': 'n\n' });
    overlay.learn({ key: 'package:wanted', state: there }, by('install'));
    const below = (path: string): Promise<unknown> =>
      answer(`what stat says of ${path}`, null, [`file:${path}/*`]);
    expect(await below('/etc/hosts')).toBeNull();
    expect(await below('/etc/x.d')).toEqual(
      causedBy(by('install'), "/etc/x.d/* may get files of what 'install' at site.yml:1:1 installs"),
    );
    expect(await below('/etc/to-come')).toBeInstanceOf(Unknown);
  });

  it('do not stay certain when the same name stands for several tasks that change others', async () => {
    const { overlay, read } = host('failed\n');
    for (const name of ['sl', 'cowsay'])
      overlay.learn({ key: `package:${name}`, state: there }, by('package'));
    expect(await untracedPackage(query('package:sl'), overlay, read)).toEqual(
      causedBy(by('package'), "'package' at site.yml:1:1 may change package sl along with others"),
    );
    expect(await untracedPackage(query('package:cowsay'), overlay, read)).toBeNull();
    const effects = ['one', 'two'].map((name) => ({ key: `package:${name}`, state: there }));
    for (const effect of effects) overlay.learn(effect, by('package'), effects);
    expect(await untracedPackage(query('package:one'), overlay, read)).toBeNull();
    expect(await untracedPackage(query('package:cowsay'), overlay, read)).toBeInstanceOf(Unknown);
  });

  it('are asked for once more when the first question ended without an answer', async () => {
    const { overlay, read } = host(simulated);
    overlay.learn({ key: 'package:wanted', state: there }, by('install'));
    let asked = 0;
    const ask = async (script: string, args: readonly string[]): Promise<string> => {
      asked += 1;
      if (asked === 1) throw new Error('cut off');
      return read(script, args);
    };
    const answer = () => tracedByPackages({ query: query('package:rival'), found: there, overlay }, ask);
    await expect(answer()).rejects.toThrow('cut off');
    expect(await answer()).toEqual({ answer: absent });
    await answer();
    expect(asked).toBe(2);
  });

  it('leave open what moves along when held packages would have to move', async () => {
    const { overlay, answer } = host(`${simulated}Hold libold\nHold still\nHold wanted\n`);
    overlay.learn({ key: 'package:wanted', state: there }, by('install'));
    expect(await answer('package:libold', { ...there, hold: true })).toEqual(
      causedBy(
        by('install'),
        "package libold is held, and would have to change with what 'install' at site.yml:1:1 changes",
      ),
    );
    expect(await answer('package:libnew', absent)).toEqual(
      causedBy(
        by('install'),
        "package libold is held, and would have to change with what 'install' at site.yml:1:1 changes",
      ),
    );
    expect(await answer('package:still', { ...there, hold: true })).toBeNull();
    const named = host(`${simulated}Hold wanted\nHold still\n`);
    named.overlay.learn({ key: 'package:wanted', state: there }, by('install'));
    expect(await named.answer('package:libnew', absent)).toEqual({ ...there, version: '1.2-1' });
  });
});

describe.each(['dash', 'bash', 'busybox'])('what hosts are asked of packages, in %s', (shell) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'traced-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const at = (path: string): string => join(folder, path);
  const run = (script: string, args: readonly string[]): string => {
    const words = shell === 'busybox' ? ['sh', '-c'] : ['-c'];
    const env = { ...process.env, PATH: `${at('bin')}:${process.env.PATH ?? ''}` };
    return spawnSync(shell, [...words, script, 'sh', ...args], { encoding: 'utf8', env }).stdout;
  };
  const program = (name: string, text: string): void => {
    mkdirSync(at('bin'), { recursive: true });
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${text}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };

  it('tells folders, files and what is not there', () => {
    program('dpkg-query', 'exit 1');
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    symlinkSync('folder', at('link'));
    symlinkSync('none', at('nowhere'));
    const paths = ['folder', 'folder/*', 'file', 'file/*', 'link/*', 'nowhere/*', 'none/*'];
    expect(run(ownersScript, paths.map(at)).split('\n\n')).toEqual(['d', 'd', 'f', 'f', 'd', 'n', 'n', '']);
  });

  it('says which packages are held, behind what apt would do', () => {
    program('apt-get', 'echo "Inst it (1 lab [all])"');
    program(
      'dpkg-query',
      `printf '%s\\n' 'hold ok installed kept' 'install ok installed it' 'hold ok not-installed none'`,
    );
    expect(run(tracesScript, ['it'])).toBe('Inst it (1 lab [all])\nHold kept\nHold none\n');
    program('apt-get', 'exit 100');
    expect(run(tracesScript, ['it'])).toContain('failed\n');
  });
});
