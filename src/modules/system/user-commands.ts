import { Failure } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import { fits, sha256Of } from '../../core/text-measure.ts';
import type { PresentUser, Shadow } from '../asks/user.ts';
import type { UserArgs } from './user-args.ts';

/** A hash to set. */
export interface PasswordStep {
  readonly hash: Secret;
  /** `!` where it is to be locked. */
  readonly prefix: '' | '!';
}

const secondsADay = 86_400;

/** The hash that has to be set; `null`: it is set already. A lock in front of it does not count. @throws Failure HAPB6304 */
export function passwordStep(args: UserArgs, hash: Secret, now: Shadow | null): PasswordStep | null {
  if (!fits(hash, /^[!*]*(\$[^$:\s]+\$[^:\s]+|_?[./0-9A-Za-z]{13,}|x)?$/)) {
    throw new Failure({
      code: 'HAPB6304',
      message: 'the password is no hash, so nobody could log in with it',
      hint: 'Give its hash, such as `mkpasswd --method=yescrypt` or `openssl passwd -6` prints it.',
      argument: 'password',
    });
  }
  if (now !== null) {
    const bare = withoutLock(now);
    if (bare !== null && isHash(hash, bare)) return null;
    if (now.password instanceof Secret && sha256Of(now.password) === sha256Of(hash)) return null;
  }
  return { hash, prefix: args.password_lock === true ? '!' : '' };
}

function isHash(hash: Secret, bare: string): boolean {
  const wanted = sha256Of(hash);
  return ['', '!', '!!'].some((lock) => sha256Of(lock + bare) === wanted);
}

/** The hash without its lock; `null`: it comes from an earlier task of this check. */
function withoutLock({ password }: Shadow): string | null {
  return typeof password === 'string' ? password.replace(/^!+/, '') : null;
}

/** useradd's arguments for a new account. */
export function createWords(
  args: UserArgs,
  at: {
    readonly groups: readonly string[];
    readonly ownGroupExists: boolean;
    readonly parent: string | null;
  },
): readonly string[] {
  const makesHome = args.create_home !== false;
  const key = (name: string, value: string | number | undefined): readonly string[] =>
    value === undefined ? [] : ['-K', `${name}=${value}`];
  return [
    'useradd',
    ...flag('-u', args.uid),
    ...(args.non_unique === true ? ['-o'] : []),
    ...flag('-Z', args.seuser),
    ...(args.group !== undefined ? ['-g', args.group] : at.ownGroupExists ? ['-N'] : []),
    ...(at.groups.length === 0 ? [] : ['-G', at.groups.join(',')]),
    ...flag('-c', args.comment),
    ...flag('-d', args.home),
    ...flag('-s', args.shell),
    ...(args.expires === undefined ? [] : ['-e', expiryDate(args.expires)]),
    ...flag('-f', args.password_expire_account_disable),
    ...(makesHome ? ['-m', ...flag('-k', args.skeleton), ...key('UMASK', args.umask)] : ['-M']),
    ...(args.system === true ? ['-r'] : []),
    ...key('UID_MIN', args.uid_min),
    ...key('UID_MAX', args.uid_max),
    args.name,
  ];
}

/** usermod's arguments for an account; empty: nothing differs. */
export function usermodWords(
  args: UserArgs,
  at: {
    readonly user: PresentUser;
    readonly primary: { readonly name: string | null; readonly gid: number | null } | null;
    /** All other groups that it is to be in; `null`: they are right. */
    readonly groups: readonly string[] | null;
    readonly password: PasswordStep | null;
  },
): readonly string[] {
  const { user, primary, groups } = at;
  const differs = <T>(wanted: T | undefined, now: T): T | undefined => (wanted === now ? undefined : wanted);
  const uid = differs(args.uid, user.uid);
  const home = differs(args.home, user.home);
  const words = [
    ...flag('-u', uid ?? undefined),
    ...(uid !== undefined && args.non_unique === true ? ['-o'] : []),
    ...(primary === null ? [] : ['-g', primary.name ?? String(primary.gid)]),
    ...(groups === null ? [] : ['-G', groups.join(',')]),
    ...flag('-c', differs(args.comment, user.comment)),
    ...flag('-d', home),
    ...(home !== undefined && args.move_home === true && user.homeExists ? ['-m'] : []),
    ...flag('-s', differs(args.shell, user.shell)),
    ...expiryWords(args, user.shadow),
    ...flag('-f', differs(args.password_expire_account_disable, user.shadow?.inactiveDays)),
    ...(at.password === null ? lockWords(args, user.shadow) : []),
  ];
  return words.length === 0 ? [] : ['usermod', ...words, args.name];
}

function expiryWords(args: UserArgs, now: Shadow | null): readonly string[] {
  if (args.expires === undefined || now === null) return [];
  return dayOf(args.expires) === now.expireDay ? [] : ['-e', expiryDate(args.expires)];
}

/** The day in the words of useradd; empty: never. */
function expiryDate(epochSeconds: number): string {
  return epochSeconds < 0 ? '' : new Date(epochSeconds * 1000).toISOString().slice(0, 10);
}

/** An account without a password has nothing that could be unlocked. */
function lockWords(args: UserArgs, now: Shadow | null): readonly string[] {
  if (args.password_lock === undefined || now === null || typeof now.password !== 'string') return [];
  const locked = now.password.startsWith('!');
  if (args.password_lock) return locked ? [] : ['-L'];
  return locked && withoutLock(now) !== '' ? ['-U'] : [];
}

function flag(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [name, String(value)];
}

/** How shadow(5) will be. */
export function shadowAfter(
  args: UserArgs,
  at: { readonly before: Shadow; readonly password: PasswordStep | null; readonly words: readonly string[] },
): Shadow {
  const { before, password, words } = at;
  const now = before.password;
  const text =
    password !== null
      ? password.prefix === ''
        ? password.hash
        : null
      : typeof now === 'string' && words.includes('-L')
        ? `!${now}`
        : typeof now === 'string' && words.includes('-U')
          ? now.slice(1)
          : now;
  return {
    password: text,
    minDays: args.password_expire_min ?? before.minDays,
    maxDays: args.password_expire_max ?? before.maxDays,
    warnDays: args.password_expire_warn ?? before.warnDays,
    inactiveDays: args.password_expire_account_disable ?? before.inactiveDays,
    expireDay: args.expires === undefined ? before.expireDay : dayOf(args.expires),
  };
}

/** The day since 1970; -1: never. */
function dayOf(epochSeconds: number): number {
  return epochSeconds < 0 ? -1 : Math.floor(epochSeconds / secondsADay);
}
