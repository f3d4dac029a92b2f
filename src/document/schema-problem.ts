import type { DiagnosticCode } from '../core/diagnostic.ts';
import type { JsonSchema, SchemaError } from './compile-schema.ts';

/** One thing that does not fit a schema, in the user's words. */
export interface SchemaProblem {
  /** HAPB1030 unknown key, 1031 missing, 1032 type, 1033 not allowed, 1034 out of bounds, 1035 no form, 1036 conflict. */
  readonly code: DiagnosticCode;
  /** Keys and list indexes from the checked value to what is wrong; for an unknown key it is the last one. */
  readonly path: readonly (string | number)[];
  /** Whether the key at the end of `path` is wrong, or what stands under it. */
  readonly at: 'key' | 'value';
  /** Begins with the subject and the place inside it; without either it begins with the verb (`must be …`). */
  readonly message: string;
  readonly hint: string;
}

/** What is checked: `{ name: 'copy', noun: 'argument' }` makes `copy has no argument "contnet"`. */
export interface Subject {
  /** Empty: messages begin with the verb. */
  readonly name: string;
  readonly noun: 'argument' | 'key';
}

/** What an explanation looks at. */
export interface SchemaContext {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly subject: Subject;
  /** Paths whose values are not known yet. */
  readonly open: readonly Path[];
}

/** Keys and indexes that lead to a place in a value. */
export type Path = readonly (string | number)[];

/** An error with its place. */
export interface LocatedError {
  readonly error: SchemaError;
  readonly path: Path;
}

/** Whether `path` is `start` or lies below it. */
export function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((key, index) => key === path[index]);
}

/**
 * A problem while its neighbours are still compared. `meant`: the key that a misspelt one stands for. `missing`: keys of
 * which one would do.
 */
export interface FoundProblem extends SchemaProblem {
  readonly meant?: string;
  readonly missing?: readonly string[];
}
