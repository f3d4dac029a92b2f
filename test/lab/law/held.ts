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

/** Numbers of the node's accounts and groups, as `owner NAME` and `group NAME`. */
export type Numbers = ReadonlyMap<string, string>;

/** Reads them from what `getent passwd` and `getent group` print. */
export function numbersFrom(passwd: string, groups: string): Numbers {
  const of = (kind: string, text: string): readonly (readonly [string, string])[] =>
    text.split('\n').map((line) => {
      const [name = '', , number = ''] = line.split(':');
      return [`${kind} ${name}`, number] as const;
    });
  return new Map([...of('owner', passwd), ...of('group', groups)]);
}

/** Whether a path of the node is as an edit of check foresaw it; an edit of something else than a path says nothing. */
export function isHeld({ subject, after: text }: Edit, disk: Disk, numbers: Numbers): boolean {
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
      const [, key = '', value = ''] = match ?? [];
      return found[key as 'mode' | 'owner' | 'group'] === (numbers.get(`${key} ${value}`) ?? value);
    });
  if (/^(owner of all below|moved from|unpacked from|commit [0-9a-f]{40} of)/.test(text)) return true;
  // The walk leaves times alone, since looking changes some; that the next run finds nothing to do says that they are right.
  if (/^(access|modification) time: /.test(text)) return true;
  // When and how a program packs is not foreseen; that the next run finds nothing to do says what is in it.
  if (text.startsWith('packed from ')) return found.kind === 'f';
  const [, hash] = /^size: \d+ bytes\nsha256: ([0-9a-f]{64})\n$/.exec(text) ?? [];
  if (hash !== undefined) return found.rest === hash;
  const [, kind, place = ''] = /^(link to|hard link of|copy of|fetched from) (.*)\n$/.exec(text) ?? [];
  if (kind === 'link to') return found.kind === 'l' && found.rest === place;
  if (kind === 'hard link of' || kind === 'copy of') return found.rest === at(disk, place)?.rest;
  if (kind === 'fetched from') return found.kind === 'f';
  return found.rest === createHash('sha256').update(text).digest('hex');
}
