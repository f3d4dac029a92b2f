import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { numberIn } from '../core/float.ts';
import { Unknown } from '../core/unknown.ts';
import { isMap, type Output, type Value } from '../core/value.ts';
import { entryOf } from '../document/node.ts';
import { printed } from '../expression/print-value.ts';
import type { TaskAst } from '../playbook/ast.ts';
import { isYes, report, take } from '../playbook/compile-keyword.ts';
import { isInclude } from '../playbook/parse-include.ts';
import { roleFolders, taskFilePlaces } from '../playbook/places.ts';
import type { RoleFrom } from '../playbook/project.ts';
import { selected } from '../playbook/tags.ts';
import type { VariableEntry } from '../variables/layer.ts';
import { createScope } from '../variables/scope.ts';
import type { Compiler } from './compiler.ts';
import { bringVars } from './include-vars.ts';
import { inherit, runsOf, varsLayer } from './inherit.ts';
import type { Grown, Growth, Inherited, PlanTask } from './plan.ts';
import { buildRole } from './roles.ts';
import { inFile, nextNode, type Site } from './site.ts';
import { buildTask } from './task.ts';

/** Files and roles that may lead to one another through includes. */
const maxDepth = 250;

/** A task that brings others when a host comes to it. What depends on no host is read now; `null`: it does not compile. */
export function buildInclude(compiler: Compiler, step: TaskAst, site: Site): PlanTask | null {
  const task = buildTask(compiler, step, {
    parent: site.inherited,
    level: isInclude(step.action.name) ? 'include' : 'task',
    ...nextNode(site.numbering),
  });
  // What is left out is not read either.
  if (task === null || (site.place === 'task' && !selected(task.inherited.tags, compiler.tags))) return null;
  const inner: Site = { ...site, items: [...site.items, ...loopNames(task)], imports: site.trail.length };
  return { ...task, title: titleOf(step, task), growth: growthOf(compiler, { step, task, site: inner }) };
}

/** The names that the task's loop sets. */
function loopNames({ loop, loopControl: { loopVar, indexVar } }: PlanTask): readonly string[] {
  return loop === null ? [] : [loopVar, 'ansible_loop', ...(indexVar === null ? [] : [indexVar])];
}

/** As Ansible shows it: an included role by its name as written, without the role around. */
function titleOf(step: TaskAst, task: PlanTask): string {
  if (step.action.name !== 'include_role') return task.title;
  const name = task.args.node.entries.find(({ key }) => key === 'name' || key === 'role')?.value;
  return task.name ?? `${task.action} : ${name?.kind === 'scalar' ? String(name.value) : ''}`;
}

interface Include {
  readonly step: TaskAst;
  readonly task: PlanTask;
  /** Of what it brings. */
  readonly site: Site;
}

