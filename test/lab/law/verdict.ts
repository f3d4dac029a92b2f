import type { Outcome } from '../../../src/core/outcome.ts';
import type { HapbRun } from '../rig/hapb.ts';
import { differences } from '../rig/lab.ts';
import { type Disk, isHeld, type Numbers } from './held.ts';
import { folderOf, type LawCase, titleOf } from './law-case.ts';

/** Everything that was seen of one playbook: check, run, run again, check again. */
export interface Seen {
  readonly foreseen: HapbRun;
  readonly done: HapbRun;
  readonly again: HapbRun;
  readonly foreseenAgain: HapbRun;
  /** The disk before the run, and after it. */
  readonly before: Disk;
  readonly after: Disk;
  /** The node's accounts after the run. */
  readonly numbers: Numbers;
}

const kinds = {
  change: { check: 'would-change', run: 'changed', next: 'ok', nextCheck: 'ok' },
  nothing: { check: 'ok', run: 'ok', next: 'ok', nextCheck: 'ok' },
  failure: { check: 'would-fail', run: 'failed', next: 'failed', nextCheck: 'would-fail' },
} as const;

/** How the tasks of a run ended, by their titles, in order. */
function outcomesOf(run: HapbRun): ReadonlyMap<string, Outcome> {
  const tasks = run.events.flatMap((event) => (event.type === 'play.started' ? event.tasks : []));
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  return new Map(
    run.events.flatMap((event) =>
      event.type === 'task.finished' ? [[titles.get(event.node) ?? '', event.outcome] as const] : [],
    ),
  );
}

/** How the task of a case ended in a run; `null`: it did not. */
function outcomeOf(run: HapbRun, one: LawCase): Outcome | null {
  return outcomesOf(run).get(titleOf(one)) ?? null;
}

/** Whether a later task of the run edits the same thing, so that the disk no longer shows what this one did. */
function isEditedLater(run: HapbRun, one: LawCase, subject: string): boolean {
  const all = [...outcomesOf(run)];
  const later = all.slice(all.findIndex(([title]) => title === titleOf(one)) + 1);
  return later.some(
    ([, outcome]) =>
      outcome.kind === 'would-change' && outcome.change.edits.some((edit) => edit.subject === subject),
  );
}

/** In which sentences the law was broken for a case; empty: it holds. */
export function brokenBy(one: LawCase, seen: Seen): readonly string[] {
  const broken: string[] = [];
  const expectKind = (run: HapbRun, wanted: string, when: string): Outcome | null => {
    const outcome = outcomeOf(run, one);
    if (outcome?.kind !== wanted) broken.push(`${when}: ${describeOutcome(outcome)} instead of ${wanted}`);
    return outcome;
  };
  const expected = kinds[one.does];
  const foreseen = expectKind(seen.foreseen, expected.check, 'check');
  const done = expectKind(seen.done, expected.run, 'run');
  expectKind(seen.again, expected.next, 'next run');
  expectKind(seen.foreseenAgain, expected.nextCheck, 'next check');
  if (foreseen?.kind === 'would-fail' && done?.kind === 'failed') {
    if (foreseen.diagnostic.message !== done.diagnostic.message)
      broken.push(`check said “${foreseen.diagnostic.message}”, the run “${done.diagnostic.message}”`);
  }
  const edits = foreseen?.kind === 'would-change' ? foreseen.change.edits : [];
  if (foreseen?.kind === 'would-change' && done?.kind === 'changed') {
    // That a package may bring something else first is said by the check alone, and is no difference.
    const [said, did] = [foreseen.change, done.change].map((change) =>
      JSON.stringify(change, (key, value: unknown) => (key === 'bringer' ? undefined : value)),
    );
    if (said !== did) broken.push(`check showed ${said}, the run ${did}`);
  }
  // What `fetch` makes is on this machine.
  for (const edit of one.module === 'fetch' ? [] : edits) {
    if (!isHeld(edit, seen.after, seen.numbers) && !isEditedLater(seen.foreseen, one, edit.subject))
      broken.push(
        `${edit.subject} is not what check showed, but ${seen.after.get(edit.subject) ?? 'nothing'}`,
      );
  }
  return [...broken, ...unforeseen(one, foreseen, seen)];
}

function describeOutcome(outcome: Outcome | null): string {
  if (outcome === null) return 'nothing';
  if ('diagnostic' in outcome) return `${outcome.kind} (${outcome.diagnostic.message})`;
  if ('change' in outcome) return `${outcome.kind} (${outcome.change?.summary ?? ''})`;
  return outcome.kind === 'unknown' ? `unknown (${outcome.reason})` : outcome.kind;
}

/** Paths that an outcome of check names, in an edit or in its result. */
export function namesPath(outcome: Outcome | null, path: string): boolean {
  const edits = outcome?.kind === 'would-change' ? outcome.change.edits : [];
  // What is removed goes with all that is in it.
  const whole = (after: unknown): boolean =>
    after === null ||
    (typeof after === 'string' && /^(owner of all below|moved from|commit [0-9a-f]{40} of)/.test(after));
  if (edits.some(({ subject, after }) => whole(after) && path.startsWith(`${subject}/`))) return true;
  const words = JSON.stringify(outcome).match(/\/[^\s"\\]+/g) ?? [];
  // A file that is made brings its folders.
  return words.some((word) => word === path || word.startsWith(`${path}/`));
}

function unforeseen(one: LawCase, foreseen: Outcome | null, { before, after }: Seen): readonly string[] {
  const inside = `${folderOf(one)}/`;
  return differences(before, after)
    .filter((path) => path.startsWith(inside) && !namesPath(foreseen, path))
    .map(
      (path) =>
        `${path} was not foreseen: ${before.get(path) ?? 'nothing'} → ${after.get(path) ?? 'nothing'}`,
    );
}
