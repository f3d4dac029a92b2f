import { float } from '../../core/float.ts';
import { Unknown } from '../../core/unknown.ts';
import type { Value } from '../../core/value.ts';
import { all, orUnknown, unlessChanged } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileKey, type Permissions } from '../asks/file-state.ts';
import type { Module } from '../module.ts';
import { pathArgument } from './file-arguments.ts';
import { permissionFlags } from './permission-flags.ts';
import { attributesOf, type Details, details, deviceType, mimeOf } from './stat-details.ts';

/** Arguments of `stat`. */
export interface StatArgs {
  readonly path: string;
  readonly follow?: boolean;
  readonly get_checksum?: boolean;
  readonly checksum_algorithm?: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
  readonly get_mime?: boolean;
  readonly get_attributes?: boolean;
}

/** What `stat` asks. */
export interface StatState {
  readonly file: FileState;
  /** What an earlier task of a check foresaw is not in them. */
  readonly more: Details;
  /** Unknown: an earlier task changes what is in the folder, or another name of the file. Absent: none does. */
  readonly beside?: Unknown | null;
}

/** What is at a path. */
export const stat: Module<StatArgs, StatState> = {
  name: 'stat',
  summary: 'Finds out what is at a path.',
  notes: [
    'In check mode it sees what earlier tasks would have made; times and the like of such files are unknown.',
    'The kind of the content is what file(1) says of it, the attributes what lsattr(1) says. Hosts need neither: without them mimetype and charset are `unknown`, and there are no attributes.',
  ],
  args: {
    type: 'object',
    properties: {
      path: pathArgument('The path.', ['dest', 'name']),
      follow: { type: 'boolean', default: false, description: 'Describe what a link leads to.' },
      get_checksum: { type: 'boolean', default: true, description: 'Work out the checksum of a file.' },
      checksum_algorithm: {
        enum: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
        default: 'sha1',
        description: 'Which checksum.',
        aliases: ['checksum', 'checksum_algo'],
      },
      get_mime: {
        type: 'boolean',
        default: true,
        description: 'Find out what kind of content a file has.',
        aliases: ['mime', 'mime_type', 'mime-type'],
      },
      get_attributes: {
        type: 'boolean',
        default: true,
        description: 'Find out which attributes the file system keeps of it, such as immutable.',
        aliases: ['attr', 'attributes'],
      },
    },
    required: ['path'],
    additionalProperties: false,
  },
  returns: {
    stat: 'exists, and where it does: path, isdir, isreg, islnk, isblk, ischr, isfifo, issock, mode, rusr to xoth, isuid, isgid, size, blocks, block_size, uid, gid, pw_name, gr_name, mtime, atime, ctime, inode, dev, device_type, nlink, checksum, lnk_target, lnk_source, readable, writeable, executable, mimetype, charset, attributes, attr_flags, version.',
  },
  example: `- name: Has the node joined?
  stat:
    path: /etc/kubernetes/kubelet.conf
  register: kubelet_conf
`,
  probe: (args) => {
    const links = args.follow === true ? 'follow' : 'keep';
    return all({
      file: file(args.path, { content: 'none', links }),
      more: details(args.path, {
        links,
        checksum: args.get_checksum === false ? 'none' : (args.checksum_algorithm ?? 'sha1'),
        mime: args.get_mime === false ? 'no' : 'asked',
        attributes: args.get_attributes === false ? 'no' : 'asked',
      }),
      beside: orUnknown(
        unlessChanged(
          [`${fileKey(args.path.replace(/\/+$/, ''))}/*`, `times:${args.path}`],
          `what stat says of ${args.path}`,
        ),
      ),
    });
  },
  diff: () => null,
  apply: async () => ({}),
  output: (args, state) => ({ stat: describe(args, state) }),
};

function describe(args: StatArgs, { file: found, more, beside }: StatState): Record<string, Value> {
  // A link that was to be followed and is one still leads nowhere.
  if (found.kind === 'absent' || (found.kind === 'link' && args.follow === true)) return { exists: false };
  const foreseen = beside instanceof Unknown || isForeseen(found, more);
  const unknown = beside ?? new Unknown(`${args.path} is only foreseen`);
  const otherRights = foreseen || (found.kind !== 'link' && isPermittedAnew(found, more));
  const known = (
    values: Readonly<Record<string, Value>>,
    isOpen = foreseen,
  ): Readonly<Record<string, Value>> =>
    isOpen ? Object.fromEntries(Object.keys(values).map((name) => [name, unknown])) : values;
  const each = (
    names: readonly string[],
    read: (word: string) => Value,
    isOpen = foreseen,
  ): Readonly<Record<string, Value>> =>
    known(Object.fromEntries(names.map((name) => [name, read(more.get(name) ?? '0')])), isOpen);
  const isReadable = more.get('readable') !== 'False';
  const checksum = found.kind === 'file' && args.get_checksum !== false && (otherRights || isReadable);
  return {
    exists: true,
    path: args.path,
    ...permissionFlags(rawModeOf(found, more)),
    ...named('pw_name', found.owner),
    ...named('gr_name', found.group),
    ...each(['size', 'uid', 'inode', 'dev', 'nlink', 'blocks', 'block_size'], Number),
    ...each(['gid'], Number, foreseen || (otherRights && 'gid' in found === false)),
    ...each(['atime', 'mtime'], (word) => float(Number(word))),
    ...each(['ctime'], (word) => float(Number(word)), otherRights),
    ...each(['readable', 'writeable', 'executable'], (word) => word === 'True', otherRights),
    ...(found.kind === 'file' && found.sizeBytes !== null ? { size: found.sizeBytes } : {}),
    ...known({ device_type: deviceType(more) }),
    ...(found.kind === 'link' ? { lnk_target: found.target } : {}),
    ...(found.kind === 'link' ? known({ lnk_source: more.get('lnk_source') ?? '' }) : {}),
    ...(checksum ? known({ checksum: more.get('checksum') ?? null }, foreseen || !isReadable) : {}),
    ...(args.get_mime === false ? {} : known(mimeOf(more))),
    ...(args.get_attributes === false ? {} : known(attributesOf(more))),
  };
}

/** Whether it is only what an earlier task of a check would have made: then the host's own words are of something else. */
function isForeseen(found: FileState, more: Details): boolean {
  if (found.kind === 'link') return more.get('lnk_target') !== found.target;
  return found.kind !== 'absent' && found.uid === undefined;
}

/** Whether an earlier task of a check would have set its permissions: then the host's own words of these no longer count. */
function isPermittedAnew({ mode, gid }: Permissions, more: Details): boolean {
  return (
    gid === undefined || (Number.parseInt(more.get('raw') ?? '0', 16) & 0o7777) !== Number.parseInt(mode, 8)
  );
}

const typeBits = { file: 0o100000, directory: 0o040000, link: 0o120000 } as const;

function rawModeOf(found: Exclude<FileState, { readonly kind: 'absent' }>, more: Details): number {
  const said = Number.parseInt(more.get('raw') ?? '0', 16);
  // Permissions of devices and the like are changed by tasks, what they are is not.
  const type = found.kind === 'other' ? said & 0o170000 : typeBits[found.kind];
  return type | Number.parseInt(found.kind === 'link' ? '0777' : found.mode, 8);
}

/** An account without a name has only its number. */
function named(key: string, account: string): Readonly<Record<string, Value>> {
  return /^\d+$/.test(account) ? {} : { [key]: account };
}
