import type { Result } from '../../src/core/diagnostic.ts';
import { fileSpan } from '../../src/core/source.ts';
import { children, type Node } from '../../src/expression/node.ts';
import { isProblem, parse } from '../../src/expression/parse.ts';
import { shortName } from '../../src/expression/registry.ts';
import { compileMustache } from '../../src/template/compile-at.ts';
import { compileExpression } from '../../src/template/compile-expression.ts';
import { compileText } from '../../src/template/compile-text.ts';
import { handlebarsForm } from '../../src/template/jinja-statement.ts';
import type { Found } from './found.ts';

/** Why the Handlebars form that hapb shows for a statement does not compile; empty when it does. */
export function formObjections({ text }: Found): readonly string[] {
  const form = handlebarsForm(text.replace(/\s+/g, ' '), '{{ x }}{% endraw %}');
  const word = /^\{%[-+]?\s*(\w*)/.exec(text)?.[1] ?? '';
  if (form.text === null) return [`{% ${word} %} has no counterpart`];
  const result = compileText(closed(form.text, word), 'corpus');
  return result.ok ? [] : [...new Set(result.diagnostics.map(({ code, message }) => `${code} ${message}`))];
}

/** A form with what belongs around it. */
function closed(form: string, word: string): string {
  switch (word) {
    case 'if':
      return `${form}{{/if}}`;
    case 'elif':
    case 'else':
      return `{{#if true}}${form}{{/if}}`;
    case 'endif':
      return `{{#if true}}${form}`;
    case 'endfor':
      return `{{#each []}}${form}`;
    case 'with':
      return `${form}{{/with}}`;
    case 'endwith':
      return `{{#with 1}}${form}`;
    default:
      return form;
  }
}

/** Why hapb does not take what was found; empty when it does. */
export function objections({ kind, text, escapes }: Found): readonly string[] {
  const place = () => fileSpan('corpus');
  const result: Result<unknown> =
    kind === 'condition'
      ? compileExpression({ kind: 'scalar', value: text, tag: null, span: place(), spanOf: place })
      : compileMustache({ text, start: 0, place, escapes });
  return result.ok ? [] : [...new Set(result.diagnostics.map(({ code, message }) => `${code} ${message}`))];
}

/** How often each filter and each test is used. */
export interface Uses {
  readonly filters: Map<string, number>;
  readonly tests: Map<string, number>;
}

/** Adds the filters and tests of an expression, also those that are applied by name: `map('upper')`. */
export function countUses(text: string, uses: Uses): void {
  const node = parse(text.trim(), { isHelper: () => false }, 'python');
  if (!isProblem(node)) countIn(node, uses);
}

const appliers: Readonly<Record<string, { readonly kind: keyof Uses; readonly place: number }>> = {
  map: { kind: 'filters', place: 0 },
  select: { kind: 'tests', place: 0 },
  reject: { kind: 'tests', place: 0 },
  selectattr: { kind: 'tests', place: 1 },
  rejectattr: { kind: 'tests', place: 1 },
};

function countIn(node: Node, uses: Uses): void {
  if (node.kind === 'filter') {
    const name = shortName(node.name);
    add(uses.filters, name);
    const applier = appliers[name];
    const applied = applier === undefined ? undefined : node.args.positional[applier.place];
    if (applier !== undefined && applied?.kind === 'literal' && typeof applied.value === 'string')
      add(uses[applier.kind], shortName(applied.value));
  }
  if (node.kind === 'test') add(uses.tests, shortName(node.name));
  for (const child of children(node)) countIn(child, uses);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** The expressions inside a Jinja statement. */
export function insideStatement(statement: string): readonly string[] {
  const body = statement.replace(/^\{%[-+]?\s*|\s*[-+]?%\}$/g, '');
  const condition = /^(?:if|elif)\s+(.+)$/s.exec(body);
  if (condition !== null) return [condition[1] ?? ''];
  const loop = /^for\s+.+?\s+in\s+(.+?)(?:\s+if\s+(.+))?$/s.exec(body);
  if (loop !== null) return [loop[1] ?? '', loop[2] ?? ''].filter((part) => part !== '');
  const set = /^set\s+[\w., ]+?\s*=\s*(.+)$/s.exec(body);
  return set === null ? [] : [set[1] ?? ''];
}
