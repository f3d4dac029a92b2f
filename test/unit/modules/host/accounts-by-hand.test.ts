import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/unknown.ts';
import { accountsByHand } from '../../../../src/modules/host/accounts-by-hand.ts';
import { by } from './by.ts';

const of = (key: string): readonly string[] =>
  accountsByHand([{ key, state: new Unknown('x') }], by('it')).map((effect) => effect.key);

describe('accounts of a host', () => {
  const all = ['user:*', 'group:*', 'uid:*', 'group-users:*'];

  it.each(['file:/etc/passwd', 'file:/etc/*', 'file:/etc/gsh*', 'file:/*'])('may change with %s', (key) => {
    expect(of(key)).toEqual(all);
  });

  it.each(['file:/etc/passwd-', 'file:/etc', 'file:/etc/default/*', 'file:/etc/passwd/*', 'unit:*'])(
    'stay as they are with %s',
    (key) => {
      expect(of(key)).toEqual([]);
    },
  );
});
