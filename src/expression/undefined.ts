import { isList, isMap, type Value } from '../core/value.ts';
import { withArticle } from './compare.ts';
import type { Node, NodeOf } from './node.ts';
import { printNode } from './print-node.ts';
import { codes, Missing, suggest } from './problems.ts';
import type { Setting } from './scope.ts';

/** What to write for a name that only Jinja gives; `null` for every other name. */
export function insteadOfName(name: string): string | null {
  return name === 'loop' ? 'Inside {{#each}} write @index + 1, @index, @first or @last.' : null;
}

/** HAPB4002: nothing is known under this name. */
export function undefinedVariable({ names, place }: Setting, node: NodeOf<'name'>): Missing {
  const { name } = node;
  const otherwise = `Set it in the inventory, vars or set_fact, or give a value for when it is missing: ${name} | default(…).`;
  const problem = {
    code: codes.undefinedVariable,
    message: `'${name}' is not defined`,
    hint: insteadOfName(name) ?? suggest(name, names.names(), otherwise),
  };
  return new Missing(problem, place(node));
}

/** HAPB4003: `target` has no such key or place. `node` is the whole path, `at` the key in it. */
export function missingKey(
  setting: Setting,
  path: { readonly target: Node; readonly at: { readonly start: number; readonly end: number } },
  found: { readonly target: Value; readonly key: string | number },
): Missing {
  const subject = subjectOf(path.target);
  const { target, key } = found;
  const problem = isMap(target) ? missingInMap(subject, target, key) : missingElsewhere(subject, target, key);
  return new Missing({ code: codes.missingKey, ...problem }, setting.place(path.at));
}

interface Words {
  readonly message: string;
  readonly hint: string;
}

function missingInMap(subject: string, target: Value, key: string | number): Words {
  const keys = isMap(target) ? Object.keys(target) : [];
  const otherwise = `Give a value for when it is missing: … | default(…), or test it: … is defined.`;
  return {
    message: `${subject} has no '${key}'; ${keys.length === 0 ? 'it is empty' : `it has ${listed(keys)}`}`,
    hint: suggest(String(key), keys, otherwise),
  };
}

function missingElsewhere(subject: string, target: Value, key: string | number): Words {
  if (isList(target) && typeof key === 'number') {
    const count = target.length === 1 ? '1 item' : `${target.length || 'no'} items`;
    return {
      message: `${subject} has ${count}, none at ${key}`,
      hint: 'The first item is at 0, the last at -1.',
    };
  }
  if (isList(target)) {
    const hint = `Take one item first, as in …[0].${key}, or all of them: … | map(attribute='${key}').`;
    return { message: `${subject} is a list and has no '${key}'`, hint };
  }
  const hint =
    'Only maps have keys and only lists and texts have places; look at the value with the debug module.';
  return { message: `${subject} is ${withArticle(target)} and has no '${key}'`, hint };
}

function subjectOf(target: Node): string {
  const text = printNode(target);
  return text.length <= 60 ? `'${text}'` : 'the value';
}

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, 6).map((key) => `'${key}'`);
  const more = keys.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
