import { formatPlace } from '../../core/source.ts';
import type { Reporter, TaskNode } from '../../events/event.ts';
import type { Sink } from '../sink.ts';
import { createDriftFold, type Difference, type DriftModel, sortedHosts } from './model.ts';
import { timeText } from './text.ts';

/** What a check has found as one JSON object, for timers and monitoring. Written when the check has ended. */
export function createDriftJsonReporter(sink: Sink): Reporter {
  const fold = createDriftFold();
  return {
    on: (event) => {
      fold.on(event);
      if (event.type === 'run.finished')
        sink.write(`${JSON.stringify(driftJson(fold.model, event.atMs), null, 2)}\n`);
    },
    close: () => sink.close(),
  };
}

function driftJson(model: DriftModel, endedMs: number): unknown {
  const troubles = (kind: 'failed' | 'unreachable'): unknown =>
    model.troubles
      .filter((trouble) => trouble.kind === kind)
      .map(({ hosts, node, diagnostic: { code, message, hint } }) => ({
        hosts: sortedHosts(hosts),
        ...taskJson(node),
        code,
        message,
        hint,
      }));
  return {
    schema: 1,
    playbooks: model.playbooks,
    started: timeText(model.startedMs),
    ended: timeText(endedMs),
    exitCode: model.exitCode,
    hosts: Object.fromEntries(sortedHosts(model.hosts.keys()).map((host) => [host, model.hosts.get(host)])),
    differences: model.differences.map(differenceJson),
    consequences: model.consequences.map(differenceJson),
    unknown: model.doubts.map(({ hosts, node, label, reason }) => ({
      hosts: sortedHosts(hosts),
      ...taskJson(node),
      item: label,
      reason,
    })),
    failed: troubles('failed'),
    unreachable: troubles('unreachable'),
    warnings: model.warnings.map(({ code, message, span }) => ({ code, message, place: formatPlace(span) })),
  };
}

function differenceJson({ node, label, summary, edits, hosts }: Difference): unknown {
  const since = sortedHosts(hosts.keys()).map((host) => {
    const ms = hosts.get(host) ?? null;
    return [host, ms === null ? null : timeText(ms)] as const;
  });
  return {
    hosts: sortedHosts(hosts.keys()),
    ...taskJson(node),
    item: label,
    summary,
    since: Object.fromEntries(since),
    edits: edits.map(({ subject, before, after }) => ({ subject, before, after })),
  };
}

function taskJson({ title, module, span }: TaskNode): { task: string; module: string; place: string } {
  return { task: title, module, place: formatPlace(span) };
}
