import type { Outcome } from '../../../src/core/outcome.ts';
import type { HapbRun } from '../../lab/rig/hapb.ts';

/** What became of the forecast for one task on one host. */
export interface Compared {
  readonly task: string;
  readonly host: string;
  readonly verdict: 'agrees' | 'differs' | 'unknown';
  /** In words, for what differs. */
  readonly words: string;
}

const asRun: Readonly<Record<Outcome['kind'], string>> = {
  ok: 'ok',
  changed: 'changed',
  'would-change': 'changed',
  failed: 'failed',
  'would-fail': 'failed',
  unreachable: 'unreachable',
  skipped: 'skipped',
  unknown: 'unknown',
};

/** Compares a check with the run after it, by task and host: how it ended, and what was changed. */
export function compare(check: HapbRun, run: HapbRun): readonly Compared[] {
  const done = outcomesOf(run);
  return [...outcomesOf(check)].map(([key, foreseen]) => {
    const [task = '', host = ''] = key.split(' @ ');
    const [said, did] = [told(foreseen), told(done.get(key))];
    const words = `${key}: ${said.join(' ')} → ${did.join(' ')}`;
    if (foreseen.kind === 'unknown') return { task, host, verdict: 'unknown', words };
    return { task, host, verdict: sameThings(said, did) ? 'agrees' : 'differs', words };
  });
}

/** How it ended, then what was changed. */
function told(outcome: Outcome | undefined): readonly string[] {
  if (outcome === undefined) return ['not reached'];
  const change = outcome.kind === 'would-change' || outcome.kind === 'changed' ? outcome.change : null;
  return [asRun[outcome.kind], ...(change?.edits ?? []).map(({ subject }) => subject).sort()];
}

/** kubeadm itself says which images it needs: before it is there, all are foreseen in one. */
function sameThings(said: readonly string[], did: readonly string[]): boolean {
  const inOne = said.some((text) => text.startsWith('image the images of Kubernetes'));
  const form = (texts: readonly string[]): string =>
    [...new Set(texts.map((text) => (inOne ? text.replace(/^image .*/, 'images') : text)))].join('\n');
  return form(said) === form(did);
}

function outcomesOf(run: HapbRun): ReadonlyMap<string, Outcome> {
  const titles = new Map<string, string>();
  const result = new Map<string, Outcome>();
  for (const event of run.events) {
    if (event.type === 'play.started' || event.type === 'tasks.added')
      for (const { id, title } of event.tasks) titles.set(id, title);
    if (event.type === 'task.finished')
      result.set(`${titles.get(event.node) ?? event.node} @ ${event.host}`, event.outcome);
  }
  return result;
}

/** The table: a row for each task, a column for each state; how many hosts agree, `?` are unknown, `✗` differ. */
export function forecastTable(
  states: readonly (readonly [string, readonly Compared[]])[],
): readonly string[] {
  const tasks = [...new Set(states.flatMap(([, compared]) => compared.map(({ task }) => task)))];
  const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cell = (compared: readonly Compared[]): string => {
    const count = (verdict: Compared['verdict'], mark: string): readonly string[] => {
      const number = compared.filter((one) => one.verdict === verdict).length;
      return number === 0 ? [] : [`${number}${mark}`];
    };
    const parts = [...count('agrees', ''), ...count('unknown', ' ?'), ...count('differs', ' ✗')];
    return parts.length === 0 ? '–' : parts.join(' + ');
  };
  return [
    row('task', ...states.map(([name]) => name)),
    row('---', ...states.map(() => '---:')),
    ...tasks.map((task) =>
      row(task, ...states.map(([, compared]) => cell(compared.filter((one) => one.task === task)))),
    ),
    row('**tasks × hosts**', ...states.map(([, compared]) => `**${cell(compared)}**`)),
  ];
}
