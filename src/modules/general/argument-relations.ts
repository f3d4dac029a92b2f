import { isList, type Value, type ValueMap } from '../../core/value.ts';
import { printed } from '../../expression/print-value.ts';

/** What is wrong with which arguments stand together; `spec` says it beside its `options`. */
export function relationProblems(spec: ValueMap, values: ValueMap, path: string): readonly string[] {
  const has = (name: string): boolean => values[name] !== undefined && values[name] !== null;
  const told = (names: readonly string[]): string => names.map((name) => path + name).join(', ');
  const problems: string[] = [];
  for (const names of groups(spec.mutually_exclusive)) {
    const given = names.filter(has);
    if (given.length > 1) problems.push(`only one may be given of ${told(given)}`);
  }
  for (const names of groups(spec.required_together)) {
    const given = names.filter(has);
    if (given.length > 0 && given.length < names.length)
      problems.push(`${told(names)} must be given together`);
  }
  for (const names of groups(spec.required_one_of)) {
    if (!names.some(has)) problems.push(`one must be given of ${told(names)}`);
  }
  for (const rule of listOf(spec.required_if)) {
    const [name, wanted, needed, any] = listOf(rule);
    const names = listOf(needed).map(printed);
    if (typeof name !== 'string' || printed(values[name] ?? null) !== printed(wanted ?? null)) continue;
    const absent = names.filter((one) => !has(one));
    const lacks = any === true ? absent.length === names.length : absent.length > 0;
    if (lacks) problems.push(`missing, as ${path}${name} is ${printed(wanted ?? null)}: ${told(absent)}`);
  }
  return problems;
}

function groups(value: Value | undefined): readonly (readonly string[])[] {
  const items = listOf(value);
  if (items.length > 0 && items.every((item) => typeof item === 'string')) return [items];
  return items.map((item) => listOf(item).map(printed));
}

function listOf(value: Value | undefined): readonly Value[] {
  return value !== undefined && isList(value) ? value : [];
}
