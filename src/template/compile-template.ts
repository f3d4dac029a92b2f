import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { omit } from '../core/omit.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import type { DocNode, ListNode, MapNode, ScalarNode } from '../document/node.ts';
import { scalarValue } from '../document/plain.ts';
import { textOf } from '../expression/arguments.ts';
import { codes, undefinedCodes } from '../expression/problems.ts';
import { mapOf } from '../expression/secrecy.ts';
import { templateCodes } from './codes.ts';
import { compileScalarText, constantTemplate } from './compile-text.ts';
import { type Member, membersApart } from './members.ts';
import type { Template } from './template.ts';

/** What a scalar with a tag such as `!vault` means; `null` when this reader does not know the tag. */
export type TagReader = (scalar: ScalarNode) => Result<Template> | null;

/**
 * Compiles anything in a playbook, inventory or vars file, at any depth; keys of maps may hold mustaches too. Entries
 * whose value is `omit` are left out of maps and lists; a lone `omit` is handed to the caller. Text tagged `!unsafe` is
 * taken as it is; what other tags mean is said by `readTag`. All problems are reported together.
 */
export function compileTemplate(node: DocNode, readTag: TagReader = () => null): Result<Template> {
  return compileNode(node, (scalar) => compileScalar(scalar, readTag));
}

/** The same, but texts that mention what is not defined are left out of maps and lists. */
export function compileWhatIsDefined(node: DocNode, readTag: TagReader = () => null): Result<Template> {
  return compileNode(node, (scalar) => {
    const compiled = compileScalar(scalar, readTag);
    return compiled.ok ? success(ifDefined(compiled.value), compiled.warnings) : compiled;
  });
}

function ifDefined(template: Template): Template {
  const references = template.references.map((reference) => ({ ...reference, guarded: true }));
  const render: Template['render'] = (scope) => {
    try {
      return template.render(scope);
    } catch (thrown) {
      if (thrown instanceof Failure && undefinedCodes.has(thrown.problem.code)) return omit;
      throw thrown;
    }
  };
  return { ...template, references, render };
}

type CompileScalar = (scalar: ScalarNode) => Result<Template>;

function compileNode(node: DocNode, compile: CompileScalar): Result<Template> {
  switch (node.kind) {
    case 'scalar':
      return compile(node);
    case 'list':
      return compileList(node, compile);
    case 'map':
      return compileMap(node, compile);
  }
}

/** A file of tasks that is used in many places is compiled once. */
const compiledTexts = new WeakMap<ScalarNode, Result<Template>>();

function compileScalar(node: ScalarNode, readTag: TagReader): Result<Template> {
  const { tag, value, span } = node;
  if (tag === '!unsafe') return success(constantTemplate(span, value));
  if (tag !== null) return readTag(node) ?? failure([unknownTag(tag, node)]);
  if (typeof value !== 'string') return success(constantTemplate(span, scalarValue(node)));
  const known = compiledTexts.get(node);
  if (known !== undefined) return known;
  const compiled = compileScalarText({
    text: value,
    span,
    place: ({ start, end }) => node.spanOf(start, end),
    escapes: 'literal',
  });
  compiledTexts.set(node, compiled);
  return compiled;
}

function unknownTag(tag: string, { span }: ScalarNode): Diagnostic {
  const hint = 'Known are !vault for encrypted values and !unsafe for text in which braces mean nothing.';
  return error({ code: templateCodes.tag, message: `the tag ${tag} has no meaning here`, hint, span });
}

function compileList(node: ListNode, compile: CompileScalar): Result<Template> {
  const all = collected(node.items.map((item) => compileNode(item, compile)));
  if (!all.ok) return all;
  const items = all.value;
  const { references, constant } = summary(items);
  const render: Template['render'] = (scope) =>
    items.map((item) => item.render(scope)).filter((item) => item !== omit);
  const members = items.map((template) => ({ key: null, template }));
  const apart: Template['apart'] = (scope, of) => membersApart(members, scope, of);
  const parts = items.map((template) => ({ key: null, name: null, template }));
  return success(
    { span: node.span, references, constant, render, ...(constant ? {} : { apart, parts }) },
    all.warnings,
  );
}

function compileMap(node: MapNode, compile: CompileScalar): Result<Template> {
  const keys = collected(
    node.entries.map(({ key, span }) =>
      compileScalarText({ text: key, span, place: () => span, escapes: 'literal' }),
    ),
  );
  const values = collected(node.entries.map(({ value }) => compileNode(value, compile)));
  if (!keys.ok || !values.ok) return failure([...problemsOf(keys), ...problemsOf(values)]);
  const { references, constant } = summary([...keys.value, ...values.value]);
  const entries = keys.value.map((key, index) => [key, values.value[index] ?? key] as const);
  const render: Template['render'] = (scope) => {
    const rendered: (readonly [string, Value])[] = [];
    for (const [key, value] of entries) {
      const name = key.render(scope);
      if (name instanceof Unknown) return name;
      const item = value.render(scope);
      if (item !== omit) rendered.push([keyText(name, key), item]);
    }
    return mapOf(rendered);
  };
  const apart: Template['apart'] = (scope, of) => {
    const members: Member[] = [];
    for (const [key, template] of entries) {
      const name = key.render(scope);
      if (name instanceof Unknown) return name;
      members.push({ key: keyText(name, key), template });
    }
    return membersApart(members, scope, of);
  };
  const parts = entries.map(([name, template], index) => ({
    key: name.constant ? (node.entries[index]?.key ?? null) : null,
    name: name.constant ? null : name,
    template,
  }));
  return success({ span: node.span, references, constant, render, ...(constant ? {} : { apart, parts }) }, [
    ...keys.warnings,
    ...values.warnings,
  ]);
}

function keyText(key: Value, { span }: Template): string {
  if (!isList(key) && !isMap(key)) return textOf(key);
  const hint = 'Let the expression give a text or a number.';
  throw new Failure(
    { code: codes.wrongType, message: 'a key must be a text, not a list or map', hint },
    span,
  );
}

function summary(parts: readonly Template[]): Pick<Template, 'references' | 'constant' | 'isWorkedOut'> {
  return {
    references: parts.flatMap((part) => part.references),
    constant: parts.every((part) => part.constant),
    isWorkedOut: parts.some((part) => part.isWorkedOut === true),
  };
}

function collected<T>(results: readonly Result<T>[]): Result<readonly T[]> {
  const problems = results.flatMap(problemsOf);
  if (problems.length > 0) return failure(problems);
  const found = results.flatMap((result) => (result.ok ? [result] : []));
  return success(
    found.map(({ value }) => value),
    found.flatMap(({ warnings }) => warnings),
  );
}

function problemsOf<T>(result: Result<T>): readonly Diagnostic[] {
  return result.ok ? [] : result.diagnostics;
}
