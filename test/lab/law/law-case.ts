/** One start state of a node, and a task that meets it. */
export interface LawCase {
  readonly module: string;
  /** The start state, in words. */
  readonly state: string;
  /** Makes the state: sh, run as root in the case's own folder, whose path is `$PWD`. */
  readonly setup?: string;
  /** The module's arguments. `DIR` in a text stands for the case's folder. */
  readonly args: unknown;
  /** What a run has to do there. `failure`: it cannot be done, and check must say so too. */
  readonly does: 'change' | 'nothing' | 'failure';
}

/** Where the folders of all cases are. */
export const lawFolder = '/srv/law';

/** What the case is called in the playbook and in the test's output. */
export function titleOf({ module, state }: LawCase): string {
  return `${module}: ${state}`;
}

/** The folder of its own that a case has on the node. */
export function folderOf(one: LawCase): string {
  return `${lawFolder}/${titleOf(one).replace(/[^a-z0-9]+/gi, '-')}`;
}

/** The script that makes all start states, one after the other. */
export function setupOf(cases: readonly LawCase[]): string {
  const each = cases.map((one) => `mkdir -p ${folderOf(one)}\ncd ${folderOf(one)}\n${one.setup ?? ':'}`);
  return ['set -eu', ...each].join('\n');
}

/** One playbook with a task for each case. JSON is YAML too. */
export function playbookOf(cases: readonly LawCase[]): string {
  const tasks = cases.map((one) => ({
    name: titleOf(one),
    [one.module]: JSON.parse(JSON.stringify(one.args).replaceAll('DIR', folderOf(one))) as unknown,
    ...(one.does === 'failure' ? { ignore_errors: true } : {}),
  }));
  const play = { name: 'The law', hosts: 'cp1', gather_facts: false, become: true, tasks };
  return `${JSON.stringify([play], null, 2)}\n`;
}
