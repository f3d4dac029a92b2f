import { pathArgument } from '../general/file-arguments.ts';
import { onlyFlag } from '../general/refused-argument.ts';
import type { ArgsSchema } from '../module.ts';
import { bare, type FstabEntry } from './fstab.ts';

/** Arguments of `mount`. */
export interface MountArgs {
  readonly path: string;
  readonly src?: string;
  readonly fstype?: string;
  readonly opts?: string;
  readonly dump?: string | number;
  readonly passno?: string | number;
  readonly state: MountState;
  readonly fstab?: string;
  readonly boot?: boolean;
  readonly backup?: boolean;
}

/** What `mount` can make of a place. */
export type MountState =
  | 'mounted'
  | 'unmounted'
  | 'present'
  | 'absent'
  | 'absent_from_fstab'
  | 'remounted'
  | 'ephemeral';

/** Their schema. */
export const mountSchema: ArgsSchema = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      pattern: '^([/~$]|none$|swap$)',
      hostPath: 'always',
      description: 'Where it is mounted; `none` for swap.',
      aliases: ['name'],
    },
    src: {
      type: 'string',
      minLength: 1,
      description: 'What is mounted: a device, UUID=…, LABEL=…, a folder (with opts: bind), SERVER:/PATH.',
    },
    fstype: { type: 'string', minLength: 1, description: 'Type of its file system.' },
    opts: { type: 'string', minLength: 1, description: 'Options, as fstab(5) has them. Absent: defaults.' },
    opts_no_log: onlyFlag(
      'false',
      'Options stand in fstab and in the list of mounts for all to read; put a password into a file that only root reads, and name it with `credentials=`.',
    ),
    dump: { type: ['string', 'integer'], default: '0', description: 'Fifth field of fstab.' },
    passno: {
      type: 'string',
      default: '0',
      description: 'Sixth field of fstab: the order of checks at boot.',
    },
    state: {
      enum: ['mounted', 'unmounted', 'present', 'absent', 'absent_from_fstab', 'remounted', 'ephemeral'],
      description:
        'mounted: in fstab and mounted. present: in fstab. unmounted: not mounted, fstab as it is. absent: out of fstab, not mounted, its folder removed. absent_from_fstab: only out of fstab. remounted: mounted anew, every time. ephemeral: mounted, and not in fstab; mounted anew every time.',
    },
    fstab: { ...pathArgument('The file in place of /etc/fstab.'), default: '/etc/fstab' },
    boot: {
      type: 'boolean',
      default: true,
      description: 'Mount it at boot; false adds noauto to the options.',
    },
    backup: {
      type: 'boolean',
      default: false,
      description: 'Keep the old fstab as PATH.HASH~ beside it.',
    },
  },
  required: ['path', 'state'],
  additionalProperties: false,
};

/** The entry that the task wants in fstab. */
export function entryFrom(args: MountArgs): FstabEntry {
  const options = args.opts ?? 'defaults';
  const noauto = args.boot === false && !options.split(',').includes('noauto');
  return {
    source: args.src ?? '',
    path: bare(args.path),
    fileSystem: args.fstype ?? '',
    options: noauto ? `${options},noauto` : options,
    dump: String(args.dump ?? '0'),
    pass: String(args.passno ?? '0'),
  };
}
