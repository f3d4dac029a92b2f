import type { Edit } from '../core/change.ts';
import type { Problem } from '../core/failure.ts';
import { globExpression } from '../core/glob.ts';
import type { ShownChange } from '../core/outcome.ts';
import type { Event, EventBody, LeftChange, NodeId, PlanNote } from './event.ts';
import { createNodePlaces, type Foreseen, forecastKey, forecastOf } from './foreseen.ts';
import { safeValue } from './redact.ts';

/** A change that a run is about to make. */
export interface WantedChange {
  readonly node: NodeId;
  readonly host: string;
  /** Of the item in its loop, from 0; `null`: no loop. */
  readonly index: number | null;
  readonly delegate: string | null;
  readonly change: ShownChange;
  /** `author`: the playbook itself says what counts as a change of this task (`changed_when`). */
  readonly decides: 'module' | 'author';
}

/** Holds a run to the plan that a check saved. */
export interface Hold {
  /** Takes an event of the run, in order. Gives it back with what is to be said of the plan. */
  on(event: EventBody): EventBody;
  /** Why a change must not be made: the plan did not foresee it (HAPB7080); `null`: it may. */
  judge(wanted: WantedChange): Problem | null;
  /** What the plan foresaw on hosts of this run that are well, and whose tasks did not come. */
  left(): readonly LeftChange[];
}

/** What a plan's changes are told with. */
export interface HoldWords {
  /** The plan's file. */
  readonly file: string;
  /** A change's edits as `--diff` shows them, without colours. */
  readonly diff: (change: ShownChange) => string;
}

/** A run's hold by the log of a check. */
export function createHold(log: readonly Event[], words: HoldWords): Hold {
  const forecast = forecastOf(log);
  const places = createNodePlaces();
  const items = new Map<string, number>();
  const done = new Set<string>();
  const hosts = new Set<string>();
  const entriesAt = (place: string, host: string): readonly Foreseen[] =>
    forecast.get(forecastKey(place, host)) ?? [];
  const entriesOf = ({ node, host }: { readonly node: NodeId; readonly host: string }): readonly Foreseen[] =>
    entriesAt(places.placeOf(node), host);
  /** What an include brings of which it was not known what or whether. */
  const isBroughtByUnknown = ({ node, host }: WantedChange): boolean =>
    places.includesOf(node).some((place) => entriesAt(place, host).some(({ kind }) => kind === 'unknown'));
  return {
    on(event) {
      places.on(event);
      if (event.type === 'play.started') for (const host of event.hosts) hosts.add(host);
      if (event.type !== 'item.finished' && event.type !== 'task.finished') return event;
      const own = `${event.node} ${event.host}`;
      const entries = entriesOf(event);
      let index: number | null = null;
      if (event.type === 'item.finished') {
        index = items.get(own) ?? 0;
        items.set(own, index + 1);
      } else {
        items.delete(own);
        done.add(forecastKey(places.placeOf(event.node), event.host));
        const { kind } = event.outcome;
        if ((kind === 'failed' || kind === 'unreachable') && event.verdict === 'final')
          hosts.delete(event.host);
      }
      const note = noteOn(event, entries, index);
      return note === null ? event : { ...event, plan: note };
    },
    judge(wanted) {
      const entries = entriesOf(wanted);
      const change = safeValue(wanted.change);
      if (entries.some((entry) => allows(entry, { ...wanted, change })) || isBroughtByUnknown(wanted))
        return null;
      return unforeseen(entries, { ...wanted, change }, words);
    },
    left: () =>
      [...forecast]
        .filter(([key]) => !done.has(key))
        .flatMap(([, entries]) => entries)
        .flatMap(({ kind, host, title, span, change }) =>
          kind === 'would-change' && hosts.has(host)
            ? [{ host, title, span, summary: change?.summary ?? '' }]
            : [],
        ),
  };
}

function noteOn(
  { outcome }: Extract<EventBody, { type: 'item.finished' | 'task.finished' }>,
  entries: readonly Foreseen[],
  index: number | null,
): PlanNote | null {
  const { kind } = outcome;
  const foreseen = entries.filter((entry) => entry.index === index);
  const unknown = foreseen.find((entry) => entry.kind === 'unknown');
  if (unknown !== undefined && kind !== 'unknown') return { kind: 'resolved', reason: unknown.reason };
  const [first] = foreseen;
  const settled = kind === 'ok' || (kind === 'skipped' && outcome.because !== 'not-this-host');
  if (!settled || first === undefined || foreseen.some((entry) => entry.kind !== 'would-change')) return null;
  return { kind: 'unneeded', summary: first.change?.summary ?? '' };
}

