import type { Outcome, ShownChange } from '../core/outcome.ts';
import { type DiagnosticStyle, printDiagnostic } from '../core/print-diagnostic.ts';
import { isOwnSkip } from '../core/skip-words.ts';
import type { Event, TaskNode } from '../events/event.ts';
import type { PlainOptions } from './plain-options.ts';
import { briefResultOf, resultJson, resultOf } from './result-json.ts';
import { diffText } from './unified-diff.ts';

type Finished = Extract<Event, { type: 'task.finished' | 'item.finished' }>;
type Failed = Extract<Outcome, { kind: 'failed' | 'would-fail' | 'unreachable' }>;

/** The reporter's options, whose outcome it is, and which kinds of outcome its items had (empty: no items). */
export interface OutcomeLook extends PlainOptions {
  readonly style: DiagnosticStyle;
  readonly node: TaskNode | null;
  readonly items: ReadonlySet<Outcome['kind']>;
  /** Diagnostics that stand below this task's headline already; hosts of which the same is to be said share one. */
  readonly told: Set<string>;
}

/** The lines of one finished task or item, newline included; empty when Ansible shows none. */
export function outcomeLines(event: Finished, look: OutcomeLook): string {
  const { paint } = look.screen;
  const { outcome } = event;
  const place = placeOf(event);
  if (wasToldByItems(outcome, look.items)) return ending(event, look);
  switch (outcome.kind) {
    case 'ok':
      return `${paint('green', `ok: ${place}${result(event, look)}`)}\n`;
    case 'changed':
      return `${diff(outcome.change, look)}${paint('yellow', `changed: ${place}${result(event, look)}`)}\n`;
    case 'would-change': {
      const summary = outcome.change.summary === '' ? '' : `: ${outcome.change.summary}`;
      return `${diff(outcome.change, look)}${paint('yellow', `would change: ${place}${summary}`)}\n`;
    }
    case 'unknown':
      return `${paint('purple', `unknown: ${place} (${outcome.reason})`)}\n`;
    case 'skipped':
      if (!isOwnSkip(outcome.because)) return '';
      // Ansible leaves a space behind a skipped item.
      return `${paint('cyan', `skipping: ${place}${event.type === 'item.finished' ? ' ' : ''}${result(event, look)}`)}\n`;
    case 'would-fail':
      return `${diff(outcome.change ?? null, look)}${failureLines(event, outcome, look)}${ending(event, look)}`;
    case 'failed':
    case 'unreachable':
      return failureLines(event, outcome, look) + ending(event, look);
  }
}

/** Items show how they ended one by one; the task's own line comes only for what none of them told. */
function wasToldByItems(outcome: Outcome, items: OutcomeLook['items']): boolean {
  if (items.size === 0 || outcome.kind === 'skipped') return false;
  const success = outcome.kind === 'ok' || outcome.kind === 'changed' || outcome.kind === 'would-change';
  return success || items.has(outcome.kind);
}

/** `[h]` or `[h -> delegate]`, and ` => (item=x)` behind it for an item. */
function placeOf(event: Finished): string {
  return event.type === 'item.finished' ? `${hostOf(event)} => (item=${event.label})` : hostOf(event);
}

function hostOf({ host, delegate }: Finished): string {
  return delegate === null || delegate === host ? `[${host}]` : `[${host} -> ${delegate}]`;
}

/** The result behind ` => `: always for `debug` and for an `assert` that is not quiet, for others with `-v`. */
function result(event: Finished, look: OutcomeLook): string {
  const { changed, failed: _failed, ...shown } = resultOf(event.outcome);
  const isOpen = event.outcome.kind !== 'skipped' && shown.censored === undefined;
  if (isOpen && look.node?.module === 'debug') return ` => ${resultJson(shown, 'block')}`;
  if (isOpen && look.node?.module === 'assert' && shown.assertions !== undefined)
    return ` => ${resultJson({ changed, msg: shown.msg }, 'block')}`;
  if (look.verbosity < 1) return '';
  return ` => ${resultJson(resultOf(event.outcome), look.verbosity >= 3 ? 'block' : 'line')}`;
}

function diff(change: ShownChange | null, look: OutcomeLook): string {
  return change === null || look.diff === 'hide' ? '' : diffText(change.edits, look.screen.paint);
}

function failureLines(event: Finished, outcome: Failed, look: OutcomeLook): string {
  const shown = look.verbosity >= 1 ? resultOf(outcome) : briefResultOf(outcome);
  const json = resultJson(shown, look.verbosity >= 3 ? 'block' : 'line');
  const colour = outcome.kind === 'unreachable' ? 'bright red' : 'red';
  const head = look.screen.paint(colour, `${failureHead(event)} => ${json}`);
  const text = printDiagnostic(outcome.diagnostic, look.style);
  if (look.told.has(text)) return `${head}\n`;
  look.told.add(text);
  return `${head}\n${text}\n`;
}

function failureHead(event: Finished): string {
  const { kind } = event.outcome;
  if (event.type === 'item.finished') {
    return `${kind === 'would-fail' ? 'would fail' : 'failed'}: ${hostOf(event)} (item=${event.label})`;
  }
  const place = placeOf(event);
  if (kind === 'would-fail') return `would fail: ${place}`;
  return `fatal: ${place}: ${kind === 'unreachable' ? 'UNREACHABLE!' : 'FAILED!'}`;
}

function ending(event: Finished, look: OutcomeLook): string {
  return event.type === 'task.finished' && event.verdict === 'ignored'
    ? `${look.screen.paint('cyan', '...ignoring')}\n`
    : '';
}
