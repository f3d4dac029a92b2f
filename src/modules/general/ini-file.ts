import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all, each, map } from '../ask.ts';
import { file } from '../asks/file.ts';
import type { Module } from '../module.ts';
import { applyPath } from './file-apply.ts';
import { backupArgument, changedPath, type PermissionArgs, permissionArguments } from './file-arguments.ts';
import { applyFile, type FilePlan } from './file-change.ts';
import { planPath } from './file-plan.ts';
import { editIni, type IniWish } from './ini-text.ts';
import type { FileChange, FileModuleState } from './path-change.ts';
import { onlyFlag, refusedFileArguments } from './refused-argument.ts';
import { planText, type TextFile, textFile, textOf } from './text-file.ts';

type Word = string | number | boolean;

/** Arguments of `ini_file`. */
export interface IniArgs extends PermissionArgs {
  readonly path: string;
  readonly section?: string;
  readonly section_has_values?: readonly {
    readonly option: string;
    readonly value?: Word;
    readonly values?: readonly Word[];
  }[];
  readonly option?: string;
  readonly value?: Word;
  readonly values?: readonly Word[];
  readonly state?: 'present' | 'absent';
  readonly exclusive?: boolean;
  readonly no_extra_spaces?: boolean;
  readonly ignore_spaces?: boolean;
  readonly allow_no_value?: boolean;
  readonly modify_inactive_option?: boolean;
  readonly create?: boolean;
  readonly backup?: boolean;
}

/** What `ini_file` asks: the file, and the folders above it from the top. */
export interface IniState {
  readonly now: TextFile;
  readonly above: FileModuleState['above'];
}

/** An edited file to put in place. */
export interface IniChange extends Change {
  readonly plan: FilePlan;
  /** The folder that is made first; `null`: it is there. */
  readonly folder: FileChange | null;
  readonly result: Output;
}

const word = { type: ['string', 'number', 'boolean'] } as const;

