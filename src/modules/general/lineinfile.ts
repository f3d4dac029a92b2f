import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { Module } from '../module.ts';
import {
  applyEdit,
  type EditArgs,
  type EditChange,
  editArguments,
  editReturns,
  planEdit,
} from './edit-change.ts';
import { editLine, type LineWish } from './line-edit.ts';
import { splitLines, type TextFile, textFile } from './text-file.ts';

/** Arguments of `lineinfile`. */
export interface LineArgs extends EditArgs {
  readonly line?: string;
  readonly regexp?: string;
  readonly search_string?: string;
  readonly backrefs?: boolean;
  readonly firstmatch?: boolean;
}

/** One line of a text file. */
export const lineinfile: Module<LineArgs, TextFile, EditChange> = {
  name: 'lineinfile',
  summary: 'Makes sure that a line is in a text file, or is not.',
  notes: [
    'The last line that `regexp` matches is replaced; without a match the line is added, unless it is there already. A pattern that does not match the new line too would add another one at every run.',
    'Patterns are RE2’s: no look-around and no back references inside the pattern.',
  ],
  args: {
    type: 'object',
    properties: {
      line: { type: 'string', description: 'The line.', aliases: ['value'] },
      regexp: {
        type: 'string',
        description: 'Pattern of the line to replace or to remove.',
        aliases: ['regex'],
      },
      search_string: { type: 'string', description: 'Plain text in the line to replace or to remove.' },
      backrefs: {
        type: 'boolean',
        default: false,
        description: 'Fill \\1, \\g<name> of the line from the match; without a match nothing is done.',
      },
      firstmatch: {
        type: 'boolean',
        default: false,
        description: 'Take the first match of the patterns instead of the last.',
      },
      ...editArguments,
    },
    required: ['path'],
    not: { required: ['regexp', 'search_string'] },
    additionalProperties: false,
  },
  returns: { ...editReturns, found: 'With absent: how many lines were removed.' },
  example: `- name: Log in with keys only
  lineinfile:
    path: /etc/ssh/sshd_config
    regexp: ^#?PasswordAuthentication
    line: PasswordAuthentication no
`,
  probe: (args) => textFile(args.path, args),
  diff(args, state) {
    const wish = wishOf(args);
    return planEdit(args, state, {
      edit: (text) => editLine(text, wish),
      said: (before, after) => saidOf(wish, linesIn(before), linesIn(after)),
    });
  },
  apply: applyEdit,
  output: (args) => ({
    path: args.path,
    msg: '',
    backup: '',
    ...(args.state === 'absent' ? { found: 0 } : {}),
  }),
  foreseen: (wanted) => wanted.result,
};

function linesIn(text: string): number {
  return splitLines(text).lines.length;
}

function saidOf({ state }: LineWish, before: number, after: number): Output {
  if (state === 'absent') return { msg: `${before - after} line(s) removed`, found: before - after };
  return { msg: after > before ? 'line added' : 'line replaced' };
}

function wishOf(args: LineArgs): LineWish {
  const state = args.state ?? 'present';
  if (args.line?.includes('\n') === true) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'line holds more than one line',
      hint: 'Use `blockinfile` for several lines.',
      argument: 'line',
    });
  }
  if (
    args.line === undefined &&
    (state === 'present' || (args.regexp === undefined && args.search_string === undefined))
  ) {
    throw new Failure({
      code: 'HAPB6006',
      message:
        state === 'present' ? 'lineinfile needs a line' : 'lineinfile needs to know which line to remove',
      hint: state === 'present' ? 'Add `line:`.' : 'Add `regexp:`, `search_string:` or `line:`.',
      argument: 'path',
    });
  }
  if (args.backrefs === true && args.regexp === undefined) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'backrefs needs a regexp',
      hint: 'Add `regexp:`.',
      argument: 'backrefs',
    });
  }
  return {
    line: args.line ?? null,
    regexp: args.regexp ?? null,
    search: args.search_string ?? null,
    state,
    backrefs: args.backrefs === true ? 'use' : 'plain',
    place:
      args.insertbefore === undefined
        ? { side: 'after', at: args.insertafter ?? 'EOF' }
        : { side: 'before', at: args.insertbefore },
    pick: args.firstmatch === true ? 'first' : 'last',
  };
}
