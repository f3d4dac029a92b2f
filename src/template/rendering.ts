import { Failure } from '../core/failure.ts';
import { omit } from '../core/omit.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { findSecret, findUnknown, isList, isMap, type Value } from '../core/value.ts';
import { truth, withArticle } from '../expression/compare.ts';
import { printed } from '../expression/print-value.ts';
import type { Names } from '../expression/scope.ts';
import { templateCodes } from './codes.ts';
import type { Slot } from './program.ts';

/** Ends the rendering of a text whose value cannot be known. */
export class Stopped extends Error {
  readonly unknown: Unknown;

  constructor(unknown: Unknown) {
    super(unknown.reason);
    this.unknown = unknown;
  }
}

/** Computes the places of one text once; remembers whether a secret came in. */
export interface Rendering {
  compute(slot: Slot, names: Names): Value;
  /** The finished text, as a Secret when anything in it was one. */
  finish(text: string): Value;
}

/** Starts rendering one text. */
export function rendering(): Rendering {
  let secret: Secret | null = null;
  return {
    compute(slot, names) {
      const { expression, use } = slot;
      const value = use === 'output' ? expression.print(names) : expression.evaluate(names);
      switch (use) {
        case 'output':
          secret ??= findSecret(value);
          return outputOf(value);
        case 'judge':
          return known(truth(value));
        case 'loop':
          if (value instanceof Unknown) throw new Stopped(value);
          return value === null || isList(value) || isMap(value) ? value : noLoop(slot, value);
        case 'item':
          if (value instanceof Unknown) throw new Stopped(value);
          // Handlebars knows emptiness by its own rules: what counts as false here must count so there.
          return truth(value) === false ? false : value;
      }
    },
    finish: (text) => (secret === null ? text : new Secret(text, secret.label)),
  };
}

function known<T>(value: T | Unknown): T {
  if (value instanceof Unknown) throw new Stopped(value);
  return value;
}

function outputOf(value: Value): string {
  const unknown = findUnknown(value);
  if (unknown !== null) throw new Stopped(unknown);
  // Alone it takes the whole value away; in a text it is nothing.
  return value === omit ? '' : printed(value);
}

function noLoop({ expression }: Slot, value: Value): never {
  const message = `'#each' needs a list or map, not ${withArticle(value)}`;
  const hint = 'Make it a list first, for example with x.split(",") or [x].';
  throw new Failure({ code: templateCodes.blockValue, message, hint }, placeOf(expression));
}

function placeOf({ node, source }: Slot['expression']) {
  return source.place(node);
}
