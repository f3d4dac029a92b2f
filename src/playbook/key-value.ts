import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import type { MapEntry, MapNode, ScalarNode } from '../document/node.ts';

/** One word of `k=v k2="a b"` text with where it stands in it. */
interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Splits at blanks outside quotes and outside `{{ }}`, as Ansible splits free-form arguments; quotes are kept. */
function split(text: string): readonly Word[] {
  const words: Word[] = [];
  let start = -1;
  let quote = '';
  let depth = 0;
  for (let index = 0; index <= text.length; index++) {
    const char = text[index] ?? ' ';
    const outside = quote === '' && depth === 0;
    if (outside && /\s/.test(char)) {
      if (start !== -1) words.push({ text: text.slice(start, index), start, end: index });
      start = -1;
      continue;
    }
    if (start === -1) start = index;
    if (index === text.length) {
      words.push({ text: text.slice(start), start, end: index });
    } else if (text.startsWith('{{', index)) depth++;
    else if (text.startsWith('}}', index) && depth > 0) depth--;
    else if (depth === 0 && quote === char) quote = '';
    else if (depth === 0 && quote === '' && (char === '"' || char === "'")) quote = char;
  }
  return words;
}

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

function unquote(text: string): { readonly value: string; readonly shift: number } {
  const quote = text[0];
  if (text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote)) {
    return { value: text.slice(1, -1), shift: 1 };
  }
  return { value: text, shift: 0 };
}

function entryOf(scalar: ScalarNode, word: Word, key: string): MapEntry {
  const { value, shift } = unquote(word.text.slice(key.length + 1));
  const start = word.start + key.length + 1 + shift;
  return {
    key,
    span: scalar.spanOf(word.start, word.start + key.length),
    value: piece(scalar, { start, end: start + value.length }, value),
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
  for (const word of split(text)) {
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
  for (const word of split(text)) {
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
  const [first] = split(text);
  const end = first?.end ?? 0;
  const start = first?.start ?? 0;
  const restStart = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
  const rest = text.slice(restStart);
  return {
    word: piece(scalar, { start, end }, text.slice(start, end)),
    rest: rest === '' ? null : piece(scalar, { start: restStart, end: text.length }, rest),
  };
}
