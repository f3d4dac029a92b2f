import { createHash } from 'node:crypto';
import type { Edit } from '../../../src/core/change.ts';

/** A walk of the node's disk, as `diskOf` gives it: path to kind, mode, owner, group and link target or SHA-256. */
export type Disk = ReadonlyMap<string, string>;

interface Found {
  readonly kind: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** Of a file its SHA-256, of a link what it leads to. */
  readonly rest: string;
}

function at(disk: Disk, path: string): Found | null {
  const state = disk.get(path);
  if (state === undefined) return null;
  const [kind = '', mode = '', owner = '', group = '', ...rest] = state.split(' ');
  return { kind, mode: mode.padStart(4, '0'), owner, group, rest: rest.join(' ').trim() };
}

/** The lab's users; others are written by number. */
const numbers: Readonly<Record<string, string>> = { root: '0', admin: '1000' };

/** Whether a path of the node is as an edit of check foresaw it; an edit of something else than a path says nothing. */
export function isHeld({ subject, after: text }: Edit, disk: Disk): boolean {
  if (!subject.startsWith('/')) return true;
  const found = at(disk, subject.replace(/ mode$/, ''));
  if (text === null) return found === null;
  // A secret is not in the log of events.
  if (typeof text !== 'string') return found !== null;
  if (found === null) return false;
  if (subject.endsWith(' mode')) return found.mode === text.trim();
  const lines = text.split('\n').filter((line) => line !== '');
  const permission = lines.map((line) => /^(mode|owner|group): (\S+)$/.exec(line));
  if (lines.length > 0 && permission.every((match) => match !== null))
    return permission.every((match) => {
      const value = match?.[2] ?? '';
      return found[match?.[1] as 'mode' | 'owner' | 'group'] === (numbers[value] ?? value);
    });
  const [, hash] = /^size: \d+ bytes\nsha256: ([0-9a-f]{64})\n$/.exec(text) ?? [];
  if (hash !== undefined) return found.rest === hash;
  const [, kind, place = ''] = /^(link to|hard link of|fetched from) (.*)\n$/.exec(text) ?? [];
  if (kind === 'link to') return found.kind === 'l' && found.rest === place;
  if (kind === 'hard link of') return found.rest === at(disk, place)?.rest;
  if (kind === 'fetched from') return found.kind === 'f';
  return found.rest === createHash('sha256').update(text).digest('hex');
}
