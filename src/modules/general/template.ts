import { type Change, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { Secret, type Text } from '../../core/secret.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Value } from '../../core/value.ts';
import { composed } from '../../expression/secrecy.ts';
import { all } from '../ask.ts';
import { type ControllerFile, candidates, controllerFile } from '../asks/controller-file.ts';
import { unforeseenFile } from '../asks/file-state.ts';
import type { Module } from '../module.ts';
import { applyPut, type PutArgs, type PutChange, planPut, putReturns } from './copy-plan.ts';
import { type Destination, destination } from './destination.ts';
import { backupArgument, changedPath, permissionArguments, validateArgument } from './file-arguments.ts';
import { maxDiffBytes } from './file-change.ts';
import { putOutput } from './file-output.ts';
import { onlyFlag, refusedArgument, refusedFileArguments } from './refused-argument.ts';

/** Arguments of `template`. */
export interface TemplateArgs extends PutArgs {
  readonly src: string;
  readonly newline_sequence?: string;
}

/** What `template` asks. */
export interface TemplateState {
  readonly source: ControllerFile;
  readonly to: Destination;
}

/** A rendered file to put in place; `put: null`: its content cannot be foreseen. */
export interface TemplateChange extends Change {
  readonly put: PutChange | null;
}

const handlebars =
  'Templates are Handlebars texts, whose marks and blanks are fixed; write the template for that.';

/** Renders a template of the controller into a file. */
export const template: Module<TemplateArgs, TemplateState, TemplateChange> = {
  name: 'template',
  summary: 'Renders a template of the controller with the task’s variables and puts it in place.',
  notes: [
    'A relative `src` is looked for in `templates/` of the role or the playbook’s folder, then in the folder itself.',
    'A template that is encrypted with the vault is decrypted first; all of its text is a secret.',
    'A text that touches a secret is one secret: it is not shown in the diff, and a new file gets mode 0600 unless the task says otherwise.',
  ],
  args: {
    type: 'object',
    properties: {
      src: {
        type: 'string',
        minLength: 1,
        description: 'Path of the template on the controller, usually ending in .hbs.',
      },
      dest: changedPath(
        'Where the file goes. A directory means: into it, under the template’s name without .hbs.',
      ),
      ...permissionArguments,
      backup: backupArgument,
      validate: validateArgument,
      force: {
        type: 'boolean',
        default: true,
        description: 'false: a file that is there already is left alone, whatever it holds.',
      },
      follow: {
        type: 'boolean',
        default: false,
        description: 'true: write to where a link at dest leads. false: the file takes the link’s place.',
      },
      newline_sequence: {
        enum: ['\n', '\r', '\r\n'],
        default: '\n',
        description: 'What ends each line of the file.',
      },
      directory_mode: {
        type: 'string',
        numbers: 'refused',
        description: 'Make a missing folder for the file, with these permissions.',
      },
      output_encoding: {
        enum: ['utf-8', 'utf8', 'UTF-8'],
        description: 'Only UTF-8.',
        refused: 'Files are written as UTF-8; let a `command` task call iconv.',
      },
      trim_blocks: onlyFlag('true', handlebars),
      lstrip_blocks: onlyFlag('false', handlebars),
      ...Object.fromEntries(
        ['block', 'variable', 'comment'].flatMap((part) => [
          [`${part}_start_string`, refusedArgument(handlebars)],
          [`${part}_end_string`, refusedArgument(handlebars)],
        ]),
      ),
      ...refusedFileArguments,
    },
    required: ['src', 'dest'],
    additionalProperties: false,
  },
  optional: ['backup_file', 'md5sum'],
  returns: { ...putReturns, src: 'Path of the template on the controller.' },
  example: `- name: Configure the time server
  template:
    src: chrony.conf.hbs
    dest: /etc/chrony/chrony.conf
    mode: '0644'
`,
  probe: (args, task) =>
    all({
      source: controllerFile(candidates(args.src, 'templates', task), maxTemplateBytes),
      to: destination(args.dest, {
        content: 'text',
        maxContentBytes: maxDiffBytes,
        name: nameOf(args.src),
        links: args.follow === true ? 'follow' : 'replace',
        owners: args,
      }),
    }),
  diff(args, state, task) {
    const { path, text } = textOf(args, state.source);
    const rendered = task.renderText(text, path);
    if (rendered instanceof Unknown) return unforeseen(rendered, state.to.path);
    const put = planPut(args, withNewlines(asText(rendered), args.newline_sequence), state.to);
    if (put === null) return null;
    const { summary, edits, effects } = put;
    return {
      summary,
      edits,
      effects,
      forecast: known,
      put: { ...put, result: { ...put.result, src: path } },
    };
  },
  apply: async (wanted, host) => (wanted.put === null ? {} : applyPut(wanted.put, host)),
  output: (_args, { to, source }) => ({
    ...(to.now.kind === 'file' ? putOutput(to.path, to.now, to) : { dest: to.path, path: to.path }),
    ...(source.kind === 'file' ? { src: source.path } : {}),
  }),
  foreseen: (wanted) => wanted.put?.result ?? {},
};

const maxTemplateBytes = 1_048_576;

function nameOf(src: string): string {
  return (src.split('/').at(-1) ?? src).replace(/\.(hbs|j2)$/, '');
}

function textOf(
  args: TemplateArgs,
  source: ControllerFile,
): { readonly path: string; readonly text: string } {
  if (source.kind === 'file' && typeof source.content === 'string')
    return { path: source.path, text: source.content };
  if (source.kind === 'none') {
    throw new Failure({
      code: 'HAPB6030',
      message: `template ${args.src} was not found on the controller`,
      hint: source.tried.length > 0 ? `Looked for: ${source.tried.join(', ')}.` : 'Give an absolute path.',
      argument: 'src',
    });
  }
  throw new Failure({
    code: 'HAPB6031',
    message: `${source.path} is ${source.kind === 'directory' ? 'a folder' : source.content === null ? 'longer than 1 MiB' : 'not UTF-8 text'}, so it is no template`,
    hint: 'Use `copy_file` for files that are to be taken as they are.',
    argument: 'src',
  });
}

function asText(value: Value): Text {
  if (typeof value === 'string' || value instanceof Secret) return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function withNewlines(text: Text, newline = '\n'): Text {
  if (newline === '\n') return text;
  return composed(text, (plain) => (typeof plain === 'string' ? plain.replace(/\r\n|\r|\n/g, newline) : ''));
}

function unforeseen(unknown: Unknown, path: string): TemplateChange {
  return {
    summary: `write ${path}`,
    edits: [],
    effects: [unforeseenFile(path, unknown.reason)],
    forecast: { kind: 'unknown', unknown },
    put: null,
  };
}
