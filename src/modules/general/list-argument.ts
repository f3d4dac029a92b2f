import type { ArgSchema } from '../module.ts';

/** A list of texts, as playbooks write it: a list, or one text with commas. */
export type ListArgument = string | readonly (string | number | boolean)[];

/** The schema of an argument that takes a list of texts, or one text with commas between them. */
export function listArgument(rest: Omit<ArgSchema, 'type'> & { readonly description: string }): ArgSchema {
  return { type: ['array', 'string'], items: { type: ['string', 'number', 'boolean'] }, ...rest };
}

/** The texts of a list argument; none when it is absent. */
export function listed(value: ListArgument | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') return value.map(String);
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
