import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { tellSource } from '../../document/read-file.ts';
import type { AnyModule } from '../module.ts';
import { moduleApi } from './api.ts';
import { checkedModule, isRecord } from './checked-module.ts';
import { codeProblem } from './code-problem.ts';
import { guardedApi, guardedModule } from './guarded.ts';
import { fileProblem } from './problem.ts';

/**
 * A module from a JavaScript file, CommonJS or ES: what it exports, or what the function that it exports returns for
 * `moduleApi`. Its code runs on the controller. @throws Failure HAPB2050 (it is no module), HAPB2051 (its code fails)
 */
export function javascriptModule(name: string, path: string): AnyModule {
  return guardedModule(checkedModule(exported(path), name, path), path);
}

function exported(path: string): unknown {
  try {
    tellSource(path, readFileSync(path));
    const loaded: unknown = createRequire(resolve(path))(resolve(path));
    const found = isRecord(loaded) && 'default' in loaded ? loaded.default : loaded;
    return typeof found === 'function' ? made(found as (api: unknown) => unknown, path) : found;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw codeProblem(path, cause, {
      code: 'HAPB2051',
      what: `${path} cannot be loaded`,
      hint: hintFor(cause, path),
    });
  }
}

function made(make: (api: unknown) => unknown, path: string): unknown {
  const module = make(guardedApi(path));
  if (module !== undefined && !(module instanceof Promise)) return module;
  throw fileProblem(path, {
    code: 'HAPB2050',
    message: `${path} is no module: the function that it exports ${module === undefined ? 'returns nothing' : 'is async'}`,
    hint:
      module === undefined
        ? 'Write `return` before the module; an arrow function needs parentheses around it: ({ textFile }) => ({ name, … }).'
        : 'Take `async` away: only `apply` may be async.',
  });
}

function hintFor(cause: unknown, path: string): string {
  const { message, code } = cause as { readonly message?: string; readonly code?: string };
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
    return "Mend the name, or install the package in the playbook's folder with `npm install`.";
  if (code === 'ERR_REQUIRE_ASYNC_MODULE')
    return 'Take the `await` outside of functions away: only `apply` may be async.';
  if (message?.includes('is not defined in ES module scope') === true)
    return `Write \`export default\` in place of \`module.exports =\`, or call the file ${basename(path, extname(path))}.cjs: a package.json says "type": "module".`;
  if (cause instanceof TypeError && message?.endsWith('is not a function') === true)
    return `The helpers are ${Object.keys(moduleApi).join(', ')}.`;
  return 'Mend the JavaScript there.';
}
