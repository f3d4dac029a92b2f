import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import type { MapEntry, MapNode, ScalarNode } from '../document/node.ts';
import { decodeEscapes, isQuoted, splitWords, type Word } from '../variables/key-values.ts';

/** A piece of a scalar as a scalar of its own, with places that stay true. */
function piece(
  scalar: ScalarNode,
  range: { readonly start: number; readonly end: number },
  value: string,
): ScalarNode {
  const shift = range.start;
  return {
    kind: 'scalar',
    span: scalar.spanOf(range.start, range.end),
    value,
    tag: null,
    spanOf: (start, end) => scalar.spanOf(start + shift, end + shift),
  };
}

function entryOf(scalar: ScalarNode, word: Word, key: string): MapEntry {
  const from = word.start + key.length + 1;
  const { text, places } = decodeEscapes(word.text.slice(key.length + 1));
  const [value, shift] = isQuoted(text) ? [text.slice(1, -1), 1] : [text, 0];
  const placeOf = (index: number): number => from + (places[index + shift] ?? word.text.length);
  return {
    key,
    span: scalar.spanOf(word.start, word.start + key.length),
    value: {
      kind: 'scalar',
      span: scalar.spanOf(placeOf(0), placeOf(value.length)),
      value,
      tag: null,
      spanOf: (start, end) => scalar.spanOf(placeOf(start), placeOf(end)),
    },
  };
}

/** What may stand as NAME=VALUE among the words of a command; other such words belong to the command. */
const amongWords = /^(creates|removes|chdir|executable|warn|stdin|stdin_add_newline|strip_empty_ends)=/;

/** A command without the arguments among its words, and those. `rest` is `null` where nothing else is there. */
export function argumentsAmongWords(scalar: ScalarNode): {
  readonly rest: ScalarNode | null;
  readonly entries: readonly MapEntry[];
} {
  const text = String(scalar.value);
  const entries: MapEntry[] = [];
  const kept: { readonly start: number; readonly end: number }[] = [];
  let from = 0;
  for (const word of splitWords(text)) {
    const key = amongWords.exec(word.text)?.[1];
    if (key === undefined) continue;
    entries.push(entryOf(scalar, word, key));
    if (word.start > from) kept.push({ start: from, end: word.start });
    from = word.end;
  }
  if (entries.length === 0) return { rest: scalar, entries };
  if (from < text.length) kept.push({ start: from, end: text.length });
  return { rest: joined(scalar, kept), entries };
}

/** Pieces of a scalar as one, with places that stay true; without blanks around it. */
function joined(
  scalar: ScalarNode,
  pieces: readonly { readonly start: number; readonly end: number }[],
): ScalarNode | null {
  const all = pieces.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at));
  const text = String(scalar.value);
  const whole = all.map((place) => text[place]).join('');
  const value = whole.trim();
  if (value === '') return null;
  const places = all.slice(whole.length - whole.trimStart().length);
  const placeOf = (index: number): number => places[index] ?? text.length;
  return {
    kind: 'scalar',
    span: scalar.span,
    value,
    tag: scalar.tag,
    spanOf: (start, end) => scalar.spanOf(placeOf(start), placeOf(Math.max(start, end - 1)) + 1),
  };
}

/** Reads `path=/etc/motd mode="0644"` into named arguments. A word without `=` is an error (HAPB2010). */
export function parseKeyValues(scalar: ScalarNode, module: string): Result<MapNode> {
  const text = String(scalar.value);
  const entries: MapEntry[] = [];
  const problems: Diagnostic[] = [];
  for (const word of splitWords(text)) {
    const equals = /^([A-Za-z_]\w*)=/.exec(word.text);
    if (equals === null) {
      problems.push(
        error({
          code: 'HAPB2010',
          message: `${module} takes named arguments; "${word.text}" has no name`,
          span: scalar.spanOf(word.start, word.end),
          hint: `Write each argument as NAME=VALUE, or on its own line below "${module}:".`,
        }),
      );
      continue;
    }
    if (word.open === true) {
      problems.push(
        error({
          code: 'HAPB2010',
          message: `a quote in the arguments of ${module} is not closed`,
          span: scalar.spanOf(word.start, word.end),
          hint: `Close it, write \\' for a quote that is meant, or give the argument a line of its own below "${module}:".`,
        }),
      );
    }
    entries.push(entryOf(scalar, word, equals[1] ?? ''));
  }
  if (problems.length > 0) return failure(problems);
  return success({ kind: 'map', span: scalar.span, entries });
}

/** Separates the first word (`action: copy src=a dest=b`) from the rest; `rest` is `null` when nothing follows. */
export function firstWord(scalar: ScalarNode): {
  readonly word: ScalarNode;
  readonly rest: ScalarNode | null;
} {
  const text = String(scalar.value);
  const [first] = splitWords(text);
  const end = first?.end ?? 0;
  const start = first?.start ?? 0;
  const restStart = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
  const rest = text.slice(restStart);
  return {
    word: piece(scalar, { start, end }, text.slice(start, end)),
    rest: rest === '' ? null : piece(scalar, { start: restStart, end: text.length }, rest),
  };
}