function allows(entry: Foreseen, wanted: WantedChange): boolean {
  switch (entry.kind) {
    case 'unknown':
      return entry.index === null || entry.index === wanted.index;
    case 'would-change':
    case 'changed':
    case 'would-fail':
      return entry.delegate === wanted.delegate && (isHidden(entry, wanted) || isSame(entry, wanted.change));
    case 'ok':
      return wanted.decides === 'author' && entry.delegate === wanted.delegate;
    case 'failed':
    case 'skipped':
    case 'unreachable':
      return false;
  }
}

/** Of what `no_log` hides the plan has no more than that this item changes something; see docs/check-mode.md. */
function isHidden({ change, detail, index }: Foreseen, wanted: WantedChange): boolean {
  return detail === 'none' && change !== null && index === wanted.index;
}

/** What the plan has was redacted by the secrets that were known then. */
function isSame({ change, detail }: Foreseen, wanted: ShownChange): boolean {
  if (change === null || detail === 'none') return false;
  const then = safeValue(change);
  const allBrought = then.edits.length > 0 && then.edits.every(({ subject }) => isBrought(subject, then));
  const isOpen = detail === 'whole' && then.edits.some(({ fits }) => fits !== undefined);
  if (then.summary !== wanted.summary && !allBrought && !isOpen) return false;
  if (detail === 'summary') return true;
  const several = then.edits.flatMap(({ fits }) => fits?.subject ?? []).map(globExpression);
  const foreseen = withoutBrought(then.edits, then).filter(({ fits }) => fits?.subject === undefined);
  const now = withoutBrought(wanted.edits, then).filter(
    ({ subject }) => !several.some((expression) => expression.test(subject)),
  );
  return (
    foreseen.length === now.length &&
    foreseen.every((edit, index) => isAsForeseen(edit, now[index])) &&
    wanted.edits.every((edit) => isBroughtAs(edit, then))
  );
}

/** The summary says of what is open what is said here anyway. */
function isAsForeseen(then: Edit, now: Edit | undefined): boolean {
  if (now === undefined || then.subject !== now.subject) return false;
  return (['before', 'after'] as const).every((side) => {
    const fits = then.fits?.[side];
    const wanted = now[side];
    if (fits !== undefined && typeof wanted === 'string') return globExpression(fits).test(wanted);
    return JSON.stringify(then[side]) === JSON.stringify(wanted);
  });
}

/** Edits of what no package may have put there in between. */
function withoutBrought(edits: readonly Edit[], foreseen: ShownChange): readonly Edit[] {
  return edits.filter(({ subject }) => !isBrought(subject, foreseen));
}

function isBrought(subject: string, { edits }: ShownChange): boolean {
  return edits.some((edit) => edit.subject === subject && edit.bringer !== undefined);
}

/** Whatever a package has put there, it becomes what was foreseen; of permissions those may be right already. */
function isBroughtAs({ subject, after }: Edit, foreseen: ShownChange): boolean {
  if (!isBrought(subject, foreseen)) return true;
  const ends = foreseen.edits.flatMap((edit) => (edit.subject === subject ? [String(edit.after ?? '')] : []));
  const text = String(after ?? '');
  if (ends.includes(text)) return true;
  const lines = new Set(ends.flatMap((end) => end.split('\n')));
  return text
    .split('\n')
    .every((line) => line === '' || (/^(?:mode|owner|group): /.test(line) && lines.has(line)));
}

function unforeseen(entries: readonly Foreseen[], wanted: WantedChange, words: HoldWords): Problem {
  const told = entries.length === 0 ? ['the task was not reached'] : distinct(entries, words);
  return {
    code: 'HAPB7080',
    message: `the plan did not foresee this change: ${wanted.change.summary}`,
    details: [
      ...told.map((text) => `foreseen in ${words.file}: ${text}`),
      `now wanted: ${wanted.change.summary}${diffBelow(wanted.change, words)}`,
    ].join('\n'),
    hint: `Nothing was changed by this task. See what is otherwise on ${wanted.delegate ?? wanted.host}, then make a new plan with --check --save.`,
  };
}

function distinct(entries: readonly Foreseen[], words: HoldWords): readonly string[] {
  return [...new Set(entries.map((entry) => inWords(entry, words)))].slice(0, 5);
}

function inWords({ kind, change, delegate }: Foreseen, words: HoldWords): string {
  const where = delegate === null ? '' : ` on ${delegate}`;
  if (change !== null) return `${change.summary}${where}${diffBelow(change, words)}`;
  switch (kind) {
    case 'skipped':
      return 'skipped';
    case 'would-fail':
    case 'failed':
      return 'a failure';
    case 'unreachable':
      return 'the host was unreachable';
    case 'ok':
    case 'changed':
    case 'would-change':
    case 'unknown':
      return `nothing to change${where}`;
  }
}

function diffBelow(change: ShownChange, { diff }: HoldWords): string {
  const text = diff(change).trimEnd();
  return text === '' ? '' : `\n${text.replace(/^/gm, '  ')}`;
}
