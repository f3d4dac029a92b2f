import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { ValueMap } from '../../core/value.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';
import { specProblems } from './argument-spec.ts';

/** Arguments of `validate_argument_spec`. */
export interface ValidateArgumentSpecArgs {
  readonly argument_spec: ValueMap;
  readonly provided_arguments: ValueMap;
  readonly validate_args_context?: ValueMap;
}

/** Holds variables against a specification of arguments. */
export const validateArgumentSpec: Module<ValidateArgumentSpecArgs, null> = {
  name: 'validate_argument_spec',
  summary: 'Checks variables against a specification of arguments, as roles have one.',
  notes: [
    'Each option that the specification names is looked up among the variables of the host; `provided_arguments` come first.',
    'A role with `meta/argument_specs.yml` begins with this task by itself: see [roles](../roles.md#arguments).',
    'Changes nothing and asks no host. All problems are reported together. Defaults of a specification set no variables.',
  ],
  args: {
    type: 'object',
    properties: {
      argument_spec: {
        type: 'object',
        description: 'The options by name: `type`, `required`, `choices`, `elements`, `options`.',
      },
      provided_arguments: {
        type: 'object',
        default: {},
        secret: 'allowed',
        description: 'Values that win over the variables of their names.',
      },
      validate_args_context: { type: 'object', description: 'Whose arguments they are; only shown.' },
    },
    required: ['argument_spec'],
    additionalProperties: false,
  },
  returns: { argument_errors: 'What is wrong, when something is.', validate_args_context: 'As given.' },
  example: `- name: The service is described well
  validate_argument_spec:
    argument_spec:
      service_name: {type: str, required: true}
      service_ports: {type: list, elements: int}
    provided_arguments:
      service_name: web
      service_ports: [80, 443]
`,
  probe: () => nothing(null),
  diff(args) {
    const problems = specProblems(args.argument_spec, args.provided_arguments);
    const [first] = problems;
    if (first === undefined) return null;
    throw new Failure({
      code: 'HAPB6160',
      message: `the arguments are not as specified: ${first}`,
      hint: 'Set the variables as the specification of the arguments says.',
      output: { argument_errors: problems, validate_args_context: args.validate_args_context ?? {} },
      ...(problems.length === 1 ? {} : { details: problems.slice(1).join('\n') }),
    });
  },
  apply: (_wanted: Change) => Promise.resolve({}),
  output: ({ validate_args_context: context }) => ({
    msg: 'The arguments are as specified',
    validate_args_context: context ?? {},
  }),
};
