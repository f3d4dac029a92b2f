import { failure, type Result, success } from '../core/diagnostic.ts';
import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import { positionsOf, type Span } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { Range } from '../expression/node.ts';
import { printed } from '../expression/print-value.ts';
import { buildProgram } from './build-program.ts';
import { purposeOf } from './own-mustache.ts';
import type { Program } from './program.ts';
import { rendering, Stopped } from './rendering.ts';
import { runHandlebars } from './run-handlebars.ts';
import { cutText, type Segment } from './segment.ts';
import type { Reference, Scope, Template } from './template.ts';
import type { TextSource } from './text-source.ts';

/**
 * Compiles the text of a template file, such as `haproxy.cfg.hbs`; always renders a text. `file` is its path as the
 * user wrote it. All problems of the text are reported together.
 */
export function compileText(text: string, file: string): Result<Template> {
  const position = positionsOf(text);
  const place = ({ start, end }: Range): Span => ({ file, start: position(start), end: position(end) });
  return compileSegments(
    { text, span: place({ start: 0, end: text.length }), place, escapes: 'python' as const },
    cutText(text),
  );
}

/**
 * Compiles the text of a scalar. What is one `{{ expression }}` and nothing else keeps its type, also with the line
 * break of a block scalar behind it, which is added only to a text.
 */
export function compileScalarText(source: TextSource): Result<Template> {
  if (!source.text.includes('{')) return success(constantTemplate(source.span, source.text));
  const segments = cutText(source.text);
  const [only, rest] = segments;
  const alone =
    segments.length === 1 || (segments.length === 2 && rest?.kind === 'text' && rest.text === '\n');
  if (!alone || only?.kind !== 'mustache' || purposeOf(only).kind !== 'output') {
    return compileSegments(source, segments);
  }
  const built = buildProgram([only], source);
  const slot = built.program.slots[0];
  if (built.problems.length > 0 || slot === undefined || typeof slot === 'string')
    return failure(built.problems);
  return success({
    span: source.span,
    references: built.references,
    constant: built.references.length === 0,
    isWorkedOut: true,
    render: (scope) => {
      const value = slot.expression.evaluate(scope);
      return rest === undefined ? value : withLineBreak(value);
    },
  });
}

function withLineBreak(value: Value): Value {
  if (value instanceof Secret) return new Secret(`${reveal(value)}\n`, value.label);
  return typeof value === 'string' ? `${value}\n` : value;
}

function compileSegments(source: TextSource, segments: readonly Segment[]): Result<Template> {
  const { span } = source;
  if (segments.every((segment) => segment.kind === 'text')) {
    return success(constantTemplate(span, segments.map((segment) => segment.text).join('')));
  }
  const { program, references, problems } = buildProgram(segments, source);
  if (problems.length > 0) return failure(problems);
  let simple: ReturnType<typeof simpleParts> | undefined;
  return success({
    span,
    references,
    constant: references.length === 0,
    isWorkedOut: true,
    render: (scope) => {
      if (simple === undefined) simple = simpleParts(segments);
      return simple === null ? renderProgram(program, scope) : renderParts(program, simple, scope);
    },
  });
}

/** A template that is this value whatever the variables are. */
export function constantTemplate(span: Span, value: Value): Template {
  return { span, references: [] as readonly Reference[], constant: true, render: () => value };
}

function renderProgram(program: Program, scope: Scope): Value {
  const run = rendering();
  try {
    return run.finish(runHandlebars(program, scope, run));
  } catch (thrown) {
    if (thrown instanceof Stopped) return thrown.unknown;
    throw thrown;
  }
}

/** A text, or the number of the place that stands between texts. */
type Part = string | null;

/** The parts of a text in which nothing is Handlebars' own: joining them is all that it would do. */
function simpleParts(segments: readonly Segment[]): readonly Part[] | null {
  const parts: Part[] = [];
  for (const segment of segments) {
    if (segment.kind === 'text') parts.push(segment.text);
    else if (segment.kind !== 'mustache' || segment.trimBefore || segment.trimAfter) return null;
    else if (purposeOf(segment).kind === 'output') parts.push(null);
    else return null;
  }
  return parts;
}

function renderParts(program: Program, parts: readonly Part[], scope: Scope): Value {
  const run = rendering();
  const slots = program.slots.filter((slot) => typeof slot !== 'string')[Symbol.iterator]();
  try {
    let text = '';
    for (const part of parts) {
      const slot = part === null ? slots.next().value : undefined;
      text += slot === undefined ? (part ?? '') : printed(run.compute(slot, scope));
    }
    return run.finish(text);
  } catch (thrown) {
    if (thrown instanceof Stopped) return thrown.unknown;
    throw thrown;
  }
}
