import type { Value } from '../../core/value.ts';
import { nameOf, parsePath, textOf, valuesAt } from './object-path.ts';
import type { ClusterObject } from './object-rules.ts';

/** Objects as lines of a table, as kubectl prints them; for other kinds than pods and nodes only their names. */
export function objectTable(resource: string, objects: readonly ClusterObject[]): readonly string[] {
  const rows =
    resource === 'pods'
      ? [['NAME', 'READY', 'STATUS', 'RESTARTS'], ...objects.map(podRow)]
      : resource === 'nodes'
        ? [['NAME', 'STATUS', 'VERSION'], ...objects.map(nodeRow)]
        : [['NAME'], ...objects.map((one) => [nameOf(one)])];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

function podRow(pod: ClusterObject): readonly string[] {
  const statuses = at(pod, '.status.containerStatuses[*]');
  const ready = at(pod, '.status.containerStatuses[*].ready').filter((value) => value === true).length;
  const total = Math.max(statuses.length, at(pod, '.spec.containers[*]').length);
  const restarts = at(pod, '.status.containerStatuses[*].restartCount').reduce<number>(
    (sum, value) => sum + (typeof value === 'number' ? value : 0),
    0,
  );
  const waiting = at(pod, '.status.containerStatuses[*].state.waiting.reason')[0];
  return [nameOf(pod), `${ready}/${total}`, textOf(waiting ?? at(pod, '.status.phase')[0]), String(restarts)];
}

function nodeRow(node: ClusterObject): readonly string[] {
  const ready = textOf(at(node, '.status.conditions[type=Ready].status')[0]) === 'True';
  return [nameOf(node), ready ? 'Ready' : 'NotReady', textOf(at(node, '.status.nodeInfo.kubeletVersion')[0])];
}

function at(object: ClusterObject, path: string): readonly Value[] {
  return valuesAt(object, parsePath(path) ?? []);
}
