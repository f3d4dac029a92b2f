import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { tellSource } from '../../document/read-file.ts';
import type { AnyModule } from '../module.ts';
import { moduleApi } from './api.ts';
import { checkedModule, isRecord } from './checked-module.ts';
import { fileProblem } from './problem.ts';

/**
 * A module from a JavaScript file, CommonJS or ES: what it exports, or what the function that it exports returns for
 * `moduleApi`. Its code runs on the controller. @throws Failure HAPB2050 (it is no module), HAPB2051 (its code fails)
 */
export function javascriptModule(name: string, path: string): AnyModule {
  return checkedModule(exported(path), name, path);
}

function exported(path: string): unknown {
  try {
    tellSource(path, readFileSync(path));
    const loaded: unknown = createRequire(resolve(path))(resolve(path));
    const found = isRecord(loaded) && 'default' in loaded ? loaded.default : loaded;
    return typeof found === 'function' ? (found as (api: typeof moduleApi) => unknown)(moduleApi) : found;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw fileProblem(path, {
      code: 'HAPB2051',
      message: `${path} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Run it with `node --check` and mend what it says.',
      ...(cause instanceof Error && cause.stack !== undefined ? { details: ownLines(cause.stack) } : {}),
    });
  }
}

/** The first lines of a stack: below them are Node's and hapb's own. */
function ownLines(stack: string): string {
  return stack.split('\n').slice(0, 4).join('\n');
}
