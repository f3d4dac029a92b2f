import { expect, it } from 'vitest';
import { contextOf } from '../../../src/engine/attempt.ts';
import type { Attempt } from '../../../src/engine/task-run.ts';

it('a module sees the same hosts of the play in its questions and in its decision, though one fails in between', () => {
  const well = ['cp1', 'cp2'];
  const ground = { playHosts: () => [...well], folders: [] } as unknown as Attempt;
  const task = contextOf(ground, 'cp2');
  expect(task.playHosts).toEqual(['cp1', 'cp2']);
  well.shift();
  expect(task.playHosts).toEqual(['cp1', 'cp2']);
  expect(contextOf(ground, 'cp2').playHosts).toEqual(['cp2']);
});
