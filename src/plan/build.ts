import { dirname, resolve } from 'node:path';
import { distinct, type Judged, judged } from '../core/diagnostic.ts';
import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import { hostOrders } from '../inventory/line-up.ts';
import type { PlayAst, PromptAst } from '../playbook/ast.ts';
import { fixedText, report, template, templateOf } from '../playbook/compile-keyword.ts';
import { selected } from '../playbook/tags.ts';
import { type Layer, valueLayer } from '../variables/layer.ts';
import { readVarsFiles, type VarsFilesEntry } from '../variables/vars-files.ts';
import type { BuildOptions, Compiler } from './compiler.ts';
import { inherit, nothingInherited, varsLayer } from './inherit.ts';
import type { Inherited, Plan, PlanNode, PlanPlay, PlanPrompt, PlanTask } from './plan.ts';
import { listedRole } from './roles.ts';
import { type Numbering, nextNode, type PlaySite, type Site } from './site.ts';
import { buildHandlers, buildSteps } from './steps.ts';
import { buildTask } from './task.ts';

/** Compiles plays into the tree that a run walks. All problems are reported at once. */
export function buildPlan(plays: readonly PlayAst[], options: BuildOptions): Judged<Plan> {
  const compiler = createCompiler(options);
  const built = plays.flatMap((play, index) => buildPlay(compiler, play, String(index)) ?? []);
  const plan = { plays: built, playbookStarts: new Set<number>(), lostNames: compiler.lostNames };
  return judged(plan, distinct(compiler.problems));
}

function createCompiler(options: BuildOptions): Compiler {
  const compiler: Compiler = {
    ...options,
    problems: [],
    lostNames: [],
    steps: (steps, site) => buildSteps(compiler, steps, site),
    handlers: (steps, site) => buildHandlers(compiler, steps, site),
  };
  return compiler;
}

const strategies = ['linear', 'free', 'host_pinned'] as const;

function buildPlay(compiler: Compiler, ast: PlayAst, id: string): PlanPlay | null {
  const { keywords } = ast;
  const hosts = template(compiler, keywords.get('hosts'));
  const { layers, lateVars } = playLayers(compiler, ast);
  const around: Inherited = { ...nothingInherited, known: knownLayers(compiler, ast, layers) };
  const own = inherit(compiler, around, { keywords, level: 'play' });
  const imported = ast.imports.reduce(
    (outer, level) => inherit(compiler, outer, { keywords: level, level: 'play' }),
    around,
  );
  const inherited: Inherited = {
    ...own,
    when: [...imported.when, ...own.when],
    tags: [...new Set([...own.tags, ...imported.tags])],
  };
  const numbering: Numbering = { prefix: id, next: 0 };
  const play: PlaySite = { folder: dirname(ast.file), roles: [], handlers: [] };
  const site: Site = {
    place: 'task',
    inherited,
    numbering,
    includers: [],
    parents: [],
    trail: [ast.file],
    items: [],
    imports: 0,
    failure: 'final',
    play,
  };
  const body: PlanNode[] = [];
  const flush = (): void => {
    body.push({ kind: 'flush', ...nextNode(numbering), span: ast.span });
  };
  const facts = factsTask(compiler, { ast, inherited, numbering });
  body.push(...facts);
  body.push(...buildSteps(compiler, ast.preTasks, site));
  if (ast.preTasks.length > 0) flush();
  const listed = ast.roles.flatMap((role) => listedRole(compiler, role, site) ?? []);
  body.push(...listed.flatMap((role) => role.body));
  body.push(...buildSteps(compiler, ast.tasks, site));
  flush();
  body.push(...buildSteps(compiler, ast.postTasks, site));
  if (ast.postTasks.length > 0) flush();
  const handlers = [
    ...listed.flatMap((role) => role.handlers),
    // Conditions of an import are not for handlers.
    ...buildHandlers(compiler, ast.handlers, { ...site, inherited: own }),
    ...play.handlers,
  ];
  if (hosts === null) return null;
  const name = scalarOf(keywords.get('name')?.value);
  const title = template(compiler, keywords.get('name'));
  const written = scalarOf(keywords.get('hosts')?.value);
  const ofList = { ...hosts, constant: true, references: [], render: () => written };
  return {
    id,
    name: name === '' ? written : name,
    titles: [
      ...(title === null ? [] : [title]),
      keywords.get('hosts')?.value.kind === 'list' ? ofList : hosts,
    ],
    span: ast.span,
    file: ast.file,
    folder: resolve(dirname(ast.file)),
    tags: inherited.tags,
    hosts,
    strategy: oneOf(compiler, keywords.get('strategy'), strategies, 'ansible.builtin.') ?? 'linear',
    prompts: ast.prompts.map((prompt) => buildPrompt(compiler, prompt)),
    serial: template(compiler, keywords.get('serial')),
    gatherFacts: facts.length === 0 ? null : template(compiler, keywords.get('gather_facts')),
    order: oneOf(compiler, keywords.get('order'), hostOrders) ?? 'inventory',
    maxFailPercentage: template(compiler, keywords.get('max_fail_percentage')),
    forceHandlers: template(compiler, keywords.get('force_handlers')),
    layers,
    lateVars,
    body,
    handlers,
    roles: [...listed.map(({ role }) => ({ role, exported: 'yes' as const })), ...play.roles],
  };
}

