import type { ActionAst, Keywords } from './ast.ts';
import { describe, type Reader, report, splitKeywords, unknownKey } from './reader.ts';

/** Keywords that have a meaning on an include, which is no task that does something itself. */
const allowed: ReadonlySet<string> = new Set([
  'args',
  'collections',
  'ignore_errors',
  'listen',
  'loop',
  'loop_control',
  'name',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
]);

/** Whether an action brings the tasks of a file or role when a host comes to it. */
export function isInclude(name: string): boolean {
  return name === 'include_tasks' || name === 'include_role';
}

/** Takes `apply` from an include's arguments: keywords for what it brings. Refuses what would do nothing (HAPB2004). */
export function parseInclude(
  reader: Reader,
  action: ActionAst,
  keywords: Keywords,
): { readonly action: ActionAst; readonly apply: Keywords } {
  for (const [name, entry] of keywords) {
    if (allowed.has(name) || name.startsWith('with_')) continue;
    report(reader, {
      code: 'HAPB2004',
      message: `"${name}" cannot stand on ${action.name}`,
      span: entry.span,
      hint: `Put it under "apply:" of ${action.name}, so that the tasks get it, or on a block around.`,
    });
  }
  const apply = action.args?.entries.find(({ key }) => key === 'apply');
  if (apply === undefined || action.args === null) return { action, apply: new Map() };
  const args = { ...action.args, entries: action.args.entries.filter((entry) => entry !== apply) };
  if (apply.value.kind !== 'map') {
    report(reader, {
      code: 'HAPB2003',
      message: `"apply" needs a mapping of keywords, found ${describe(apply.value)}`,
      span: apply.value.span,
      hint: 'Write "KEYWORD: VALUE" lines below "apply:".',
    });
    return { action: { ...action, args }, apply: new Map() };
  }
  const { known, others } = splitKeywords(reader, apply.value, 'block');
  for (const entry of others) unknownKey(reader, entry, 'block');
  return { action: { ...action, args }, apply: known };
}
