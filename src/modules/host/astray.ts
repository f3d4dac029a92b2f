import { Failure } from '../../core/failure.ts';

/**
 * A Failure as it is; HAPB9001 for what a module's code throws when a host's answer has a form that it did not think of, so
 * that one host cannot end the run of all. @throws whatever else was thrown, such as an interruption
 */
export function failureOf(thrown: unknown, action: string, host: string): Failure {
  if (thrown instanceof Failure) return thrown;
  if (!(thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof SyntaxError))
    throw thrown;
  return new Failure({
    code: 'HAPB9001',
    message: `${action} cannot go on with what ${host} answered: ${thrown.message}`,
    hint: 'Look at the host: a program there may print something else than usual. If it is in order, please report this.',
    details: thrown.stack?.split('\n').slice(0, 6).join('\n') ?? '',
  });
}
