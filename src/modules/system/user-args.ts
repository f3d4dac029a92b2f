import type { Secret } from '../../core/secret.ts';
import { pathArgument } from '../general/file-arguments.ts';
import { onlyFlag } from '../general/refused-argument.ts';
import type { ArgsSchema } from '../module.ts';

/** Arguments of `user`. */
export interface UserArgs {
  readonly name: string;
  readonly state?: 'present' | 'absent';
  readonly uid?: number;
  readonly non_unique?: boolean;
  readonly group?: string;
  readonly groups?: string | readonly string[];
  readonly append?: boolean;
  readonly comment?: string;
  readonly home?: string;
  readonly create_home?: boolean;
  readonly move_home?: boolean;
  readonly skeleton?: string;
  readonly shell?: string;
  readonly system?: boolean;
  readonly password?: Secret;
  readonly update_password?: 'always' | 'on_create';
  readonly password_lock?: boolean;
  readonly expires?: number;
  readonly password_expire_min?: number;
  readonly password_expire_max?: number;
  readonly password_expire_warn?: number;
  readonly password_expire_account_disable?: number;
  readonly umask?: string;
  readonly uid_min?: number;
  readonly uid_max?: number;
  readonly seuser?: string;
  readonly generate_ssh_key?: boolean;
  readonly ssh_key_type?: string;
  readonly ssh_key_bits?: number;
  readonly ssh_key_file?: string;
  readonly ssh_key_comment?: string;
  readonly ssh_key_passphrase?: Secret;
  readonly force?: boolean;
  readonly remove?: boolean;
}

const days = (description: string): { readonly type: 'integer'; readonly description: string } => ({
  type: 'integer',
  description,
});
const elsewhere = { description: 'Accepted; it means nothing on Linux.' };

/** Their schema. */
export const userSchema: ArgsSchema = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      pattern: '^[^:,\\s]+$',
      changes: 'user',
      description: 'Name of the account.',
      aliases: ['user'],
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be there.' },
    uid: { type: 'integer', minimum: 0, description: 'Its number. Absent: as it is, or the next free one.' },
    non_unique: { type: 'boolean', default: false, description: 'Allow a number that another account has.' },
    group: {
      type: 'string',
      description:
        'Primary group, by name or number. Absent: as it is; a new account gets a group of its own name where the host does so.',
    },
    groups: {
      type: ['array', 'string'],
      items: { type: 'string' },
      description:
        "Other groups, as a list or with commas between. It leaves those that are not named, unless `append` says otherwise; '' is none. Absent: as they are.",
    },
    append: { type: 'boolean', default: false, description: 'Keep the groups that `groups` does not name.' },
    comment: { type: 'string', pattern: '^[^:\\n]*$', description: 'Full name or purpose.' },
    home: { ...pathArgument('Home directory.'), changes: 'tree', pattern: '^[/~$][^:\\n]*$' },
    create_home: {
      type: 'boolean',
      default: true,
      description: 'Make the home directory where it is missing, also of an account that is there.',
      aliases: ['createhome'],
    },
    move_home: {
      type: 'boolean',
      default: false,
      description: 'Move what is in the old home directory to the new one.',
    },
    skeleton: pathArgument('What a new home directory is a copy of. Absent: /etc/skel.'),
    shell: { type: 'string', pattern: '^[^:\\n]*$', description: 'Login shell.' },
    system: {
      type: 'boolean',
      default: false,
      description: 'Make a new account with a number from the range of the system.',
    },
    password: {
      type: 'string',
      secret: 'always',
      description:
        "Hash of the password, as crypt(5) has it; '!' and '*' allow none. It goes to the host on stdin and is shown nowhere.",
    },
    update_password: {
      enum: ['always', 'on_create'],
      default: 'always',
      description: 'Whether `password` is set when it differs, or only when the account is made.',
    },
    password_lock: { type: 'boolean', description: 'Whether the password is locked. Absent: as it is.' },
    expires: {
      type: 'number',
      description: 'When the account expires, in seconds since 1970; only the day counts. Negative: never.',
    },
    password_expire_min: days('Days that must pass between two changes of the password.'),
    password_expire_max: days('Days after which the password must be changed.'),
    password_expire_warn: days('Days of warning before that.'),
    password_expire_account_disable: days('Days after that until the account is disabled; -1: never.'),
    umask: {
      type: 'string',
      pattern: '^[0-7]{3,4}$',
      description: "What a new home directory's mode is cut by, such as '0077'.",
    },
    uid_min: { type: 'integer', minimum: 0, description: 'Lowest number for a new account.' },
    uid_max: { type: 'integer', minimum: 0, description: 'Highest number for a new account.' },
    seuser: { type: 'string', description: 'SELinux user of a new account.' },
    generate_ssh_key: {
      type: 'boolean',
      default: false,
      description: 'Make an SSH key of its own where there is none.',
    },
    ssh_key_type: {
      type: 'string',
      default: 'rsa',
      description: 'Type of that key, as ssh-keygen takes it.',
    },
    ssh_key_bits: { type: 'integer', default: 0, description: 'Its length; 0 is the default of ssh-keygen.' },
    ssh_key_file: {
      type: 'string',
      description: 'Its file, below the home directory or absolute. Absent: `.ssh/id_` and the type.',
    },
    ssh_key_comment: {
      type: 'string',
      description: 'Its comment. Absent: `ansible-generated on` and the name of the host.',
    },
    ssh_key_passphrase: { type: 'string', secret: 'always', description: 'Passphrase of that key.' },
    force: {
      type: 'boolean',
      default: false,
      description:
        'With absent: remove it though it is in use. With generate_ssh_key: replace the key that is there.',
    },
    remove: {
      type: 'boolean',
      default: false,
      description: 'With absent: remove its home directory and its mail too.',
    },
    local: onlyFlag('false', 'Accounts are made in the files of the host; leave it out.'),
    hidden: { type: 'boolean', ...elsewhere },
    login_class: { type: 'string', ...elsewhere },
    profile: { type: 'string', ...elsewhere },
    authorization: { type: 'string', ...elsewhere },
    role: { type: 'string', ...elsewhere },
  },
  required: ['name'],
  additionalProperties: false,
};

/** The other groups that a task names; `null`: it says nothing of them. */
export function wantedGroups(args: UserArgs): readonly string[] | null {
  if (args.groups === undefined) return null;
  const words = typeof args.groups === 'string' ? args.groups.split(',') : args.groups;
  return [...new Set(words.map((word) => word.trim()))].filter((word) => word !== '');
}
