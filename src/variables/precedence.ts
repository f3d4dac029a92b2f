/**
 * Where a variable can be set, weakest first: the 22 levels of Ansible's documentation ("Understanding variable
 * precedence"), then the names that hapb itself sets for a task. Role parameters and those of `include_*` beat
 * `set_fact`; those of `import_*` are task vars (ansible-core 2.19).
 */
export const levels = [
  'command line values',
  'role defaults',
  'inventory group vars',
  'inventory group_vars/all',
  'playbook group_vars/all',
  'inventory group_vars/*',
  'playbook group_vars/*',
  'inventory host vars',
  'inventory host_vars/*',
  'playbook host_vars/*',
  'facts',
  'play vars',
  'vars_prompt',
  'vars_files',
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  'set_fact and registered vars',
  'role params',
  'include params',
  'extra vars',
  'magic',
] as const;

/** One place where a variable can be set. */
export type Level = (typeof levels)[number];

const ranks = new Map<Level, number>(levels.map((level, index) => [level, index]));

/** How strong a level is: the greater number wins. */
export function rank(level: Level): number {
  return ranks.get(level) ?? 0;
}
