import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { printed } from '../../expression/print-value.ts';
import type { ArgSchema, HostWriter } from '../module.ts';
import {
  backupArgument,
  changedPath,
  type PermissionArgs,
  permissionArguments,
  validateArgument,
} from './file-arguments.ts';
import { applyFile, type FilePlan, saidOf, withoutUmask } from './file-change.ts';
import { setsPermissions } from './file-links.ts';
import { refusedFileArguments } from './refused-argument.ts';
import { planText, type TextFile, textOf } from './text-file.ts';

/** Arguments that the modules share which edit a text file. */
export interface EditArgs extends PermissionArgs {
  readonly path: string;
  readonly state?: 'present' | 'absent';
  readonly create?: boolean;
  readonly backup?: boolean;
  readonly validate?: string;
  readonly insertafter?: string;
  readonly insertbefore?: string;
}

/** An edited file to put in place. */
export interface EditChange extends Change {
  readonly plan: FilePlan;
  readonly result: Output;
}

/** The schema of the shared arguments. */
export const editArguments: Readonly<Record<string, ArgSchema>> = {
  path: changedPath('The text file. What a link leads to is edited.', ['dest', 'name', 'destfile']),
  state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be in the file.' },
  insertafter: {
    type: 'string',
    description:
      'Where something new goes: after the last line that this pattern matches; EOF is the end of the file.',
  },
  insertbefore: {
    type: 'string',
    description:
      'Where something new goes: before the last line that this pattern matches; BOF is the beginning.',
  },
  create: { type: 'boolean', default: false, description: 'Make the file when it is not there.' },
  backup: backupArgument,
  validate: validateArgument,
  ...permissionArguments,
  ...refusedFileArguments,
};

/** Keys of what these modules register. */
export const editReturns: Readonly<Record<string, string>> = {
  path: 'The file.',
  msg: 'What was done.',
  backup: 'Where the old file was kept; empty when there was nothing to keep.',
};

/** What has to be done to the file; `null`: nothing. @throws Failure HAPB6021 when it is not there and may not be made */
export function planEdit(
  args: EditArgs,
  state: TextFile,
  how: { readonly edit: (text: string) => string; readonly said: (before: string, after: string) => Output },
): EditChange | null {
  const text = textOf(args.path, state);
  if (text === null && args.state === 'absent') return null;
  if (text === null && args.create !== true) {
    throw new Failure({
      code: 'HAPB6021',
      message: `${args.path} does not exist`,
      hint: 'Add `create: true` to have it made.',
      argument: 'path',
      output: { rc: 257 },
    });
  }
  const after = how.edit(text ?? '');
  const plan = planText(args.path, after, { now: state, edit: args });
  if (plan === null) return null;
  const rights = 'ownership, perms or SE linux context changed';
  const words = plan.write === null ? { msg: rights } : how.said(text ?? '', after);
  const both = plan.write !== null && setsPermissions(args) && haveChanged(plan, state);
  const said = both ? { ...words, msg: `${printed(words.msg ?? null)} and ${rights}` } : words;
  return {
    summary: saidOf(plan, args.path, `edit ${args.path}`),
    edits: plan.edits,
    effects: plan.effects,
    forecast: known,
    plan,
    result: { path: args.path, ...said, backup: plan.backupPath ?? '' },
  };
}

/** Whether the file gets other permissions than it has, or than a new one would have by itself. */
function haveChanged({ after }: FilePlan, { file: now, who }: TextFile): boolean {
  const fresh = { mode: withoutUmask(0o666, who), owner: who.user, group: who.group };
  const before = now.kind === 'file' ? now : fresh;
  return (['mode', 'owner', 'group'] as const).some((key) => after[key] !== before[key]);
}

/** Puts the edited file in place. @throws Failure */
export async function applyEdit(wanted: EditChange, host: HostWriter): Promise<Output> {
  try {
    await applyFile(wanted.plan, host);
  } catch (thrown) {
    throw inOneSentence(thrown);
  }
  return wanted.result;
}

/** A command that rejects the new content: Ansible's modules that edit files register its words in one sentence. */
function inOneSentence(thrown: unknown): unknown {
  if (!(thrown instanceof Failure) || thrown.problem.code !== 'HAPB7011') return thrown;
  const { exit_status: status, stderr } = thrown.problem.output ?? {};
  const msg = `failed to validate: rc:${String(status)} error:${String(stderr)}`;
  return new Failure({ ...thrown.problem, output: { msg } }, thrown.span);
}
