import { type Ask, all, andThen, map, nothing } from '../ask.ts';
import { identity } from '../asks/account.ts';
import { file } from '../asks/file.ts';
import type { Module } from '../module.ts';
import { applyArchive } from './archive-apply.ts';
import { archiveListing } from './archive-listing.ts';
import {
  type ArchiveArgs,
  type ArchiveChange,
  type ArchiveState,
  archiveOutput,
  packingOf,
  planArchive,
  settled,
} from './archive-plan.ts';
import { expanded, packedDigests, treeStates } from './archive-sources.ts';
import { changedPath, permissionArguments } from './file-arguments.ts';
import { listArgument, listed } from './list-argument.ts';
import { refusedFileArguments } from './refused-argument.ts';

/** Files packed into one. */
export const archive: Module<ArchiveArgs, ArchiveState, ArchiveChange> = {
  name: 'archive',
  aliases: ['community.general.archive'],
  summary: 'Packs files and folders of the host into an archive, or compresses a single file.',
  notes: [
    'Names in the archive are below the folder that all paths have in common. A path that is not there is named in `missing`.',
    'What the archive lists is held against what is there: names, kinds, sizes, times of change, permissions and owners. Only when something differs it is packed anew, and put in place in one step.',
    'The host needs the programs for the format: tar and gzip, bzip2, xz or zstd; zip and unzip.',
  ],
  args: {
    type: 'object',
    properties: {
      path: listArgument({
        hostPath: 'always',
        relative: 'allowed',
        description: 'What to pack: paths of the host, or patterns with * and ?.',
      }),
      dest: changedPath(
        'The archive. Absent: for a single file its path with the format as its end; else it is needed.',
      ),
      format: {
        enum: ['gz', 'bz2', 'xz', 'zstd', 'tar', 'zip'],
        default: 'gz',
        description: 'How to pack. All but zip and tar mean a compressed tar, or a single compressed file.',
      },
      exclude_path: listArgument({
        hostPath: 'always',
        relative: 'allowed',
        description: 'Paths or patterns that are taken out of path.',
      }),
      exclusion_patterns: listArgument({
        description:
          'Names in the archive (with zip: paths) to leave out, as patterns; a star takes slashes too.',
      }),
      force_archive: {
        type: 'boolean',
        default: false,
        description: 'Make an archive of a single file too, instead of compressing it.',
      },
      remove: { type: 'boolean', default: false, description: 'Remove what was packed.' },
      ...permissionArguments,
      ...refusedFileArguments,
    },
    required: ['path'],
    additionalProperties: false,
  },
  returns: {
    dest: 'The archive, with mode, owner, group, size and state.',
    dest_state: 'archive; compress for a single file; incomplete where paths are missing; absent.',
    archived: 'Paths that are in it.',
    arcroot: 'The folder that names in the archive are below.',
    missing: 'Paths that are not there.',
    expanded_paths: 'The paths once patterns were resolved.',
    expanded_exclude_paths: 'The same of exclude_path.',
  },
  example: `- name: Keep the cluster's keys
  archive:
    path: /etc/kubernetes/pki
    dest: /root/pki.tgz
    mode: '0600'
`,
  probe: (args) =>
    andThen(expanded(listed(args.path), listed(args.exclude_path)), (paths): Ask<ArchiveState> => {
      const packing = packingOf(args, paths);
      return andThen(treeStates(packing.paths), (sources) => {
        const last = settled(packing, sources, args);
        const { dest, format, kind } = last;
        const single = kind === 'file' && format !== 'tar' && format !== 'zip';
        const [path = ''] = last.paths;
        return map(
          all({
            now: file(dest, { content: 'hash', links: 'follow', owners: args }),
            who: identity(),
            archive: single
              ? nothing(null)
              : archiveListing([dest], { include: [], exclude: [], options: [] }),
            digests: single ? packedDigests(path, dest, format) : nothing(null),
          }),
          (state) => ({ ...state, packing: last, sources }),
        );
      });
    }),
  diff: (args, state) => planArchive(args, state),
  apply: applyArchive,
  output: (args, state) => archiveOutput(args, state, state.now),
  foreseen: (wanted) => wanted.result,
};
