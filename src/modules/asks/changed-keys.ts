import { basename } from 'node:path';
import type { DocNode } from '../../document/node.ts';
import type { ArgSchema } from '../module.ts';
import { fileKey } from './file-state.ts';
import { groupKey } from './group.ts';
import { packageKey } from './package.ts';
import { sysctlKey } from './sysctl.ts';
import { unitKey } from './unit.ts';
import { userKey } from './user.ts';

/**
 * Keys of what an argument's value names of a host, where its schema says that the task changes it. `source`: what the task
 * puts there, whose name counts in a folder.
 */
export function changedKeys(
  schema: ArgSchema | undefined,
  value: unknown,
  source: unknown,
): readonly string[] {
  const kind = schema?.changes;
  if (kind === undefined) return [];
  const texts = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(isText);
  const into = kind === 'file' && isText(source) ? basename(source) : '';
  // What is put there may be a folder with all that is in it.
  const whole = kind === 'file' && isText(source) && source.endsWith('/');
  return texts.flatMap((text) => [
    ...keysOf(whole ? 'tree' : kind, text),
    ...(text.endsWith('/') && into !== '' ? keysOf('tree', `${text}${into}`) : []),
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
      return [userKey(text)];
    case 'group':
      return [groupKey(text)];
    case 'sysctl':
      return [sysctlKey(text)];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
