import { Failure } from '../../core/failure.ts';

/**
 * HAPB9001 for what a module's code throws when a host's answer has a form that it did not think of, so that one host cannot
 * end the run of all. `null`: it is something else, such as an interruption.
 */
export function astray(thrown: unknown, action: string, host: string): Failure | null {
  if (!(thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof SyntaxError))
    return null;
  return new Failure({
    code: 'HAPB9001',
    message: `${action} cannot go on with what ${host} answered: ${thrown.message}`,
    hint: 'Look at the host: a program there may print something else than usual. If it is in order, please report this.',
    details: thrown.stack?.split('\n').slice(0, 6).join('\n') ?? '',
  });
}
