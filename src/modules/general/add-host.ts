import { splitPort } from '../../core/host-port.ts';
import type { Value } from '../../core/value.ts';
import { nothing } from '../ask.ts';
import type { Module } from '../module.ts';

/** Arguments of `add_host`; all others are variables of the host. */
export interface AddHostArgs {
  readonly name: string;
  readonly groups?: string | readonly string[];
  readonly [variable: string]: Value | undefined;
}

/** Adds a host to the run's inventory. */
export const addHost: Module<AddHostArgs, null> = {
  name: 'add_host',
  summary: 'Adds a host to the inventory for the rest of the run.',
  notes: [
    'Later plays can name the host and its groups, and `groups`, `hostvars` and `delegate_to` know it at once. The play under way goes on with the hosts it has, and `--limit` holds for new hosts too.',
    'All other arguments are variables of the host, as if the inventory had given them. For a host that is there already they and the groups are added to what it has. Files in `group_vars` and `host_vars` count for new names as for others.',
    'In a `linear` play only the first host does it, as in Ansible; in a `free` play each host does.',
    'Nothing but the run’s own inventory changes, so it acts in check mode too. `meta: refresh_inventory` keeps what was added.',
  ],
  args: {
    type: 'object',
    properties: {
      name: {
        type: 'string',
        aliases: ['host', 'hostname'],
        description: 'Name of the host, or `NAME:PORT`.',
      },
      groups: {
        type: ['string', 'array'],
        items: { type: 'string' },
        aliases: ['group', 'groupname'],
        description: 'Groups that it is in: a list, or names with commas between them. New ones are made.',
      },
    },
    required: ['name'],
    additionalProperties: true,
    propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  },
  traits: ['inventory', 'first-host'],
  returns: { add_host: 'The host’s name as `host_name`, its `groups`, and its variables as `host_vars`.' },
  example: `- name: A machine that was made just now
  add_host:
    name: web9
    groups: [web, fresh]
    ansible_host: 192.0.2.19
`,
  probe: () => nothing(null),
  diff: () => null,
  apply: async () => ({}),
  output({ name, groups = [], ...others }) {
    const { host, port } = splitPort(name);
    const variables = { ...others, ...(port === null ? {} : { ansible_ssh_port: port }) };
    return { add_host: { host_name: host, groups: namesOf(groups), host_vars: defined(variables) } };
  },
};

function namesOf(groups: string | readonly string[]): readonly string[] {
  const names = typeof groups === 'string' ? (groups.trim() === '' ? [] : groups.split(',')) : groups;
  return [...new Set(names.map((name) => name.trim()))];
}

function defined(values: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> {
  const kept: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
