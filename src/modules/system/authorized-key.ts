import { type Change, type Edit, type Effect, known } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { all, andThen, map, nothing } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileEffect } from '../asks/file-state.ts';
import { type PresentUser, type UserState, userOf } from '../asks/user.ts';
import { changedPath } from '../general/file-arguments.ts';
import { applyFile, editPermissions, type FilePlan, planFile } from '../general/file-change.ts';
import { refused } from '../general/refused.ts';
import { step } from '../general/steps.ts';
import { joinLines, planText, splitLines, type TextFile, textFile, textOf } from '../general/text-file.ts';
import type { Module } from '../module.ts';
import {
  isWhole,
  type PublicKey,
  parseKey,
  splitOptions,
  withKeys,
  withoutKeys,
} from './authorized-keys-text.ts';

/** Arguments of `authorized_key`. */
export interface AuthorizedKeyArgs {
  readonly user: string;
  readonly key: string;
  readonly path?: string;
  readonly manage_dir?: boolean;
  readonly state?: 'present' | 'absent';
  readonly key_options?: string;
  readonly exclusive?: boolean;
  readonly comment?: string;
  readonly follow?: boolean;
  readonly validate_certs?: boolean;
}

/** What `authorized_key` asks. */
export interface AuthorizedKeyState {
  readonly user: UserState;
  readonly path: string;
  readonly keys: TextFile;
  readonly folder: FileState;
  /** The file that holds the keys; `null`: they stand in the task. */
  readonly source: TextFile | null;
}

/** A file of keys to put in place. */
export interface AuthorizedKeyChange extends Change {
  readonly plan: FilePlan;
  /** Its folder, to be made or set right; `null`: it is left alone. */
  readonly folder: { readonly path: string; readonly owner: string } | null;
  readonly result: Output;
}

/** Keys that may log in. */
export const authorizedKey: Module<AuthorizedKeyArgs, AuthorizedKeyState, AuthorizedKeyChange> = {
  name: 'authorized_key',
  summary: 'Lets SSH keys log in as a user, or takes that from them.',
  notes: [
    'A key is known by its data: options and comment of a key that is there are set right in its line, and other lines stay as they are.',
    'When it writes, the file gets mode 0600 and belongs to the user, and so does its folder with 0700 unless `manage_dir` is off.',
    'Addresses (https://…) are refused: let the controller fetch them, so that every host gets the same keys.',
    'A key whose data is cut off or is of another type than it says is an error, because nobody could log in with it.',
  ],
  args: {
    type: 'object',
    properties: {
      user: { type: 'string', minLength: 1, description: 'The account to log in as.' },
      key: {
        type: 'string',
        description:
          'One or more public keys, a line each, or file:///PATH of a file on the host that holds them.',
      },
      path: changedPath("The file. Absent: .ssh/authorized_keys in the user's home directory."),
      manage_dir: {
        type: 'boolean',
        default: true,
        description: 'Make the folder of the file, and set its owner and mode when the file is written.',
      },
      state: { enum: ['present', 'absent'], default: 'present', description: 'Whether they may log in.' },
      key_options: {
        type: 'string',
        description: 'Options in front of the key, with commas between; they replace those that `key` has.',
      },
      exclusive: {
        type: 'boolean',
        default: false,
        description: 'Remove all other lines. In a loop each turn removes the keys of the turn before.',
      },
      comment: { type: 'string', description: 'Comment in place of the one that `key` has.' },
      follow: {
        type: 'boolean',
        default: false,
        description: 'Where the file is a link: write what it leads to instead of replacing it.',
      },
      validate_certs: { type: 'boolean', default: true, description: 'Accepted; nothing is fetched.' },
    },
    required: ['user', 'key'],
    additionalProperties: false,
  },
  returns: {
    user: 'The account.',
    key: 'The keys as the task gives them.',
    keyfile: 'The file.',
    path: 'The file as the task gives it.',
    state: 'present or absent.',
    key_options: 'The options as the task gives them.',
    exclusive: 'Whether other lines were to go.',
    manage_dir: 'Whether the folder was looked after.',
    comment: 'The comment as the task gives it.',
    follow: 'Whether a link was followed.',
  },
  example: `- name: Those who deploy may log in
  authorized_key:
    user: root
    key: |
      ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP2+Kl1jA+95uLZTLC/koSirFK4eAR5m23y/0LCTL/WI ada@example.org
      ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID7UI35C/XrcmEm/qWkhhCQ8mANm1udOrJ9cVhYf6M4j eve@example.org
`,
  probe: (args) =>
    andThen(userOf(args.user), (user) => {
      const home = user.kind === 'present' ? user.home : '/nonexistent';
      const path = args.path ?? `${home.replace(/\/$/, '')}/.ssh/authorized_keys`;
      const source = sourceOf(args);
      return map(
        all({
          keys: textFile(path),
          folder: file(folderOf(path), { content: 'none', links: 'follow' }),
          source: source === null ? nothing(null) : textFile(source),
        }),
        (found): AuthorizedKeyState => ({ ...found, user, path }),
      );
    }),
  diff: plan,
  async apply(wanted, host) {
    if (wanted.folder !== null) {
      const sh = `[ -d "$1" ] || mkdir -m 0700 -- "$1" || exit
group=$(id -gn "$2") && chown -- "$2:$group" "$1" && chmod 0700 -- "$1"`;
      const problem = {
        code: 'HAPB6003',
        message: `cannot make the folder ${wanted.folder.path}`,
        hint: 'Make the folders above it first, and add `become: true`.',
      } as const;
      await step(host, { sh, args: [wanted.folder.path, wanted.folder.owner] }, problem);
    }
    await applyFile(wanted.plan, host);
    return wanted.result;
  },
  output: (args, state) => resultOf(args, state.path),
  foreseen: (wanted) => wanted.result,
};

