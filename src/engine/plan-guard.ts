import type { Change } from '../core/change.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { flag } from '../template/conditions.ts';
import type { Attempt } from './task-run.ts';

/** Leaves a task before it makes a change that the plan does not have; nothing in the playbook may catch it. */
export class Unforeseen extends Error {
  override readonly name = 'Unforeseen';
  readonly host: string;
  readonly diagnostic: Diagnostic;

  constructor(host: string, diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.host = host;
    this.diagnostic = diagnostic;
  }
}

/** What is asked before a change is made. What runs in check mode too (`check_mode: false`) has run for the plan as well. */
export function allowance(it: Attempt, delegate: string | null): (wanted: Change) => void {
  const { run, task, host, node, index, scope } = it;
  const { hold } = run;
  if (hold === null) return () => undefined;
  return ({ summary, edits }) => {
    if (!flag(task.inherited.nearest.check_mode, scope, true)) return;
    const decides = task.changedWhen === null ? 'module' : 'author';
    const problem = hold.judge({ node, host, index, delegate, change: { summary, edits }, decides });
    if (problem === null) return;
    const { details: _, ...brief } = problem;
    const shown = flag(task.inherited.nearest.diff, scope, true) ? problem : brief;
    throw new Unforeseen(host, new Failure(shown).toDiagnostic(task.args.node.span));
  };
}
