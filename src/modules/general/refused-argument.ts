import type { ArgSchema } from '../module.ts';

/** An argument of Ansible's module that is refused, with what to do instead. */
export function refusedArgument(refused: string): ArgSchema {
  return { not: {}, description: 'Refused.', refused };
}

/** A flag of Ansible's module that is taken only with the value that says what happens anyway. */
export function onlyFlag(value: 'true' | 'false', refused: string): ArgSchema {
  return { type: 'boolean', enum: [value === 'true'], description: `Only ${value}.`, refused };
}

const selinux = 'SELinux contexts are not set; let a `command` task call chcon or semanage.';

const attributes = 'Attributes are set by `file`: let a task with `attributes` follow.';

/** Arguments that Ansible's file modules share and that none of them takes here. */
export const refusedContextArguments: Readonly<Record<string, ArgSchema>> = {
  selevel: refusedArgument(selinux),
  serole: refusedArgument(selinux),
  setype: refusedArgument(selinux),
  seuser: refusedArgument(selinux),
  unsafe_writes: onlyFlag('false', 'Files are put in place whole or not at all; leave it out.'),
};

/** The same, and those that only `file` takes. */
export const refusedFileArguments: Readonly<Record<string, ArgSchema>> = {
  attributes: refusedArgument(attributes),
  attr: refusedArgument(attributes),
  ...refusedContextArguments,
};
