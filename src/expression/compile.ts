import { error, failure, type Result, success } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import { check, type Located } from './check.ts';
import { evaluator } from './evaluate.ts';
import { functionOf } from './functions.ts';
import type { Node, Range } from './node.ts';
import { isProblem, parse } from './parse.ts';
import { codes } from './problems.ts';
import { type NameUse, namesIn } from './references.ts';
import { filterOf } from './registry.ts';
import type { Names } from './scope.ts';
import type { Escapes, SyntaxProblem } from './token.ts';

/** The text of an expression and where its parts stand in a file. */
export interface ExpressionSource {
  readonly text: string;
  readonly place: (range: Range) => Span;
  readonly escapes: Escapes;
}

/** An expression that is known to be well formed. */
export interface CompiledExpression {
  readonly node: Node;
  readonly source: ExpressionSource;
  /** Root variables, each once. */
  readonly names: readonly NameUse[];
  /** @throws Failure with the place inside the expression */
  evaluate(names: Names): Value;
  /** As `evaluate`, for a place in a text: an `if` without `else` is nothing there. */
  print(names: Names): Value;
}

interface Parsed {
  readonly node: Node;
  readonly names: readonly NameUse[];
  readonly problems: readonly Located[];
}

const parsed = new Map<string, Parsed | SyntaxProblem>();
const cacheSize = 10_000;

/** Parses and checks an expression; all unknown names and wrong arguments are reported together. */
export function compileExpressionSource(source: ExpressionSource): Result<CompiledExpression> {
  const found = parsed.get(source.escapes + source.text) ?? parseOnce(source);
  if (!('node' in found)) {
    const { message, hint } = found;
    return failure([error({ code: codes.syntax, message, hint, span: source.place(found) })]);
  }
  const { node, names, problems } = found;
  if (problems.length > 0) {
    return failure(
      problems.map(({ problem: { code, message, hint }, at }) =>
        error({ code, message, hint, span: source.place(at) }),
      ),
    );
  }
  return success({
    node,
    source,
    names,
    evaluate: (scope) => evaluator({ names: scope, place: source.place }).value(node),
    print: (scope) => evaluator({ names: scope, place: source.place }).textual(node),
  });
}

function parseOnce({ text, escapes }: ExpressionSource): Parsed | SyntaxProblem {
  const result = parse(
    text,
    { isHelper: (name) => filterOf(name) !== null || functionOf(name) !== null },
    escapes,
  );
  const entry = isProblem(result)
    ? result
    : { node: result, names: namesIn(result), problems: check(result) };
  if (parsed.size >= cacheSize) parsed.clear();
  parsed.set(escapes + text, entry);
  return entry;
}
