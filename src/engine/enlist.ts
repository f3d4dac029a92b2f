import { unwrap } from '../core/failure.ts';
import type { Outcome } from '../core/outcome.ts';
import { Unknown } from '../core/unknown.ts';
import { additionOf } from '../inventory/addition.ts';
import { argumentSpan } from '../modules/render-arguments.ts';
import { welcome } from './run.ts';
import type { Attempt } from './task-run.ts';

/** What a task says of hosts and groups is true from now on; in check mode too, for no host is changed. @throws Failure */
export function enlist(
  { task, run, host }: Pick<Attempt, 'task' | 'run' | 'host'>,
  outcome: Outcome,
): Outcome {
  if (task.module.traits?.includes('inventory') !== true) return outcome;
  if (outcome.kind === 'unknown') run.doubt ??= new Unknown(outcome.reason, outcome.cause);
  if (outcome.kind !== 'ok') return outcome;
  const { output } = outcome;
  const span = argumentSpan(task, task.module.args.required?.[0] ?? '');
  const addition = additionOf(output, { host, span });
  const grown = run.inventory.grow(addition);
  const effect = unwrap(grown);
  for (const diagnostic of grown.ok ? grown.warnings : []) run.emit({ type: 'diagnostic', diagnostic });
  welcome(run);
  if (effect === 'changed' && addition.kind === 'host') run.newcomers.add(addition.name);
  return effect === 'same' ? outcome : { kind: 'changed', change: null, output };
}
