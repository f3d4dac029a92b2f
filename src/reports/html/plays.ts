import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Outcome } from '../../core/outcome.ts';
import { plainPaint } from '../../core/paint.ts';
import { bareStyle, printDiagnostic } from '../../core/print-diagnostic.ts';
import { formatPlace } from '../../core/source.ts';
import { escapeMarkup } from '../escape-markup.ts';
import { noteText } from '../plan-notes.ts';
import { resultJson } from '../result-json.ts';
import type { PlayModel, TaskModel } from '../run-model.ts';
import { duration } from '../tree/live-line.ts';
import { diffText } from '../unified-diff.ts';

/** A play with its tasks; each task unfolds to its hosts. */
export function playHtml(play: PlayModel): string {
  const title = play.name === '' ? 'Play' : play.name;
  const aborted =
    play.aborted === null ? '' : `<p class="failed">ended early: ${escapeMarkup(play.aborted)}</p>`;
  return `<h2>${escapeMarkup(title)}</h2>${aborted}${play.tasks.map(taskHtml).join('\n')}`;
}

/** A problem with its place and its remedy. */
export function diagnosticHtml(diagnostic: Diagnostic): string {
  const text = printDiagnostic(diagnostic, bareStyle);
  return `<pre class="${diagnostic.severity === 'error' ? 'failed' : 'unknown'}">${escapeMarkup(text)}</pre>`;
}

function taskHtml(task: TaskModel): string {
  const counts = new Map<Outcome['kind'], number>();
  for (const { end } of task.ends) counts.set(end.outcome.kind, (counts.get(end.outcome.kind) ?? 0) + 1);
  const badges = [...counts].map(
    ([kind, count]) => `<b class="${kind}">${count} ${kind.replace('-', ' ')}</b>`,
  );
  const opens = ['failed', 'would-fail', 'unreachable'].some((kind) => counts.has(kind as Outcome['kind']));
  const kind = task.node.kind === 'task' ? '' : `${task.node.kind}: `;
  const place = `<span class="place">${escapeMarkup(formatPlace(task.node.span))}</span>`;
  const head = `<summary>${escapeMarkup(kind + task.node.title)} ${badges.join(' ')} ${place}</summary>`;
  return `<details${opens ? ' open' : ''}>${head}${task.ends.map((end) => hostHtml(task, end)).join('')}</details>`;
}

function hostHtml(task: TaskModel, { startMs, end }: TaskModel['ends'][number]): string {
  const items = task.items.filter(({ host }) => host === end.host);
  const delegate = end.delegate === null ? '' : ` → ${end.delegate}`;
  const verdict = end.verdict === 'final' ? '' : ` (${end.verdict})`;
  const head = `${escapeMarkup(end.host + delegate)}: <b class="${end.outcome.kind}">${end.outcome.kind}</b>${verdict}`;
  const body = items.length === 0 ? outcomeHtml(end.outcome) : items.map(itemHtml).join('');
  const took = `<span class="place">${duration(end.atMs - startMs)}</span>`;
  return `<div class="host"><h3>${head} ${took}</h3>${noteHtml(end)}${body}</div>`;
}

function itemHtml(item: TaskModel['items'][number]): string {
  const { label, outcome } = item;
  const head = `<h4>${escapeMarkup(label)}: <b class="${outcome.kind}">${outcome.kind}</b></h4>`;
  return head + noteHtml(item) + outcomeHtml(outcome);
}

/** What a run that is held to a plan says of it. */
function noteHtml({ plan }: Pick<TaskModel['items'][number], 'plan'>): string {
  return plan === undefined ? '' : `<p class="unknown">plan: ${escapeMarkup(noteText(plan))}</p>`;
}

function outcomeHtml(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'changed':
    case 'would-change':
      return (outcome.change === null ? '' : changeHtml(outcome.change)) + outputHtml(outcome.output);
    case 'failed':
    case 'would-fail':
      return diagnosticHtml(outcome.diagnostic) + outputHtml(outcome.output);
    case 'unreachable':
      return diagnosticHtml(outcome.diagnostic);
    case 'unknown':
      return `<p>${escapeMarkup(outcome.reason)}</p>`;
    case 'skipped':
      return `<p>${escapeMarkup(outcome.because)}</p>`;
    case 'ok':
      return outputHtml(outcome.output);
  }
}

function changeHtml(change: NonNullable<Extract<Outcome, { kind: 'changed' }>['change']>): string {
  const diff = diffText(change.edits, plainPaint).trimEnd();
  const lines = diff
    .split('\n')
    .map((line) => `<span class="${lineClass(line)}">${escapeMarkup(line)}</span>`);
  return `<p>${escapeMarkup(change.summary)}</p>${diff === '' ? '' : `<pre>${lines.join('\n')}</pre>`}`;
}

function lineClass(line: string): string {
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}

function outputHtml(output: Readonly<Record<string, unknown>>): string {
  return Object.keys(output).length === 0 ? '' : `<pre>${escapeMarkup(resultJson(output, 'block'))}</pre>`;
}
