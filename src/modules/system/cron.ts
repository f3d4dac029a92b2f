import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { sha256Of } from '../../core/text-measure.ts';
import type { Unknown } from '../../core/unknown.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, map, nothing, orUnknown } from '../ask.ts';
import { commandExists } from '../asks/command-exists.ts';
import { crontab, crontabEffect } from '../asks/crontab.ts';
import { fileEffect, unforeseenFile } from '../asks/file-state.ts';
import { type UserState, userOf } from '../asks/user.ts';
import { applyFile, type FilePlan } from '../general/file-change.ts';
import { notConverged, step } from '../general/steps.ts';
import { planText, type TextFile, textFile, textOf } from '../general/text-file.ts';
import type { HostWriter, Module } from '../module.ts';
import { type CronArgs, cronSchema } from './cron-args.ts';
import { editCron } from './cron-plan.ts';
import { jobNames, variableNames } from './cron-text.ts';

/** Where the jobs stand: a file of the system, or the crontab of a user. */
export type CronState =
  | { readonly kind: 'file'; readonly path: string; readonly file: TextFile }
  | {
      readonly kind: 'crontab';
      readonly text: string;
      /** `null`: the task's own user. */
      readonly account: UserState | null;
      readonly tool: string | null | Unknown;
    };

/** A text of jobs to put in place. */
export interface CronChange extends Change {
  readonly args: CronArgs;
  readonly what:
    | { readonly kind: 'file'; readonly plan: FilePlan }
    | { readonly kind: 'remove'; readonly path: string }
    | { readonly kind: 'crontab'; readonly before: string; readonly text: string };
  readonly result: Output;
}

/** Timed jobs. */
export const cron: Module<CronArgs, CronState, CronChange> = {
  name: 'cron',
  summary: 'Keeps jobs and variables in the crontab of a user, or in a file of /etc/cron.d.',
  notes: [
    "A job is found by the comment `#Ansible: NAME` above it, so Ansible's jobs are found too. A job that stands there without such a comment is given one.",
    'The crontab of a user needs the program crontab (package cron, cronie or busybox); `cron_file` needs nothing.',
    'A file that holds nothing more is removed with its last job.',
  ],
  args: cronSchema,
  optional: ['backup_file'],
  returns: {
    jobs: 'Names of all jobs there.',
    envs: 'Names of all variables there.',
    cron_file: 'The file, when one is given.',
    state: 'present or absent.',
    backup_file: 'Where the old text was kept, when asked for.',
  },
  example: `- name: Renew certificates at night
  cron:
    name: renew certificates
    cron_file: renew-certificates
    user: root
    minute: 17
    hour: 3
    job: /usr/bin/kubeadm certs renew all
`,
  probe: askCron,
  diff: plan,
  async apply(wanted, host) {
    const { what } = wanted;
    switch (what.kind) {
      case 'file':
        await applyFile(what.plan, host);
        break;
      case 'remove':
        await step(
          host,
          { sh: 'rm -f -- "$1"', args: [what.path] },
          {
            code: 'HAPB6003',
            message: `cannot remove ${what.path}`,
            hint: 'Add `become: true`.',
          },
        );
        break;
      case 'crontab':
        await applyCrontab(wanted.args, { what, backup: backupOf(wanted.args, what.before) }, host);
    }
    return wanted.result;
  },
  output: (args, state) => resultOf(args, linesOf(textIn(state)), null),
  foreseen: (wanted) => wanted.result,
};

function askCron(args: CronArgs): Ask<CronState> {
  const path = pathOf(args);
  if (path !== null) return map(textFile(path), (file): CronState => ({ kind: 'file', path, file }));
  return map(
    all({
      text: crontab(args.user ?? null),
      account: args.user === undefined ? nothing(null) : userOf(args.user),
      tool: orUnknown(commandExists('crontab')),
    }),
    (found): CronState => ({ kind: 'crontab', ...found }),
  );
}

function pathOf({ cron_file: name }: CronArgs): string | null {
  if (name === undefined) return null;
  return name.startsWith('/') ? name : `/etc/cron.d/${name}`;
}

