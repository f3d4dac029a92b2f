import { error, failure, type Result, success, warning } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { Unknown } from '../core/unknown.ts';
import { isMap, type Value } from '../core/value.ts';
import type { ScalarNode } from '../document/node.ts';
import { isYamlElevenBoolean, yamlElevenBoolean } from '../document/yaml-eleven.ts';
import { withArticle } from '../expression/compare.ts';
import { codes } from '../expression/problems.ts';
import { templateCodes } from './codes.ts';
import { compileAt } from './compile-at.ts';
import type { Expression, Scope } from './template.ts';

/**
 * Compiles a condition or other bare expression (`when`, `until`, `that`, `debug: var`). Booleans, numbers and null are
 * constants, and so is a bare `yes` or `no`. `{{ x }}` around the whole is taken as x, with a warning.
 */
export function compileExpression(scalar: ScalarNode): Result<Expression> {
  const { span } = scalar;
  const value = bareWord(scalar) ?? scalar.value;
  if (typeof value !== 'string') {
    return success({
      span,
      text: textOfConstant(value),
      references: [],
      constant: true,
      render: () => value,
    });
  }
  const wrapped = /^(?<before>\s*\{\{[~-]?)(?<inner>(?:(?!\{\{|\}\})[\s\S])*?)[~-]?\}\}\s*$/.exec(
    value,
  )?.groups;
  if (wrapped === undefined && /\{\{|\{%/.test(value)) return failure([mustacheInside(scalar, value)]);
  const text = wrapped?.inner ?? value;
  const start = wrapped?.before?.length ?? 0;
  const compiled = compileAt({
    text,
    start,
    place: (range) => scalar.spanOf(range.start, range.end),
    escapes: 'python',
  });
  if (!compiled.ok) return compiled;
  const { names, source, evaluate } = compiled.value;
  const references = names.map(({ at, ...use }) => ({ ...use, span: source.place(at) }));
  const template = { span, text: value, references, constant: references.length === 0, render: evaluate };
  return success(template, wrapped === undefined ? [] : [needless(scalar, text.trim())]);
}

/** What YAML 1.1 reads in `changed_when: no`; `null` for other texts, and in quotes, where the word is a name. */
function bareWord({ value, span }: ScalarNode): boolean | null {
  if (typeof value !== 'string' || !isYamlElevenBoolean(value)) return null;
  return span.end.offset - span.start.offset === value.length ? yamlElevenBoolean(value) : null;
}

/**
 * Whether a condition holds; unknown when that hangs on something unknown.
 * @throws Failure HAPB4012 when its value is neither true nor false, besides what `render` throws
 */
export function holds(condition: Expression, scope: Scope): boolean | Unknown {
  const value = condition.render(scope);
  if (value instanceof Unknown) return value.holds ?? value;
  if (typeof value === 'boolean') return value;
  const word =
    typeof value === 'string' && /^\w{1,20}$/.test(value) ? `the text "${value}"` : withArticle(value);
  const message = `a condition must be true or false, not ${word}`;
  throw new Failure({ code: codes.notBoolean, message, hint: booleanHint(condition, value) }, condition.span);
}

function booleanHint({ text }: Expression, value: Value): string {
  if (value === null) return 'Say what is asked: x is not none.';
  const plain = /^[\w.[\]'"]+$/.test(text.trim()) ? text.trim() : 'x';
  if (typeof value === 'number') return `Say what is asked: ${plain} != 0, or ${plain} | bool.`;
  if (isMap(value) && ('changed' in value || 'failed' in value))
    return `Say what is asked: ${plain} is succeeded, ${plain} is changed, or ${plain}.rc == 0.`;
  if (typeof value === 'object') return `Say what is asked: ${plain} | length > 0.`;
  const meant = typeof value === 'string' ? /^(?:(yes|on|true)|no|off|false)$/i.exec(value) : null;
  if (meant !== null)
    return `Write ${plain} | bool; or give it the value ${meant[1] === undefined ? 'false' : 'true'}, without quotes, where it is set.`;
  return `Say what is asked: ${plain} != '', or ${plain} | bool for words such as "yes".`;
}

function textOfConstant(value: null | boolean | number): string {
  return value === null ? 'none' : String(value);
}

function mustacheInside(scalar: ScalarNode, text: string) {
  const start = text.search(/\{\{|\{%/);
  return error({
    code: templateCodes.condition,
    message: 'a condition is an expression already and holds no braces',
    hint: "Write the name itself: x instead of {{ x }}; a text with a variable in it is joined: 'a-' ~ x.",
    span: scalar.spanOf(start, start + 2),
  });
}

function needless(scalar: ScalarNode, text: string) {
  return warning({
    code: templateCodes.condition,
    message: 'a condition needs no braces',
    hint: `Write: ${text}`,
    span: scalar.span,
  });
}
