import { isMap, type Output, type Value } from '../core/value.ts';
import type { MapNode } from '../document/node.ts';
import type { TaskAst } from '../playbook/ast.ts';
import { take } from '../playbook/compile-keyword.ts';
import { mergedMaps } from '../playbook/vars-files.ts';
import { varsRequest } from '../playbook/vars-request.ts';
import type { Layer } from '../variables/layer.ts';
import type { Compiler } from './compiler.ts';
import { varsLayer } from './inherit.ts';
import type { Grown, PlanTask } from './plan.ts';
import type { Site } from './site.ts';

/** What `include_vars` brings with this result of its module: no tasks, but variables. */
export function bringVars(
  compiler: Compiler,
  { step, task, site }: { readonly step: TaskAst; readonly task: PlanTask; readonly site: Site },
  { output, when }: { readonly output: Output; readonly when: 'ahead' | 'now' },
): Grown | null {
  const { file, args, inherited } = task;
  const request = varsRequest(output, {
    node: args.node,
    file,
    role: inherited.role,
    playFolder: site.play.folder,
  });
  const read = compiler.project.vars(request);
  // The run may never come to a file that is missing, or make it first.
  if (!read.ok && when === 'ahead' && read.diagnostics.every(({ code }) => code === 'HAPB2026')) return null;
  const found = take(compiler, read);
  if (found === null) return null;
  const into = isMap(output.include_args) ? output.include_args.name : undefined;
  const variables = entriesOf(compiler, found.maps, { name: into, step });
  const files = { ansible_included_var_files: found.files };
  return { label: request.name, body: [], handlers: [], roles: [], variables, output: files };
}

function entriesOf(
  compiler: Compiler,
  maps: readonly MapNode[],
  { name, step }: { readonly name: Value | undefined; readonly step: TaskAst },
): Layer['entries'] {
  const level = 'include_vars';
  if (typeof name !== 'string')
    return new Map(maps.flatMap((map) => [...varsLayer(compiler, map, level).entries]));
  const value = mergedMaps(maps, step.span);
  const secret = maps.find((map) => compiler.tools.wasEncrypted(map.span.file));
  const { span } = secret ?? value;
  return varsLayer(compiler, { kind: 'map', span, entries: [{ key: name, span, value }] }, level).entries;
}
