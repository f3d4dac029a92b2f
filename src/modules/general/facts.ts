import { globExpression } from '../../core/glob.ts';
import { isMap, type Output } from '../../core/value.ts';
import { all, map, question } from '../ask.ts';
import { hostName } from '../asks/host-name.ts';
import type { Module } from '../module.ts';
import { factsFrom } from './facts-parse.ts';
import { factsScript } from './facts-script.ts';
import { refusedArgument } from './refused-argument.ts';

/** Arguments of `facts`. */
export interface FactsArgs {
  readonly gather_subset?: string | readonly string[];
  readonly gather_timeout?: number;
  readonly filter?: string | readonly string[];
}

/** What a host is. Also asked by `gather_facts`. */
export const facts: Module<FactsArgs, Output> = {
  name: 'facts',
  aliases: ['setup', 'gather_facts'],
  summary: 'Finds out what a host is: system, addresses, memory, processors.',
  notes: [
    'One script, one round trip. The names are Ansible’s; those that it has and that are missing here are not defined.',
    'Plays ask for them first unless they say `gather_facts: false`.',
  ],
  args: {
    type: 'object',
    properties: {
      gather_subset: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'Accepted; all facts are asked for together.',
      },
      filter: {
        type: ['array', 'string'],
        items: { type: 'string' },
        description: 'Only facts whose names fit one of these patterns, such as ansible_distribution*.',
      },
      fact_path: refusedArgument(
        'Files of /etc/ansible/facts.d are not read; run them with `command` and keep what they say with `set_fact`.',
      ),
      gather_timeout: { type: 'number', description: 'Accepted; the connection’s own limits hold.' },
    },
    additionalProperties: false,
  },
  returns: { ansible_facts: 'The facts, with names without the prefix ansible_.' },
  example: `- name: Look again after the network has changed
  facts:
`,
  probe: () =>
    map(
      all({
        found: question({ key: 'facts', sh: factsScript, parse: (reply) => factsFrom(reply.stdout) }),
        name: hostName(),
      }),
      // In check mode the name may be one that the host is only to get.
      ({ found, name }) => ({
        ansible_facts:
          name === found.nodename
            ? found
            : { ...found, nodename: name, hostname: name.split('.')[0] ?? name },
      }),
    ),
  diff: () => null,
  apply: async () => ({}),
  output(args, found) {
    const patterns = typeof args.filter === 'string' ? [args.filter] : (args.filter ?? []);
    const facts = found.ansible_facts;
    if (patterns.length === 0 || !isMap(facts)) return found;
    const wanted = patterns.map(globExpression);
    const fits = (name: string): boolean =>
      wanted.some((pattern) => pattern.test(`ansible_${name}`) || pattern.test(name));
    return { ansible_facts: Object.fromEntries(Object.entries(facts).filter(([name]) => fits(name))) };
  },
};