function growthOf(compiler: Compiler, include: Include): Growth {
  const { step, task, site } = include;
  const vars = step.keywords.get('vars')?.value;
  const grown = new Map<string, Grown>();
  let asked = false;
  /** What it hands down. Where tags ask for a loop's names, what is brought depends on them. */
  const handed = (items: Readonly<Record<string, Value>>): Inherited => {
    const entryOfItem = (name: string): [string, VariableEntry] => {
      const get = (): Value | undefined => {
        asked = true;
        return items[name];
      };
      return [name, { kind: 'lazy', get }];
    };
    const entries = new Map(site.items.map(entryOfItem));
    const known = [
      ...task.inherited.layers,
      { level: 'include params', source: 'the include', entries },
    ] as const;
    const around = { ...site.inherited, known: [...site.inherited.known, ...known] };
    return inherit(compiler, around, { keywords: step.apply, level: 'block' });
  };
  /** `null`: it is not known, or leads here again; problems tell what else was wrong. */
  const build = (
    output: Output,
    when: 'ahead' | 'now',
    items: Readonly<Record<string, Value>>,
  ): Grown | null => {
    const keyOf = (): string => JSON.stringify([output.include, output.include_args, asked ? items : {}]);
    const known = grown.get(keyOf());
    // Other tasks may write files of variables before.
    if (known !== undefined && (when === 'ahead' || step.action.name !== 'include_vars')) return known;
    const before = compiler.problems.length;
    const numbering = { prefix: `${task.id}/${grown.size}`, next: 0 };
    const play = { ...site.play, roles: [], handlers: [] };
    const inner: Site = { ...site, inherited: handed(items), numbering, play };
    const bring = bringers[step.action.name] ?? bringFile;
    const made = bring(compiler, { ...include, site: inner }, { output, when });
    if (made === null) return null;
    const { roles, handlers } = inner.play;
    const all: Grown = {
      ...made,
      roles: [...made.roles, ...roles],
      handlers: [...made.handlers, ...handlers],
    };
    if (!compiler.problems.slice(before).some(isError)) grown.set(keyOf(), all);
    return all;
  };
  /** What cannot be read is a problem of the plan only where it would end the play. */
  const ahead = (output: Output): Grown | null => {
    const before = compiler.problems.length;
    const made = build(output, 'ahead', unknown);
    const tolerated = site.failure === 'caught' || task.inherited.nearest.ignore_errors !== undefined;
    if (made === null && tolerated) compiler.problems.splice(before);
    return made;
  };
  const unknown = Object.fromEntries(site.items.map((name) => [name, new Unknown('it depends on a loop')]));
  const fixed = fixedNames(task);
  if (fixed === null) handed(unknown);
  return {
    brings: step.action.name === 'include_vars' ? 'variables' : 'tasks',
    params: vars?.kind === 'map' ? varsLayer(compiler, vars, 'include params') : null,
    known: fixed === null ? null : ahead(fixed),
    grow: (output, scope) => {
      const before = compiler.problems.length;
      const items: Record<string, Value> = {};
      for (const name of site.items) {
        const value = scope.lookup(name);
        if (value !== undefined) items[name] = value;
      }
      const made = build(output, 'now', items);
      const problems = compiler.problems.splice(before);
      const first = problems.find(isError);
      if (first !== undefined || made === null) throw failureOf(problems, first);
      return made;
    },
  };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function failureOf(problems: readonly Diagnostic[], first: Diagnostic | undefined): Failure {
  if (first === undefined)
    return new Failure({ code: 'HAPB9000', message: 'nothing was included', hint: 'Report this.' });
  const others = problems.filter((problem) => problem !== first && isError(problem));
  const details = [first.details ?? '', ...others.map(({ message }) => message)].filter(
    (text) => text !== '',
  );
  const { code, message, hint, span } = first;
  return new Failure(
    { code, message, hint, ...(details.length === 0 ? {} : { details: details.join('\n') }) },
    span,
  );
}

/** Arguments that have no part in what is brought. */
const switches: ReadonlySet<string> = new Set(['public', 'allow_duplicates', 'rolespec_validate']);

/** What the module would say, where no variable is in the names; else `null`. */
function fixedNames(task: PlanTask): Output | null {
  const fixed: Record<string, Value> = {};
  for (const [name, arg] of task.args.values) {
    if (switches.has(name)) continue;
    if (arg.kind !== 'template' || !arg.template.constant) return null;
    fixed[name] = arg.template.render(createScope([]));
  }
  return task.module.name === 'include_tasks'
    ? { include: fixed.file ?? '', include_args: {} }
    : { include_args: fixed };
}

/** The result of an include's module, and whether a host is there already. */
interface Wish {
  readonly output: Output;
  readonly when: 'ahead' | 'now';
}

const nothingElse = { variables: new Map(), output: null } satisfies Partial<Grown>;

type Bring = (compiler: Compiler, include: Include, wish: Wish) => Grown | null;

const bringers: Readonly<Record<string, Bring>> = {
  include_tasks: bringFile,
  include_role: bringRole,
  include_vars: bringVars,
};

/** `again`: it leads here already, so that it can only be read when a host comes to it. */
function leadsHere(compiler: Compiler, { site, task }: Include, path: string, when: Wish['when']): boolean {
  if (site.trail.length > maxDepth) {
    report(compiler, {
      code: 'HAPB2018',
      message: `includes lead to one another more than ${maxDepth} times`,
      span: task.args.node.span,
      hint: 'End the recursion with "when" on the include.',
    });
    return true;
  }
  return when === 'ahead' && site.trail.includes(path);
}

function bringFile(compiler: Compiler, include: Include, { output, when }: Wish): Grown | null {
  const { site, task } = include;
  const name = textOf(output.include);
  const candidates = taskFilePlaces(site, name, 'include');
  const span = entryOf(task.args.node, 'file')?.value.span ?? task.args.node.span;
  const { place } = site;
  const found = take(
    compiler,
    compiler.project.tasks({ name, candidates, span, place, runs: runsOf(task.inherited) }),
  );
  if (found === null || leadsHere(compiler, include, found.path, when)) return null;
  const inner = inFile(site, found.path);
  const body =
    place === 'handler' ? compiler.handlers(found.steps, inner) : compiler.steps(found.steps, inner);
  return { label: resolve(found.path), body, handlers: [], roles: [], ...nothingElse };
}

function bringRole(compiler: Compiler, include: Include, { output, when }: Wish): Grown | null {
  const { step, site, task } = include;
  const args = isMap(output.include_args) ? output.include_args : {};
  const file = (kind: keyof RoleFrom): string | null => textOf(args[`${kind}_from`]) || null;
  const from = {
    tasks: file('tasks'),
    vars: file('vars'),
    defaults: file('defaults'),
    handlers: file('handlers'),
  };
  const switchOf = (key: string, fallback: 'no' | 'yes'): 'no' | 'yes' =>
    isYes(entryOf(task.args.node, key)?.value, fallback);
  const name = textOf(args.name);
  const written = entryOf(task.args.node, 'name') ?? entryOf(task.args.node, 'role');
  const span = written?.value.span ?? task.args.node.span;
  const folders = roleFolders(site, compiler.rolesPath);
  const ast = take(compiler, compiler.project.role({ name, folders, from, span }));
  if (ast === null || leadsHere(compiler, include, ast.folder, when)) return null;
  const built = buildRole(
    compiler,
    {
      name,
      span,
      from,
      inherited: site.inherited,
      keywords: step.keywords,
      vars: null,
      params: null,
      repeat: switchOf('allow_duplicates', 'yes'),
      check: switchOf('rolespec_validate', 'yes'),
      by: 'task',
    },
    site,
  );
  if (built === null) return null;
  const roles = [{ role: built.role, exported: switchOf('public', 'no') }];
  return { label: name, body: built.body, handlers: built.handlers, roles, ...nothingElse };
}

function textOf(value: Value | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' || numberIn(value) !== null ? printed(value) : '';
}
