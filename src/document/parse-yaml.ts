import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { type Diagnostic, error, failure, success } from '../core/diagnostic.ts';
import { positionsOf, type Span } from '../core/source.ts';
import { type AliasBudget, aliasBudget } from './alias-budget.ts';
import { customTags, unsafeBelow } from './custom-tags.ts';
import { depthGuard, maxDepth } from './depth-guard.ts';
import { listNode, mapNode, plainScalar, type SpanMaker, textScalar } from './make-node.ts';
import { mergeEntries } from './merge-keys.ts';
import type { DocNode, MapEntry } from './node.ts';
import { type Parsed, parsed } from './parsed.ts';
import { quickYaml } from './quick-yaml.ts';
import { limit, refuse } from './refuse-text.ts';
import { withoutTraces } from './without-traces.ts';
import { unquotedExpression } from './yaml-explanations.ts';
import type { YamlProblem, YamlSource } from './yaml-problem.ts';
import { explainYaml, onePerLine } from './yaml-problems.ts';

/**
 * Reads one YAML 1.2 document. The value is `null` for an empty document. Aliases and merge keys are resolved, `!vault`
 * and `!unsafe` stay in `tag`, keys are texts as written. Fails with every problem of the file: HAPB1001 to HAPB1019.
 */
export function parseYaml(text: string, file: string): Parsed {
  const refused = refuse(text, file);
  if (refused !== null) return failure([refused]);
  const position = positionsOf(text);
  const span: SpanMaker = (from, to) => ({ file, start: position(from), end: position(to) });
  const quick = quickYaml(text, file, span);
  return quick === null ? parseWhole(text, span) : success(quick);
}

/** What every text comes to, by way of the yaml library. */
export function parseWhole(text: string, span: SpanMaker): Parsed {
  const composed = withoutTraces(() => compose(text));
  if (composed.kind === 'too-deep') {
    const place = span(composed.offset, composed.offset + 1);
    return failure([limit(`the document nests deeper than ${maxDepth} levels`, place)]);
  }
  const source: YamlSource = { text, longQuotes: composed.longQuotes, span };
  const reading: Reading = { text, span, problems: [], anchors: new Map(), budget: aliasBudget() };
  const contents = composed.document?.contents;
  const node = contents === null || contents === undefined ? null : convert(contents, reading);
  const syntax = explainYaml(composed.problems, source);
  const firstSyntax = Math.min(...composed.problems.map((problem) => problem.from), Number.POSITIVE_INFINITY);
  // Behind a syntax error the tree is a guess, and what looks wrong in it may not be.
  const structure = reading.problems.filter((problem) => problem.span.start.offset < firstSyntax);
  const problems = [...structure, ...syntax].sort((a, b) => a.span.start.offset - b.span.start.offset);
  return parsed(node, onePerLine(problems));
}

interface Reading {
  readonly text: string;
  readonly span: SpanMaker;
  readonly problems: Diagnostic[];
  readonly anchors: Map<string, DocNode>;
  readonly budget: AliasBudget;
}

type Composed =
  | { readonly kind: 'too-deep'; readonly offset: number }
  | {
      readonly kind: 'composed';
      readonly document: Document | null;
      readonly problems: readonly YamlProblem[];
      readonly longQuotes: readonly { from: number; to: number }[];
    };

const enoughErrors = 100;

/** Lexes, guards and composes in one pass, so that the depth is known before the recursive composer sees it. */
function compose(text: string): Composed {
  const parser = new Parser();
  const composer = new Composer({ version: '1.2', uniqueKeys: false, customTags, strict: true });
  const guard = depthGuard();
  const longQuotes: { from: number; to: number }[] = [];
  const documents: Document[] = [];
  let previous = '';
  let offset = 0;
  let errors = 0;
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    if (guard(lexeme, offset) > maxDepth) return { kind: 'too-deep', offset };
    const first = lexeme[0];
    if ((first === '"' || first === "'") && previous !== '\x1f') {
      const closed = lexeme.length > 1 && lexeme.endsWith(first);
      if (!closed || lexeme.includes('\n')) longQuotes.push({ from: offset, to: offset + lexeme.length });
    }
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') errors += 1;
    }
    // The first ones are told; a file that is no YAML at all would have as many as characters.
    if (errors > enoughErrors) break;
    if (!isMark(lexeme)) offset += lexeme.length;
    previous = lexeme;
  }
  for (const token of parser.end()) tokens.push(token);
  for (const document of composer.compose(tokens, true, text.length)) documents.push(document);
  const problems = documents.slice(0, 1).flatMap((document) =>
    [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
      code: code as string,
      message,
      from: pos[0],
      to: pos[1],
    })),
  );
  const second = documents[1];
  if (second !== undefined) {
    const from = second.range?.[0] ?? 0;
    const marker = [...text.slice(0, from + 3).matchAll(/^(?:---|\.\.\.)/gm)].at(-1)?.index ?? from;
    problems.push({ code: 'MULTIPLE_DOCS', message: '', from: marker, to: marker + 3 });
  }
  return { kind: 'composed', document: documents[0] ?? null, problems, longQuotes };
}

function isMark(lexeme: string): boolean {
  return lexeme === '\x02' || lexeme === '\x18' || lexeme === '\x1f';
}

