import type { Range } from '../expression/node.ts';

/** A stretch of a text as the author wrote it; offsets count in that text. */
export type Segment =
  | (Range & { readonly kind: 'text'; readonly text: string })
  | (Range & Mustache & { readonly kind: 'mustache' })
  | (Range & { readonly kind: 'comment' } & Trim)
  | (Range & { readonly kind: 'statement'; readonly text: string })
  | (Range & { readonly kind: 'unclosed' });

/** Whether white space before and after a mustache goes: `{{~ … ~}}` or `{{- … -}}`. */
export interface Trim {
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
}

/** What stands between the braces, its place in the text, and the characters that trim white space. */
export interface Mustache extends Trim {
  readonly content: string;
  readonly at: Range;
}

/** Cuts a text at its mustaches. `{# … #}` is dropped, `\{{` becomes text. Never fails: problems are segments. */
export function cutText(text: string): readonly Segment[] {
  const opener = /\{[{%#]/g;
  // Beyond the last end nothing can be closed, however often it is opened.
  const lastEnds = new Map([
    ['{#', text.lastIndexOf('#}')],
    ['{%', text.lastIndexOf('%}')],
  ]);
  const segments: Segment[] = [];
  let from = 0;
  let offset = 0;
  const pushText = (end: number, value = text.slice(from, end)) => {
    if (value !== '') segments.push({ kind: 'text', text: value, start: from, end });
  };
  for (;;) {
    opener.lastIndex = offset;
    const start = opener.exec(text)?.index;
    if (start === undefined) break;
    const opening = text.slice(start, start + 2);
    if (start > (lastEnds.get(opening) ?? start)) {
      offset = start + 2;
      continue;
    }
    const dropped = opening === '{#' ? commentEnd(text, start) : null;
    const slashes = slashesBefore(text, { from, start });
    if (dropped !== null) {
      const before = text.slice(from, start);
      pushText(start, text[start + 2] === '-' ? before.trimEnd() : before);
      from = dropped;
      offset = dropped;
    } else if (opening === '{{' && slashes === 1) {
      // `\{{` is how Handlebars writes the braces themselves, up to the next mustache.
      pushText(start, `${text.slice(from, start - 1)}{{`);
      from = start + 2;
      offset = from;
    } else {
      const segment =
        opening === '{{' ? mustacheAt(text, start) : opening === '{%' ? statementAt(text, start) : null;
      offset = segment?.end ?? start + 2;
      if (segment === null) continue;
      pushText(start, text.slice(from, slashes > 1 && opening === '{{' ? start - 1 : start));
      segments.push(segment);
      from = segment.end;
    }
  }
  pushText(text.length);
  return segments;
}

function slashesBefore(
  text: string,
  { from, start }: { readonly from: number; readonly start: number },
): number {
  let at = start;
  while (at > from && text[at - 1] === '\\') at -= 1;
  return start - at;
}

/** Where a comment ends, with the line break behind it; `null` when this is none, as in a shell's `${#name}`. */
function commentEnd(text: string, start: number): number | null {
  if (text[start - 1] === '$') return null;
  const end = text.indexOf('#}', start + 2);
  if (end === -1) return null;
  if (text[end - 1] === '-') return end + 2 + (/^\s*/.exec(text.slice(end + 2))?.[0].length ?? 0);
  return text[end + 2] === '\n' ? end + 3 : end + 2;
}

function statementAt(text: string, start: number): Segment | null {
  const end = text.indexOf('%}', start + 2);
  return end === -1 ? null : { kind: 'statement', text: text.slice(start, end + 2), start, end: end + 2 };
}

function mustacheAt(text: string, start: number): Segment {
  const trimBefore = /[~-]/.test(text[start + 2] ?? '');
  const inner = start + (trimBefore ? 3 : 2);
  if (text[inner] === '!') return commentAt(text, { start, inner, trimBefore });
  const close = closingBraces(text, inner);
  if (close === null) return { kind: 'unclosed', start, end: lineEnd(text, start) };
  const trimAfter = close > inner && /[~-]/.test(text[close - 1] ?? '');
  const at = { start: inner, end: trimAfter ? close - 1 : close };
  const content = text.slice(at.start, at.end);
  return { kind: 'mustache', content, at, trimBefore, trimAfter, start, end: close + 2 };
}

function commentAt(
  text: string,
  {
    start,
    inner,
    trimBefore,
  }: { readonly start: number; readonly inner: number; readonly trimBefore: boolean },
): Segment {
  const ending = text.startsWith('!--', inner) ? /--(~?)\}\}/g : /(~?)\}\}/g;
  ending.lastIndex = inner;
  const match = ending.exec(text);
  if (match === null) return { kind: 'unclosed', start, end: lineEnd(text, start) };
  return {
    kind: 'comment',
    trimBefore,
    trimAfter: match[1] === '~',
    start,
    end: match.index + match[0].length,
  };
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}

/** The `}}` that ends a mustache: not one inside a text or a map; where quotes do not match, simply the next one. */
function closingBraces(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{') {
      // Maps are no keys, so two braces here begin the next mustache.
      if (at > from && text[at + 1] === '{') return null;
      depth += 1;
    } else if (character === '"' || character === "'") {
      const end = closingQuote(text, at);
      if (end === null) break;
      at = end;
    } else if (character === '}') {
      if (depth > 0) depth -= 1;
      else if (text[at + 1] === '}') return at;
    }
  }
  const next = text.indexOf('}}', from);
  return next === -1 ? null : next;
}

function closingQuote(text: string, from: number): number | null {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[from]) return at;
  }
  return null;
}