function textIn(state: CronState): string {
  return state.kind === 'file' ? (textOf(state.path, state.file) ?? '') : state.text;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function plan(args: CronArgs, state: CronState): CronChange | null {
  if (state.kind === 'crontab') check(args, state);
  const text = textIn(state);
  const lines = editCron(args, linesOf(text));
  const after = lines.length === 0 ? '' : `${lines.join('\n').replace(/[\r\n]+$/, '')}\n`;
  if (after === text) return null;
  const finish = (
    what: CronChange['what'],
    rest: {
      readonly edits: readonly Edit[];
      readonly effects: readonly Effect[];
      readonly backup: string | null;
    },
  ): CronChange => ({
    summary: `${args.state === 'absent' ? 'remove' : 'set'} ${args.env === true ? 'variable' : 'job'} ${args.name}`,
    edits: rest.edits,
    effects: rest.effects,
    forecast: known,
    args,
    what,
    result: resultOf(args, lines, rest.backup),
  });
  if (state.kind === 'file') {
    const { path } = state;
    if (args.state === 'absent' && after.trim() === '') {
      const edits = [{ subject: path, before: text, after: null }];
      return finish(
        { kind: 'remove', path },
        { edits, effects: [fileEffect(path, { kind: 'absent' })], backup: null },
      );
    }
    const file = planText(path, after, { now: state.file, edit: { backup: args.backup === true } });
    if (file === null) return null;
    return finish(
      { kind: 'file', plan: file },
      { edits: file.edits, effects: file.effects, backup: file.backupPath },
    );
  }
  const subject = `crontab of ${args.user ?? 'the user'}`;
  const backup = backupOf(args, text);
  return finish(
    { kind: 'crontab', before: text, text: after },
    {
      edits: [{ subject, before: text === '' ? null : text, after }],
      effects: [
        crontabEffect(args.user ?? null, after),
        ...(backup === null ? [] : [unforeseenFile(backup, 'the old crontab is kept there')]),
        unforeseenFile(`/var/spool/cron/crontabs/${args.user ?? 'root'}`, 'crontab writes it'),
      ],
      backup,
    },
  );
}

function check(args: CronArgs, state: CronState & { readonly kind: 'crontab' }): void {
  if (state.account?.kind === 'absent') {
    throw new Failure({
      code: 'HAPB6320',
      message: `the host has no user ${args.user}`,
      hint: `Make it first: \`user: {name: ${args.user}}\`.`,
      argument: 'user',
    });
  }
  if (state.tool !== null) return;
  throw new Failure({
    code: 'HAPB6330',
    message: 'the host has no crontab, so users cannot have timed jobs',
    hint: 'Install the package cron (Debian) or cronie (Fedora) first, or name a file with `cron_file:`.',
  });
}

/** Where the old crontab is kept; `null`: nowhere. */
function backupOf(args: CronArgs, before: string): string | null {
  if (args.backup !== true) return null;
  return `/var/tmp/crontab.${args.user ?? 'own'}.${sha256Of(before).slice(0, 8)}~`;
}

const write = `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
if [ -z "$1" ] || [ "$1" = "$(id -un)" ]; then crontab -; else crontab -u "$1" -; fi
`;

async function applyCrontab(
  args: CronArgs,
  { what, backup }: { what: { readonly before: string; readonly text: string }; backup: string | null },
  host: HostWriter,
): Promise<void> {
  if (backup !== null)
    await host.write({ path: backup, content: what.before, mode: '0600', owner: null, group: null });
  const problem = {
    code: 'HAPB6331',
    message: 'crontab does not take the new text',
    hint: 'Read what it says below: a field of time is wrong, or the user may not have a crontab (cron.allow, cron.deny).',
  } as const;
  await step(host, { sh: write, args: [args.user ?? ''], stdin: what.text }, problem);
  const found = await host.ask(crontab(args.user ?? null));
  if (found !== what.text) throw notConverged('the crontab', `another text`);
}

function resultOf(args: CronArgs, lines: readonly string[], backup: string | null): Output {
  return {
    jobs: jobNames(lines),
    envs: variableNames(lines),
    state: args.state ?? 'present',
    ...(args.cron_file === undefined ? {} : { cron_file: args.cron_file }),
    ...(backup === null ? {} : { backup_file: backup }),
  };
}
