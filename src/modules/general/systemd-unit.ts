import { Unknown } from '../../core/unknown.ts';
import { type Ask, all, andThen, map, nothing, orUnknown, question, unlessChanged } from '../ask.ts';
import { file } from '../asks/file.ts';
import { type FileState, fileKey } from '../asks/file-state.ts';
import { type UnitScope, type UnitState, unit, unitName } from '../asks/unit.ts';

/**
 * A unit as a task will find it. Where an earlier task would write its file, it is there although systemd does not know it
 * yet; Unknown: an earlier task would install packages, and one of them may bring it.
 */
export function unitToCome(name: string, scope: UnitScope): Ask<UnitState | Unknown> {
  const path = `/etc/systemd/system/${unitName(name)}`;
  const found = all({
    changed: orUnknown(unlessChanged(scope === 'system' ? [fileKey(path)] : [], `unit ${name}`)),
    known: orUnknown(unit(name, scope)),
    own:
      scope === 'system'
        ? file(path, { content: 'text', maxContentBytes: 65_536 })
        : nothing<FileState>({ kind: 'absent' }),
  });
  const writtenAnew = (now: UnitState, own: FileState): Ask<UnitState | Unknown> =>
    map(linkedBefore(unitName(name)), (linked) => keptBySystemd(now, linked) ?? asWritten(now, own));
  return andThen(found, ({ changed, known, own }) => {
    // What lay there may have been the unit, and what a link leads to may be anything.
    if (changed !== null && own.kind !== 'file') return nothing(changed);
    if (own.kind !== 'file') return nothing(known);
    if (!(known instanceof Unknown))
      return known.load === 'not-found' ? writtenAnew(known, own) : nothing(known);
    // A file in this place wins over a package's.
    return andThen(unitNow(name, scope), (now) =>
      now.load === 'not-found' ? writtenAnew(now, own) : nothing(known),
    );
  });
}

/**
 * systemd keeps a unit whose file went while it runs, or that failed, and reads a new file only when it is told to; links that are
 * left of it make the new one enabled.
 */
function keptBySystemd({ active }: UnitState, linked: 'linked' | 'not-linked'): Unknown | null {
  if (active !== 'inactive')
    return new Unknown(
      `systemd keeps a unit that is ${active} though its file is gone, and a task would write a new one`,
    );
  return linked === 'linked'
    ? new Unknown('links are left of a unit of that name, which a task would write anew')
    : null;
}

/** Whether a target wants the unit. Key `unit-links:NAME`. */
function linkedBefore(unit: string): Ask<'linked' | 'not-linked'> {
  return question({
    key: `unit-links:${unit}`,
    sh: 'for l in /etc/systemd/system/*.wants/"$1" /etc/systemd/system/*.requires/"$1"; do [ ! -L "$l" ] || echo "$l"; done',
    args: [unit],
    parse: ({ stdout }) => (stdout === '' ? 'not-linked' : 'linked'),
  });
}

/** The unit as it is on the host, whatever was foreseen. */
function unitNow(name: string, scope: UnitScope): Ask<UnitState> {
  const { queries, decode } = unit(name, scope);
  return { queries: queries.map((query) => ({ ...query, key: `now ${query.key}`, reads: [] })), decode };
}

/** systemd reads a new unit when it is first asked for it: so one whose file is only foreseen will be there. */
export function asWritten(unit: UnitState, own: FileState): UnitState {
  if (unit.load !== 'not-found' || own.kind !== 'file') return unit;
  const text = typeof own.content === 'string' ? own.content : '';
  const unitFile = /^\[Install\]\s*$/m.test(text) ? 'disabled' : 'static';
  return { load: 'loaded', active: 'inactive', sub: 'dead', unitFile, needsReload: false };
}
