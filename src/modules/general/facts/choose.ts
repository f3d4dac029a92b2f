import { Failure } from '../../../core/failure.ts';
import { globExpression } from '../../../core/glob.ts';
import { factSources } from './script.ts';
import type { FactSource, Facts } from './source.ts';

/** Facts that Ansible has and hapb has not, each with the reason. Names without `ansible_`. */
export const absentFacts: Readonly<Record<string, string>> = {
  python: 'hapb needs no Python on the hosts and asks for none',
  python_version: 'hapb needs no Python on the hosts and asks for none',
  selinux_python_present: 'hapb needs no Python on the hosts and asks for none',
  playbook_python: 'hapb is no Python program',
  facter: 'hapb does not run other programs that gather facts',
  ohai: 'hapb does not run other programs that gather facts',
};

/**
 * The sources that give what is wanted. `subsets` as `gather_subset`: names of groups of facts or of facts, `!` takes
 * away, and `min` stays unless `!min` is named. `names`: patterns of the facts that will be used; `null`: all.
 * @throws Failure HAPB6015: there is no such subset
 */
export function chosenSources(
  subsets: readonly string[],
  names: readonly string[] | null,
): readonly FactSource[] {
  const inSubsets = bySubset(subsets.map((subset) => subset.trim()).filter((subset) => subset !== ''));
  if (names === null) return inSubsets;
  return inSubsets.filter((source) => names.some((name) => gives(source, name)));
}

function bySubset(subsets: readonly string[]): readonly FactSource[] {
  for (const subset of subsets) if (!isKnown(subset.replace(/^!/, ''))) throw noSuchSubset(subset);
  const excluded = subsets.filter((subset) => subset.startsWith('!')).map((subset) => subset.slice(1));
  const named = subsets.filter((subset) => !subset.startsWith('!'));
  const wanted = named.length === 0 ? ['all'] : [...named, 'min'];
  const isOut = (source: FactSource): boolean =>
    excluded.some((subset) =>
      subset === 'all' ? !source.subsets.includes('min') : belongs(source, subset),
    ) && !named.some((subset) => belongs(source, subset));
  return factSources.filter(
    (source) => wanted.some((subset) => subset === 'all' || belongs(source, subset)) && !isOut(source),
  );
}

function belongs(source: FactSource, subset: string): boolean {
  return source.name === subset || source.subsets.includes(subset) || lists(source, subset);
}

function isKnown(subset: string): boolean {
  return subset === 'all' || subset in absentFacts || factSources.some((source) => belongs(source, subset));
}

/** Whether a source gives a fact of that name or pattern. What no source gives may be the name of an interface. */
function gives(source: FactSource, name: string): boolean {
  if (!isFact(name)) return source.name === 'network' && !isNone(name);
  return lists(source, name);
}

/** Names that look like facts and that no host is asked for. */
function isNone(name: string): boolean {
  return name in absentFacts || ['gather_subset', 'module_setup'].includes(name);
}

function lists({ gives: own }: FactSource, name: string): boolean {
  const wanted = globExpression(name);
  return own.some((given) => wanted.test(given) || globExpression(given).test(name));
}

/** Whether hosts are known to have a fact of that name, without `ansible_`; names of interfaces are not known. */
export function isFact(name: string): boolean {
  return factSources.some((source) => lists(source, name));
}

/** The facts whose names match one of these patterns, with `ansible_` or without; all for none. */
export function onlyNamed(facts: Facts, patterns: readonly string[]): Facts {
  if (patterns.length === 0) return facts;
  const wanted = patterns.map((pattern) => globExpression(pattern));
  const isWanted = (name: string): boolean =>
    wanted.some((pattern) => pattern.test(name) || pattern.test(`ansible_${name}`));
  return Object.fromEntries(Object.entries(facts).filter(([name]) => isWanted(name)));
}

function noSuchSubset(subset: string): Failure {
  const groups = [...new Set(factSources.flatMap((source) => [source.name, ...source.subsets]))].sort();
  return new Failure({
    code: 'HAPB6015',
    message: `"${subset}" is no subset of facts`,
    hint: `Known are all, names of facts, and ${groups.join(', ')}; each with ! before it to leave it out.`,
    argument: 'gather_subset',
  });
}
