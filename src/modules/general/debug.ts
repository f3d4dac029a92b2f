import type { Value } from '../../core/value.ts';
import { nothing } from '../ask.ts';
import { type EvaluatedExpression, type Module, notDefined } from '../module.ts';

/** Arguments of `debug`. */
export interface DebugArgs {
  readonly msg?: Value;
  readonly var?: EvaluatedExpression;
  readonly verbosity?: number;
}

/** Shows a message or a variable. */
export const debug: Module<DebugArgs, null> = {
  name: 'debug',
  summary: 'Shows a message or the value of a variable.',
  args: {
    type: 'object',
    properties: {
      msg: { secret: 'allowed', description: 'What to show; anything. A secret is shown by its name only.' },
      var: {
        type: 'string',
        expression: 'one',
        description: 'Variable or expression to show, without braces.',
      },
      verbosity: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Show it only from this many -v on.',
      },
    },
    not: { required: ['msg', 'var'] },
    additionalProperties: false,
  },
  returns: { msg: 'The message; with var the key is the expression instead.' },
  example: `- name: Show the address
  debug:
    var: ansible_default_ipv4.address
`,
  probe: () => nothing(null),
  diff: () => null,
  apply: async () => ({}),
  output(args) {
    if (args.var !== undefined) {
      const { text, value } = args.var;
      return { [text]: value === undefined ? notDefined : value };
    }
    return { msg: args.msg === undefined ? 'Hello world!' : args.msg };
  },
};
