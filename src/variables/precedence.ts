/**
 * Where a variable can be set, weakest first: the 22 levels of Ansible's documentation ("Understanding variable
 * precedence"), then the names that hapb itself sets for a task. Role parameters and those of `include_*` beat
 * `set_fact`; those of `import_*` are task vars (ansible-core 2.19).
 */
export const precedence = [
  { level: 'command line values', meaning: 'values of the command line (`--user` and its like)' },
  { level: 'role defaults', meaning: '`defaults/` of a role' },
  { level: 'inventory group vars', meaning: 'groups in the inventory' },
  { level: 'inventory group_vars/all', meaning: '`group_vars/all` beside the inventory' },
  { level: 'playbook group_vars/all', meaning: '`group_vars/all` beside the playbook' },
  { level: 'inventory group_vars/*', meaning: '`group_vars/GROUP` beside the inventory' },
  { level: 'playbook group_vars/*', meaning: '`group_vars/GROUP` beside the playbook' },
  { level: 'inventory host vars', meaning: 'hosts in the inventory' },
  { level: 'inventory host_vars/*', meaning: '`host_vars/HOST` beside the inventory' },
  { level: 'playbook host_vars/*', meaning: '`host_vars/HOST` beside the playbook' },
  { level: 'facts', meaning: 'facts' },
  { level: 'play vars', meaning: '`vars` of the play' },
  { level: 'vars_prompt', meaning: '`vars_prompt`' },
  { level: 'vars_files', meaning: '`vars_files`' },
  { level: 'role vars', meaning: '`vars/` of a role' },
  { level: 'block vars', meaning: '`vars` of a block' },
  { level: 'task vars', meaning: '`vars` of a task, and of `import_*`' },
  { level: 'include_vars', meaning: '`include_vars`' },
  { level: 'set_fact and registered vars', meaning: '`set_fact` and registered results' },
  { level: 'role params', meaning: 'parameters of a role' },
  { level: 'include params', meaning: '`vars` of `include_*`' },
  { level: 'extra vars', meaning: '`--extra-vars`' },
  {
    level: 'magic',
    meaning: 'what hapb itself sets for a task: `inventory_hostname`, `hostvars`, `item`, …',
  },
] as const;

/** One place where a variable can be set. */
export type Level = (typeof precedence)[number]['level'];

const ranks = new Map<Level, number>(precedence.map(({ level }, index) => [level, index]));

/** How strong a level is: the greater number wins. */
export function rank(level: Level): number {
  return ranks.get(level) ?? 0;
}
