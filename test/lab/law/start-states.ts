import type { LawCase } from './law-case.ts';

/** In which of the ways that a node may be before a task a case begins. */
export type StartState =
  | 'not there'
  | 'as asked'
  | 'wrong mode'
  | 'wrong owner'
  | 'other content'
  | 'link in place'
  | 'foreign'
  | 'half done'
  | 'to go'
  | 'refused';

/** What each start state means; the order of the table's columns. */
export const startStates: Readonly<Record<StartState, string>> = {
  'not there': 'what the task is about does not exist',
  'as asked': 'everything is as the task wants it',
  'wrong mode': 'all but its mode is as asked',
  'wrong owner': 'all but its owner or group is as asked',
  'other content': 'it exists with another content, value, version or setting',
  'link in place': 'a link lies where it is to be',
  foreign: 'something of another kind, or of somebody else, is in its place',
  'half done': 'a part of the work is done, as by a run that was cut off',
  'to go': 'it exists, and the task is to remove it',
  refused: 'the task cannot be done there, and check has to say so in the words of the run',
};

const implied = { change: 'not there', nothing: 'as asked', failure: 'refused' } as const;

/** The start state of a case. */
export function startOf({ start, does }: LawCase): StartState {
  return start ?? implied[does];
}

const file: readonly StartState[] = [
  'not there',
  'as asked',
  'wrong mode',
  'wrong owner',
  'other content',
  'link in place',
  'foreign',
  'half done',
  'refused',
];
const lines: readonly StartState[] = [...file, 'to go'];
const setting: readonly StartState[] = ['not there', 'as asked', 'other content', 'half done'];
const looking: readonly StartState[] = ['as asked', 'refused'];
const guarded: readonly StartState[] = ['not there', 'as asked'];

/**
 * The start states that make sense for a module: a case of each has to exist. A file has a mode, an owner and a path that a
 * link or something else may lie at; a setting of the kernel has none of these.
 */
export const sensible: Readonly<Record<string, readonly StartState[]>> = {
  alternatives: [...setting, 'foreign', 'to go', 'refused'],
  apt: [...setting, 'to go', 'refused'],
  apt_repository: ['not there', 'as asked', 'half done', 'to go', 'refused'],
  archive: ['not there', 'as asked', 'wrong mode', 'wrong owner', 'other content', 'foreign', 'refused'],
  assemble: file,
  assert: looking,
  async_status: ['not there', 'refused'],
  authorized_key: [
    ...setting.filter((state) => state !== 'half done'),
    'link in place',
    'foreign',
    'to go',
    'refused',
  ],
  blockinfile: lines,
  command: [...guarded, 'to go'],
  containerd_config: ['not there', 'as asked', 'wrong mode', 'other content', 'link in place'],
  copy_file: file,
  cron: [...setting, 'link in place', 'foreign', 'to go', 'refused'],
  ctr_pull: ['not there', 'as asked', 'half done', 'refused'],
  debconf: ['not there', 'as asked', 'other content'],
  debug: ['as asked'],
  facts: ['as asked'],
  fail: ['refused'],
  fetch: ['not there', 'as asked', 'other content', 'refused'],
  file: lines,
  find: ['not there', 'as asked'],
  get_url: file.filter((state) => state !== 'half done'),
  getent: looking,
  git: [...setting, 'link in place', 'foreign', 'refused'],
  group: ['not there', 'as asked', 'other content', 'to go', 'refused'],
  hostname: ['as asked', 'other content', 'half done'],
  hosts_entry: ['not there', 'as asked', 'other content', 'link in place', 'foreign', 'to go', 'refused'],
  ini_file: lines,
  yum_repository: ['not there', 'as asked', 'wrong mode', 'other content', 'to go', 'refused'],
  known_hosts: ['not there', 'as asked', 'other content', 'link in place', 'to go', 'refused'],
  kube_preflight: looking,
  kube_vip_manifest: [
    'not there',
    'as asked',
    'wrong mode',
    'other content',
    'link in place',
    'foreign',
    'refused',
  ],
  kubeadm_images: ['not there', 'as asked', 'half done'],
  kubeadm_join: ['refused'],
  lineinfile: lines,
  locale_gen: ['not there', 'as asked', 'half done', 'to go', 'refused'],
  modprobe: ['as asked', 'half done', 'refused'],
  mount: [...setting, 'foreign', 'to go'],
  package: [...setting, 'to go', 'refused'],
  package_repo: [...setting, 'to go'],
  pause: ['as asked'],
  ping: ['as asked'],
  replace: ['as asked', 'wrong mode', 'wrong owner', 'other content', 'link in place', 'foreign', 'refused'],
  script: [...guarded, 'refused'],
  service_facts: ['as asked'],
  set_fact: ['as asked'],
  shell: guarded,
  slurp: looking,
  stat: ['not there', 'as asked'],
  swapoff: ['as asked', 'to go'],
  sysctl: [...setting, 'to go', 'refused'],
  systemd_service: ['as asked', 'other content', 'half done', 'foreign', 'to go', 'refused'],
  template: file,
  timezone: ['as asked', 'other content', 'half done', 'refused'],
  unarchive: file,
  uri: ['not there', 'as asked', 'other content'],
  user: [...setting, 'foreign', 'to go', 'refused'],
  validate: looking,
  validate_argument_spec: looking,
  wait_for: ['not there', 'as asked'],
  wait_for_connection: ['as asked'],
};
