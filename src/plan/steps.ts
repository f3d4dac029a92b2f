import { entryOf } from '../document/node.ts';
import { metaActions } from '../modules/general/meta.ts';
import type { StepAst, TaskAst } from '../playbook/ast.ts';
import { fixedText, report, tagNames, take } from '../playbook/compile-keyword.ts';
import { importsItself } from '../playbook/load.ts';
import { isInclude } from '../playbook/parse-include.ts';
import { taskFilePlaces } from '../playbook/places.ts';
import { selected } from '../playbook/tags.ts';
import type { Compiler } from './compiler.ts';
import { importArguments, importedName } from './imports.ts';
import { buildInclude } from './includes.ts';
import { inherit, runsOf } from './inherit.ts';
import type { PlanNode, PlanTask } from './plan.ts';
import { importRole } from './roles.ts';
import { inFile, isOpen, nextNode, type Site } from './site.ts';
import { withVariablesOfSpec } from './spec-variables.ts';
import { buildTask } from './task.ts';

/** Compiles a list of steps. What no tag selects is left out. */
export function buildSteps(compiler: Compiler, steps: readonly StepAst[], site: Site): readonly PlanNode[] {
  return steps.flatMap((step) => buildStep(compiler, step, site));
}

/** Handlers as one list: blocks among them only group keywords. */
export function buildHandlers(
  compiler: Compiler,
  steps: readonly StepAst[],
  site: Site,
): readonly PlanTask[] {
  return flatten(buildSteps(compiler, steps, { ...site, place: 'handler' }));
}

function flatten(nodes: readonly PlanNode[]): readonly PlanTask[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'task':
        return [node];
      case 'block':
        return flatten([...node.body, ...node.rescue, ...node.always]);
      case 'role':
        return flatten(node.body);
      case 'barrier':
      case 'flush':
        return [];
    }
  });
}

function buildStep(compiler: Compiler, step: StepAst, site: Site): readonly PlanNode[] {
  switch (step.kind) {
    case 'block': {
      const { id, order } = nextNode(site.numbering);
      const inner = { ...site, inherited: inherit(compiler, site.inherited, { ...step, level: 'block' }) };
      const steps = (list: readonly StepAst[]): readonly PlanNode[] => buildSteps(compiler, list, inner);
      const tried: Site = step.rescue.length === 0 ? inner : { ...inner, failure: 'caught' };
      const block = {
        body: buildSteps(compiler, step.body, tried),
        rescue: steps(step.rescue),
        always: steps(step.always),
      };
      if (block.body.length === 0 && block.always.length === 0) return [];
      if (block.rescue.length === 0 && block.always.length === 0) return block.body;
      return [{ kind: 'block', id, order, span: step.span, ...block }];
    }
    case 'barrier': {
      const tags = [
        ...site.inherited.tags,
        ...tagNames(compiler, step.keywords.get('tags'), site.inherited.known),
      ];
      if (tags.length > 0 && !selected(tags, compiler.tags)) return [];
      return [{ kind: 'barrier', ...nextNode(site.numbering), span: step.span, title: step.name }];
    }
    case 'task':
      return buildAction(compiler, step, site);
  }
}

function buildAction(compiler: Compiler, step: TaskAst, site: Site): readonly PlanNode[] {
  switch (step.action.name) {
    case 'import_tasks':
      return importTasks(compiler, step, site);
    case 'import_role':
      return importRole(compiler, step, site);
    default: {
      const task = buildOwn(compiler, step, site);
      if (task === null) return [];
      // A handler runs when it is notified, whatever its tags.
      return site.place === 'handler' || selected(task.inherited.tags, compiler.tags) ? [task] : [];
    }
  }
}

function buildOwn(compiler: Compiler, step: TaskAst, site: Site): PlanTask | null {
  const { name } = step.action;
  if (isInclude(name) || name === 'include_vars') return buildInclude(compiler, step, site);
  if (name === 'meta') return buildMeta(compiler, step, site);
  const task = buildTask(compiler, step, {
    parent: site.inherited,
    level: 'task',
    ...nextNode(site.numbering),
  });
  return task !== null && name === 'validate_argument_spec' ? withVariablesOfSpec(task) : task;
}

/** A meta task steers the run; where it would have no meaning it is an error (HAPB2025). */
function buildMeta(compiler: Compiler, step: TaskAst, site: Site): PlanTask | null {
  const task = buildTask(compiler, step, {
    parent: site.inherited,
    level: 'task',
    ...nextNode(site.numbering),
  });
  const written = fixedText(
    compiler,
    task === null ? undefined : entryOf(task.args.node, 'action')?.value,
    'meta',
  );
  const action = metaActions.find((name) => name === written);
  if (task === null || action === undefined) return null;
  const misplaced =
    action === 'end_role' && site.parents.length === 0
      ? 'outside of a role'
      : site.place === 'handler' && (action === 'end_role' || action === 'flush_handlers')
        ? 'as a handler'
        : null;
  if (misplaced === null) return { ...task, meta: action };
  report(compiler, {
    code: 'HAPB2025',
    message: `"meta: ${action}" has no meaning ${misplaced}`,
    span: step.action.span,
    hint: 'Remove it, or put it among the tasks that it is meant for.',
  });
  return null;
}

function importTasks(compiler: Compiler, step: TaskAst, site: Site): readonly PlanNode[] {
  const args = importArguments(compiler, step, { known: ['file'], required: 'file', alias: null });
  const inherited = inherit(compiler, site.inherited, { keywords: step.keywords, level: 'block' });
  const inner = { ...site, inherited };
  const file = args.get('file');
  const name = importedName(compiler, file, inner);
  if (file === undefined || name === null) return [];
  const candidates = taskFilePlaces(site, name, 'import');
  const { place } = site;
  const found = take(
    compiler,
    compiler.project.tasks({ name, candidates, span: file.span, place, runs: runsOf(inherited) }),
  );
  if (found === null) return [];
  if (!isOpen(site, found.path)) return buildSteps(compiler, found.steps, inFile(inner, found.path));
  report(compiler, importsItself([...site.trail, found.path], file.span));
  return [];
}
