import { Failure } from '../../core/failure.ts';
import type { Module } from '../module.ts';
import {
  applyEdit,
  type EditArgs,
  type EditChange,
  editArguments,
  editReturns,
  planEdit,
} from './edit-change.ts';
import { placeOf } from './line-edit.ts';
import { joinLines, splitLines, type TextFile, textFile } from './text-file.ts';

/** Arguments of `blockinfile`. */
export interface BlockArgs extends EditArgs {
  readonly block?: string;
  readonly marker?: string;
  readonly marker_begin?: string;
  readonly marker_end?: string;
  readonly append_newline?: boolean;
  readonly prepend_newline?: boolean;
}

/** Some lines of a text file between markers. */
export const blockinfile: Module<BlockArgs, TextFile, EditChange> = {
  name: 'blockinfile',
  summary: 'Keeps a block of lines in a text file, between two marker lines.',
  notes: [
    'An empty block is taken out. The markers are Ansible’s by default, so blocks that it wrote are taken over.',
  ],
  args: {
    type: 'object',
    properties: {
      block: { type: 'string', default: '', description: 'The lines.', aliases: ['content'] },
      marker: {
        type: 'string',
        pattern: '\\{mark\\}',
        default: '# {mark} ANSIBLE MANAGED BLOCK',
        description: 'The marker lines; {mark} stands for begin and end.',
      },
      marker_begin: {
        type: 'string',
        default: 'BEGIN',
        description: 'What stands for {mark} in the first one.',
      },
      marker_end: { type: 'string', default: 'END', description: 'What stands for {mark} in the last one.' },
      append_newline: {
        type: 'boolean',
        default: false,
        description: 'Keep an empty line between the block and what comes after it.',
      },
      prepend_newline: {
        type: 'boolean',
        default: false,
        description: 'Keep an empty line between what comes before the block and it.',
      },
      ...editArguments,
    },
    required: ['path'],
    additionalProperties: false,
  },
  optional: ['backup_file'],
  returns: { ...editReturns, backup_file: 'The same; absent when there was nothing to keep.' },
  example: `- name: Name the nodes in one block
  blockinfile:
    path: /etc/hosts
    block: |
      10.0.0.11 cp1
      10.0.0.12 cp2
`,
  probe: (args) => textFile(args.path, args),
  diff(args, state) {
    const change = planEdit(args, state, {
      edit: (text) => editBlock(text, args),
      said: () => ({
        msg:
          args.state === 'absent' || (args.block ?? '') === ''
            ? 'Block removed'
            : state.file.kind === 'absent'
              ? 'File created'
              : 'Block inserted',
      }),
    });
    if (change === null || change.plan.backupPath === null) return change;
    return { ...change, result: { ...change.result, backup_file: change.plan.backupPath } };
  },
  apply: applyEdit,
  output: (args) => ({ path: args.path, msg: '', backup: '' }),
  foreseen: (wanted) => wanted.result,
};

/** The text with the block in place. */
export function editBlock(text: string, args: BlockArgs): string {
  const marker = args.marker ?? '# {mark} ANSIBLE MANAGED BLOCK';
  const begin = marker.replace('{mark}', args.marker_begin ?? 'BEGIN');
  const end = marker.replace('{mark}', args.marker_end ?? 'END');
  if (begin === end) {
    throw new Failure({
      code: 'HAPB6006',
      message: `the marker lines of the block are the same: ${begin}`,
      hint: 'Put {mark} into `marker`, and give different words for begin and end.',
      argument: 'marker',
    });
  }
  const { lines, newline } = splitLines(text);
  // The last of each counts, as in Ansible: a first line whose last is lost does not get a block at every run.
  const markers = [lines.lastIndexOf(begin), lines.lastIndexOf(end)];
  const [first, last] = [Math.min(...markers), Math.max(...markers)];
  const there = first !== -1;
  const rest = there ? [...lines.slice(0, first), ...lines.slice(last + 1)] : lines;
  const block = args.block ?? '';
  const removed = args.state === 'absent' || block === '';
  const place =
    args.insertbefore === undefined
      ? ({ side: 'after', at: args.insertafter ?? 'EOF' } as const)
      : ({ side: 'before', at: args.insertbefore } as const);
  const at = there ? first : placeOf(rest, { place, pick: 'last' });
  const body = removed ? [] : [begin, ...splitLines(block).lines, end];
  const before = rest.slice(0, at);
  const after = rest.slice(at);
  const edited = [
    ...before,
    ...gap(args, 'before', before.at(-1)),
    ...body,
    ...gap(args, 'after', after[0]),
    ...after,
  ];
  const same = edited.length === lines.length && edited.every((line, index) => line === lines[index]);
  return same ? text : joinLines(edited, newline);
}

/** The empty line between the block and its neighbour, where one is asked for and missing. */
function gap(args: BlockArgs, side: 'before' | 'after', neighbour: string | undefined): readonly string[] {
  const asked = side === 'before' ? args.prepend_newline : args.append_newline;
  const needed = asked === true && args.state !== 'absent' && neighbour !== undefined && neighbour !== '';
  return needed ? [''] : [];
}
