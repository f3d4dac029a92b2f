import type { TaskContext } from '../modules/module.ts';

/** A task's surroundings for tests: one host, no search path, templates that are returned as they are. */
export function taskContext(overrides: Partial<TaskContext> = {}): TaskContext {
  const host = overrides.host ?? 'node1';
  return { host, playHosts: [host], searchPath: [], renderText: (text) => text, ...overrides };
}