function plan(args: AuthorizedKeyArgs, state: AuthorizedKeyState): AuthorizedKeyChange | null {
  const keys = wantedKeys(args, state);
  const { user, path } = state;
  if (user.kind === 'absent') {
    throw new Failure({
      code: 'HAPB6320',
      message: `the host has no user ${args.user}`,
      hint: `Make it first: \`user: {name: ${args.user}}\`.`,
      argument: 'user',
    });
  }
  const text = textOf(path, state.keys);
  const { lines, newline } = splitLines(text ?? '');
  const others = args.exclusive === true ? 'only' : 'keep';
  const after = args.state === 'absent' ? withoutKeys(lines, keys) : withKeys(lines, keys, others);
  if (after.join('\n') === lines.join('\n')) return null;
  const file = planKeys(args, state, { text: joinLines(after, newline), user });
  const folder = args.manage_dir === false ? null : folderPlan(args.user, state, user);
  if (file === null) return null;
  const verb =
    args.state === 'absent' ? 'take keys from' : args.exclusive === true ? 'set the keys of' : 'add keys to';
  return {
    summary: `${verb} ${args.user}`,
    edits: [...(folder?.edits ?? []), ...file.edits],
    effects: [...(folder?.effects ?? []), ...file.effects],
    forecast: known,
    plan: file,
    folder: folder === null ? null : { path: folderOf(path), owner: args.user },
    result: resultOf(args, path),
  };
}

function planKeys(
  args: AuthorizedKeyArgs,
  state: AuthorizedKeyState,
  wanted: { readonly text: string; readonly user: PresentUser },
): FilePlan | null {
  const { group } = wanted.user;
  const permissions = { mode: '0600', owner: args.user, ...(group === null ? {} : { group }) };
  const now = state.keys.file;
  const isLink = now.kind === 'file' && now.realPath !== state.path;
  if (isLink && args.follow !== true)
    return planFile({ ...permissions, path: state.path, content: wanted.text }, now, state.keys.who);
  return planText(state.path, wanted.text, { now: state.keys, edit: permissions });
}

function folderPlan(
  owner: string,
  { folder, path }: AuthorizedKeyState,
  user: PresentUser,
): { readonly edits: readonly Edit[]; readonly effects: readonly Effect[] } | null {
  const place = folderOf(path);
  const group = user.group ?? (folder.kind === 'directory' ? folder.group : owner);
  const after = { mode: '0700', owner, group };
  const before = folder.kind === 'directory' ? folder : null;
  const edit = editPermissions(place, before, after);
  return edit === null
    ? null
    : { edits: [edit], effects: [fileEffect(place, { kind: 'directory', ...after })] };
}

function wantedKeys(args: AuthorizedKeyArgs, state: AuthorizedKeyState): readonly PublicKey[] {
  const source = sourceOf(args);
  const text = source === null || state.source === null ? args.key : textOf(source, state.source);
  if (text === null) {
    throw new Failure({
      code: 'HAPB6021',
      message: `${source} does not exist on the host`,
      hint: 'Correct the path; keys of the controller are given with `key: "{{ lookup(\'file\', PATH) }}"`.',
      argument: 'key',
    });
  }
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => wantedKey(args, line));
}

function wantedKey(args: AuthorizedKeyArgs, line: string): PublicKey {
  const key = parseKey(line);
  if (key === null || !isWhole(key)) {
    const shown = line.length > 60 ? `${line.slice(0, 57)}…` : line;
    throw new Failure({
      code: 'HAPB6321',
      message: `not a whole public key: ${shown}`,
      hint: 'Give the whole line of the .pub file: type, data, comment. A private key does not belong here.',
      argument: 'key',
    });
  }
  return {
    ...key,
    ...(args.key_options === undefined ? {} : { options: splitOptions(args.key_options) }),
    ...(args.comment === undefined ? {} : { comment: args.comment }),
  };
}

/** The file on the host that holds the keys; `null`: they stand in the task. @throws Failure HAPB6007 for an address */
function sourceOf(args: AuthorizedKeyArgs): string | null {
  if (/^https?:/.test(args.key)) {
    throw refused(
      'key',
      'the host itself would have to fetch an address',
      'Fetch it on the controller once (`get_url` with delegate_to: localhost), then give the text.',
    );
  }
  return args.key.startsWith('file:') ? args.key.trim().replace(/^file:(\/\/)?/, '') : null;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function resultOf(args: AuthorizedKeyArgs, path: string): Output {
  return {
    user: args.user,
    key: args.key,
    keyfile: path,
    path: args.path ?? null,
    state: args.state ?? 'present',
    key_options: args.key_options ?? null,
    exclusive: args.exclusive ?? false,
    manage_dir: args.manage_dir ?? true,
    comment: args.comment ?? null,
    follow: args.follow ?? false,
  };
}
