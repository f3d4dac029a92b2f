import type { Problem } from '../core/failure.ts';
import { functionNames } from './functions.ts';
import { codes, fail, suggest } from './problems.ts';
import { filterNames, shortName, testNames } from './registry.ts';
import { unsupported } from './unsupported.ts';

/** HAPB4005 or HAPB4010: no filter, helper or function has this name. */
export function filterProblem(name: string): Problem {
  const instead = unsupported.get(shortName(name));
  if (instead !== undefined)
    return { code: codes.unsupported, message: `'${name}' is not supported`, hint: instead };
  const names = [...filterNames, ...functionNames];
  const isTest = testNames.includes(shortName(name));
  const hint = isTest
    ? `'${name}' is a test: write x is ${name}.`
    : suggest(name, names, 'docs/expressions.md lists all of them.');
  return { code: codes.unknownFilter, message: `there is no filter '${name}'`, hint };
}

/** HAPB4006 or HAPB4010: no test has this name. */
export function testProblem(name: string): Problem {
  const instead = unsupported.get(shortName(name));
  if (instead !== undefined)
    return { code: codes.unsupported, message: `the test '${name}' is not supported`, hint: instead };
  const isFilter = filterNames.includes(shortName(name));
  const hint = isFilter
    ? `'${name}' is a filter: write x | ${name}.`
    : suggest(name, testNames, 'docs/expressions.md lists all of them.');
  return { code: codes.unknownTest, message: `there is no test '${name}'`, hint };
}

/** Fails because no filter has this name. */
export function noFilter(name: string): never {
  const { code, message, hint } = filterProblem(name);
  return fail(code, message, hint);
}

/** Fails because no test has this name. */
export function noTest(name: string): never {
  const { code, message, hint } = testProblem(name);
  return fail(code, message, hint);
}
