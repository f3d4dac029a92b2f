import type { StartState } from './start-states.ts';

/** One start state of a node, and a task that meets it. */
export interface LawCase {
  readonly module: string;
  /** The start state, in words. */
  readonly state: string;
  /** Which of the start states of the proof's table it is. Absent: not there, as asked or refused, as `does` says. */
  readonly start?: StartState;
  /** Makes the state: sh, run as root in the case's own folder, whose path is `$PWD`. */
  readonly setup?: string;
  /** The task itself has run once after `setup`; this is what then became of its work, sh like `setup`. */
  readonly spoil?: string;
  /** The module's arguments. `DIR` in a text stands for the case's folder. */
  readonly args: unknown;
  /** What a run has to do there. `failure`: it cannot be done, and check must say so too. */
  readonly does: 'change' | 'nothing' | 'failure';
  /** The title of an earlier case whose work this one builds on; they are held to the law together. */
  readonly after?: string;
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
  return scriptOf(cases, ({ setup }) => setup);
}

/** The script that spoils what the tasks have done, where that is a start state. */
export function spoilOf(cases: readonly LawCase[]): string {
  return scriptOf(cases, ({ spoil }) => spoil);
}

function scriptOf(cases: readonly LawCase[], part: (one: LawCase) => string | undefined): string {
  const each = cases.map((one) => `mkdir -p ${folderOf(one)}\ncd ${folderOf(one)}\n${part(one) ?? ':'}`);
  return ['set -eu', ...each].join('\n');
}

/** One playbook with a task for each case. JSON is YAML too. */
export function playbookOf(cases: readonly LawCase[]): string {
  const tasks = cases.map((one) => ({
    name: titleOf(one),
    [one.module]: JSON.parse(JSON.stringify(one.args).replaceAll('DIR', folderOf(one))) as unknown,
    // Where the law is broken, the other cases are still to be seen.
    ignore_errors: true,
  }));
  const play = { name: 'The law', hosts: 'cp1', gather_facts: false, become: true, tasks };
  return `${JSON.stringify([play], null, 2)}\n`;
}
