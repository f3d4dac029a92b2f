import type { Identity } from '../asks/account.ts';
import type { Permissions } from '../asks/file-state.ts';
import type { PermissionArgs } from './file-arguments.ts';
import { wantedPermissions, withoutUmask } from './file-change.ts';
import { resolveMode } from './mode.ts';

/** The permissions that a folder ends up with. */
export function folderPermissions(
  wanted: PermissionArgs,
  before: Permissions | null,
  who: Identity,
): Permissions {
  const now = before?.mode ?? withoutUmask(0o777, who);
  const { owner, group } = wantedPermissions({ ...wanted, mode: '0755' }, before, who);
  return {
    mode: wanted.mode === undefined ? now : resolveMode(wanted.mode, { now, kind: 'directory' }),
    owner,
    group,
  };
}
