import { Failure } from '../core/failure.ts';
import { Float, numberIn } from '../core/float.ts';
import { omit } from '../core/omit.ts';
import { Secret } from '../core/secret.ts';
import type { Span } from '../core/source.ts';
import { Unknown } from '../core/unknown.ts';
import {
  findSecret,
  findUnknown,
  isList,
  isMap,
  typeName,
  type Value,
  withoutFloats,
} from '../core/value.ts';
import type { JsonSchema } from '../document/compile-schema.ts';
import { coerced, isNotGiven } from '../document/from-text.ts';
import { entryOf } from '../document/node.ts';
import { problemsOf } from '../document/schema.ts';
import { printed } from '../expression/print-value.ts';
import { withoutOmitted } from '../expression/without-omitted.ts';
import { whatIsThere } from '../template/members.ts';
import type { Scope } from '../template/template.ts';
import { argumentNamed } from './argument.ts';
import type { ArgTemplate, ModuleCall, TaskArgs } from './call.ts';
import { type EvaluatedExpression, notDefined } from './module.ts';
import { isBuiltIn, renderedSchema } from './schemas.ts';

/** Rendered arguments, or the unknown that one of them hangs on. */
export type Rendered =
  | { readonly kind: 'args'; readonly args: object }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/**
 * Renders a task's arguments, fills in defaults and checks them against the module's schema.
 * @throws Failure at the argument's place
 */
export function renderArguments(call: ModuleCall, scope: Scope): Rendered {
  const known = constants.get(call.args);
  if (known !== undefined) return known;
  const rendered = renderedIn(call, scope);
  if (isConstant(call)) constants.set(call.args, rendered);
  return rendered;
}

/** What tasks say that is the same on every host. */
const constants = new WeakMap<TaskArgs, Rendered>();

/** Somebody else's module may write into its arguments, and gets its own. */
function isConstant({ module, args }: ModuleCall): boolean {
  if (args.wholes.length > 0 || !isBuiltIn(module)) return false;
  for (const arg of args.values.values())
    if (arg.kind === 'expressions' || !arg.template.constant || arg.template.isWorkedOut === true)
      return false;
  return true;
}

function renderedIn(call: ModuleCall, scope: Scope): Rendered {
  const { module } = call;
  const values: Record<string, Value> = {};
  const expressions: Record<string, EvaluatedExpression | readonly EvaluatedExpression[]> = {};
  const given = wholeArguments(call, scope);
  if (given instanceof Unknown) return { kind: 'unknown', unknown: given };
  for (const [name, template] of call.args.values) {
    if (given.has(name)) continue;
    if (template.kind === 'expressions') {
      const evaluated = evaluate(template, scope);
      const unknown = 'text' in evaluated ? findUnknown(evaluated.value ?? null) : null;
      if (unknown !== null) return { kind: 'unknown', unknown };
      expressions[name] = evaluated;
    } else given.set(name, template.template.render(scope));
  }
  for (const [name, rendered] of given) {
    if (rendered === omit) continue;
    const value = withoutOmitted(rendered);
    if (isNotGiven(module.args.properties[name], value)) continue;
    const unknown = findUnknown(value);
    if (unknown !== null) return { kind: 'unknown', unknown };
    values[name] = guardSecrets(call, name, meant(module.args.properties[name], value));
  }
  for (const [name, schema] of Object.entries(module.args.properties)) {
    if (values[name] === undefined && expressions[name] === undefined && schema.default !== undefined) {
      values[name] = schema.default as Value;
    }
  }
  const [problem] = problemsOf(renderedSchema(module), values, { name: call.action, noun: 'argument' });
  if (problem !== undefined) {
    const at = problem.path[0];
    const span = typeof at === 'string' ? argumentSpan(call, at) : call.args.node.span;
    throw new Failure({ code: problem.code, message: problem.message, hint: problem.hint }, span);
  }
  return { kind: 'args', args: { ...values, ...expressions } };
}

