import type { Diagnostic, Result } from '../../../src/core/diagnostic.ts';
import { Failure } from '../../../src/core/failure.ts';
import { plainPaint } from '../../../src/core/paint.ts';
import { printDiagnostic } from '../../../src/core/print-diagnostic.ts';
import { positionsOf } from '../../../src/core/source.ts';
import type { Value, ValueMap } from '../../../src/core/value.ts';
import type { ScalarNode } from '../../../src/document/node.ts';
import { compileExpression } from '../../../src/template/compile-expression.ts';
import { compileTemplate } from '../../../src/template/compile-template.ts';
import { compileText } from '../../../src/template/compile-text.ts';
import type { Scope, Template } from '../../../src/template/template.ts';

/** A scalar whose text is a file of its own, site.yml, so that spans and offsets agree. */
export function scalar(value: ScalarNode['value']): ScalarNode {
  const text = String(value);
  const position = positionsOf(text);
  const spanOf = (start: number, end: number) => ({
    file: 'site.yml',
    start: position(start),
    end: position(end),
  });
  return { kind: 'scalar', value, tag: null, span: spanOf(0, text.length), spanOf };
}

/** A scope that knows these variables. */
export function scopeOf(variables: ValueMap): Scope {
  return {
    lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    names: () => Object.keys(variables),
  };
}

/** The value of a scalar in these variables; a problem is thrown as its printed text. */
export function render(text: string, variables: ValueMap = {}): Value {
  return rendered(compileTemplate(scalar(text)), text, variables);
}

/** The value of a condition in these variables; a problem is thrown as its printed text. */
export function evaluate(text: string, variables: ValueMap = {}): Value {
  return rendered(compileExpression(scalar(text)), text, variables);
}

/** The text of a template file in these variables; a problem is thrown as its printed text. */
export function renderFile(text: string, variables: ValueMap = {}): Value {
  return rendered(compileText(text, 'site.yml'), text, variables);
}

/** The whole printed message of what goes wrong; fails when nothing does. */
export function problemOf(step: () => unknown): string {
  try {
    step();
  } catch (thrown) {
    if (thrown instanceof Error) return thrown.message;
  }
  throw new Error('nothing went wrong');
}

function rendered(result: Result<Template>, text: string, variables: ValueMap): Value {
  if (!result.ok) throw new Error(shown(result.diagnostics, text));
  try {
    return result.value.render(scopeOf(variables));
  } catch (thrown) {
    if (thrown instanceof Failure) throw new Error(shown([thrown.toDiagnostic(result.value.span)], text));
    throw thrown;
  }
}

function shown(diagnostics: readonly Diagnostic[], text: string): string {
  return diagnostics
    .map((problem) => printDiagnostic(problem, { source: () => text, paint: plainPaint }))
    .join('\n');
}
