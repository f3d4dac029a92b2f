import type { Outcome } from '../core/outcome.ts';
import { bareStyle, printDiagnostic } from '../core/print-diagnostic.ts';
import { formatPlace } from '../core/source.ts';
import {
  type Event,
  type NodeId,
  type Reporter,
  rename,
  type TaskNode,
  type Verdict,
} from '../events/event.ts';
import { escapeMarkup } from './escape-markup.ts';
import { leftLines, noteText } from './plan-notes.ts';
import type { Sink } from './sink.ts';

interface Suite {
  readonly name: string;
  readonly cases: Case[];
  /** Lines about all of it. */
  readonly out: string[];
}

interface Case {
  readonly name: string;
  readonly place: string;
  readonly durationMs: number;
  readonly result: Result;
  /** What a check would change, and what a run says of the plan that it is held to. */
  readonly out: readonly string[];
}

type Result =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'failure' | 'error'; readonly message: string; readonly text: string };

/** JUnit XML: a suite for each play, a test case for each task on each host. Written when the run ends. */
export function createJunitReporter(sink: Sink): Reporter {
  const suites: Suite[] = [];
  const nodes = new Map<NodeId, TaskNode>();
  const items = new Map<string, readonly string[]>();
  const on = (event: Event): void => {
    if (event.type === 'play.started') {
      suites.push({ name: event.name === '' ? event.play : event.name, cases: [], out: [] });
    }
    if (event.type === 'play.started' || event.type === 'tasks.added') {
      for (const node of event.tasks) nodes.set(node.id, node);
    }
    if (event.type === 'task.named') rename(nodes, event);
    if (event.type === 'plan.left') suites.at(-1)?.out.push(...leftLines(event.changes));
    if (event.type === 'item.finished') {
      const own = `${event.node} ${event.host}`;
      items.set(own, [...(items.get(own) ?? []), ...outOf(event).map((line) => `${event.label}: ${line}`)]);
    }
    if (event.type !== 'task.finished') return;
    const node = nodes.get(event.node);
    const result = resultOf(event.outcome, event.verdict);
    const own = `${event.node} ${event.host}`;
    const out = [...(event.looped ? [] : outOf(event)), ...(items.get(own) ?? [])];
    items.delete(own);
    if (node?.kind === 'barrier' || result === null) return;
    suites.at(-1)?.cases.push({
      name: `[${event.host}] ${node?.title ?? event.node}`,
      place: node === undefined ? event.node : formatPlace(node.span),
      durationMs: event.durationMs,
      result,
      out,
    });
  };
  const close = (): Promise<void> => {
    sink.write(document(suites));
    return sink.close();
  };
  return { on, close };
}

function outOf({
  outcome,
  plan,
}: Extract<Event, { type: 'task.finished' | 'item.finished' }>): readonly string[] {
  return [
    ...(outcome.kind === 'would-change' ? [`would change: ${outcome.change.summary}`] : []),
    ...(plan === undefined ? [] : [`plan: ${noteText(plan)}`]),
  ];
}

/** `null`: not this host's task. */
function resultOf(outcome: Outcome, verdict: Verdict): Result | null {
  switch (outcome.kind) {
    case 'ok':
    case 'changed':
    case 'would-change':
      return { kind: 'passed' };
    case 'unknown':
      return { kind: 'skipped', message: `unknown: ${outcome.reason}` };
    case 'skipped':
      return outcome.because === 'not-this-host' ? null : { kind: 'skipped', message: outcome.because };
    case 'failed':
    case 'would-fail':
    case 'unreachable': {
      if (verdict !== 'final') return { kind: 'passed' };
      const text = printDiagnostic(outcome.diagnostic, bareStyle);
      return {
        kind: outcome.kind === 'unreachable' ? 'error' : 'failure',
        message: outcome.diagnostic.message,
        text,
      };
    }
  }
}

function document(suites: readonly Suite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  const lines = suites.flatMap(({ name, cases, out }) => [
    `  <testsuite name="${escapeMarkup(name)}" ${counts(cases)}>`,
    ...cases.flatMap(caseLines),
    ...outLines(out, '    '),
    '  </testsuite>',
  ]);
  return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${counts(all)}>`, ...lines, '</testsuites>'].join('\n')}\n`;
}

function counts(cases: readonly Case[]): string {
  const count = (kind: Result['kind']): number => cases.filter(({ result }) => result.kind === kind).length;
  const time = seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0));
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${time}"`;
}

function outLines(out: readonly string[], indent: string): readonly string[] {
  return out.length === 0 ? [] : [`${indent}<system-out>${escapeMarkup(out.join('\n'))}</system-out>`];
}

function caseLines({ name, place, durationMs, result, out }: Case): readonly string[] {
  const more = outLines(out, '      ');
  const head = `    <testcase name="${escapeMarkup(name)}" classname="${escapeMarkup(place)}" time="${seconds(durationMs)}"`;
  switch (result.kind) {
    case 'passed':
      return more.length === 0 ? [`${head}/>`] : [`${head}>`, ...more, '    </testcase>'];
    case 'skipped':
      return [
        `${head}>`,
        `      <skipped message="${escapeMarkup(result.message)}"/>`,
        ...more,
        '    </testcase>',
      ];
    case 'failure':
    case 'error': {
      const { kind, message, text } = result;
      const body = `<${kind} message="${escapeMarkup(message)}">${escapeMarkup(text)}</${kind}>`;
      return [`${head}>`, `      ${body}`, ...more, '    </testcase>'];
    }
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
