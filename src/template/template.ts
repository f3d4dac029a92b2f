import type { Failure } from '../core/failure.ts';
import type { Span } from '../core/source.ts';
import type { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { Files } from '../expression/scope.ts';

/** What names mean at one place of a run. Look-ups are lazy: a variable's own template is rendered when it is used. */
export interface Scope {
  /** The value of a root variable; `undefined` when it is not defined. May throw Failure (a cycle, an error inside it). */
  lookup(name: string): Value | undefined;
  /** Every name that `lookup` would find, for "did you mean". */
  names(): readonly string[];
  /** What reads files for lookups; absent: nothing does. */
  readonly files?: Files | undefined;
}

/** Text, list or map of a playbook that is rendered where it is used. A lone `{{ expression }}` keeps its type. */
export interface Template {
  readonly span: Span;
  /** Root variables that it mentions, each with its first place; for checks before anything connects. */
  readonly references: readonly Reference[];
  /** Whether nothing in it depends on variables. */
  readonly constant: boolean;
  /** There are mustaches in it: a filter or lookup may give something else each time, though no variable is mentioned. */
  readonly isWorkedOut?: boolean;
  /**
   * The value in this scope. A text that touched a Secret is one Secret; one that touched an Unknown is that Unknown.
   * @throws Failure with the place inside the template (undefined variable, wrong type, unknown filter argument)
   */
  render(scope: Scope): Value;
  /**
   * Of a map or list with mustaches: its members rendered each for itself, as parts of one variable. An Unknown when the
   * keys are not known. Absent: there are no members.
   * @throws Failure for a key
   */
  apart?(scope: Scope, of: Whole): Unfinished | Unknown;
  /** Of a map or list with mustaches: what it is made of. */
  readonly parts?: readonly Part[];
}

/** A member of a map or list as it is written. */
export interface Part {
  /** `null`: it stands at a place of a list, or its key has mustaches. */
  readonly key: string | null;
  /** What gives its key; `null` where nothing needs to be rendered for that. */
  readonly name: Template | null;
  readonly template: Template;
}

/** The variable that members are parts of. */
export interface Whole {
  /** Says what is wrong where a member needs or holds itself. */
  cycle(): Failure;
  /** Whether somebody looked at the variable before it was complete, so that a member may hold itself. */
  readonly lent: boolean;
}

/** A map or list of which the members are being rendered; one that failed does so where it is read. */
export interface Unfinished {
  /** The value, of which each member is rendered where it is read. */
  look(): Value;
  /** The value with all that could be rendered. */
  finish(): Value;
}

/** A condition or other bare expression (`when`, `until`, `that`, `debug: var`). Same contract as Template. */
export interface Expression extends Template {
  /** As the author wrote it. */
  readonly text: string;
}

/** A root variable named in a template. `guarded`: inside `default`, `is defined` or the like, so it may be missing. */
export interface Reference {
  readonly name: string;
  readonly span: Span;
  readonly guarded: boolean;
  /** The ways into its value, key by key; `null` stands for a key that is worked out. Empty: the value as a whole. */
  readonly paths: readonly (readonly (string | null)[])[];
}
