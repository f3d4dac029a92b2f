import { Unknown } from '../../core/unknown.ts';
import { type Ask, all, andThen, map, nothing, orUnknown, unlessChanged } from '../ask.ts';
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
  return andThen(found, ({ changed, known, own }) => {
    // What lay there may have been the unit, and what a link leads to may be anything.
    if (changed !== null && own.kind !== 'file') return nothing(changed);
    if (!(known instanceof Unknown)) return nothing(keptInMemory(known, own) ?? asWritten(known, own));
    if (own.kind !== 'file') return nothing(known);
    // A file in this place wins over a package's.
    return map(unitNow(name, scope), (now) => (now.load === 'not-found' ? asWritten(now, own) : known));
  });
}

/** systemd keeps a unit whose file went while it runs, or that failed: it reads a new file only when it is told to. */
function keptInMemory({ load, active }: UnitState, own: FileState): Unknown | null {
  if (load !== 'not-found' || active === 'inactive' || own.kind !== 'file') return null;
  return new Unknown(
    `systemd keeps a unit that is ${active} though its file is gone, and a task would write a new one`,
  );
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
