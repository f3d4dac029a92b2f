import { Failure } from '../../core/failure.ts';
import { filled, type Match, matches, pattern } from '../../expression/pattern.ts';
import type { Module } from '../module.ts';
import { applyEdit, type EditArgs, type EditChange, editArguments, planEdit } from './edit-change.ts';
import { refusedFileArguments } from './refused-argument.ts';
import { type TextFile, textFile } from './text-file.ts';

/** Arguments of `replace`. */
export interface ReplaceArgs extends EditArgs {
  readonly regexp: string;
  readonly replace?: string;
  readonly after?: string;
  readonly before?: string;
}

const { path, backup, validate, mode, owner, group } = editArguments;

/** Every match of a pattern in a text file. */
export const replace: Module<ReplaceArgs, TextFile, EditChange> = {
  name: 'replace',
  summary: 'Replaces every match of a pattern in a text file.',
  notes: [
    '`^` and `$` match at every line; `.` does not match the end of a line, except in `after` and `before`.',
    'A replacement that matches the pattern again would change the file at every run; write the pattern so that it does not.',
    'Patterns are RE2’s: no look-around and no back references inside the pattern.',
  ],
  args: {
    type: 'object',
    properties: {
      ...(path === undefined ? {} : { path }),
      regexp: { type: 'string', description: 'The pattern.' },
      replace: {
        type: 'string',
        default: '',
        description:
          'What stands in place of a match; \\1 and \\g<name> are filled from it. Absent: the match is removed.',
      },
      after: {
        type: 'string',
        description: 'Only text behind the first match of this pattern is looked at.',
      },
      before: { type: 'string', description: 'Only text in front of a match of this pattern is looked at.' },
      encoding: { enum: ['utf-8', 'utf8', 'UTF-8'], default: 'utf-8', description: 'Always UTF-8.' },
      ...Object.fromEntries(Object.entries({ backup, validate, mode, owner, group })),
      ...refusedFileArguments,
    },
    required: ['path', 'regexp'],
    additionalProperties: false,
  },
  optional: ['backup_file'],
  returns: {
    path: 'The file.',
    msg: 'How many replacements were made.',
    rc: 'Always 0.',
    backup: 'Where the old file was kept; empty when there was nothing to keep.',
    backup_file: 'The same; absent when there was nothing to keep.',
  },
  example: `- name: Rename the domain in all addresses
  replace:
    path: /etc/hosts
    regexp: '\\.old\\.example(\\s|$)'
    replace: '.new.example\\1'
`,
  probe: (args) => textFile(args.path, args),
  diff(args, state) {
    let count = 0;
    const edit = (text: string): string => {
      const replaced = replaceIn(text, args);
      count = replaced.count;
      return replaced.text;
    };
    const change = planEdit(args, state, { edit, said: () => ({}) });
    if (change === null) return null;
    const { write, backupPath } = change.plan;
    const said = write === null ? [] : [`${count} replacements made`];
    const permissions = change.plan.edits.length > (write === null ? 0 : 1);
    return {
      ...change,
      result: {
        ...change.result,
        rc: 0,
        msg: [...said, ...(permissions ? ['ownership, perms or SE linux context changed'] : [])].join(
          ' and ',
        ),
        ...(backupPath === null ? {} : { backup_file: backupPath }),
      },
    };
  },
  apply: applyEdit,
  output: (args, state) => ({
    path: args.path,
    rc: 0,
    backup: '',
    msg: sectionOf(contentOf(state), args) === null ? noSection(args) : '',
  }),
  foreseen: (wanted) => wanted.result,
};

function contentOf({ file }: TextFile): string {
  return file.kind === 'file' && typeof file.content === 'string' ? file.content : '';
}

/** A text with every match replaced, and how many there were. @throws Failure HAPB6006, HAPB4xxx for a pattern that is none */
export function replaceIn(
  text: string,
  args: Pick<ReplaceArgs, 'regexp' | 'replace' | 'after' | 'before'>,
): { readonly text: string; readonly count: number } {
  const section = sectionOf(text, args);
  if (section === null) return { text, count: 0 };
  const part = text.slice(section.start, section.end);
  const found = matches(pattern(args.regexp, { ignoreCase: false, multiline: true }), part);
  let made = '';
  let from = 0;
  for (const match of found) {
    made += part.slice(from, match.start) + filled(args.replace ?? '', match);
    from = match.end;
  }
  made += part.slice(from);
  return { text: text.slice(0, section.start) + made + text.slice(section.end), count: found.length };
}

/** Where the text is that is looked at; `null`: `after` and `before` match nowhere. */
function sectionOf(
  text: string,
  { after, before }: Pick<ReplaceArgs, 'after' | 'before'>,
): { readonly start: number; readonly end: number } | null {
  if (!after && !before) return { start: 0, end: text.length };
  const lazy = after && before ? '?' : '';
  const source = `(?s)(?P<hapbbefore>${after ?? ''})(?P<hapbsection>.*${lazy})${before ?? ''}`;
  const [match] = matches(pattern(source, { ignoreCase: false, multiline: false }), text, 1);
  if (match === undefined) return null;
  const start = match.start + lengthOf(match, 'hapbbefore');
  return { start, end: start + lengthOf(match, 'hapbsection') };
}

function lengthOf(match: Match, name: string): number {
  const index = match.names[name];
  const text = index === undefined ? null : match.groups[index];
  if (text === null || text === undefined) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'after and before do not frame one part of the text',
      hint: 'An alternative with | needs parentheses around it: (a|b).',
      argument: 'after',
    });
  }
  return text.length;
}

function noSection({ after = '', before = '' }: ReplaceArgs): string {
  const lazy = after !== '' && before !== '' ? '?' : '';
  return `Pattern for before/after params did not match the given file: ${after}(?P<subsection>.*${lazy})${before}`;
}
