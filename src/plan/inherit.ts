import type { MapNode } from '../document/node.ts';
import type { Keywords } from '../playbook/ast.ts';
import { entriesOf } from '../variables/entries.ts';
import type { Layer } from '../variables/layer.ts';
import { sealEntry } from '../variables/seal.ts';
import { type Compiler, conditions, fixedNames, names, report, template } from './compiler.ts';
import type { Inherited } from './plan.ts';

/** What a play without keywords hands down. */
export const nothingInherited: Inherited = {
  when: [],
  tags: [],
  layers: [],
  environment: [],
  become: null,
  becomeUser: null,
  becomeMethod: null,
  anyErrorsFatal: null,
  ignoreErrors: null,
  ignoreUnreachable: null,
  noLog: null,
  checkMode: null,
  diff: null,
  throttle: null,
  timeout: null,
  runOnce: null,
  delegateTo: null,
  notify: [],
};

/** Adds a level (play, block, import or task) to what its parents hand down. `level`: where its vars stand. */
export function inherit(
  compiler: Compiler,
  parent: Inherited,
  { keywords, level }: { readonly keywords: Keywords; readonly level: 'play' | 'block' | 'task' },
): Inherited {
  const nearest = (name: string, outer: Inherited[NearestKey]): Inherited[NearestKey] =>
    template(compiler, keywords.get(name)) ?? outer;
  const vars = keywords.get('vars')?.value;
  const ownVars =
    level !== 'play' && vars?.kind === 'map'
      ? varsLayer(compiler, vars, level === 'block' ? 'block vars' : 'task vars')
      : null;
  if (vars !== undefined && vars.kind !== 'map' && !(vars.kind === 'scalar' && vars.value === null)) {
    report(compiler, {
      code: 'HAPB2022',
      message: '"vars" needs a mapping of names to values',
      span: vars.span,
      hint: 'Write "NAME: VALUE" lines below "vars:", without "- ".',
    });
  }
  const environment = template(compiler, keywords.get('environment'));
  return {
    when: [...parent.when, ...conditions(compiler, keywords.get('when'))],
    tags: [...new Set([...parent.tags, ...fixedNames(compiler, keywords.get('tags'))])],
    layers: ownVars === null ? parent.layers : [...parent.layers, ownVars],
    environment: environment === null ? parent.environment : [...parent.environment, environment],
    become: nearest('become', parent.become),
    becomeUser: nearest('become_user', parent.becomeUser),
    becomeMethod: nearest('become_method', parent.becomeMethod),
    anyErrorsFatal: nearest('any_errors_fatal', parent.anyErrorsFatal),
    ignoreErrors: nearest('ignore_errors', parent.ignoreErrors),
    ignoreUnreachable: nearest('ignore_unreachable', parent.ignoreUnreachable),
    noLog: nearest('no_log', parent.noLog),
    checkMode: nearest('check_mode', parent.checkMode),
    diff: nearest('diff', parent.diff),
    throttle: nearest('throttle', parent.throttle),
    timeout: nearest('timeout', parent.timeout),
    runOnce: nearest('run_once', parent.runOnce),
    delegateTo: nearest('delegate_to', parent.delegateTo),
    notify: [...parent.notify, ...names(compiler, keywords.get('notify'))],
  };
}

/** The keywords of which the nearest level's value counts. */
type NearestKey = Exclude<keyof Inherited, 'when' | 'tags' | 'layers' | 'environment' | 'notify'>;

/** Variables of one `vars:` block as a layer. */
export function varsLayer(compiler: Compiler, node: MapNode, level: Layer['level']): Layer {
  const { entries, problems } = entriesOf(node, compiler.tools.decryptScalar);
  compiler.problems.push(...problems);
  const { file } = node.span;
  if (!compiler.tools.wasEncrypted(file)) return { level, source: file, entries };
  const secret = new Map([...entries].map(([name, entry]) => [name, sealEntry(name, entry)]));
  return { level, source: file, entries: secret };
}