/** Options in the sections of a text file. */
export const iniFile: Module<IniArgs, IniState, IniChange> = {
  name: 'ini_file',
  aliases: ['community.general.ini_file'],
  summary: 'Sets options in the sections of an INI file, line by line.',
  notes: [
    'Comments, blanks and the order of what is there stay. A new option goes to the end of its section, a new section to the end of the file. A file that does not end with a newline gets one.',
    'A line `#option = …` counts as the option, and is replaced, unless `modify_inactive_option` is false.',
    'What a link leads to is edited; a missing folder is made.',
  ],
  args: {
    type: 'object',
    properties: {
      path: changedPath('The file.', ['dest']),
      section: { type: 'string', description: 'The section. Absent: what stands before the first one.' },
      section_has_values: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            option: { type: 'string' },
            value: word,
            values: { type: 'array', items: word },
          },
          required: ['option'],
          not: { required: ['value', 'values'] },
          additionalProperties: false,
        },
        description:
          'Of several sections of the name, the first that has these options, with one of the values.',
      },
      option: { type: 'string', description: 'The option. Absent: the whole section.' },
      value: { ...word, description: 'Its value.' },
      values: { type: 'array', items: word, description: 'Its values, a line for each.' },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be there.' },
      exclusive: {
        type: 'boolean',
        default: true,
        description:
          'Other lines of the option go too. false: they stay, and only the given values come or go.',
      },
      no_extra_spaces: { type: 'boolean', default: false, description: 'No blanks around the sign.' },
      ignore_spaces: {
        type: 'boolean',
        default: false,
        description: 'Leave a line that differs only in blanks around the sign.',
      },
      allow_no_value: {
        type: 'boolean',
        default: false,
        description: 'Let an option stand without sign and value.',
      },
      modify_inactive_option: {
        type: 'boolean',
        default: true,
        description: 'Let a line behind a comment sign become the option.',
      },
      create: { type: 'boolean', default: true, description: 'Make the file when it is not there.' },
      backup: backupArgument,
      follow: onlyFlag('true', 'What a link leads to is edited in any case; leave it out.'),
      ...permissionArguments,
      ...refusedFileArguments,
    },
    required: ['path'],
    not: { required: ['value', 'values'] },
    additionalProperties: false,
  },
  optional: ['backup_file'],
  returns: {
    path: 'The file.',
    msg: 'What was done: option added, option changed, section removed and the like, else OK.',
    backup_file: 'Where the old file was kept; absent where there was nothing to keep.',
  },
  example: `- name: Keep the logs of a month
  ini_file:
    path: /etc/systemd/journald.conf
    section: Journal
    option: MaxRetentionSec
    value: 1month
    no_extra_spaces: true
`,
  probe: (args) =>
    all({
      now: textFile(args.path),
      above: each(
        foldersAbove(args.path).map((path) =>
          map(file(path, { content: 'none', links: 'follow' }), (state) => ({ path, state })),
        ),
      ),
    }),
  diff(args, { now, above }) {
    const wish = wishOf(args);
    const text = textOf(args.path, now);
    if (text === null && args.create === false) {
      throw new Failure({
        code: 'HAPB6021',
        message: `${args.path} does not exist`,
        hint: 'Correct `path`, or leave `create` out to have it made.',
        argument: 'path',
        output: { path: args.path, rc: 257, msg: `Destination ${args.path} does not exist!` },
      });
    }
    if (text === null && wish.state === 'absent') return null;
    const edit = editIni(text ?? '', wish);
    const plan = planText(args.path, edit.text, { now, edit: args });
    if (plan === null) return null;
    const folder = folderFor(now, above);
    return {
      summary: plan.write === null ? `set the permissions of ${args.path}` : `edit ${args.path}`,
      edits: plan.edits,
      effects: [...(folder?.effects ?? []), ...plan.effects],
      forecast: known,
      plan,
      folder,
      result: {
        path: args.path,
        msg: edit.msg,
        ...(plan.backupPath === null ? {} : { backup_file: plan.backupPath }),
      },
    };
  },
  async apply({ plan, folder, result }, host) {
    if (folder !== null) await applyPath(folder, host);
    await applyFile(plan, host);
    return result;
  },
  output: (args) => ({ path: args.path, msg: 'OK' }),
  foreseen: (wanted) => wanted.result,
};

function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}

function folderFor(now: TextFile, above: IniState['above']): FileChange | null {
  const parent = above.at(-1);
  if (parent === undefined || now.file.kind !== 'absent') return null;
  return planPath(
    { path: parent.path, state: 'directory' },
    { now: parent.state, who: now.who, below: [], above: above.slice(0, -1), source: null, sameInode: false },
  );
}

function wishOf(args: IniArgs): IniWish {
  const values = valuesOf(args);
  const state = args.state ?? 'present';
  if (state === 'present' && args.allow_no_value !== true && values.length === 0) {
    throw new Failure({
      code: 'HAPB6006',
      message: 'ini_file has no value to set',
      hint: 'Give `value` or `values`; with `allow_no_value: true` an option or a section can stand for itself.',
    });
  }
  return {
    section: args.section === undefined || args.section === '' ? null : args.section,
    has: (args.section_has_values ?? []).map((each) => ({ option: each.option, values: valuesOf(each) })),
    option: args.option ?? null,
    values,
    state,
    others: args.exclusive === false ? 'stay' : 'go',
    separator: args.no_extra_spaces === true ? '=' : ' = ',
    blanks: args.ignore_spaces === true ? 'ignored' : 'matter',
    bare: args.allow_no_value === true ? 'allowed' : 'refused',
    comments: args.modify_inactive_option === false ? 'left' : 'taken',
  };
}

function valuesOf(from: Pick<IniArgs, 'value' | 'values'>): readonly string[] {
  const values = from.value === undefined ? (from.values ?? []) : [from.value];
  return [
    ...new Set(
      values.map((value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value))),
    ),
  ];
}