/** What is known before anything connects, besides variables of roles, blocks and imports. */
function knownLayers({ extraVars }: Compiler, { file }: PlayAst, layers: readonly Layer[]): readonly Layer[] {
  const magic = valueLayer('magic', 'hapb', { playbook_dir: resolve(dirname(file)) });
  return [...layers, ...(extraVars === null ? [] : [extraVars]), magic];
}

function buildPrompt(compiler: Compiler, { name, span, keywords }: PromptAst): PlanPrompt {
  return {
    name,
    span,
    question: template(compiler, keywords.get('prompt')),
    fallback: template(compiler, keywords.get('default')),
    private: template(compiler, keywords.get('private')),
    confirm: template(compiler, keywords.get('confirm')),
    encrypt: template(compiler, keywords.get('encrypt')),
    salt: template(compiler, keywords.get('salt')),
    saltSize: template(compiler, keywords.get('salt_size')),
  };
}

/** A value as it is written; of a list its items. */
function scalarOf(node: DocNode | undefined): string {
  if (node?.kind === 'list') return node.items.map(scalarOf).join(',');
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : '';
}

function oneOf<T extends string>(
  compiler: Compiler,
  entry: MapEntry | undefined,
  allowed: readonly T[],
  collection = '',
): T | null {
  const text = fixedText(compiler, entry?.value, entry?.key ?? '');
  if (entry === undefined || text === null) return null;
  const found = allowed.find((item) => item === text || collection + item === text);
  if (found !== undefined) return found;
  report(compiler, {
    code: 'HAPB2023',
    message: `"${entry.key}" is "${text}"`,
    span: entry.value.span,
    hint: `It can be: ${allowed.join(', ')}.`,
  });
  return null;
}

/** Play vars, those of imports around it over them, then vars_files in order (the later file wins), as Ansible ranks them. */
function playLayers(compiler: Compiler, ast: PlayAst): Pick<PlanPlay, 'layers' | 'lateVars'> {
  const own: Layer[] = [ast.keywords, ...[...ast.imports].reverse()].flatMap((keywords) => {
    const vars = keywords.get('vars')?.value;
    return vars?.kind === 'map' ? [varsLayer(compiler, vars, 'play vars')] : [];
  });
  const entries = itemsOf(ast.keywords.get('vars_files')?.value).map(
    (node): VarsFilesEntry => ({
      kind: node.kind === 'list' ? 'any' : 'one',
      names: itemsOf(node).flatMap((name) => templateOf(compiler, name) ?? []),
      span: node.span,
    }),
  );
  const known = compiler.extraVars === null ? own : [...own, compiler.extraVars];
  const asked = new Set(ast.prompts.map(({ name }) => name));
  const read = readVarsFiles(entries, { playbook: ast.file, tools: compiler.tools, known, asked });
  compiler.problems.push(...read.problems);
  return { layers: [...own, ...read.layers], lateVars: read.late };
}

function itemsOf(node: DocNode | undefined): readonly DocNode[] {
  return node === undefined ? [] : node.kind === 'list' ? node.items : [node];
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
  const gather = ast.keywords.get('gather_facts');
  const flag = gather?.value.kind === 'scalar' ? String(gather.value.value) : '';
  if (/^(false|no|off|0)$/i.test(flag)) return [];
  const entries = ['gather_subset', 'gather_timeout', 'fact_path'].flatMap(
    (name) => ast.keywords.get(name) ?? [],
  );
  const args: MapNode = { kind: 'map', span: ast.span, entries };
  const tags = inherited.tags.length === 0 ? ['always'] : inherited.tags;
  const task = buildTask(
    compiler,
    {
      kind: 'task',
      span: ast.span,
      file: ast.file,
      keywords: new Map(),
      apply: new Map(),
      action: { name: 'facts', written: 'facts', span: ast.span, args, freeForm: null, whole: [] },
    },
    { parent: { ...inherited, tags }, level: 'task', ...nextNode(numbering) },
  );
  if (task === null || !selected(tags, compiler.tags)) return [];
  const title = 'Gathering Facts';
  return [{ ...task, name: title, title }];
}
