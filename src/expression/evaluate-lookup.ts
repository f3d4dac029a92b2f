import { Failure, type Problem } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import { Unknown, Unresolved } from '../core/unknown.ts';
import { findUnknown, type Value } from '../core/value.ts';
import { textOf } from './arguments.ts';
import { givenOf } from './evaluate-filter.ts';
import type { Evaluator } from './evaluator.ts';
import { insteadOfLookup, lookupNames, lookupOf } from './lookups.ts';
import type { NodeOf } from './node.ts';
import { codes, fail, suggest } from './problems.ts';
import { sealed } from './secrecy.ts';

/** `lookup('name', term…)`, and `query` or `q`, which give a list. */
export function evaluateLookup(self: Evaluator, node: NodeOf<'call'>): Value {
  const lazy = node.args.named.find(({ name }) => name === 'default');
  const eager = { ...node.args, named: node.args.named.filter((argument) => argument !== lazy) };
  const { positional, named } = givenOf(self, eager);
  const [first, ...terms] = positional;
  const unknown = findUnknown([...positional, ...Object.values(named)]);
  if (unknown !== null) return unknown;
  if (typeof first !== 'string')
    return fail(codes.wrongArguments, `'${node.name}' needs the name of a lookup`, lookupHint);
  const lookup = lookupOf(first);
  if (lookup === null) {
    const { code, message, hint } = lookupProblem(first);
    return fail(code, message, hint);
  }
  const otherwise = lazy === undefined ? null : () => self.value(lazy.value);
  const found = findingOf(named.errors, () => lookup({ terms, named, names: self.setting.names, otherwise }));
  if (found instanceof Unknown) return found;
  if (found === null) return node.name === 'lookup' && named.wantlist !== true ? null : [];
  if (node.name !== 'lookup' || named.wantlist === true) return found;
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  return joined(found);
}

/** With `errors='ignore'` or `'warn'` a lookup that fails finds nothing: `null`. An Unknown: only a run tells. */
function findingOf(
  errors: Value | undefined,
  find: () => readonly Value[],
): readonly Value[] | Unknown | null {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof Unresolved) return thrown.unknown;
    if (thrown instanceof Failure && (errors === 'ignore' || errors === 'warn')) return null;
    throw thrown;
  }
}

/** Several texts are one with commas between them, as in Ansible. */
function joined(found: readonly Value[]): Value {
  const secret = found.find((value) => value instanceof Secret);
  const texts =
    found.length > 0 && found.every((value) => typeof value === 'string' || value instanceof Secret);
  if (!texts) return found;
  const text = found.map(textOf).join(',');
  return secret instanceof Secret ? sealed(text, secret.label) : text;
}

const lookupHint = "For example lookup('env', 'HOME').";

/** HAPB4010 or HAPB4005: there is no lookup of this name. */
export function lookupProblem(name: string): Problem {
  const instead = insteadOfLookup(name);
  if (instead !== null)
    return { code: codes.unsupported, message: `the lookup '${name}' is not supported`, hint: instead };
  const hint = suggest(name, lookupNames, `Known are ${lookupNames.join(', ')}.`);
  return { code: codes.unknownFilter, message: `there is no lookup '${name}'`, hint };
}
