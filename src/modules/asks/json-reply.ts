import { Failure } from '../../core/failure.ts';
import { parseJson } from '../../core/parse-json.ts';

/** The JSON that a program of the host printed. @throws Failure HAPB6008 when it is none */
export function jsonReply(text: string, program: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw senseless(program, `it is not JSON (${why})`, text);
  }
}

/** HAPB6008: what a program of the host printed has no form that it ever has. */
export function senseless(program: string, why: string, printed: string): Failure {
  return new Failure({
    code: 'HAPB6008',
    message: `what ${program} printed makes no sense: ${why}`,
    hint: 'Run it on the host by hand; a wrapper or another program of that name may stand in its place.',
    details: printed.slice(0, 1_000),
  });
}
