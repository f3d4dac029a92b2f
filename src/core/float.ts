import { inspect } from 'node:util';

/**
 * A float that is a whole number, such as 3.0: unlike 3 it prints with its point, as in Python. Every other float is a plain
 * number. In JSON it is a plain number too.
 */
export class Float {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  valueOf(): number {
    return this.number;
  }

  toJSON(): number {
    return this.number;
  }

  /** `3.0`, from 1e16 on `1e+16`. */
  toString(): string {
    const { number } = this;
    if (Math.abs(number) >= 1e16) return number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
    return `${Object.is(number, -0) ? '-0' : String(number)}.0`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A number that is a float in Python, whole or not. */
export function float(number: number): number | Float {
  return Number.isInteger(number) ? new Float(number) : number;
}

/** Whether a value is a float. */
export function isFloat(value: unknown): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
}

/** The number that a value is, whole float or not; `null`: it is none. */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return value instanceof Float ? value.number : null;
}
