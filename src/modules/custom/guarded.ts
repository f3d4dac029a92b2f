import type { Ask, Question } from '../ask.ts';
import { map, question } from '../ask.ts';
import type { AnyModule } from '../module.ts';
import { type ModuleApi, moduleApi } from './api.ts';
import { isRecord } from './checked-module.ts';
import { codeProblem } from './code-problem.ts';

/** What a mistake in a program throws. Everything else, such as an interruption, is nobody's mistake. */
const mistakes = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'AssertionError',
]);

/** The helpers for the module in a file: a mistake in what they are given is told at the module's line. */
export function guardedApi(path: string): ModuleApi {
  return {
    ...moduleApi,
    question: <T>(asked: Question<T>): Ask<T> => {
      const fault = questionFault(asked);
      if (fault !== null) throw new TypeError(fault);
      return question({ ...asked, parse: (reply) => guarded(path, 'parse', () => asked.parse(reply)) });
    },
    map: <A, B>(ask: Ask<A>, f: (state: A) => B): Ask<B> =>
      map(ask, (state) => guarded(path, 'map', () => f(state))),
  };
}

/** The same module; what is wrong in its code fails the task, and says where in the file (HAPB6493). */
export function guardedModule(module: AnyModule, path: string): AnyModule {
  const { output, foreseen } = module;
  const told = <T>(part: string, work: () => T, faultOf: (result: unknown) => string | null): T =>
    guarded(path, part, work, faultOf);
  return {
    ...module,
    probe: (args, task) => told('probe', () => module.probe(args, task), askFault),
    diff: (args, state, task) => told('diff', () => module.diff(args, state, task), changeFault),
    apply: async (change, host) => {
      try {
        const result: unknown = await module.apply(change, host);
        return told('apply', () => result as Awaited<ReturnType<AnyModule['apply']>>, outputFault);
      } catch (thrown) {
        throw mistakeIn(path, 'apply', thrown);
      }
    },
    ...(output === undefined
      ? {}
      : {
          output: (args, state, task) =>
            told('output', () => output.call(module, args, state, task), outputFault),
        }),
    ...(foreseen === undefined
      ? {}
      : { foreseen: (change) => told('foreseen', () => foreseen.call(module, change), outputFault) }),
  };
}

function guarded<T>(
  path: string,
  part: string,
  work: () => T,
  faultOf: (result: unknown) => string | null = () => null,
): T {
  try {
    const result = work();
    const fault = faultOf(result);
    if (fault !== null) throw mistakeIn(path, part, fault);
    return result;
  } catch (thrown) {
    throw mistakeIn(path, part, thrown);
  }
}

function mistakeIn(path: string, part: string, thrown: unknown): unknown {
  if (thrown instanceof Error && !mistakes.has(thrown.name)) return thrown;
  return codeProblem(path, thrown, {
    code: 'HAPB6493',
    what: `${part} of ${path} is wrong`,
    hint: `Mend ${part} there. What only a host may have wrong is told with \`throw failure({ message, hint })\`.`,
  });
}

function questionFault(asked: unknown): string | null {
  if (!isRecord(asked)) return 'question needs { key, sh, parse }';
  if (typeof asked.key !== 'string' || asked.key === '')
    return 'question needs a key: what it asks for, as a text';
  if (typeof asked.sh !== 'string') return 'question needs sh: the script, as a text';
  return typeof asked.parse === 'function' ? null : 'question needs parse: a function that reads the reply';
}

function askFault(result: unknown): string | null {
  if (isRecord(result) && Array.isArray(result.queries)) return null;
  return `it must return a question, such as textFile(path) or nothing(null), and returned ${wordFor(result)}`;
}

function changeFault(result: unknown): string | null {
  if (result === null) return null;
  const needs = '{ summary, edits, effects, forecast }, or null where nothing has to be done';
  if (!isRecord(result) || result instanceof Promise)
    return `it must return ${needs}, and returned ${wordFor(result)}`;
  const missing = [
    ...(typeof result.summary === 'string' ? [] : ['summary']),
    ...['edits', 'effects'].filter((key) => !Array.isArray(result[key])),
    ...(isRecord(result.forecast) ? [] : ['forecast']),
  ];
  return missing.length === 0 ? null : `it must return ${needs}, and ${missing.join(', ')} is missing`;
}

function outputFault(result: unknown): string | null {
  if (isRecord(result) && !(result instanceof Promise)) return null;
  return `it must return an object for \`register\`, at least {}, and returned ${wordFor(result)}`;
}

function wordFor(result: unknown): string {
  if (result === undefined) return 'nothing';
  if (result instanceof Promise) return 'a promise: it must not be async';
  if (Array.isArray(result)) return 'a list';
  return typeof result === 'object' ? 'another object' : `a ${typeof result}`;
}
