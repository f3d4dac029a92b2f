import { describe, expect, it } from 'vitest';
import { counts, executionsIn, ranTwice } from '../../faults/executions.ts';

const init = 'kubeadm init --config /run/hapb-kubeadm/config.yaml';
const twice = (...lines: readonly string[]): readonly string[] => ranTwice(executionsIn(lines));

describe('the executions on a node', () => {
  it('are fine when each was begun once, and questions are repeated', () => {
    const log = [
      'start 1-1.0 systemctl is-active containerd',
      'end 1-1.0 0',
      `start 2-2.0 ${init}`,
      'start 3-3.0 systemctl is-active containerd',
      'end 3-3.0 0',
      'end 2-2.0 0',
    ];
    expect(twice(...log)).toEqual([]);
    expect(counts(executionsIn(log))).toEqual({ 'kubeadm init': 1 });
  });

  it('are fine when one that failed or was cut off is begun again', () => {
    expect(twice(`start 1-1.0 ${init}`, 'end 1-1.0 1', `start 2-2.0 ${init}`, 'end 2-2.0 0')).toEqual([]);
    expect(twice(`start 1-1.0 ${init}`, `start 2-2.0 ${init}`, 'end 2-2.0 0')).toEqual([]);
  });

  it('are not fine when one is begun again that had been done, or was at work', () => {
    expect(twice(`start 1-1.0 ${init}`, 'end 1-1.0 0', `start 2-2.0 ${init}`)).toEqual([
      `begun again after it had been done: ${init}`,
    ]);
    expect(twice(`start 1-1.0 ${init}`, `start 2-2.0 ${init}`, 'end 1-1.0 1')).toEqual([
      `begun twice at the same time: ${init}`,
    ]);
  });

  it('are told apart by image', () => {
    const pull = (id: string, image: string): readonly string[] => [
      `start ${id} ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d ${image}`,
      `end ${id} 0`,
    ];
    expect(twice(...pull('1-1.0', 'a:1'), ...pull('2-2.0', 'b:1'))).toEqual([]);
    expect(twice(...pull('1-1.0', 'a:1'), ...pull('2-2.0', 'a:1'))).toHaveLength(1);
  });
});
