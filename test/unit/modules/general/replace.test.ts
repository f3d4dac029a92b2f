import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../../src/core/value.ts';
import { replace, replaceIn } from '../../../../src/modules/general/replace.ts';
import { tempfile } from '../../../../src/modules/general/tempfile.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

describe('replacing in a text', () => {
  const text = '[a]\nkey=1\n[b]\nkey=1\n[c]\nkey=1\n';

  it('takes every match on every line and fills groups in', () => {
    expect(replaceIn(text, { regexp: '^key=(\\d)$', replace: 'key=\\g<1>0' })).toEqual({
      text: text.replaceAll('key=1', 'key=10'),
      count: 3,
    });
    expect(replaceIn('a b', { regexp: 'x*', replace: '-' }).text).toBe('-a- -b-');
    expect(replaceIn('aXbX', { regexp: 'X' }).text).toBe('ab');
  });

  it('keeps to the part behind, in front of, or between what is named', () => {
    const key = { regexp: '^key=1', replace: 'key=2' };
    expect(replaceIn(text, { ...key, after: '\\[b\\]' }).text).toBe('[a]\nkey=1\n[b]\nkey=2\n[c]\nkey=2\n');
    expect(replaceIn(text, { ...key, before: '\\[b\\]' }).text).toBe('[a]\nkey=2\n[b]\nkey=1\n[c]\nkey=1\n');
    expect(replaceIn(text, { ...key, after: '\\[b\\]', before: '\\[c\\]' }).text).toBe(
      '[a]\nkey=1\n[b]\nkey=2\n[c]\nkey=1\n',
    );
    expect(replaceIn(text, { ...key, after: 'nowhere' })).toEqual({ text, count: 0 });
  });
});

describe.each(shells)('replace in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);

  const described = async (path: Value | undefined): Promise<string> => {
    const args = typeof path === 'string' ? [path] : [];
    return (await host.run({ sh: 'stat -c "%a %F" "$1"', args })).stdout;
  };

  it('says how many it made, and where the old file is', async () => {
    writeFileSync(at('it'), 'one one\n');
    const args = { path: at('it'), regexp: '\\bone\\b', replace: 'two', backup: true, mode: '0600' };
    const { output } = await expectLawful(replace, args, { host });
    expect(readFileSync(at('it'), 'utf8')).toBe('two two\n');
    expect(output).toMatchObject({
      path: at('it'),
      rc: 0,
      msg: '2 replacements made and ownership, perms or SE linux context changed',
    });
    expect(output.backup).toMatch(/it\.[0-9a-f]{8}~$/);
    expect(output.backup_file).toBe(output.backup);
  });

  it('says when there is no such part, and fails when there is no file', async () => {
    writeFileSync(at('it'), 'one\n');
    const args = { path: at('it'), regexp: 'one', after: 'x', before: 'y' };
    const { output } = await expectLawful(replace, args, { host });
    expect(output.msg).toBe(
      'Pattern for before/after params did not match the given file: x(?P<subsection>.*?)y',
    );
    const none = expectLawful(replace, { path: at('none'), regexp: 'a' }, { host });
    await expect(none).rejects.toThrow(`${at('none')} does not exist`);
  });

  it('makes temporary files and folders that only the user may read', async () => {
    const args = { path: host.directory, prefix: 'p.', suffix: '.s' };
    const file = await tempfile.apply({ ...change, args }, host);
    expect(file.path).toMatch(/\/p\.[0-9a-f]{12}\.s$/);
    expect(await described(file.path)).toBe('600 regular empty file\n');
    const folder = await tempfile.apply({ ...change, args: { ...args, state: 'directory' } }, host);
    expect(await described(folder.path)).toBe('700 directory\n');
    await expect(tempfile.apply({ ...change, args: { path: '/no/such' } }, host)).rejects.toThrow(
      'cannot make a temporary file',
    );
  });
});

const change = { summary: '', edits: [], effects: [], forecast: { kind: 'known' } } as const;
