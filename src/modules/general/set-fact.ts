import { Failure } from '../../core/failure.ts';
import type { Value } from '../../core/value.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `set_fact`: names and values of its author's choice. */
export interface SetFactArgs {
  readonly cacheable?: boolean;
  readonly [name: string]: Value | undefined;
}

/** Sets variables of the host. */
export const setFact: Module<SetFactArgs, null> = {
  name: 'set_fact',
  summary: 'Sets variables of the host for the rest of the run.',
  notes: ['They win over the variables of inventory, plays and roles, as in Ansible.'],
  args: {
    type: 'object',
    properties: {
      cacheable: {
        type: 'boolean',
        default: false,
        description:
          'Whether they are facts as well, behind `ansible_facts`. There is no cache between runs.',
      },
    },
    additionalProperties: true,
    propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
    minProperties: 1,
  },
  returns: { ansible_facts: 'The variables that were set.' },
  example: `- name: Remember the endpoint
  set_fact:
    endpoint: k8s-api.example.org:6443
`,
  probe: () => nothing(null),
  diff(args) {
    if (Object.keys(args).some((name) => name !== 'cacheable')) return null;
    throw new Failure({
      code: 'HAPB1034',
      message: 'set_fact has no variable to set',
      hint: 'Where all that it sets may be omitted, leave the task out with `when`.',
    });
  },
  apply: async () => ({}),
  output(args) {
    const facts: Record<string, Value> = {};
    for (const [name, value] of Object.entries(args)) {
      if (name !== 'cacheable' && value !== undefined) facts[name] = value;
    }
    return { ansible_facts: facts };
  },
};
