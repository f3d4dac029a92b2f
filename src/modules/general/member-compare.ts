import type { Identity } from '../asks/account.ts';
import type { Member } from './archive-listing.ts';
import type { PermissionArgs } from './file-arguments.ts';
import type { PresentMember } from './member-states.ts';
import { resolveMode } from './mode.ts';

/** Names of users and groups that the host knows. */
export interface KnownNames {
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** How members are held against what is there. */
export interface Comparison {
  readonly permissions: PermissionArgs;
  readonly who: Identity;
  readonly names: KnownNames;
  /** `older`: only a member that is newer differs. */
  readonly times: 'other' | 'older' | 'ignored';
}

/** A member that is not there as it is in the archive. `null` in `after`: the archive does not say. */
export interface MemberDifference {
  readonly member: Member;
  readonly before: PresentMember | null;
  /** `permissions`: only those that the playbook asks for. */
  readonly what: 'missing' | 'other' | 'permissions';
  readonly after: {
    readonly mode: string | null;
    readonly owner: string | null;
    readonly group: string | null;
  };
}

/** The members that differ from what is there: in kind, size, time or permissions. Content of equal size and time is taken as equal. */
export function compareMembers(
  members: readonly Member[],
  present: ReadonlyMap<string, PresentMember>,
  how: Comparison,
): readonly MemberDifference[] {
  // A later member of a name takes the place of an earlier one.
  const last = new Map(members.map((member) => [member.name, member]));
  return [...last.values()].flatMap((member): readonly MemberDifference[] => {
    const before = present.get(member.name) ?? null;
    const after = permissionsAfter(member, before, how);
    if (before === null) return [{ member, before, what: 'missing', after }];
    if (differs(member, before, how)) return [{ member, before, what: 'other', after }];
    const kept = permissionsAfter({ ...member, mode: before.mode }, before, how);
    return isOther(kept, before, how.permissions)
      ? [{ member, before, what: 'permissions', after: kept }]
      : [];
  });
}

function differs(member: Member, before: PresentMember, how: Comparison): boolean {
  const kind = member.kind === 'hard' ? 'file' : member.kind;
  if (kind !== before.kind) return true;
  if (kind === 'link') return member.target !== null && member.target !== before.target;
  if (kind === 'other') return false;
  if (how.permissions.mode === undefined && member.mode !== null && unpackedMode(member, how) !== before.mode)
    return true;
  if (member.kind !== 'file') return false;
  if (how.times === 'older' && before.mtime >= member.mtime - 1) return false;
  if (member.sizeBytes !== before.sizeBytes) return true;
  return how.times !== 'ignored' && !sameTime(member, before.mtime);
}

/** zip keeps times in steps of two seconds, and often in some unsaid zone. */
function sameTime(member: Member, mtime: number): boolean {
  const apart = Math.abs(member.mtime - mtime);
  if (member.owner !== '' || member.group !== '') return apart === 0;
  const rest = apart % 900;
  return apart <= 50_400 && (rest <= 2 || rest >= 898);
}

function permissionsAfter(
  member: Member,
  before: PresentMember | null,
  { permissions, who, names }: Comparison,
): MemberDifference['after'] {
  const unpacked = unpackedMode(member, { who });
  const kind = member.kind === 'directory' ? 'directory' : 'file';
  const now = unpacked ?? before?.mode ?? null;
  const own = (name: string, known: ReadonlySet<string>, mine: string): string | null =>
    who.uid !== 0 || name === '' ? mine : known.has(name) ? name : null;
  return {
    mode:
      permissions.mode === undefined || member.kind === 'link'
        ? now
        : now === null && !/^[0-7]+$/.test(permissions.mode)
          ? null
          : resolveMode(permissions.mode, { now: now ?? '0000', kind }),
    owner: wanted(permissions.owner, before?.uid, before?.owner) ?? own(member.owner, names.users, who.user),
    group:
      wanted(permissions.group, before?.gid, before?.group) ?? own(member.group, names.groups, who.group),
  };
}

/** A number that is the present owner's means that owner. */
function wanted(asked: string | undefined, nowId?: string, nowName?: string): string | undefined {
  return asked !== undefined && asked === nowId ? nowName : asked;
}

/** tar and unzip keep an archive's permissions for root, and take the user's umask from them for others. */
function unpackedMode({ mode }: Member, { who }: Pick<Comparison, 'who'>): string | null {
  if (mode === null || who.uid === 0) return mode;
  const bits = Number.parseInt(mode, 8) & ~Number.parseInt(who.umask, 8) & 0o777;
  return bits.toString(8).padStart(4, '0');
}

function isOther(after: MemberDifference['after'], before: PresentMember, wanted: PermissionArgs): boolean {
  return (
    (wanted.mode !== undefined && before.kind !== 'link' && after.mode !== before.mode) ||
    (wanted.owner !== undefined && after.owner !== before.owner) ||
    (wanted.group !== undefined && after.group !== before.group)
  );
}
