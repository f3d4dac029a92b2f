import type { AskStep } from '../core/stepping.ts';
import type { RunOptions } from './run-options.ts';
import type { Terminal } from './terminal.ts';
import { usageFailure } from './usage.ts';

/** How tasks are asked about. */
export interface AskedSteps {
  /** `null`: they are not. */
  readonly ask: AskStep | null;
  /** Of the run, which an interrupted question ends. */
  readonly stopping: AbortSignal;
  /** Questions and a screen that redraws itself do not go together. */
  readonly outputs: RunOptions['outputs'];
}

/** `--step`: asks before each task on the terminal, as Ansible does. @throws Failure HAPB8005: there is none */
export function askSteps({ tasks, outputs }: RunOptions, { askSecret, stopping }: Terminal): AskedSteps {
  if (tasks === 'all') return { ask: null, stopping, outputs };
  if (askSecret === null) {
    const hint = 'Use --check to look before a run, and --tags to run a part.';
    throw usageFailure('HAPB8005', '--step asks before each task: there is no terminal', hint);
  }
  const ending = new AbortController();
  const ask: AskStep = async (title, host) => {
    const where = host === null ? '' : `on ${host} `;
    try {
      const answer = await askSecret(`Perform task: ${title} ${where}(N)o/(y)es/(c)ontinue: `, 'shown');
      if (/^c(?:ontinue)?$/i.test(answer)) return 'all';
      return /^y(?:es)?$/i.test(answer) ? 'run' : 'skip';
    } catch {
      ending.abort();
      throw ending.signal.reason;
    }
  };
  return {
    ask,
    stopping: AbortSignal.any([stopping, ending.signal]),
    outputs: outputs.length === 0 ? [{ kind: 'plain', file: null }] : outputs,
  };
}
