import type { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, andThen, each, map, nothing, orUnknown, question, unlessChanged } from '../ask.ts';
import { hostName } from '../asks/host-name.ts';
import { userKey } from '../asks/user.ts';
import type { Module } from '../module.ts';
import { chosenSources, onlyNamed } from './facts/choose.ts';
import { usualFactPath } from './facts/local.ts';
import { factSources, factsFrom, factsScript } from './facts/script.ts';
import type { FactSource, Facts } from './facts/source.ts';
import { names, platform } from './facts/system.ts';
import { user } from './facts/user.ts';

/** Arguments of `facts`. */
export interface FactsArgs {
  readonly gather_subset?: string | readonly string[];
  readonly filter?: string | readonly string[];
  readonly gather_timeout?: number;
  readonly fact_path?: string;
}

/** What a host is. Also asked by `gather_facts`. */
export const facts: Module<FactsArgs, Output> = {
  name: 'facts',
  aliases: ['setup', 'gather_facts'],
  summary: 'Finds out what a host is: system, addresses, memory, processors.',
  notes: [
    'One script, one round trip. The names and values are Ansible’s (ansible-core 2.19).',
    'Plays ask for them first unless they say `gather_facts: false`. They then ask only for what the playbook mentions: every `ansible_NAME`, `ansible_facts.NAME` and `hostvars[…].ansible_NAME` in any of its plays, variables, and templates whose names are fixed. They ask for everything where `ansible_facts`, `hostvars[…]` or `vars` is used as a whole or by a name that is worked out, and where text comes that cannot be read before the run: includes and templates whose names vary, `include_vars`, `meta: refresh_inventory`. `facts:` as a task asks for everything unless `filter` or `gather_subset` says otherwise.',
    'Not there: `ansible_python*` and `ansible_selinux_python_present` (hosts need no Python), what ethtool says of interfaces (a process for each), facts of facter and ohai.',
  ],
  args: {
    type: 'object',
    properties: {
      gather_subset: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description:
          'What to ask for: `all`, `min`, `hardware`, `network`, `virtual` and further names of subsets or facts; `!` before one leaves it out.',
      },
      filter: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'Only facts whose names match one of these, such as `ansible_eth*` or `distribution`.',
      },
      gather_timeout: { type: 'number', description: 'Accepted; the connection’s own limits hold.' },
      fact_path: {
        type: 'string',
        hostPath: 'always',
        default: usualFactPath,
        description: 'The host’s folder of `*.fact` files, which become `ansible_local`.',
      },
    },
    additionalProperties: false,
  },
  facts: ['ansible_*'],
  returns: {
    ansible_facts:
      'The facts, named as variables are (`ansible_hostname`); the variable `ansible_facts` has them without ansible_.',
  },
  example: `- name: Look again after the network has changed
  facts:
    gather_subset: ['!all', network]
`,
  probe(args) {
    const patterns = listed(args.filter);
    const subsets = listed(args.gather_subset);
    const plain = patterns.map((pattern) => pattern.replace(/^ansible_/, ''));
    const sources = chosenSources(subsets, patterns.length === 0 ? null : plain);
    const more = { gather_subset: subsets.length === 0 ? ['all'] : subsets, module_setup: true };
    return map(ask(sources, args.fact_path ?? usualFactPath), (found) => ({
      ansible_facts: prefixed(onlyNamed({ ...found, ...more }, patterns)),
    }));
  },
  diff: () => null,
  apply: async () => ({}),
  output: (_args, found) => found,
};

/** What Ansible says of the gathering itself bears no prefix. */
const plainNames: ReadonlySet<string> = new Set(['gather_subset', 'module_setup']);

/** The facts by the names of their variables, as a registered result shows them. */
function prefixed(found: Facts): Facts {
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [plainNames.has(name) ? name : `ansible_${name}`, value]),
  );
}

function ask(sources: readonly FactSource[], factPath: string): Ask<Facts> {
  const found = question({
    key:
      sources.length === factSources.length ? 'facts' : `facts:${sources.map(({ name }) => name).join(',')}`,
    sh: factsScript(sources),
    args: [factPath],
    // What the environment holds is a fact as well.
    environment: 'task',
    maxOutputBytes: 16 * 1024 * 1024,
    parse: (reply) => factsFrom(sources, reply.stdout),
  });
  const told = map(all({ found, doubts: each(sources.map((source) => doubtOf(source, factPath))) }), (all) =>
    all.doubts.reduce((facts, doubt, index) => doubted(facts, sources[index], doubt), all.found),
  );
  const named = sources.includes(user) ? andThen(told, ownDoubt) : told;
  if (!sources.includes(platform)) return named;
  // In check mode the name may be one that the host is only to get.
  return map(all({ named, name: hostName() }), ({ named: known, name }) => ({ ...known, ...names(name) }));
}

/** Why what a source says need not hold; `null`: it holds. */
function doubtOf({ name, reads = [] }: FactSource, factPath: string): Ask<Unknown | null> {
  if (reads.length === 0) return nothing(null);
  const keys = reads.map((key) => key.replace('$1', factPath.replace(/\/+$/, '')));
  return orUnknown(unlessChanged(keys, `the facts of ${name}`));
}

/** Facts of a source that is in doubt, whether the host has them now or not. */
function doubted(facts: Facts, source: FactSource | undefined, doubt: Unknown | null): Facts {
  if (doubt === null || source === undefined) return facts;
  const { gives, unsure = gives } = source;
  const now = Object.keys(onlyNamed(facts, unsure));
  const names = [...now, ...unsure.filter((name) => !name.includes('*'))];
  return { ...facts, ...Object.fromEntries(names.map((name) => [name, doubt])) };
}

/** Who asks may be an account that a task before would change. */
function ownDoubt(facts: Facts): Ask<Facts> {
  const name = typeof facts.user_id === 'string' ? facts.user_id : '';
  const own = orUnknown(unlessChanged([userKey(name)], 'the facts of user'));
  return map(own, (doubt) => doubted(facts, user, doubt));
}

function listed(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return (typeof value === 'string' ? value.split(',') : value)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
