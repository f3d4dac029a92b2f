import type { ArgSchema } from '../module.ts';

/** Who may do what, as playbooks write it; absent ones are left as they are. */
export interface PermissionArgs {
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
}

/** The arguments `mode`, `owner` and `group`. */
export const permissionArguments: Readonly<Record<string, ArgSchema>> = {
  mode: {
    type: 'string',
    numbers: 'refused',
    description:
      "Permissions: octal digits in quotes such as '0644', or symbolic as chmod takes them (u=rw,go=r). Absent: as it is; a new file gets what the user's umask leaves, one with secret content 0600.",
  },
  owner: { type: 'string', description: 'User name (or number) that is to own it. Absent: as it is.' },
  group: { type: 'string', description: 'Group name (or number) that is to own it. Absent: as it is.' },
};

/** A path on the host, absolute once the host has filled in its home, its variables or where its shells begin. */
export function pathArgument(description: string, aliases: readonly string[] = []): ArgSchema {
  return { ...onHost, description, ...(aliases.length === 0 ? {} : { aliases }) };
}

/** The path of a program on the host, written whole: a bare name would mean a file where shells begin. */
export function programArgument(description: string): ArgSchema {
  return { type: 'string', pattern: '^[/~$]', hostPath: 'always', description };
}

/** A path on the host where the task makes, changes or removes a file. */
export function changedPath(description: string, aliases: readonly string[] = []): ArgSchema {
  return { ...pathArgument(description, aliases), changes: 'file' };
}

/** The same of a folder, or of what may be one: all below it may change. */
export function changedTree(description: string, aliases: readonly string[] = []): ArgSchema {
  return { ...pathArgument(description, aliases), changes: 'tree' };
}
const onHost = { type: 'string', minLength: 1, hostPath: 'always', relative: 'allowed' } as const;

/** The argument `backup`. */
export const backupArgument: ArgSchema = {
  type: 'boolean',
  default: false,
  description:
    'Keep the old file as PATH.HASH~ beside it, HASH being the start of its SHA-256. Below /etc/kubernetes/manifests it goes to /etc/kubernetes/hapb-backup instead, because kubelet runs what it finds.',
};

/** The argument `validate`. */
export const validateArgument: ArgSchema = {
  type: 'string',
  pattern: '%s',
  description:
    'Shell command that must accept the new file before it is put in place; %s stands for its path.',
};
