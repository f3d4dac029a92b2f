/** Where a keyword may stand. */
export type Place = 'play' | 'block' | 'task' | 'handler';

/** What a keyword's value is; plan/compile turns it into templates of that kind. */
export type KeywordKind = 'text' | 'flag' | 'number' | 'conditions' | 'names' | 'vars' | 'any';

/** One keyword of the language. `refused`: known from Ansible but not supported, with what to do instead. */
export interface Keyword {
  readonly places: readonly Place[];
  readonly kind: KeywordKind;
  readonly refused?: string;
}

const everywhere: readonly Place[] = ['play', 'block', 'task', 'handler'];
const tasks: readonly Place[] = ['block', 'task', 'handler'];
const single: readonly Place[] = ['task', 'handler'];
const play: readonly Place[] = ['play'];

const at = (places: readonly Place[], kind: KeywordKind): Keyword => ({ places, kind });
const refused = (places: readonly Place[], reason: string): Keyword => ({
  places,
  kind: 'any',
  refused: reason,
});

/** Every keyword of ansible-core's playbook language, and our own `barrier`. */
export const keywords: Readonly<Record<string, Keyword>> = {
  name: at(everywhere, 'text'),
  vars: at(everywhere, 'vars'),
  environment: at(everywhere, 'any'),
  tags: at(everywhere, 'names'),
  become: at(everywhere, 'flag'),
  become_user: at(everywhere, 'text'),
  become_method: at(everywhere, 'text'),
  any_errors_fatal: at(everywhere, 'flag'),
  ignore_errors: at(everywhere, 'flag'),
  ignore_unreachable: at(everywhere, 'flag'),
  no_log: at(everywhere, 'flag'),
  check_mode: at(everywhere, 'flag'),
  diff: at(everywhere, 'flag'),
  throttle: at(everywhere, 'number'),
  timeout: at(everywhere, 'number'),
  run_once: at(everywhere, 'flag'),
  when: at(tasks, 'conditions'),
  delegate_to: at(tasks, 'text'),
  notify: at(tasks, 'names'),
  register: at(single, 'text'),
  loop: at(single, 'any'),
  with_items: at(single, 'any'),
  loop_control: at(single, 'any'),
  until: at(single, 'conditions'),
  retries: at(single, 'number'),
  delay: at(single, 'number'),
  changed_when: at(single, 'conditions'),
  failed_when: at(single, 'conditions'),
  args: at(single, 'any'),
  listen: at(['handler'], 'names'),
  hosts: at(play, 'any'),
  gather_facts: at(play, 'flag'),
  vars_files: at(play, 'any'),
  strategy: at(play, 'text'),
  serial: at(play, 'any'),
  order: at(play, 'text'),
  max_fail_percentage: at(play, 'number'),
  force_handlers: at(play, 'flag'),
  pre_tasks: at(play, 'any'),
  tasks: at(play, 'any'),
  post_tasks: at(play, 'any'),
  handlers: at(play, 'any'),
  roles: refused(play, "Import the role's task files with import_tasks for now."),
  vars_prompt: refused(play, 'Pass the values with -e, or from a file with -e @FILE.'),
  module_defaults: refused(everywhere, 'Write the arguments at each task, or take them from a variable.'),
  collections: refused(everywhere, 'Remove the line: modules are found by their own names here.'),
  connection: refused(everywhere, 'Set ansible_connection for the host in the inventory.'),
  port: refused(everywhere, 'Set ansible_port for the host in the inventory.'),
  remote_user: refused(everywhere, 'Set ansible_user in the inventory, or pass -u USER.'),
  become_flags: refused(everywhere, 'Set ansible_become_flags in the inventory.'),
  become_exe: refused(everywhere, 'Put the program into the PATH of the login user.'),
  debugger: refused(everywhere, 'Run with -vvv, or with --start-at-task after the error.'),
  gather_subset: refused(play, 'Facts are gathered in one cheap probe; remove the line.'),
  gather_timeout: refused(play, 'Remove the line; every request has its own deadline.'),
  fact_path: refused(play, 'Read the file with slurp instead.'),
  validate_argspec: refused(play, 'Check variables with assert.'),
  async: refused(
    single,
    'Remove it: long commands of the package, image and kubeadm modules are detached by themselves.',
  ),
  poll: refused(single, 'Remove it together with async.'),
  delegate_facts: refused(tasks, 'Use set_fact with run_once, or read hostvars of the other host.'),
};

/** Actions of Ansible that are known but not supported, with what to do instead. */
export const refusedActions: Readonly<Record<string, string>> = {
  include_tasks: 'Use import_tasks when the file name is fixed.',
  include_vars: 'List the file under vars_files of the play.',
  include_role: "Use import_tasks with the role's task file.",
  import_role: "Use import_tasks with the role's task file.",
  add_host: 'Put the host into the inventory.',
  group_by: 'Put the groups into the inventory.',
  local_action: 'Write the module itself, with delegate_to: localhost.',
  include: 'Use import_tasks.',
};

/** The keywords that may stand at a place. */
export function keywordsAt(place: Place): readonly string[] {
  return Object.keys(keywords).filter((name) => keywords[name]?.places.includes(place));
}
