import type { Member } from './archive-listing.ts';
import type { MemberNames } from './member-states.ts';

/** The names of members as their states are asked for, with the folders that they imply. */
export function memberNames(members: readonly Member[]): MemberNames {
  const folders = new Set([
    ...members.filter(({ kind }) => kind === 'directory').map(({ name }) => name),
    ...impliedFolders(members),
  ]);
  const leaves = [...new Set(members.map(({ name }) => name))].filter((name) => !folders.has(name));
  return { leaves, folders: [...folders] };
}

/** Folders that the archive names only as part of other names. */
export function impliedFolders(members: readonly Member[]): readonly string[] {
  const own = new Set(members.map(({ name }) => name));
  const implied = new Set<string>();
  for (const { name } of members) {
    const parts = name.split('/');
    for (let count = 1; count < parts.length; count += 1) {
      const folder = parts.slice(0, count).join('/');
      if (!own.has(folder)) implied.add(folder);
    }
  }
  return [...implied];
}
