import { known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import { Unknown } from '../../core/unknown.ts';
import { all, each, map, nothing, on, question } from '../ask.ts';
import { identity } from '../asks/account.ts';
import { commandExists } from '../asks/command-exists.ts';
import { file } from '../asks/file.ts';
import { fileEffect, regularFile, unforeseenFile } from '../asks/file-state.ts';
import { kernelModule } from '../asks/kernel-module.ts';
import { packageOf } from '../asks/package.ts';
import { sysctl } from '../asks/sysctl.ts';
import { unit } from '../asks/unit.ts';
import { applyFile } from '../general/file-change.ts';
import { planText, textFile, textOf } from '../general/text-file.ts';

/** What stopped a module of a user's own, in its author's words. */
export interface OwnProblem {
  readonly message: string;
  /** What the reader can do. */
  readonly hint: string;
  /** The argument at fault, if one is. */
  readonly argument?: string;
  /** Longer evidence, such as the end of a log. */
  readonly details?: string;
}

/** Helpers that a user's own module gets when its file exports a function. */
export const moduleApi = {
  /** Combining asks. */
  question,
  nothing,
  all,
  each,
  map,
  on,
  /** The shared vocabulary; what a check foresees under it answers later asks. */
  file,
  packageOf,
  unit,
  sysctl,
  kernelModule,
  commandExists,
  identity,
  /** Editing a text file. */
  textFile,
  textOf,
  planText,
  applyFile,
  /** Parts of a change. */
  known,
  fileEffect,
  regularFile,
  unforeseenFile,
  unknown: (reason: string): Unknown => new Unknown(reason),
  secret: (text: string, label: string): Secret => new Secret(text, label),
  /** To be thrown from `probe`, `diff` or `apply`. */
  failure: (problem: OwnProblem): Failure => {
    const { message, hint } = problem as Partial<OwnProblem>;
    if (typeof message === 'string' && typeof hint === 'string')
      return new Failure({ code: 'HAPB6490', ...problem });
    throw new TypeError("failure needs { message: '…', hint: '…' }");
  },
};

/** See `moduleApi`. */
export type ModuleApi = typeof moduleApi;
