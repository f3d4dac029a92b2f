import { type Ask, all, andThen, map, nothing, on } from '../ask.ts';
import { identity } from '../asks/account.ts';
import { candidates, controllerFile } from '../asks/controller-file.ts';
import { file } from '../asks/file.ts';
import type { TaskContext } from '../module.ts';
import { type Archive, archiveListing, type Member, type MemberChoice } from './archive-listing.ts';
import { guards, notNeeded } from './command-guard.ts';
import { listed } from './list-argument.ts';
import type { KnownNames } from './member-compare.ts';
import { memberNames } from './member-names.ts';
import { knownNames, memberStates } from './member-states.ts';
import { placeOfArchive, type UnarchiveArgs, type UnarchiveState } from './unarchive-plan.ts';

/** Which members the playbook means. */
export function choiceOf(args: UnarchiveArgs): MemberChoice {
  return { include: listed(args.include), exclude: listed(args.exclude), options: listed(args.extra_opts) };
}

/** Asks for the guard; then for the archive, where it lies; then for what is where its members go. */
export function unarchiveState(args: UnarchiveArgs, task: TaskContext): Ask<UnarchiveState> {
  const first = all({
    guards: guards(args),
    to: file(args.dest, { content: 'none', links: 'follow' }),
    who: identity(),
  });
  return andThen(first, (state) => {
    const empty = {
      source: null,
      present: new Map(),
      names: { users: new Set<string>(), groups: new Set<string>() },
    };
    if (notNeeded(args, state.guards) !== null || placeOfArchive(args) === 'url')
      return nothing({ ...state, ...empty, archive: null });
    return andThen(listing(args, task), (archive): Ask<UnarchiveState> => {
      if (archive.kind === 'archive' && archive.members === null && placeOfArchive(args) === 'controller')
        return map(controllerFile([archive.path], 0), (source) => ({ ...state, ...empty, archive, source }));
      if (archive.kind !== 'archive' || archive.members === null || state.to.kind !== 'directory')
        return nothing({ ...state, ...empty, archive });
      const { members } = archive;
      const rest = all({ present: memberStates(args.dest, memberNames(members)), names: namesIn(members) });
      return map(rest, (more) => ({ ...state, ...more, source: null, archive }));
    });
  });
}

function listing(args: UnarchiveArgs, task: TaskContext): Ask<Archive> {
  if (placeOfArchive(args) === 'host') return archiveListing([args.src], choiceOf(args));
  return on({ kind: 'controller' }, archiveListing(candidates(args.src, 'files', task), choiceOf(args)));
}

/** Which users and groups of the archive the host knows. */
export function namesIn(members: readonly Member[]): Ask<KnownNames> {
  const names = (of: (member: Member) => string): readonly string[] =>
    [...new Set(members.map(of))].filter((name) => name !== '');
  return knownNames(
    names(({ owner }) => owner),
    names(({ group }) => group),
  );
}
