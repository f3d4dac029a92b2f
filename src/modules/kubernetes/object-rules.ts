import type { Value, ValueMap } from '../../core/value.ts';
import { nameOf, type PathStep, textOf, valuesAt } from './object-path.ts';

/** An object of the cluster, as JSON. */
export type ClusterObject = ValueMap;

/** What objects must be like. */
export interface ObjectRules {
  readonly resource: string;
  /** `null`: whatever there is. */
  readonly names: readonly string[] | null;
  readonly where: readonly {
    readonly path: string;
    readonly steps: readonly PathStep[];
    readonly wanted: string;
  }[];
  /** One of these texts must occur in every value. */
  readonly contains: readonly {
    readonly path: string;
    readonly steps: readonly PathStep[];
    readonly texts: readonly string[];
  }[];
  readonly count: number | null;
  readonly atLeast: number;
}

/** What the objects lack, one sentence each. */
export function objectProblems(objects: readonly ClusterObject[], rules: ObjectRules): readonly string[] {
  const names = rules.names;
  const chosen = names === null ? objects : objects.filter((one) => names.includes(nameOf(one)));
  const missing = (names ?? [])
    .filter((name) => !objects.some((one) => nameOf(one) === name))
    .map((name) => `${rules.resource} ${name} does not exist`);
  return [...missing, ...countProblems(chosen.length, rules), ...chosen.flatMap((one) => unmet(one, rules))];
}

function countProblems(count: number, rules: ObjectRules): readonly string[] {
  if (rules.count !== null && count !== rules.count)
    return [`there are ${count} ${rules.resource}, not ${rules.count}`];
  if (rules.names === null && count < rules.atLeast) {
    return [`there are ${count} ${rules.resource}, at least ${rules.atLeast} are needed`];
  }
  return [];
}

function unmet(object: ClusterObject, rules: ObjectRules): readonly string[] {
  const name = nameOf(object) || rules.resource;
  const equal = rules.where.flatMap(({ path, steps, wanted }) => {
    const found: readonly Value[] = valuesAt(object, steps);
    if (found.length > 0 && found.every((value) => textOf(value) === wanted)) return [];
    return [`${name}: ${path} is ${shown(found)}, not ${wanted}`];
  });
  const containing = rules.contains.flatMap(({ path, steps, texts }) => {
    const found: readonly Value[] = valuesAt(object, steps);
    if (found.length > 0 && found.every((value) => texts.some((text) => textOf(value).includes(text))))
      return [];
    return [`${name}: ${path} is ${shown(found)}, and has none of: ${texts.join(', ')}`];
  });
  return [...equal, ...containing];
}

function shown(values: readonly Value[]): string {
  return values.length === 0 ? 'not there' : values.map(textOf).join(', ');
}
