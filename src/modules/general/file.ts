import { registering } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import { type Ask, all, each, map } from '../ask.ts';
import { identity } from '../asks/account.ts';
import { file as fileAsk } from '../asks/file.ts';
import type { ArgSchema, Module } from '../module.ts';
import { applyPath } from './file-apply.ts';
import { changedTree, permissionArguments } from './file-arguments.ts';
import { attributes } from './file-attributes.ts';
import { setsPermissions, sourcePath } from './file-links.ts';
import { pathOutput } from './file-output.ts';
import { planPath, wantedState } from './file-plan.ts';
import { fileTimes, usualTimeFormat } from './file-time.ts';
import { timeWishes } from './file-time-plan.ts';
import { tree } from './file-tree.ts';
import { inode } from './inode.ts';
import type { FileArgs, FileChange, FileModuleState } from './path-change.ts';
import { refusedContextArguments } from './refused-argument.ts';

/** Files, directories and links by their kind and permissions. */
export const file: Module<FileArgs, FileModuleState, FileChange> = {
  name: 'file',
  summary: 'Makes directories and links, removes files, and sets permissions.',
  notes: [
    'Content is the business of `copy_file`, `template`, `lineinfile` and `blockinfile`.',
    '`state: directory` makes missing parents too, with the same permissions. `state: absent` removes a directory with all that is in it.',
    'Given a time, `file`, `directory` and `touch` set it where it differs; `now` changes every time.',
    'Permissions of a `link` are those of what it leads to, as with Ansible; nothing is set where it leads nowhere.',
    '`state: touch` changes every time unless both times are kept (`access_time: preserve`, `modification_time: preserve`).',
  ],
  args: {
    type: 'object',
    properties: {
      path: changedTree('The path to manage.', ['dest', 'name']),
      state: {
        enum: ['file', 'directory', 'absent', 'link', 'touch', 'hard'],
        description:
          'What is to be there. `file` only sets permissions and fails where nothing is. Absent: what is there already, else `file`; with recurse `directory`.',
      },
      src: {
        type: 'string',
        hostPath: 'always',
        description: 'What a `link` or `hard` link leads to. A link’s may be relative to its folder.',
      },
      ...permissionArguments,
      recurse: {
        type: 'boolean',
        default: false,
        description: 'Set the permissions of all below the directory too.',
      },
      force: {
        type: 'boolean',
        default: false,
        description:
          'For links: replace a file that stands in the way, and allow a link to something that is not there.',
      },
      follow: {
        type: 'boolean',
        default: true,
        description:
          'Set permissions and times of what a link at the path leads to. false: with `link` the owner of the link itself; elsewhere a link is an error.',
      },
      access_time: timeArgument('access'),
      access_time_format: formatArgument('access'),
      modification_time: timeArgument('modification'),
      modification_time_format: formatArgument('modification'),
      attributes: {
        type: 'string',
        pattern: '^[-+=]?[a-zA-Z]+$',
        description:
          'Attributes of the file system as chattr(1) takes them: +i adds, -i takes away, i or =i leaves no others (of those that can be chosen). Not for links, nor below a directory.',
        aliases: ['attr'],
      },
      ...refusedContextArguments,
    },
    required: ['path'],
    additionalProperties: false,
  },
  returns: {
    path: 'The path.',
    dest: 'The same.',
    src: 'What a link leads to.',
    state: 'What is there: file, directory, link, hard or absent.',
    mode: 'Octal permissions.',
    owner: 'Owner.',
    group: 'Group.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    size: 'Size in bytes; of a folder what its file system says.',
  },
  example: `- name: A folder that only root may enter
  file:
    path: /etc/kubernetes/hapb-backup
    state: directory
    mode: '0700'
`,
  probe: (args) =>
    all({
      now: fileAsk(clean(args.path), {
        content: 'none',
        links: follows(args) ? 'follow' : 'keep',
        owners: args,
      }),
      who: identity(),
      below: args.recurse === true ? tree(clean(args.path)) : { queries: [], decode: () => [] },
      above: each(args.state === 'directory' ? foldersAbove(clean(args.path)).map(parent) : []),
      source:
        args.src === undefined && !(args.state === 'link' && setsPermissions(args))
          ? { queries: [], decode: () => null }
          : fileAsk(sourcePath({ ...args, path: clean(args.path) }), {
              content: 'none',
              links: setsPermissions(args) && args.follow !== false ? 'follow' : 'keep',
            }),
      sameInode:
        args.state === 'hard' ? inode(clean(args.path), args.src ?? '') : map(identity(), () => false),
      attributes:
        args.attributes === undefined ? { queries: [], decode: () => null } : attributes(clean(args.path)),
      times: fileTimes(clean(args.path), timeWishes(args)),
    }),
  diff(args, state) {
    try {
      return planPath({ ...args, path: clean(args.path) }, state);
    } catch (thrown) {
      throw registering(thrown, pathOutput(clean(args.path), state.now, state));
    }
  },
  apply: applyPath,
  output: (args, state) => describe(args, state),
  foreseen: (wanted) => wanted.result,
};

function clean(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
}

function parent(path: string): Ask<FileModuleState['above'][number]> {
  return map(fileAsk(path, { content: 'none', links: 'follow' }), (state) => ({ path, state }));
}

/** `/a/b/c` → `/a`, `/a/b`. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}

function follows(args: FileArgs): boolean {
  return (
    args.follow !== false &&
    (args.state === undefined ||
      args.state === 'file' ||
      args.state === 'directory' ||
      args.state === 'touch')
  );
}

function timeArgument(which: 'access' | 'modification'): ArgSchema {
  return {
    type: 'string',
    description: `What the ${which} time is to be, on the host’s clock and in its time zone: a time such as 202401312359.59, \`now\`, or \`preserve\`. Absent: now with \`touch\`, else as it is. Not for links, nor below a directory.`,
  };
}

function formatArgument(which: 'access' | 'modification'): ArgSchema {
  return {
    type: 'string',
    default: usualTimeFormat,
    description: `How ${which}_time is written: %Y %y %m %b %d %H %M %S, as strptime(3) reads them.`,
  };
}

function describe(args: FileArgs, state: FileModuleState): Output {
  const { now } = state;
  const hard = wantedState(args, now) === 'hard' ? { state: 'hard', src: args.src ?? '' } : {};
  return { ...pathOutput(clean(args.path), now, state), ...hard };
}
