import type { Value } from '../../../core/value.ts';
import { type FactSource, fields, whole } from './source.ts';

/** The environment of the login or become user, with the task's own where it has one. */
export const environment: FactSource = {
  name: 'env',
  subsets: ['min'],
  gives: ['env'],
  sh: `cat /proc/self/environ | tr '\\n\\000' '\\001\\n' | sed 's/^/ /'`,
  read(lines) {
    const env: Record<string, Value> = Object.create(null) as Record<string, Value>;
    for (const [name, value] of fields(lines, '=')) {
      if (name !== '_') env[name] = value.replaceAll('\u0001', '\n');
    }
    return { env };
  },
};

/** Who asks. */
export const user: FactSource = {
  name: 'user',
  subsets: ['min'],
  gives: ['user_*', 'real_user_id', 'real_group_id', 'effective_user_id', 'effective_group_id'],
  unsure: ['user_uid', 'user_gid', 'user_gecos', 'user_dir', 'user_shell'],
  sh: `n=$(id -un); echo "$n"; id -u; id -g; id -ru; id -rg
getent passwd "$n" 2>/dev/null || grep "^$n:" /etc/passwd || echo "$n:::::$HOME:$SHELL"`,
  read([name = '', uid = '', gid = '', realUid = '', realGid = '', entry = '']) {
    const [, , entryUid = '', entryGid = '', gecos = '', dir = '', shell = ''] = entry.split(':');
    return {
      user_id: name,
      user_uid: whole(entryUid, Number(uid)),
      user_gid: whole(entryGid, Number(gid)),
      user_gecos: gecos,
      user_dir: dir,
      user_shell: shell,
      real_user_id: Number(realUid),
      real_group_id: Number(realGid),
      effective_user_id: Number(uid),
      effective_group_id: Number(gid),
    };
  },
};

/** The host's clock. */
export const clock: FactSource = {
  name: 'date_time',
  subsets: ['min'],
  gives: ['date_time'],
  reads: ['file:/etc/localtime', 'file:/etc/timezone'],
  sh: `date '+%Y|%m|%A|%w|%W|%d|%H|%M|%S|%s|%Z|%z|%N'
date -d @1736000000 '+%z %Z' 2>/dev/null; date -d @1752000000 '+%z %Z' 2>/dev/null`,
  read([now = '', winter = '', summer = '']) {
    const parts = now.split('|');
    const [year = '', month = '', weekday = '', number = '', week = '', day = ''] = parts;
    const [, , , , , , hour = '', minute = '', second = '', epoch = '', tz = '', offset = '', nano] = parts;
    const micro = /^\d{9}$/.test(nano ?? '') ? (nano ?? '').slice(0, 6) : '000000';
    const utc = new Date(Number(epoch) * 1000);
    const stamp = Number.isNaN(utc.getTime()) ? '' : utc.toISOString().slice(0, 19);
    const compact = `${year}${month}${day}T${hour}${minute}${second}`;
    // The name of summer time is that of the half of the year whose clocks are ahead.
    const zones = [winter, summer].filter((zone) => zone.includes(' ')).sort(byOffset);
    return {
      date_time: {
        year,
        month,
        weekday,
        weekday_number: number,
        weeknumber: week,
        day,
        hour,
        minute,
        second,
        epoch,
        epoch_int: epoch,
        date: `${year}-${month}-${day}`,
        time: `${hour}:${minute}:${second}`,
        iso8601_micro: `${stamp}.${micro}Z`,
        iso8601: `${stamp}Z`,
        iso8601_basic: `${compact}${micro}`,
        iso8601_basic_short: compact,
        tz,
        tz_dst: zones.at(-1)?.split(' ')[1] ?? tz,
        tz_offset: offset,
      },
    };
  },
};

function byOffset(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}
