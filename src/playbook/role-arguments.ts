import { resolve } from 'node:path';
import type { Span } from '../core/source.ts';
import { type DocNode, entryOf, type MapEntry, type MapNode, type ScalarNode } from '../document/node.ts';
import type { RoleAst, TaskAst } from './ast.ts';

/** The task with which a role begins that says what its arguments must be; `null`: it says nothing of these tasks. */
export function validationOf(role: RoleAst, tasksFrom: string | null): TaskAst | null {
  const entryPoint = tasksFrom ?? 'main';
  const entry = role.specs?.entries.find(({ key }) => key === entryPoint);
  if (entry?.value.kind !== 'map') return null;
  const { span } = entry;
  const described = entryOf(entry.value, 'short_description')?.value;
  const about = described?.kind === 'scalar' ? ` - ${String(described.value)}` : '';
  const options = entryOf(entry.value, 'options')?.value ?? map(span, {});
  const context = {
    type: 'role',
    name: role.name,
    argument_spec_name: entryPoint,
    path: resolve(role.folder),
  };
  const args = map(span, {
    argument_spec: withoutWords(options),
    validate_args_context: map(
      span,
      mapped(context, (value) => text(span, value)),
    ),
  });
  const module = 'validate_argument_spec';
  const name = `Validating arguments against arg spec '${entryPoint}'${about}`;
  return {
    kind: 'task',
    span,
    file: span.file,
    keywords: new Map(
      Object.entries({ name, tags: 'always' }).map(([key, value]) => [
        key,
        { key, span, value: text(span, value) },
      ]),
    ),
    action: { name: module, written: `ansible.builtin.${module}`, span, args, freeForm: null, whole: [] },
    apply: new Map(),
  };
}

function text(span: Span, value: string): ScalarNode {
  return { kind: 'scalar', span, value, tag: null, spanOf: () => span };
}

function map(span: Span, values: Readonly<Record<string, DocNode>>): MapNode {
  const entries = Object.entries(values).map(([key, value]): MapEntry => ({ key, span, value }));
  return { kind: 'map', span, entries };
}

function mapped<A, B>(
  values: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** Descriptions are for people, and may hold what would be taken for an expression. */
function withoutWords(options: DocNode): DocNode {
  if (options.kind !== 'map') return options;
  const entries = options.entries.map((option): MapEntry => {
    if (option.value.kind !== 'map') return option;
    const kept = option.value.entries.filter(
      ({ key }) => !/^(?:description|version_added|default)$/.test(key),
    );
    const inner = kept.map((entry) =>
      entry.key === 'options' ? { ...entry, value: withoutWords(entry.value) } : entry,
    );
    return { ...option, value: { ...option.value, entries: inner } };
  });
  return { ...options, entries };
}
