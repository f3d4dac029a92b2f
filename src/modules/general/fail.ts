import { Failure } from '../../core/failure.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `fail`. */
export interface FailArgs {
  readonly msg?: string;
}

/** Always fails. */
export const fail: Module<FailArgs, null> = {
  name: 'fail',
  summary: 'Fails with a message; usually with `when`.',
  args: {
    type: 'object',
    properties: {
      msg: { type: 'string', default: 'Failed as requested from task', description: 'What to say.' },
    },
    additionalProperties: false,
  },
  example: `- name: Refuse to run on small hosts
  fail:
    msg: A control plane node needs 2 CPUs.
  when: ansible_processor_vcpus < 2
`,
  probe: () => nothing(null),
  diff(args) {
    const message = args.msg ?? 'Failed as requested from task';
    throw new Failure({
      code: 'HAPB6121',
      message,
      hint: 'The playbook asked for this failure; see its `when`.',
    });
  },
  apply: async () => ({}),
};
