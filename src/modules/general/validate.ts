import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Value, ValueMap } from '../../core/value.ts';
import { problemsOf, schemaFault } from '../../document/schema.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `validate`. */
export interface ValidateArgs {
  readonly data: ValueMap;
  readonly criteria: ValueMap;
}

/** Holds variables against a schema. */
export const validate: Module<ValidateArgs, null> = {
  name: 'validate',
  summary: 'Checks variables against a JSON Schema.',
  notes: [
    'Changes nothing and asks no host. All problems are reported together, each with the name of what is wrong.',
    'A `description` in the schema is shown as the remedy.',
  ],
  aliases: ['ansible.utils.validate'],
  args: {
    type: 'object',
    properties: {
      data: { type: 'object', description: 'The values by name.', secret: 'allowed' },
      criteria: { type: 'object', description: 'JSON Schema, draft 2020-12, of an object.' },
    },
    required: ['data', 'criteria'],
    additionalProperties: false,
  },
  example: `- name: The variables make sense
  validate:
    data:
      replicas: 3
    criteria:
      type: object
      properties:
        replicas: {type: integer, minimum: 1, description: Write a whole number from 1 on.}
`,
  probe: () => nothing(null),
  diff(args) {
    const criteria = { ...args.criteria, type: 'object' } as const;
    const fault = schemaFault(criteria);
    if (fault !== null) {
      throw new Failure({
        code: 'HAPB6150',
        message: `the criteria are no JSON Schema: ${fault}`,
        hint: 'Mend the schema; draft 2020-12 counts.',
        argument: 'criteria',
      });
    }
    const problems = problemsOf(criteria, args.data);
    const [first] = problems;
    if (first === undefined) return null;
    const more = problems.slice(1).map(({ message, hint }) => `${message}\n  ${hint}`);
    throw new Failure({
      code: 'HAPB6151',
      message: first.message,
      hint: remedyOf(args.criteria, first.path[0]) ?? first.hint,
      argument: 'data',
      ...(more.length === 0 ? {} : { details: more.join('\n') }),
    });
  },
  apply: (_wanted: Change) => Promise.resolve({}),
};

/** The schema's own words on a property. */
function remedyOf(criteria: ValueMap, name: string | number | undefined): string | null {
  const properties = criteria.properties as
    | Readonly<Record<string, { readonly description?: Value }>>
    | undefined;
  const description = name === undefined ? undefined : properties?.[name]?.description;
  return typeof description === 'string' ? description : null;
}
