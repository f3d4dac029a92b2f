import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import { checkNode } from '../document/schema.ts';
import { argumentNamed } from '../modules/argument.ts';
import type { ArgTemplate, TaskArgs } from '../modules/call.ts';
import type { AnyModule, ArgSchema } from '../modules/module.ts';
import type { ActionAst } from '../playbook/ast.ts';
import { expression, templateOf } from '../playbook/compile-keyword.ts';
import { misplacedKeyword } from '../playbook/reader.ts';
import type { Compiler } from './compiler.ts';
import type { ModuleDefaults } from './plan.ts';

/** The arguments of a task: named ones, then whole maps that expressions give, then the module's defaults. */
export function buildArgs(
  compiler: Compiler,
  action: ActionAst,
  { module, defaults }: { readonly module: AnyModule; readonly defaults: ModuleDefaults },
): TaskArgs {
  const { freeForm } = module;
  // Names that are worked out come with their values, as a map does that an expression gives.
  const open = (action.args?.entries ?? []).filter(({ key }) => key.includes('{{'));
  const own: MapEntry[] = (action.args?.entries ?? [])
    .filter((entry) => !open.includes(entry))
    .map((entry) =>
      entry.key === '_raw_params' && freeForm !== undefined ? { ...entry, key: freeForm } : entry,
    );
  if (action.freeForm !== null && freeForm !== undefined) {
    own.unshift({ key: freeForm, span: action.span, value: action.freeForm });
  }
  const nameOf = (key: string): string => argumentNamed(module, key)?.[0] ?? key;
  const given = new Set(own.map(({ key }) => nameOf(key)));
  const standard = defaults.get(module.name);
  const weak = (standard?.kind === 'map' ? standard.entries : []).filter(
    ({ key }) => !given.has(nameOf(key)),
  );
  const map: MapNode = { kind: 'map', span: action.span, entries: open };
  const wholes = [
    ...(standard?.kind === 'scalar' ? [standard] : []),
    ...action.whole,
    ...(open.length === 0 ? [] : [map]),
  ];
  const node: MapNode = { kind: 'map', span: action.span, entries: [...own, ...weak] };
  const schema = wholes.length === 0 ? module.args : { ...module.args, ...nothingMissing };
  const problems = checkNode(schema, node, { name: action.written, noun: 'argument' });
  compiler.problems.push(...problems.map((problem) => misplacedKeyword(problem, node)));
  const values = new Map<string, ArgTemplate>();
  for (const entry of node.entries) {
    const [name, property] = argumentNamed(module, entry.key) ?? [entry.key, { description: '' }];
    const compiled = compileArg(compiler, entry.value, property);
    if (compiled !== null) values.set(name, compiled);
  }
  return {
    node,
    values,
    weak: new Set(weak.map(({ key }) => nameOf(key))),
    wholes: wholes.flatMap((whole) => templateOf(compiler, whole) ?? []),
  };
}

/** What may still come from a map that an expression gives is not missed yet. */
const nothingMissing = {
  required: [],
  minProperties: 0,
  dependentRequired: {},
  anyOf: [{}],
  oneOf: [{}],
  allOf: [{}],
};

function compileArg(compiler: Compiler, node: DocNode, schema: ArgSchema): ArgTemplate | null {
  if (schema.expression !== undefined) {
    const nodes = node.kind === 'list' ? node.items : [node];
    const expressions = nodes.flatMap((item) => expression(compiler, item, 'that') ?? []);
    return { kind: 'expressions', expressions, form: schema.expression };
  }
  const compiled = templateOf(compiler, node);
  return compiled === null ? null : { kind: 'template', template: compiled };
}
