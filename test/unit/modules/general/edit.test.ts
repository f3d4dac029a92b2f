import { lstatSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blockinfile, editBlock } from '../../../../src/modules/general/blockinfile.ts';
import { fetchModule } from '../../../../src/modules/general/fetch.ts';
import { editLine, type LineWish } from '../../../../src/modules/general/line-edit.ts';
import { lineinfile } from '../../../../src/modules/general/lineinfile.ts';
import { slurp } from '../../../../src/modules/general/slurp.ts';
import { stat } from '../../../../src/modules/general/stat.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

const wish = (parts: Partial<LineWish>): LineWish => ({
  line: null,
  regexp: null,
  search: null,
  state: 'present',
  backrefs: 'plain',
  place: { side: 'after', at: 'EOF' },
  pick: 'last',
  ...parts,
});

describe('a line of a text', () => {
  const text = 'a=1\n#b=2\nb=3\n';

  it('replaces the last match, or the first when asked', () => {
    expect(editLine(text, wish({ regexp: '^#?b=', line: 'b=9' }))).toBe('a=1\n#b=2\nb=9\n');
    expect(editLine(text, wish({ regexp: '^#?b=', line: 'b=9', pick: 'first' }))).toBe('a=1\nb=9\nb=3\n');
  });

  it('is added where it belongs, and not twice', () => {
    const after = wish({ line: 'new', place: { side: 'after', at: '^a=' } });
    expect(editLine(text, after)).toBe('a=1\nnew\n#b=2\nb=3\n');
    expect(editLine(editLine(text, after), after)).toBe('a=1\nnew\n#b=2\nb=3\n');
    expect(editLine(text, wish({ line: 'new', place: { side: 'before', at: 'BOF' } }))).toBe(`new\n${text}`);
    expect(editLine('x', wish({ line: 'new', regexp: 'no' }))).toBe('x\nnew\n');
  });

  it('takes parts of the match over, and does nothing without one', () => {
    const parts = { regexp: '^b=(\\d)', line: 'b=\\g<1>0', backrefs: 'use' } as const;
    expect(editLine(text, wish(parts))).toBe('a=1\n#b=2\nb=30\n');
    expect(editLine('a=1\n', wish(parts))).toBe('a=1\n');
  });

  it('is removed by pattern, by text in it, or by itself, and CRLF stays', () => {
    expect(editLine(text, wish({ state: 'absent', regexp: 'b=' }))).toBe('a=1\n');
    expect(editLine(text, wish({ state: 'absent', search: '=3' }))).toBe('a=1\n#b=2\n');
    expect(editLine('a\r\nb\r\n', wish({ state: 'absent', line: 'b' }))).toBe('a\r\n');
  });
});

describe('a block of a text', () => {
  const args = { path: '/x', block: 'one\ntwo\n' };
  const marked = '# BEGIN ANSIBLE MANAGED BLOCK\none\ntwo\n# END ANSIBLE MANAGED BLOCK\n';

  it('is put at the end, replaced where it stands, and taken out when empty', () => {
    expect(editBlock('top', args)).toBe(`top\n${marked}`);
    expect(editBlock(`${marked}end\n`, { ...args, block: 'three' })).toBe(
      '# BEGIN ANSIBLE MANAGED BLOCK\nthree\n# END ANSIBLE MANAGED BLOCK\nend\n',
    );
    expect(editBlock(`${marked}end\n`, { ...args, block: '' })).toBe('end\n');
    expect(editBlock('top', { ...args, state: 'absent' })).toBe('top');
  });

  it('stands between empty lines where it is told so, once, and not at the ends of the file', () => {
    const apart = { ...args, insertafter: '^top', prepend_newline: true, append_newline: true };
    const edited = editBlock('top\nend\n', apart);
    expect(edited).toBe(`top\n\n${marked}\nend\n`);
    expect(editBlock(edited, apart)).toBe(edited);
    expect(editBlock('', apart)).toBe(marked);
    expect(editBlock(edited, { ...apart, state: 'absent' })).toBe('top\n\n\nend\n');
  });

  it('gets no second copy at every run where one of its markers was lost', () => {
    const [begin, end] = ['# BEGIN ANSIBLE MANAGED BLOCK\n', '# END ANSIBLE MANAGED BLOCK\n'];
    for (const broken of [`${begin}one\n`, `one\n${end}`]) {
      const edited = editBlock(broken, args);
      expect(edited).toBe(`${broken}${marked}`);
      expect(editBlock(edited, args)).toBe(edited);
    }
    expect(editBlock(`x\n${end}one\n${begin}y\n`, args)).toBe(`x\n${marked}y\n`);
  });

  it('needs two different markers', () => {
    expect(() => editBlock('', { ...args, marker: '# mine' })).toThrow(
      'the marker lines of the block are the same',
    );
  });
});

describe.each(shells)('files in %s', (name) => {
  let host: LocalHost;
  beforeEach(() => {
    host = localHost(name);
  });
  afterEach(() => host.dispose());
  const at = (path: string): string => join(host.directory, path);

  it('are edited behind a link, which stays one', async () => {
    writeFileSync(at('real'), 'a\n');
    symlinkSync('real', at('link'));
    await expectLawful(lineinfile, { path: at('link'), line: 'b', mode: '0600' }, { host });
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('real'), 'utf8')).toBe('a\nb\n');
  });

  it('are made only when told so', async () => {
    const args = { path: at('new'), block: 'x' };
    await expect(expectLawful(blockinfile, args, { host })).rejects.toThrow(`${at('new')} does not exist`);
    await expectLawful(blockinfile, { ...args, create: true }, { host });
    expect(readFileSync(at('new'), 'utf8')).toContain('\nx\n');
  });

  it('are described, read and fetched', async () => {
    writeFileSync(at('plain'), 'hello world');
    // With `relatime` the first read after a change moves the access time, a later one does not.
    utimesSync(at('plain'), 2_000_000_000, 1_000_000_000);
    const described = await expectLawful(stat, { path: at('plain') }, { host });
    expect(described.output.stat).toMatchObject({
      exists: true,
      isreg: true,
      size: 11,
      mode: '0644',
      checksum: '2aae6c35c94fcfb415dbe95f408b9ce91ee846ed',
      readable: true,
      executable: false,
    });
    const none = await expectLawful(stat, { path: at('none') }, { host });
    expect(none.output.stat).toEqual({ exists: false });
    const read = await expectLawful(slurp, { src: at('plain') }, { host });
    expect(read.output).toMatchObject({ content: 'aGVsbG8gd29ybGQ=', encoding: 'base64' });
    await expectLawful(fetchModule, { src: at('plain'), dest: at('got/'), flat: true }, { host });
    expect(readFileSync(at('got/plain'), 'utf8')).toBe('hello world');
  });
});
