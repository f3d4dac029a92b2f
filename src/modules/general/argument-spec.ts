import { Secret } from '../../core/secret.ts';
import { isList, isMap, typeName, type Value, type ValueMap } from '../../core/value.ts';
import { printed } from '../../expression/print-value.ts';
import { relationProblems } from './argument-relations.ts';
import { convertible } from './argument-types.ts';

/** One argument of a specification, as Ansible writes it; its default and description do not matter here. */
export type ArgumentSpec = ValueMap;

/**
 * What is wrong with arguments by a specification (a map of options). Values are taken as Ansible takes them: "5" is an
 * integer, "yes" a boolean, "a,b" a list. Names that the specification does not know matter only inside of an option.
 */
export function specProblems(specs: ValueMap, values: ValueMap): readonly string[] {
  return [
    ...missing(specs, values, ''),
    ...entries(specs).flatMap(([name, spec]) => valueProblems(spec, name, givenOf(values, name, spec))),
  ];
}

function entries(specs: ValueMap): readonly (readonly [string, ArgumentSpec])[] {
  return Object.entries(specs).flatMap(([name, spec]) => (isMap(spec) ? [[name, spec] as const] : []));
}

function missing(specs: ValueMap, values: ValueMap, path: string): readonly string[] {
  const names = entries(specs)
    .filter(([name, spec]) => spec.required === true && givenOf(values, name, spec) === undefined)
    .map(([name]) => path + name);
  return names.length === 0 ? [] : [`missing: ${names.join(', ')}`];
}

/** The value under the name or an alias of it. */
function givenOf(values: ValueMap, name: string, spec: ArgumentSpec): Value | undefined {
  const names = [name, ...(isList(spec.aliases) ? spec.aliases.map(printed) : [])];
  return names.map((one) => values[one]).find((value) => value !== undefined);
}

function valueProblems(spec: ArgumentSpec, path: string, value: Value | undefined): readonly string[] {
  if (value === undefined || value === null || value instanceof Secret) return [];
  const type = textOr(spec.type, 'str');
  if (!convertible(type, value)) return [`${path} must be ${named(type)}, not ${shown(value)}`];
  return [
    ...choiceProblems(spec, path, value),
    ...elementProblems(spec, path, value),
    ...inner(spec, path, value),
  ];
}

function textOr(value: Value | undefined, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

const nouns: Readonly<Record<string, string>> = {
  str: 'a text',
  path: 'a path',
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  list: 'a list',
  dict: 'a map',
};

function named(type: string): string {
  return nouns[type] ?? `of the type ${type}`;
}

function shown(value: Value): string {
  return isList(value) || isMap(value) ? `a ${typeName(value)}` : JSON.stringify(value);
}

function choiceProblems(spec: ArgumentSpec, path: string, value: Value): readonly string[] {
  if (!isList(spec.choices)) return [];
  const choices = spec.choices.map(printed);
  const wrong = listOf(spec, value).filter((item) => !choices.includes(printed(item)));
  return wrong.map((item) => `${path} must be one of ${choices.join(', ')}, not ${shown(item)}`);
}

/** Several values where the type is a list, else the one. */
function listOf(spec: ArgumentSpec, value: Value): readonly Value[] {
  if (spec.type !== 'list') return [value];
  if (isList(value)) return value;
  return typeof value === 'string' ? value.split(',') : [value];
}

function elementProblems(spec: ArgumentSpec, path: string, value: Value): readonly string[] {
  if (spec.type !== 'list' || typeof spec.elements !== 'string') return [];
  const type = spec.elements;
  return listOf(spec, value).flatMap((item, index) =>
    item === null || item instanceof Secret || convertible(type, item)
      ? []
      : [`${path}[${index}] must be ${named(type)}, not ${shown(item)}`],
  );
}

/** Options inside of a map, or of each map of a list. */
function inner(spec: ArgumentSpec, path: string, value: Value): readonly string[] {
  const { options } = spec;
  if (!isMap(options)) return [];
  const places = spec.type === 'list' ? listOf(spec, value) : [value];
  return places.flatMap((item, index) => {
    const at = spec.type === 'list' ? `${path}[${index}].` : `${path}.`;
    if (!isMap(item)) return [];
    const known = new Set(entries(options).flatMap(([name, one]) => [name, ...aliasesOf(one)]));
    const strange = Object.keys(item).filter((name) => !known.has(name));
    return [
      ...strange.map(
        (name) => `${at}${name} is not known; there are ${Object.keys(options).sort().join(', ')}`,
      ),
      ...missing(options, item, at),
      ...relationProblems(spec, item, at),
      ...entries(options).flatMap(([name, one]) => valueProblems(one, at + name, givenOf(item, name, one))),
    ];
  });
}

function aliasesOf(spec: ArgumentSpec): readonly string[] {
  return isList(spec.aliases) ? spec.aliases.map(printed) : [];
}
