import type { Change } from '../core/change.ts';
import { Failure, registering } from '../core/failure.ts';
import type { Output } from '../core/value.ts';
import { type Ask, all, nothing } from './ask.ts';
import { type GroupState, groupOf } from './asks/group.ts';
import { type UserState, userOf } from './asks/user.ts';
import { pathInfo } from './general/path-look.ts';
import type { AnyModule } from './module.ts';

interface OwnerArgs {
  readonly owner?: unknown;
  readonly group?: unknown;
  readonly state?: unknown;
}

interface WithOwners {
  readonly own: unknown;
  readonly owner: UserState | null;
  readonly group: GroupState | null;
}

interface NumberedChange extends Change {
  /** Of the owner and the group that the task names; `null`: none, or not known. */
  readonly numbers?: { readonly uid: number | null; readonly gid: number | null };
}

/**
 * The module with one more question in the same flight, where its task names an owner or a group: whether there is such an
 * account. Without it a change is not begun, so a check says what a run would (HAPB6025). Other modules as they are.
 */
export function withKnownOwners(module: AnyModule): AnyModule {
  const { properties } = module.args;
  if (properties.owner === undefined || properties.group === undefined) return module;
  const stateOf = (state: unknown): WithOwners => state as WithOwners;
  const { output, foreseen } = module;
  return {
    ...module,
    probe: (args, task): Ask<unknown> =>
      all<WithOwners & Record<string, unknown>>({
        own: module.probe(args, task),
        owner: named((args as OwnerArgs).owner, userOf),
        group: named((args as OwnerArgs).group, groupOf),
      }),
    diff(args, state, task) {
      const { own, owner, group } = stateOf(state);
      const wanted = module.diff(args, own, task);
      if (wanted === null || (args as OwnerArgs).state === 'absent') return wanted;
      if (owner?.kind !== 'absent' && group?.kind !== 'absent')
        return { ...wanted, numbers: { uid: owner?.uid ?? null, gid: group?.gid ?? null } };
      const now = output?.call(module, args, own, task) ?? {};
      const failure =
        owner?.kind === 'absent' ? noAccount('owner', 'user', args) : noAccount('group', 'group', args);
      const { path = now.dest } = now;
      const place = path === undefined ? {} : { path };
      throw registering(failure, { ...place, ...pathInfo(now), ...sumOf(module.foreseen?.(wanted) ?? {}) });
    },
    apply: async (wanted, host) => withNumbers(await module.apply(wanted, host), wanted),
    ...(foreseen === undefined
      ? {}
      : { foreseen: (wanted) => withNumbers(foreseen.call(module, wanted), wanted) }),
    ...(output === undefined
      ? {}
      : { output: (args, state, task) => output.call(module, args, stateOf(state).own, task) }),
  };
}

/** A result that names the owner and the group, with the numbers that the host has for them. */
function withNumbers(output: Output, wanted: Change): Output {
  const { uid = null, gid = null } = (wanted as NumberedChange).numbers ?? {};
  return {
    ...output,
    ...(uid === null || !('owner' in output) || 'uid' in output ? {} : { uid }),
    ...(gid === null || !('group' in output) || 'gid' in output ? {} : { gid }),
  };
}

/** Of what was to go there. */
function sumOf({ checksum }: Output): Output {
  return checksum === undefined ? {} : { checksum };
}

/** Numbers need no name, and an empty one means nothing. */
function named<T>(name: unknown, ask: (name: string) => Ask<T>): Ask<T | null> {
  return typeof name === 'string' && !/^\d*$/.test(name) ? ask(name) : nothing(null);
}

function noAccount(argument: 'owner' | 'group', kind: string, args: object): Failure {
  return new Failure({
    code: 'HAPB6025',
    message: `there is no ${kind} ${String((args as OwnerArgs)[argument])} on this host`,
    hint: `Make it before with the module ${kind}, or correct the name.`,
    argument,
  });
}
