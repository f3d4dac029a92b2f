import { describe, expect, test } from 'vitest';
import { chosenSources, onlyNamed } from '../../../../src/modules/general/facts/choose.ts';
import { factSources, factsFrom } from '../../../../src/modules/general/facts/script.ts';

const names = (subsets: readonly string[], wanted: readonly string[] | null = null): readonly string[] =>
  chosenSources(subsets, wanted).map(({ name }) => name);

describe('what is asked for', () => {
  test('is everything unless something is named', () => {
    expect(names([])).toEqual(factSources.map(({ name }) => name));
    expect(names(['all'])).toEqual(names([]));
  });

  test('is one source for the facts that it alone gives', () => {
    expect(names([], ['distribution', 'os_family'])).toEqual(['distribution']);
    expect(names([], ['memtotal_mb', 'processor_vcpus'])).toEqual(['processor', 'memory']);
    expect(names([], ['default_ipv4'])).toEqual(['network']);
  });

  test('is the network for a name that nothing else gives, for it may be an interface', () => {
    expect(names([], ['eth0'])).toEqual(['network']);
    expect(names([], ['python_version'])).toEqual([]);
  });

  test('may be named by patterns', () => {
    expect(names([], ['*_mb'])).toEqual(['memory']);
    expect(names([], ['product_*'])).toEqual(['dmi']);
  });

  test('is a subset and the smallest one, unless that is taken away', () => {
    expect(names(['!all', '!min', 'network'])).toEqual(['network', 'iscsi']);
    expect(names(['!all', 'virtual'])).toContain('virtual');
    expect(names(['!all'])).not.toContain('network');
    expect(names(['!all'])).toContain('distribution');
    expect(names(['!hardware'])).not.toContain('mounts');
  });

  test('cannot be a subset that there is not', () => {
    expect(() => names(['hardwear'])).toThrow('"hardwear" is no subset of facts');
  });
});

test('a filter leaves the facts that it names, with the prefix or without', () => {
  const facts = { eth0: 1, eth1: 2, distribution: 'Debian' };
  expect(onlyNamed(facts, ['ansible_eth*'])).toEqual({ eth0: 1, eth1: 2 });
  expect(onlyNamed(facts, ['distribution'])).toEqual({ distribution: 'Debian' });
});

test('a line that looks like a heading does not begin another source', () => {
  const sources = factSources.filter(({ name }) => ['env', 'fips'].includes(name));
  const facts = factsFrom(sources, '@env\n A=1\n@dmi\n B=2\n@fips\nfips=1\n');
  expect(facts).toMatchObject({ env: { A: '1', B: '2' }, fips: true });
});