function convert(node: unknown, reading: Reading): DocNode {
  const { span, problems } = reading;
  if (isAlias(node)) {
    const [from, to] = rangeOf(node);
    const target = reading.anchors.get(node.source);
    const place = span(from, to);
    if (target === undefined) {
      problems.push(noAnchor(node.source, place));
      return plainScalar(null, place);
    }
    const excess = reading.budget.spend(target);
    if (excess !== null) {
      problems.push(limit(excess, place));
      return plainScalar(null, place);
    }
    return target;
  }
  const own = convertOwn(node, reading);
  const isUnsafe = (isMap(node) || isSeq(node)) && node.tag === '!unsafe';
  const converted = isUnsafe ? unsafeBelow(own) : own;
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) reading.anchors.set(anchor, converted);
  return converted;
}

/** HAPB1011; or HAPB1013, when what follows the `*` can hardly be meant as the name of an anchor. */
function noAnchor(name: string, span: Span): Diagnostic {
  const message = 'a value cannot begin with * unless it is in quotes';
  if (!/^[\w-]+$/.test(name)) return error({ code: 'HAPB1013', message, hint: `Write "*${name}".`, span });
  return error({
    code: 'HAPB1011',
    message: `there is no anchor &${name} before this alias`,
    hint: `Add &${name} where the value is first written, or quote the value if the * belongs to it.`,
    span,
  });
}

function convertOwn(node: unknown, reading: Reading): DocNode {
  const [from, to] = rangeOf(node);
  const { text } = reading;
  if (isMap(node)) return convertMap(node, reading);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item, reading));
    return listNode(items, reading.span(from, trimmedEnd(text, from, to)));
  }
  if (!isScalar(node)) return plainScalar(null, reading.span(from, to));
  const end = trimmedEnd(text, from, to);
  const place = { span: reading.span(from, end), tag: knownTag(node.tag), make: reading.span };
  const value = plainValue(node, text.slice(from, to));
  if (typeof value !== 'string') {
    const scalar = plainScalar(value, place.span, place.tag);
    const float = Number.isInteger(value) && /^[^x]*[.eE]/.test(text.slice(from, to));
    return float ? { ...scalar, float } : scalar;
  }
  return textScalar(value, scalarSource(node, text, { from, to }), place);
}

function scalarSource(node: Scalar, text: string, range: { from: number; to: number }) {
  const { from, to } = range;
  const style = styleOf(node);
  if (style !== 'literal' && style !== 'folded') return { style, source: text.slice(from, to), offset: from };
  const header = text.indexOf('\n', from);
  const body = header === -1 || header >= to ? to : header + 1;
  return { style, source: text.slice(body, to), offset: body };
}

function styleOf(node: Scalar): 'plain' | 'single' | 'double' | 'literal' | 'folded' {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_LITERAL':
      return 'literal';
    case 'BLOCK_FOLDED':
      return 'folded';
    default:
      return 'plain';
  }
}

/**
 * Numbers that a double cannot hold exactly stay text, so that an account number is not rounded; so do those with a zero
 * in front, which are octal to some readers and decimal to others: `mode: 0644` keeps its digits.
 */
function plainValue(node: Scalar, source: string): null | boolean | number | string {
  const { value } = node;
  if (typeof value === 'number') {
    const unclear = /^[-+]?0\d+$/.test(source) || (Number.isInteger(value) && !Number.isSafeInteger(value));
    return unclear ? source : value;
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  return source;
}

function convertMap(node: YAMLMap, reading: Reading): DocNode {
  const [from, to] = rangeOf(node);
  const { text, span, problems } = reading;
  const seen = new Map<string, MapEntry>();
  const entries: (MapEntry | { readonly merge: DocNode })[] = [];
  for (const pair of node.items) {
    const keySpan = span(...keyRange(pair, from));
    if (isMap(pair.key) && pair.key.flow === true && text[from] === '{' && pair.value === null) {
      const { related: _related, from: start, to: end, ...words } = unquotedExpression(text, from);
      problems.push(error({ ...words, span: span(start, end) }));
      return plainScalar(null, span(start, end));
    }
    const value =
      pair.value === null
        ? plainScalar(null, { ...keySpan, start: keySpan.end })
        : convert(pair.value, reading);
    if (!isScalar(pair.key) || (pair.key.value === null && keySpan.start.offset === keySpan.end.offset)) {
      problems.push(
        error({
          code: 'HAPB1017',
          message: 'a key must be a text',
          hint: 'Write `key: value`; quote the line if the colon belongs to a text.',
          span: keySpan,
        }),
      );
      continue;
    }
    if (pair.key.value === '<<' && pair.key.type === 'PLAIN') {
      entries.push({ merge: value });
      continue;
    }
    const source = text.slice(...keyRange(pair, from));
    const key = typeof pair.key.value === 'string' ? pair.key.value : source;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      problems.push(
        error({
          code: 'HAPB1004',
          message: `the key \`${key}\` is given twice`,
          hint: 'Remove one of the two, or rename it.',
          span: keySpan,
          related: [{ message: 'first given here', span: earlier.span }],
        }),
      );
      continue;
    }
    const entry: MapEntry = { key, span: keySpan, value };
    seen.set(key, entry);
    entries.push(entry);
  }
  const merged = mergeEntries(entries, { own: seen, budget: reading.budget });
  problems.push(...merged.problems);
  return mapNode(merged.entries, span(from, trimmedEnd(text, from, to)));
}

function keyRange(pair: Pair, fallback: number): [number, number] {
  const [from, to] = rangeOf(pair.key);
  return from === 0 && to === 0 ? [fallback, fallback] : [from, to];
}

function rangeOf(node: unknown): [number, number] {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null;
  return range === null || range === undefined ? [0, 0] : [range[0], range[1]];
}

/** Collections and blocks end after their last line break; their last character is friendlier to point at. */
function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end === from ? to : end;
}

function knownTag(tag: string | undefined): string | null {
  return tag === '!vault' || tag === '!unsafe' ? tag : null;
}
