import type { Outcome } from './outcome.ts';
import { findUnknown, type Output } from './value.ts';

/**
 * How a task that is only checked (`check_mode: true`) ends in a real run. There nothing becomes known later, so that its
 * result holds what is known, and one that is unknown was passed over. `returns`: the keys that its module registers.
 */
export function settled(outcome: Outcome, returns: Readonly<Record<string, string>> = {}): Outcome {
  switch (outcome.kind) {
    case 'unknown':
      return { kind: 'skipped', because: 'only-checked', output: passedOver(outcome.reason, returns) };
    case 'would-fail':
      return { kind: 'failed', diagnostic: outcome.diagnostic, output: known(outcome.output) };
    case 'ok':
    case 'would-change':
    case 'skipped':
      return { ...outcome, output: known(outcome.output) };
    case 'changed':
    case 'failed':
    case 'unreachable':
      return outcome;
  }
}

function known(output: Output): Output {
  return Object.fromEntries(Object.entries(output).filter(([, value]) => findUnknown(value) === null));
}

/** Of a command Ansible registers an empty result. */
function passedOver(reason: string, returns: Readonly<Record<string, string>>): Output {
  if (!('stdout' in returns)) return { msg: reason };
  const msg = 'Command would have run if not in check mode';
  return { msg, rc: 0, stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };
}
