import { dirname, join } from 'node:path';
import { failure, type Result, success } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { MapEntry } from '../document/node.ts';
import type { Keywords, PlayAst, StepAst } from '../playbook/ast.ts';
import type { Layer } from '../variables/layer.ts';
import { readVarsFile } from '../variables/vars-file.ts';
import { type Compiler, fixedNames, fixedText, isText, report, template } from './compiler.ts';
import { inherit, nothingInherited, varsLayer } from './inherit.ts';
import { plainLoop } from './loop.ts';
import type { Inherited, Plan, PlanNode, PlanPlay, PlanTask } from './plan.ts';
import { selected } from './tags.ts';
import { buildTask } from './task.ts';

/** What building needs besides the plays. */
export type BuildOptions = Pick<Compiler, 'findModule' | 'tags' | 'tools'>;

/** Compiles plays into the tree that a run walks. All problems are reported at once. */
export function buildPlan(plays: readonly PlayAst[], options: BuildOptions): Result<Plan> {
  const compiler: Compiler = { ...options, problems: [] };
  const built = plays.flatMap((play, index) => buildPlay(compiler, play, String(index)) ?? []);
  if (compiler.problems.some((problem) => problem.severity === 'error')) return failure(compiler.problems);
  return success({ plays: built }, compiler.problems);
}

const strategies = ['linear', 'free'] as const;
const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted'] as const;

function buildPlay(compiler: Compiler, ast: PlayAst, id: string): PlanPlay | null {
  const { keywords } = ast;
  const hosts = template(compiler, keywords.get('hosts'));
  const inherited = inherit(compiler, nothingInherited, { keywords, level: 'play' });
  const numbering: Numbering = { prefix: id, next: 0 };
  const body: PlanNode[] = [];
  const flush = (): void => {
    const order = numbering.next++;
    body.push({ kind: 'flush', id: `${id}.${order}`, order, span: ast.span, cause: 'implicit' });
  };
  body.push(...factsTask(compiler, { ast, inherited, numbering }));
  const parent: Parent = { inherited, numbering };
  body.push(...buildSteps(compiler, ast.preTasks, parent));
  if (ast.preTasks.length > 0) flush();
  body.push(...buildSteps(compiler, ast.tasks, parent));
  flush();
  body.push(...buildSteps(compiler, ast.postTasks, parent));
  if (ast.postTasks.length > 0) flush();
  const handlers = flatten(
    buildSteps(compiler, ast.handlers, { inherited: { ...inherited, tags: ['always'] }, numbering }),
  );
  if (hosts === null) return null;
  const name = keywords.get('name')?.value;
  return {
    id,
    name: isText(name) ? name.value : scalarOf(keywords, 'hosts'),
    span: ast.span,
    file: ast.file,
    hosts,
    strategy: oneOf(compiler, keywords.get('strategy'), strategies) ?? 'linear',
    serial: template(compiler, keywords.get('serial')),
    order: oneOf(compiler, keywords.get('order'), orders) ?? 'inventory',
    maxFailPercentage: template(compiler, keywords.get('max_fail_percentage')),
    forceHandlers: template(compiler, keywords.get('force_handlers')),
    layers: playLayers(compiler, ast),
    body,
    handlers,
  };
}

function scalarOf(keywords: Keywords, name: string): string {
  const node = keywords.get(name)?.value;
  return node?.kind === 'scalar' ? String(node.value) : name;
}

function oneOf<T extends string>(
  compiler: Compiler,
  entry: MapEntry | undefined,
  allowed: readonly T[],
): T | null {
  const text = fixedText(compiler, entry?.value, entry?.key ?? '');
  if (entry === undefined || text === null) return null;
  const found = allowed.find((item) => item === text);
  if (found !== undefined) return found;
  report(compiler, {
    code: 'HAPB2023',
    message: `"${entry.key}" is "${text}"`,
    span: entry.value.span,
    hint: `It can be: ${allowed.join(', ')}.`,
  });
  return null;
}

/** Play vars, then vars_files in order (the later file wins), as Ansible ranks them. */
function playLayers(compiler: Compiler, ast: PlayAst): readonly Layer[] {
  const vars = ast.keywords.get('vars')?.value;
  const layers: Layer[] = vars?.kind === 'map' ? [varsLayer(compiler, vars, 'play vars')] : [];
  const files = ast.keywords.get('vars_files');
  const nodes = files === undefined ? [] : files.value.kind === 'list' ? files.value.items : [files.value];
  for (const node of nodes) {
    const path = fixedText(compiler, node, 'vars_files');
    if (path === null) continue;
    const layer = varsFile(compiler, join(dirname(ast.file), path), node.span);
    if (layer !== null) layers.push(layer);
  }
  return layers;
}

