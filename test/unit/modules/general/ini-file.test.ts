import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IniArgs, iniFile } from '../../../../src/modules/general/ini-file.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

describe.each(shells)('ini_file in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
  });
  afterEach(() => host.dispose());

  /** What becomes of the text, and the message. */
  const edit = async (text: string | null, args: Omit<IniArgs, 'path'>): Promise<readonly unknown[]> => {
    const path = join(host.directory, text === null ? 'new/it.ini' : 'it.ini');
    if (text !== null) writeFileSync(path, text);
    const { output, change } = await expectLawful(iniFile, { path, ...args }, { host });
    return [readFileSync(path, 'utf8'), output.msg, change === null ? 'same' : 'changed'];
  };

  // Every result here is what community.general was seen to make of the same text.
  it('adds options, sections and files', async () => {
    expect(await edit('[a]\nx = 1\n\n# end\n[b]\n', { section: 'a', option: 'y', value: 2 })).toEqual([
      '[a]\nx = 1\ny = 2\n\n# end\n[b]\n',
      'option added',
      'changed',
    ]);
    expect(
      await edit('[a]\nx = 1', { section: 'c', option: 'y', value: 'z', no_extra_spaces: true }),
    ).toEqual(['[a]\nx = 1\n[c]\ny=z\n', 'section and option added', 'changed']);
    expect(await edit('[a]\n', { section: 'c', allow_no_value: true })).toEqual([
      '[a]\n[c]\n',
      'only section added',
      'changed',
    ]);
    expect(await edit(null, { section: 's', option: 'o', value: 'v' })).toEqual([
      '\n[s]\no = v\n',
      'section and option added',
      'changed',
    ]);
    expect(await edit('[a]\nx = 1\n', { option: 'top', value: 'v' })).toEqual([
      'top = v\n[a]\nx = 1\n',
      'option added',
      'changed',
    ]);
  });

  it('changes the option, also behind a comment sign, and removes its other lines', async () => {
    const text = '[a]\n#x = 0\nx=1\nx = 2\n; x\n';
    expect(await edit(text, { section: 'a', option: 'x', value: 2 })).toEqual([
      '[a]\nx = 2\n; x\n',
      'option changed',
      'changed',
    ]);
    expect(await edit(text, { section: 'a', option: 'x', value: 5, modify_inactive_option: false })).toEqual([
      '[a]\n#x = 0\nx = 5\n; x\n',
      'option changed',
      'changed',
    ]);
    expect(await edit(text, { section: 'a', option: 'x', values: [1, 7], exclusive: false })).toEqual([
      '[a]\n#x = 0\nx = 1\nx = 2\nx = 7\n; x\n',
      'option added',
      'changed',
    ]);
  });

  it('leaves what is right, and ends the file with a newline', async () => {
    expect(await edit('[a]\nx=1\n', { section: 'a', option: 'x', value: 1, ignore_spaces: true })).toEqual([
      '[a]\nx=1\n',
      'OK',
      'same',
    ]);
    expect(await edit('[a]\nx = 1', { section: 'a', option: 'x', value: 1 })).toEqual([
      '[a]\nx = 1\n',
      'OK',
      'changed',
    ]);
    expect(await edit('[a]\nflag\n', { section: 'a', option: 'flag', allow_no_value: true })).toEqual([
      '[a]\nflag\n',
      'OK',
      'same',
    ]);
  });

  it('removes options, values and sections', async () => {
    const text = '[a]\nx = 1\n#x = 0\nx = 2\n[b]\ny = 1\n';
    expect(await edit(text, { section: 'a', option: 'x', state: 'absent' })).toEqual([
      '[a]\n#x = 0\n[b]\ny = 1\n',
      'option changed',
      'changed',
    ]);
    const one = { section: 'a', option: 'x', value: 2, state: 'absent', exclusive: false } as const;
    expect((await edit(text, one))[0]).toBe('[a]\nx = 1\n#x = 0\n[b]\ny = 1\n');
    expect(await edit(text, { section: 'a', state: 'absent' })).toEqual([
      '[b]\ny = 1\n',
      'section removed',
      'changed',
    ]);
    expect((await edit(text, { section: 'c', state: 'absent' }))[2]).toBe('same');
  });

  it('finds the section by what is in it', async () => {
    const peers = '[Peer]\nKey = a\nIp = 1\n[Peer]\nKey = b\nIp = 2\n';
    const second = { section: 'Peer', section_has_values: [{ option: 'Key', value: 'b' }], option: 'Ip' };
    expect((await edit(peers, { ...second, value: 3 }))[0]).toBe(
      '[Peer]\nKey = a\nIp = 1\n[Peer]\nKey = b\nIp = 3\n',
    );
    const third = { ...second, section_has_values: [{ option: 'Key', value: 'c' }], value: 4 };
    expect((await edit(peers, third))[0]).toBe(`${peers}[Peer]\nKey = c\nIp = 4\n`);
  });

  it('says when there is nothing to set, or no file', async () => {
    const path = join(host.directory, 'none.ini');
    await expect(expectLawful(iniFile, { path, section: 'a', option: 'x' }, { host })).rejects.toMatchObject({
      problem: { message: 'ini_file has no value to set' },
    });
    const args = { path, section: 'a', option: 'x', value: 1, create: false };
    await expect(expectLawful(iniFile, args, { host })).rejects.toMatchObject({
      problem: { message: `${path} does not exist` },
    });
  });
});
