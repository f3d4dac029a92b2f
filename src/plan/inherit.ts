import type { Span } from '../core/source.ts';
import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import type { Keywords } from '../playbook/ast.ts';
import { conditions, isText, names, report, tagNames, template } from '../playbook/compile-keyword.ts';
import { connectionLayer, saysHowToConnect } from '../playbook/connection-keywords.ts';
import { type NearestKeyword, nearestKeywords } from '../playbook/keywords.ts';
import { remembering } from '../playbook/made-once.ts';
import { moduleName } from '../playbook/module-name.ts';
import { areFixed } from '../playbook/tags.ts';
import { unlessOmitted } from '../template/omitted.ts';
import type { Template } from '../template/template.ts';
import { entriesOf } from '../variables/entries.ts';
import type { Layer } from '../variables/layer.ts';
import { sealEntry } from '../variables/seal.ts';
import type { Compiler } from './compiler.ts';
import type { Inherited, ModuleDefaults } from './plan.ts';

/** What a play without keywords hands down. */
export const nothingInherited: Inherited = {
  when: [],
  tags: [],
  layers: [],
  known: [],
  environment: [],
  nearest: {},
  connection: connectionLayer({}),
  notify: [],
  moduleDefaults: new Map(),
  role: null,
};

/** Whether a condition may keep what inherits this from running. */
export function runsOf({ when }: Inherited): 'always' | 'perhaps' {
  return when.length === 0 ? 'always' : 'perhaps';
}

/** Where the vars of each kind of level stand; `null`: not among the inherited ones. */
const varsLevels = {
  play: null,
  role: null,
  block: 'block vars',
  task: 'task vars',
  include: 'include params',
} as const;

/** Adds a level (play, block, import or task) to what its parents hand down. `level`: where its vars stand. */
export function inherit(
  compiler: Compiler,
  parent: Inherited,
  { keywords, level }: { readonly keywords: Keywords; readonly level: keyof typeof varsLevels },
): Inherited {
  const own = ownKeywords[level](compiler, keywords, () => readOwn(compiler, keywords, varsLevels[level]));
  if (own === null) return parent;
  const tags = own.tags ?? tagNames(compiler, keywords.get('tags'), parent.known);
  const isOne = keywords.get('notify')?.value.kind === 'scalar';
  const nearest = own.nearest === null ? parent.nearest : { ...parent.nearest, ...own.nearest };
  return {
    when: joined(parent.when, own.when),
    tags: tags.length === 0 ? parent.tags : [...new Set([...parent.tags, ...tags])],
    layers: joined(parent.layers, own.layers),
    known: parent.known,
    environment: joined(parent.environment, own.environment),
    nearest,
    connection: own.reaches ? connectionLayer(nearest) : parent.connection,
    notify: own.notify?.map((name) => unlessOmitted(name, isOne ? parent.notify : [])) ?? parent.notify,
    moduleDefaults: moduleDefaults(compiler, parent.moduleDefaults, keywords.get('module_defaults')),
    role: parent.role,
  };
}

function joined<T>(outer: readonly T[], own: readonly T[]): readonly T[] {
  return own.length === 0 ? outer : outer.length === 0 ? own : [...outer, ...own];
}

/** What a level itself says; `null` for nothing that its children could inherit. */
interface OwnKeywords extends Pick<Inherited, 'when' | 'layers' | 'environment'> {
  /** In place of what parents notify; `null`: nothing is said of it. */
  readonly notify: Inherited['notify'] | null;
  /** `null`: they depend on variables. */
  readonly tags: readonly string[] | null;
  /** `null`: nothing. */
  readonly nearest: Inherited['nearest'] | null;
  /** Whether `nearest` tells how a host is reached. */
  readonly reaches: boolean;
}

const ownKeywords = {
  play: remembering<Keywords, OwnKeywords | null>(),
  role: remembering<Keywords, OwnKeywords | null>(),
  block: remembering<Keywords, OwnKeywords | null>(),
  task: remembering<Keywords, OwnKeywords | null>(),
  include: remembering<Keywords, OwnKeywords | null>(),
} as const;