function varsFile(compiler: Compiler, path: string, span: Span): Layer | null {
  const read = readVarsFile(path, compiler.tools);
  if (read.ok) return { level: 'vars_files', source: path, entries: read.value };
  // A file that cannot be read at all is best shown where it is asked for.
  compiler.problems.push(
    ...read.diagnostics.map((problem) => (/^HAPB102/.test(problem.code) ? { ...problem, span } : problem)),
  );
  return null;
}

interface Numbering {
  readonly prefix: string;
  next: number;
}

interface Parent {
  readonly inherited: Inherited;
  readonly numbering: Numbering;
}

function buildSteps(compiler: Compiler, steps: readonly StepAst[], parent: Parent): readonly PlanNode[] {
  return steps.flatMap((step) => buildStep(compiler, step, parent));
}

function buildStep(compiler: Compiler, step: StepAst, parent: Parent): readonly PlanNode[] {
  const { numbering } = parent;
  const order = numbering.next++;
  const id = `${numbering.prefix}.${order}`;
  switch (step.kind) {
    case 'block': {
      const inherited = inherit(compiler, parent.inherited, { keywords: step.keywords, level: 'block' });
      const steps = (list: readonly StepAst[]): readonly PlanNode[] =>
        buildSteps(compiler, list, { inherited, numbering });
      const block = { body: steps(step.body), rescue: steps(step.rescue), always: steps(step.always) };
      if (block.body.length === 0 && block.always.length === 0) return [];
      if (block.rescue.length === 0 && block.always.length === 0) return block.body;
      return [{ kind: 'block', id, order, span: step.span, ...block }];
    }
    case 'barrier': {
      const tags = [...parent.inherited.tags, ...fixedNames(compiler, step.keywords.get('tags'))];
      if (tags.length > 0 && !selected(tags, compiler.tags)) return [];
      return [{ kind: 'barrier', id, order, span: step.span, title: step.name }];
    }
    case 'task': {
      if (step.action.name === 'meta') return metaNode(compiler, step, { id, order });
      const task = buildTask(compiler, step, { parent: parent.inherited, id, order });
      return task !== null && selected(task.inherited.tags, compiler.tags) ? [task] : [];
    }
  }
}

function metaNode(
  compiler: Compiler,
  step: StepAst & { readonly kind: 'task' },
  { id, order }: { readonly id: string; readonly order: number },
): readonly PlanNode[] {
  const what = String(step.action.freeForm?.value ?? '');
  if (what === 'flush_handlers') return [{ kind: 'flush', id, order, span: step.span, cause: 'meta' }];
  if (what === 'noop') return [];
  report(compiler, {
    code: 'HAPB2002',
    message: `"meta: ${what}" is not supported`,
    span: step.action.freeForm?.span ?? step.action.span,
    hint: 'These are: flush_handlers, noop.',
  });
  return [];
}

/** The implicit first task of a play that gathers facts (Ansible gathers unless `gather_facts: false`). */
function factsTask(
  compiler: Compiler,
  {
    ast,
    inherited,
    numbering,
  }: { readonly ast: PlayAst; readonly inherited: Inherited; readonly numbering: Numbering },
): readonly PlanTask[] {
  const module = compiler.findModule('facts');
  const gather = ast.keywords.get('gather_facts')?.value;
  if (module === undefined || (gather?.kind === 'scalar' && /^(false|no|off)$/i.test(String(gather.value))))
    return [];
  const order = numbering.next++;
  return [
    {
      kind: 'task',
      id: `${numbering.prefix}.${order}`,
      order,
      span: ast.span,
      file: ast.file,
      title: 'Gathering Facts',
      module,
      args: { node: { kind: 'map', span: ast.span, entries: [] }, values: new Map() },
      inherited: { ...inherited, tags: ['always'] },
      register: null,
      loop: null,
      loopControl: plainLoop,
      until: [],
      retries: null,
      delay: null,
      changedWhen: null,
      failedWhen: null,
      listen: [],
      readsOthers: 'no',
    },
  ];
}

/** Handlers as one list: blocks among them only group keywords. */
function flatten(nodes: readonly PlanNode[]): readonly PlanTask[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'task':
        return [node];
      case 'block':
        return flatten([...node.body, ...node.rescue, ...node.always]);
      case 'barrier':
      case 'flush':
        return [];
    }
  });
}
