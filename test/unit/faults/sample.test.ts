import { describe, expect, it } from 'vitest';
import { cellsOf, faultNames, type StruckTask } from '../../faults/cells.ts';
import { sampleOf } from '../../faults/sample.ts';

const hosts = ['cp1', 'cp2', 'cp3'];
const titles = new Map([
  [5, 'Initialise the control plane'],
  [9, 'Join the control plane, one member of etcd after the other'],
]);
const tasks: readonly StruckTask[] = Array.from({ length: 30 }, (_, index) => ({
  id: `1.${index}`,
  title: titles.get(index) ?? `task ${index}`,
  hosts,
}));

describe('the matrix of faults', () => {
  it('has a cell for each task and fault, and more for tasks that take long, with hosts taking turns', () => {
    const cells = cellsOf('power cut', tasks);
    expect(cells).toHaveLength(36);
    expect(cells.filter(({ task }) => task.id === '1.5').map(({ afterMs }) => afterMs)).toEqual([
      0, 1500, 3000, 5000,
    ]);
    expect(new Set(cells.map(({ preferred }) => preferred))).toEqual(new Set(hosts));
  });

  it('gives the same sample for the same seed: every fault, and the middles of init and joins', () => {
    const sample = sampleOf(tasks, 7, 2);
    expect(sample).toEqual(sampleOf(tasks, 7, 2));
    expect(sample).not.toEqual(sampleOf(tasks, 8, 2));
    for (const fault of faultNames) expect(sample.filter((cell) => cell.fault === fault)).toHaveLength(2);
    expect(
      sample.filter(({ afterMs }) => afterMs > 0).map((cell) => [cell.fault, cell.task.id, cell.preferred]),
    ).toEqual(
      expect.arrayContaining([
        ['hapb killed', '1.5', 'cp1'],
        ['power cut', '1.9', 'cp2'],
        ['hapb killed', '1.9', 'cp3'],
      ]),
    );
    expect(new Set(sample.map(({ task }) => task.id)).size).toBe(sample.length - 1);
  });

  it('says when what each sample holds is no longer in the playbook', () => {
    expect(() => sampleOf(tasks.slice(0, 9), 7, 2)).toThrow('Join the control plane');
  });
});
