import { loopForms } from '../variables/loops/forms.ts';

/** Where a keyword may stand. */
export type Place = 'play' | 'role' | 'block' | 'task' | 'handler';

/** One keyword of the language. `refused`: known from Ansible but not supported, with what to do instead. */
export interface Keyword {
  readonly places: readonly Place[];
  readonly refused?: string;
}

const everywhere: readonly Place[] = ['play', 'role', 'block', 'task', 'handler'];
const tasks: readonly Place[] = ['role', 'block', 'task', 'handler'];
const single: readonly Place[] = ['task', 'handler'];
const play: readonly Place[] = ['play'];

const at = (places: readonly Place[]): Keyword => ({ places });
const refused = (places: readonly Place[], reason: string): Keyword => ({ places, refused: reason });

/** Keywords that hold for all tasks below, where the value of the nearest level counts, with where they may stand. */
const nearest = {
  become: everywhere,
  become_user: everywhere,
  become_method: everywhere,
  become_flags: everywhere,
  become_exe: everywhere,
  connection: everywhere,
  port: everywhere,
  remote_user: everywhere,
  any_errors_fatal: everywhere,
  ignore_errors: everywhere,
  ignore_unreachable: everywhere,
  no_log: everywhere,
  check_mode: everywhere,
  diff: everywhere,
  throttle: everywhere,
  timeout: everywhere,
  run_once: everywhere,
  delegate_to: tasks,
  delegate_facts: tasks,
} as const;

/** A keyword of which the nearest level's value counts. */
export type NearestKeyword = keyof typeof nearest;

/** See NearestKeyword. */
export const nearestKeywords = Object.keys(nearest) as readonly NearestKeyword[];

/** `with_…` of which hapb has no form, with the loop that does the same. */
const refusedLoops: Readonly<Record<string, string>> = {
  with_flattened: 'Write: loop: "{{ LISTS | flatten }}"',
  with_cartesian: 'Use with_nested, or: loop: "{{ ONE | product(OTHER) | list }}"',
  with_random_choice: "A run must be repeatable: choose by something that stays, such as the host's name.",
  with_lines: 'Register the command and loop over its stdout_lines.',
  with_pipe: 'Register the command and loop over its stdout_lines.',
  with_env: 'Loop over "{{ ansible_env }}" of the gathered facts, or pass the value with -e.',
  with_vars: 'Loop over the variables themselves: loop: ["{{ ONE }}", "{{ OTHER }}"]',
  with_varnames: 'Put the variables into one map and loop over it with with_dict.',
  with_template: 'Put the text into a variable and loop over "{{ TEXT | split }}".',
  with_url: 'Fetch the address in a task of its own and loop over what it registered.',
  with_csvfile: 'Put the data into a YAML file under vars_files.',
  with_ini: 'Put the data into a YAML file under vars_files.',
  with_password: 'Keep the password in a vaulted file.',
};

const loopKeywords: Readonly<Record<string, Keyword>> = {
  ...Object.fromEntries(Object.keys(loopForms).map((name) => [`with_${name}`, at(single)])),
  ...Object.fromEntries(Object.entries(refusedLoops).map(([name, hint]) => [name, refused(single, hint)])),
};

/** Every keyword of ansible-core's playbook language, and our own `barrier`. */
export const keywords: Readonly<Record<string, Keyword>> = {
  name: at(everywhere),
  vars: at(everywhere),
  environment: at(everywhere),
  tags: at(everywhere),
  module_defaults: at(everywhere),
  collections: at(everywhere),
  ...Object.fromEntries(Object.entries(nearest).map(([name, places]) => [name, at(places)])),
  when: at(tasks),
  notify: at(['block', 'task', 'handler']),
  register: at(single),
  loop: at(single),
  ...loopKeywords,
  loop_control: at(single),
  until: at(single),
  retries: at(single),
  delay: at(single),
  async: at(single),
  poll: at(single),
  changed_when: at(single),
  failed_when: at(single),
  args: at(single),
  listen: at(['handler']),
  hosts: at(play),
  gather_facts: at(play),
  gather_subset: at(play),
  gather_timeout: at(play),
  vars_files: at(play),
  vars_prompt: at(play),
  strategy: at(play),
  serial: at(play),
  order: at(play),
  max_fail_percentage: at(play),
  force_handlers: at(play),
  pre_tasks: at(play),
  tasks: at(play),
  post_tasks: at(play),
  roles: at(play),
  handlers: at(play),
  debugger: refused(everywhere, 'Run with -vvv, or with --start-at-task after the error.'),
  fact_path: refused(play, 'Read the file with slurp instead.'),
  validate_argspec: refused(play, 'Check variables with assert or validate.'),
};

/** Actions of Ansible that are known but not supported, with what to do instead. */
export const refusedActions: Readonly<Record<string, string>> = {
  include: 'Use import_tasks or include_tasks.',
};

/** What a keyword's literal value must be, where that is known. */
export const literalKinds: Readonly<Record<string, 'flag' | 'number' | 'list'>> = {
  loop: 'list',
  ...Object.fromEntries(
    [
      ...['become', 'any_errors_fatal', 'ignore_errors', 'ignore_unreachable', 'no_log', 'check_mode'],
      ...['diff', 'run_once', 'gather_facts', 'force_handlers', 'delegate_facts'],
    ].map((name) => [name, 'flag'] as const),
  ),
  ...Object.fromEntries(
    ['throttle', 'timeout', 'retries', 'delay', 'async', 'poll', 'port', 'max_fail_percentage'].map(
      (name) => [name, 'number'] as const,
    ),
  ),
};

/** Words of Ansible's past, with what stands in their place. */
export const formerKeywords: Readonly<Record<string, string>> = {
  sudo: 'Write become: true.',
  sudo_user: 'Write become_user: NAME together with become: true.',
  sudo_pass: 'Pass the password with --ask-become-pass, or set ansible_become_password.',
  su: 'Write become: true and become_method: su.',
  su_user: 'Write become_user: NAME together with become: true and become_method: su.',
  always_run: 'Write check_mode: false.',
  accelerate: 'Remove it: every connection is kept open anyway.',
};

/** The keywords that may stand at a place. */
export function keywordsAt(place: Place): readonly string[] {
  return Object.keys(keywords).filter((name) => keywords[name]?.places.includes(place));
}