function readOwn(
  compiler: Compiler,
  keywords: Keywords,
  varsLevel: (typeof varsLevels)[keyof typeof varsLevels],
): OwnKeywords | null {
  const vars = keywords.get('vars')?.value;
  const ownVars = varsLevel !== null && vars?.kind === 'map' ? varsLayer(compiler, vars, varsLevel) : null;
  if (vars !== undefined && vars.kind !== 'map' && !isNothing(vars)) {
    report(compiler, {
      code: 'HAPB2022',
      message: '"vars" needs a mapping of names to values',
      span: vars.span,
      hint: 'Write "NAME: VALUE" lines below "vars:", without "- ".',
    });
  }
  const nearest = nearestOf(compiler, keywords);
  const environment = template(compiler, keywords.get('environment'));
  const given = keywords.get('tags');
  const notify = keywords.get('notify');
  const own: OwnKeywords = {
    when: conditions(compiler, keywords.get('when')),
    tags: given === undefined || areFixed(given) ? tagNames(compiler, given, []) : null,
    layers: ownVars === null ? [] : [ownVars],
    environment: environment === null ? [] : [environment],
    nearest: Object.keys(nearest).length === 0 ? null : nearest,
    reaches: saysHowToConnect(nearest),
    notify: notify === undefined ? null : isNothing(notify.value) ? [] : names(compiler, notify),
  };
  const { when, tags, layers } = own;
  const amount = when.length + (tags?.length ?? 1) + layers.length + own.environment.length;
  return amount === 0 && notify === undefined && own.nearest === null && !keywords.has('module_defaults')
    ? null
    : own;
}

function isNothing(node: DocNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function nearestOf(compiler: Compiler, keywords: Keywords): Inherited['nearest'] {
  const own: Partial<Record<NearestKeyword, Template>> = {};
  for (const name of nearestKeywords) {
    const value = template(compiler, keywords.get(name));
    if (value !== null) own[name] = value;
  }
  return own;
}

/** Adds a level's `module_defaults`; what it says of a module replaces what outer levels say. HAPB2041, HAPB2002. */
function moduleDefaults(
  compiler: Compiler,
  outer: ModuleDefaults,
  entry: MapEntry | undefined,
): ModuleDefaults {
  if (entry === undefined) return outer;
  const all = new Map(outer);
  const wrong = (span: Span): void =>
    report(compiler, {
      code: 'HAPB2022',
      message: '"module_defaults" needs a mapping of modules to their arguments',
      span,
      hint: 'Write "MODULE: {ARGUMENT: VALUE}" lines below it; only the arguments may be an expression.',
    });
  for (const map of entry.value.kind === 'list' ? entry.value.items : [entry.value]) {
    if (map.kind !== 'map') {
      wrong(map.span);
      continue;
    }
    for (const { key, span, value } of map.entries) {
      const module = compiler.findModule(moduleName(key));
      if (value.kind === 'list' || (value.kind === 'scalar' && !isText(value))) wrong(value.span);
      else if (module !== undefined) all.set(module.name, value);
      else noSuchModule(compiler, key, span);
    }
  }
  return all;
}

function noSuchModule(compiler: Compiler, name: string, span: Span): void {
  const isGroup = name.startsWith('group/');
  report(compiler, {
    code: isGroup ? 'HAPB2002' : 'HAPB2041',
    message: isGroup
      ? `"${name}" is not supported: hapb knows no groups of modules`
      : `module_defaults names "${name}", which is no module`,
    span,
    hint: isGroup
      ? 'Write the defaults for each module of the group that the play uses.'
      : 'Correct the name, or remove the line; `hapb modules` lists the modules.',
  });
}

/** Variables of one `vars:` block as a layer. */
export function varsLayer(compiler: Compiler, node: MapNode, level: Layer['level']): Layer {
  const { entries, problems } = entriesOf(node, compiler.tools.decryptScalar);
  compiler.problems.push(...problems);
  const { file } = node.span;
  if (!compiler.tools.wasEncrypted(file)) return { level, source: file, entries };
  const secret = new Map([...entries].map(([name, entry]) => [name, sealEntry(name, entry)]));
  return { level, source: file, entries: secret };
}
