import type { ValueMap } from '../../core/value.ts';

/** Kinds of files, as `find` and `stat` of Ansible name them. */
export type Kind = 'dir' | 'chr' | 'blk' | 'reg' | 'fifo' | 'lnk' | 'sock';

const kinds: Readonly<Record<number, Kind>> = {
  1: 'fifo',
  2: 'chr',
  4: 'dir',
  6: 'blk',
  8: 'reg',
  10: 'lnk',
  12: 'sock',
};

/** What kind of file a raw mode is of. */
export function kindOf(rawMode: number): Kind {
  return kinds[rawMode >> 12] ?? 'reg';
}

/** The keys `mode`, `isdir` to `issock`, `rusr` to `xoth`, `isuid` and `isgid` of Ansible's file descriptions, from a raw mode. */
export function permissionFlags(rawMode: number): ValueMap {
  const kind = kindOf(rawMode);
  const bit = (mask: number): boolean => (rawMode & mask) !== 0;
  return {
    mode: (rawMode & 0o7777).toString(8).padStart(4, '0'),
    isdir: kind === 'dir',
    ischr: kind === 'chr',
    isblk: kind === 'blk',
    isreg: kind === 'reg',
    isfifo: kind === 'fifo',
    islnk: kind === 'lnk',
    issock: kind === 'sock',
    rusr: bit(0o400),
    wusr: bit(0o200),
    xusr: bit(0o100),
    rgrp: bit(0o040),
    wgrp: bit(0o020),
    xgrp: bit(0o010),
    roth: bit(0o004),
    woth: bit(0o002),
    xoth: bit(0o001),
    isuid: bit(0o4000),
    isgid: bit(0o2000),
  };
}
