import type { Change } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Unknown } from '../../core/unknown.ts';
import { nothing } from '../ask.ts';
import type { EvaluatedExpression, Module } from '../module.ts';

/** Arguments of `assert`. */
export interface AssertArgs {
  readonly that: readonly EvaluatedExpression[];
  readonly fail_msg?: string | readonly string[];
  readonly success_msg?: string | readonly string[];
  readonly quiet?: boolean;
}

/** Conditions that must hold. */
export const assert: Module<AssertArgs, null> = {
  name: 'assert',
  summary: 'Fails unless all conditions hold.',
  args: {
    type: 'object',
    properties: {
      that: {
        type: ['string', 'boolean', 'array'],
        expression: 'list',
        description: 'Condition, or a list of them, without braces.',
      },
      fail_msg: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'What to say when one does not hold; a list is several lines.',
        aliases: ['msg'],
      },
      success_msg: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'What to say when all hold.',
      },
      quiet: { type: 'boolean', default: false, description: 'Do not list the conditions in the result.' },
    },
    required: ['that'],
    additionalProperties: false,
  },
  returns: {
    msg: 'What was said.',
    assertion: 'The condition that did not hold.',
    evaluated_to: 'Its value.',
  },
  example: `- name: Three or five nodes, so that one may fail
  assert:
    that: ansible_play_hosts | length in [1, 3, 5]
    fail_msg: A control plane has 1, 3 or 5 nodes.
`,
  probe: () => nothing(null),
  diff(args): Change | null {
    let doubt: { readonly text: string; readonly unknown: Unknown } | null = null;
    for (const { text, value } of args.that) {
      if (value === true) continue;
      // One that does not hold decides, whatever those before it come to.
      if (value instanceof Unknown) {
        doubt ??= { text, unknown: value };
        continue;
      }
      const said = args.fail_msg ?? 'Assertion failed';
      if (value === undefined)
        throw broken(args, { text, shown: 'undefined', why: 'it names a variable that is not defined' });
      if (typeof value !== 'boolean') {
        throw broken(args, {
          text,
          shown: JSON.stringify(value),
          why: 'it is neither true nor false; compare it with something',
        });
      }
      throw new Failure({
        code: 'HAPB6120',
        message: args.fail_msg === undefined ? `Assertion failed: ${text}` : linesOf(args.fail_msg),
        hint: `This does not hold: ${text}`,
        argument: 'that',
        output: { assertion: text, evaluated_to: false, msg: said },
      });
    }
    if (doubt === null) return null;
    const { text, unknown } = doubt;
    return { summary: `assert ${text}`, edits: [], effects: [], forecast: { kind: 'unknown', unknown } };
  },
  apply: async () => ({}),
  output: (args) => ({
    msg: args.success_msg ?? 'All assertions passed',
    ...(args.quiet === true ? {} : { assertions: args.that.map((each) => each.text) }),
  }),
};

function broken(
  args: AssertArgs,
  what: { readonly text: string; readonly shown: string; readonly why: string },
): Failure {
  return new Failure({
    code: 'HAPB6120',
    message: `${linesOf(args.fail_msg ?? 'Assertion failed')}: ${what.text} is ${what.shown}`,
    hint: `The condition cannot be judged: ${what.why}.`,
    argument: 'that',
    output: { assertion: what.text, evaluated_to: what.shown },
  });
}

function linesOf(said: string | readonly string[]): string {
  return typeof said === 'string' ? said : said.join('\n');
}
