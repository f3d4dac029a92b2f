import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as TestPlugin } from 'vitest/config';

export const keyWorker: EsbuildPlugin;
export const keyWorkerInTests: TestPlugin;
