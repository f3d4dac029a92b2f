import { inspect } from 'node:util';
import type { Span } from './source.ts';

/**
 * A value that check mode cannot know, such as what a command would print. It passes through templates and conditions;
 * a task that hangs on one is `unknown` with this reason.
 */
export class Unknown {
  /** Why, as the end of "unknown: …", for example `depends on 'r' set at site.yml:14`. */
  readonly reason: string;
  /** What caused it; `null` when nothing in a file did. */
  readonly span: Span | null;
  /** Whether it counts as true all the same; `null`: not known either. */
  readonly holds: boolean | null;

  constructor(reason: string, span: Span | null = null, holds: boolean | null = null) {
    this.reason = reason;
    this.span = span;
    this.holds = holds;
  }

  toString(): string {
    return `‹unknown: ${this.reason}›`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Thrown where a value is needed at once that only a run tells: what hangs on it is unknown. */
export class Unresolved extends Error {
  override readonly name = 'Unresolved';
  readonly unknown: Unknown;

  constructor(unknown: Unknown) {
    super(unknown.reason);
    this.unknown = unknown;
  }
}
