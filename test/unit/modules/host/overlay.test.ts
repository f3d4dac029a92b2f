import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { question } from '../../../../src/modules/ask.ts';
import { causedBy } from '../../../../src/modules/host/cause.ts';
import { Overlay } from '../../../../src/modules/host/overlay.ts';
import { by } from './by.ts';

function query(key: string, reads: readonly string[] = []) {
  const [first] = question({ key, sh: '', reads, parse: () => null }).queries;
  if (first === undefined) throw new Error('no query');
  return first;
}

describe('what a check has foreseen', () => {
  it('answers by key, and says what the rest depends on', () => {
    const overlay = new Overlay();
    expect(overlay.answer(query('file:/a'))).toEqual({ kind: 'untouched' });
    overlay.learn({ key: 'file:/a', state: 'new' }, by('write a'));
    expect(overlay.answer(query('file:/a'))).toEqual({ kind: 'state', state: 'new' });
    expect(overlay.answer(query('unit:x', ['file:/*']))).toEqual({
      kind: 'unknown',
      unknown: causedBy(
        by('write a'),
        "unit:x depends on file:/a, which 'write a' at site.yml:1:1 would change",
      ),
    });
    expect(overlay.answer(query('file:/b'))).toEqual({ kind: 'untouched' });
  });

  it('answers for all below a folder, until something below is foreseen anew', () => {
    const overlay = new Overlay();
    overlay.learn({ key: 'file:/mnt/old', state: 'kept' }, by('before'));
    overlay.learn({ key: 'file:/mnt/*', state: 'gone' }, by('empty it'));
    overlay.learn({ key: 'file:/mnt/new', state: 'made' }, by('after'));
    const answer = (key: string) => overlay.answer(query(key));
    expect(answer('file:/mnt/old')).toEqual({ kind: 'state', state: 'gone' });
    expect(answer('file:/mnt/new')).toEqual({ kind: 'state', state: 'made' });
    expect(answer('file:/mnt')).toEqual({ kind: 'untouched' });
    overlay.learn({ key: 'file:/mnt/*', state: new Unknown('mounted') }, by('mount'));
    expect(answer('file:/mnt/new')).toEqual({
      kind: 'unknown',
      unknown: causedBy(by('mount'), "mounted ('mount' at site.yml:1:1)"),
    });
    expect(overlay.answer(query('x', ['file:/mnt/new'])).kind).toBe('unknown');
  });
});
