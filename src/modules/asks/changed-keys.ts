import { basename } from 'node:path';
import type { Effect } from '../../core/change.ts';
import type { Unknown } from '../../core/unknown.ts';
import type { DocNode } from '../../document/node.ts';
import type { AnyModule, ArgSchema } from '../module.ts';
import { fileKey, leadsEffect } from './file-state.ts';
import { groupKey } from './group.ts';
import { packageKey } from './package.ts';
import { sysctlKey } from './sysctl.ts';
import { unitKey } from './unit.ts';
import { accountFiles, userKey } from './user.ts';

/** What a task leaves open whose arguments can be told so far: all that they name, and where a link may lead. */
export function openEffects(
  { name: action, args: schema }: Pick<AnyModule, 'name' | 'args'>,
  args: object,
  state: Unknown,
): readonly Effect[] {
  const { src = null, path = null }: { readonly src?: unknown; readonly path?: unknown } = args;
  const keys = Object.entries(args).flatMap(([name, value]) =>
    changedKeys(schema.properties[name], value, src),
  );
  const leads = action === 'file' && isText(src) && isText(path) ? [leadsEffect(path, src)] : [];
  return [...keys.map((key) => ({ key, state })), ...leads];
}

/**
 * Keys of what an argument's value names of a host, where its schema says that the task changes it. `source`: what the task
 * puts there, whose name counts in a folder.
 */
function changedKeys(schema: ArgSchema | undefined, value: unknown, source: unknown): readonly string[] {
  const kind = schema?.changes;
  if (kind === undefined) return [];
  const texts = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(isText);
  const into = kind === 'file' && isText(source) ? basename(source) : '';
  // What is put there may be a folder with all that is in it; what is fetched has a name that an address tells.
  const whole =
    kind === 'file' &&
    ((isText(source) && source.endsWith('/')) || (into === '' && texts.some((text) => text.endsWith('/'))));
  return texts.flatMap((text) => [
    ...keysOf(whole ? 'tree' : kind, text),
    // Where a folder is, it lies in it.
    ...(into === '' ? [] : keysOf('tree', `${text.replace(/\/+$/, '')}/${into}`)),
  ]);
}

/** What a text may mean that is not known whole: all in the folder that it begins with, or all there is. */
export function somewhereBelow(written: readonly (DocNode | undefined)[]): string {
  const [text = ''] = written.flatMap((node) => (node?.kind === 'scalar' ? [String(node.value)] : []));
  const known = /^[^{~$]*/.exec(text)?.[0] ?? '';
  return `${known.replace(/[^/]*$/, '')}*`;
}

function keysOf(kind: NonNullable<ArgSchema['changes']>, text: string): readonly string[] {
  // Only the host knows where a home or a variable leads: it may be any file.
  const path = /^~|\$/.test(text) ? '*' : text.replace(/(?<=.)\/+$/, '');
  switch (kind) {
    case 'file':
      return [fileKey(path)];
    case 'tree':
      return path.endsWith('*') ? [fileKey(path)] : [fileKey(path), fileKey(`${path}/*`)];
    case 'package':
      return text.split(',').map((name) => packageKey(name.trim().replace(/[=<>].*$/, '')));
    case 'unit':
      return [unitKey(text)];
    case 'user':
      return [
        userKey(text),
        groupKey(text),
        ...keysOf('tree', `/home/${text}`),
        ...accountFiles.map((file) => fileKey(file)),
      ];
    case 'group':
      return [groupKey(text), ...accountFiles.map((file) => fileKey(file))];
    case 'sysctl':
      return [sysctlKey(text)];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
