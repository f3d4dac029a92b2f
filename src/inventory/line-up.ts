import { Failure } from '../core/failure.ts';
import { numberIn } from '../core/float.ts';
import type { Span } from '../core/source.ts';
import { isList, type Value } from '../core/value.ts';
import type { Scope, Template } from '../template/template.ts';

/** The orders in which a play may take its hosts. */
export const hostOrders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const;

/** One of them. */
export type HostOrder = (typeof hostOrders)[number];

/** Hosts, given as the inventory orders them, in another order. */
export function inOrder(order: HostOrder, hosts: readonly string[]): readonly string[] {
  switch (order) {
    case 'inventory':
      return hosts;
    case 'reverse_inventory':
      return [...hosts].reverse();
    case 'sorted':
      return [...hosts].sort();
    case 'reverse_sorted':
      return [...hosts].sort().reverse();
    case 'shuffle':
      return hosts
        .map((host) => ({ host, lot: Math.random() }))
        .sort((a, b) => a.lot - b.lot)
        .map(({ host }) => host);
  }
}

/** Hosts in the batches of `serial`: a number, a percentage, or a list of them whose last one repeats. @throws Failure HAPB7061 */
export function batchesOf(
  serial: Template | null,
  names: Scope,
  hosts: readonly string[],
): readonly (readonly string[])[] {
  if (serial === null) return [hosts];
  const value = serial.render(names);
  const sizes = (isList(value) ? value : [value]).map((item) => batchSize(item, hosts.length, serial.span));
  const result: string[][] = [];
  for (let start = 0, index = 0; start < hosts.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? hosts.length;
    result.push(hosts.slice(start, start + size));
    start += size;
  }
  return result;
}

function batchSize(value: Value, total: number, span: Span): number {
  const written = typeof value === 'string' ? value.trim() : String(numberIn(value) ?? '');
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(written);
  if (percent !== null) return Math.max(1, Math.floor((Number(percent[1]) / 100) * total));
  const size = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  if (size === 0) return total;
  if (size > 0) return size;
  throw new Failure(
    {
      code: 'HAPB7061',
      message: `"serial" cannot be ${written === '' ? 'that' : `"${written}"`}`,
      hint: 'Write a number, a percentage such as "30%", or a list of them.',
    },
    span,
  );
}
