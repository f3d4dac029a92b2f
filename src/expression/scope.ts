import type { Text } from '../core/secret.ts';
import type { Span } from '../core/source.ts';
import type { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { Range } from './node.ts';

/** What names mean while an expression is evaluated. */
export interface Names {
  /** The value of a variable; `undefined` when it is not defined. May throw Failure. */
  lookup(name: string): Value | undefined;
  /** Every name that `lookup` would find, for "did you mean". */
  names(): readonly string[];
  /** Absent: files cannot be read here. */
  readonly files?: Files | undefined;
}

/** What lookups do with the files of this machine, besides finding them. */
export interface Files {
  /** The text of a file; a Secret where it lies encrypted. @throws Failure */
  read(path: string): Text;
  /** What a template comes to with these names. @throws Failure */
  render(path: string, names: Names): Value;
  /** Looks whether what the disk says of a path, or of what is in a folder, counts. Absent: it does. @throws where it is only known after a run */
  settled?(path: string): void;
  /** The same as a value: why only a run tells; `null`: the disk counts. */
  doubtOf?(path: string): Unknown | null;
}

/** Where an expression is evaluated. */
export interface Setting {
  readonly names: Names;
  /** The source span of a part of the expression. */
  readonly place: (range: Range) => Span;
}
