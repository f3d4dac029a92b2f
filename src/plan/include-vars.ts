import { dirname, isAbsolute, join } from 'node:path';
import { isMap, type Output, type Value } from '../core/value.ts';
import { entryOf, type MapNode } from '../document/node.ts';
import { pattern } from '../expression/pattern.ts';
import type { TaskAst } from '../playbook/ast.ts';
import { take } from '../playbook/compile-keyword.ts';
import { mergedMaps, type VarsRequest } from '../playbook/vars-files.ts';
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
  const args = isMap(output.include_args) ? output.include_args : {};
  const request = requestOf(args, { step, task, site });
  const read = compiler.project.vars(request);
  // The run may never come to a file that is missing, or make it first.
  if (!read.ok && when === 'ahead' && read.diagnostics.every(({ code }) => code === 'HAPB2026')) return null;
  const found = take(compiler, read);
  if (found === null) return null;
  const variables = entriesOf(compiler, found.maps, { name: args.name, step });
  const files = { ansible_included_var_files: found.files };
  return { label: request.name, body: [], handlers: [], roles: [], variables, output: files };
}

function requestOf(
  args: Readonly<Record<string, Value>>,
  { task, site }: { readonly task: PlanTask; readonly site: Site; readonly step: TaskAst },
): VarsRequest {
  const kind = args.dir === undefined ? 'file' : 'dir';
  const written = args[kind];
  const name = typeof written === 'string' ? written.trimEnd() : '';
  const matching = typeof args.files_matching === 'string' ? args.files_matching : '';
  const ignored = textsOf(args.ignore_files);
  return {
    kind,
    name,
    candidates: isAbsolute(name) ? [name] : (kind === 'file' ? filePlaces : folderPlaces)(name, task, site),
    span: entryOf(task.args.node, kind)?.value.span ?? task.args.node.span,
    depth: Number(args.depth ?? 0),
    wanted: (file) => matches(matching, file) && !ignored.some((source) => matches(`${source}$`, file)),
    extensions: textsOf(args.extensions ?? ['yaml', 'yml', 'json']),
    others: args.ignore_unknown_extensions === true ? 'ignored' : 'error',
  };
}

function matches(source: string, text: string): boolean {
  return source === '' || pattern(source, { ignoreCase: false, multiline: false }).matcher(text).find();
}

/** A text of several words means several, as in Ansible. */
function textsOf(value: Value | undefined): readonly string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(value) ? value.map(String) : [];
}

function filePlaces(name: string, task: PlanTask, site: Site): readonly string[] {
  const folders = [...(task.inherited.role?.folders ?? []), dirname(task.file), site.play.folder];
  const places = folders.flatMap((folder) => [join(folder, 'vars', name), join(folder, name)]);
  return [...new Set(name.startsWith('vars/') ? folders.map((folder) => join(folder, name)) : places)];
}

function folderPlaces(name: string, task: PlanTask): readonly string[] {
  const role = task.inherited.role;
  if (role === null) return [join(dirname(task.file), name)];
  return [name.startsWith('vars') ? join(role.folder, name) : join(role.folder, 'vars', name)];
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