/** What expressions give for whole maps of arguments, without the names that the task gives itself. @throws Failure */
export function wholeArguments(
  { module, action, args }: ModuleCall,
  scope: Scope,
): Map<string, Value> | Unknown {
  const given = new Map<string, Value>();
  for (const whole of args.wholes) {
    const map = whole.render(scope);
    if (map instanceof Unknown) return map;
    if (map === omit) continue;
    if (!isMap(map)) {
      const hint = 'Let the expression give a map of argument names to values.';
      const message = `the arguments of ${action} must be a map, but are a ${typeName(map)}`;
      throw new Failure({ code: 'HAPB7076', message, hint }, whole.span);
    }
    for (const [key, value] of Object.entries(map)) {
      const [name, schema] = argumentNamed(module, key) ?? [key, null];
      if (args.values.has(name) && !args.weak.has(name)) continue;
      if (schema?.expression !== undefined) {
        const hint = `Write "${name}" in the task itself; data is never read as an expression.`;
        throw new Failure({ code: 'HAPB7076', message: `"${name}" holds an expression`, hint }, whole.span);
      }
      given.set(name, value);
    }
  }
  return given;
}

/** What the schema wants of a value that means it; numbers in texts are printed as Python does. */
function meant(schema: JsonSchema | undefined, value: Value): Value {
  const { type, numbers } = schema ?? {};
  if (type === 'string' && numbers !== 'refused' && numberIn(value) !== null) return printed(value);
  // Arguments of no type are only passed on; the others are plain data.
  return coerced(schema, type === undefined ? value : withoutFloats(floatsAsTexts(schema, value)));
}

/** `1.0` where a module takes texts as well as numbers: there a number is meant as text, with its point. */
function floatsAsTexts(schema: JsonSchema | undefined, value: Value): Value {
  const { type } = schema ?? {};
  const items = schema?.items as JsonSchema | undefined;
  if (value instanceof Float && Array.isArray(type) && type.includes('string')) return printed(value);
  if (!isList(value) || items === undefined) return value;
  return value.map((item) => floatsAsTexts(items, item));
}

/** Where an argument's value stands; the module's name when it is not written there. */
export function argumentSpan(call: ModuleCall, name: string): Span {
  const aliases = call.module.args.properties[name]?.aliases ?? [];
  for (const written of [name, ...aliases]) {
    const entry = entryOf(call.args.node, written);
    if (entry !== undefined) return entry.value.span;
  }
  return call.args.node.span;
}

function evaluate(
  template: ArgTemplate & { readonly kind: 'expressions' },
  scope: Scope,
): EvaluatedExpression | readonly EvaluatedExpression[] {
  const results = template.expressions.map((expression): EvaluatedExpression => {
    if (template.form === 'list') return { text: expression.text, value: expression.render(scope) };
    try {
      return { text: expression.text, value: whatIsThere(expression.render(scope), notDefined) };
    } catch (thrown) {
      // `debug: var=x` tells that x is undefined instead of failing.
      if (thrown instanceof Failure) return { text: expression.text, value: undefined };
      throw thrown;
    }
  });
  return template.form === 'list' ? results : (results[0] ?? { text: '', value: undefined });
}

function guardSecrets(call: ModuleCall, name: string, value: Value): Value {
  const schema = call.module.args.properties[name];
  if (schema?.secret === 'always') return typeof value === 'string' ? new Secret(value, name) : value;
  // Arguments that a module does not name (set_fact's) are data that it only passes on.
  if (schema === undefined || schema.secret === 'allowed' || findSecret(value) === null) return value;
  const stdin = call.module.args.properties.stdin === undefined ? '' : ' Pass it through "stdin:".';
  throw new Failure(
    {
      code: 'HAPB7033',
      message: `"${name}" of ${call.action} cannot take a secret: it would show on the node (in its process list or logs)`,
      hint: `Take the secret out of "${name}".${stdin}`,
    },
    argumentSpan(call, name),
  );
}
