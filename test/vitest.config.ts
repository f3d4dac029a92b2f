import { defineConfig } from 'vitest/config';
import { keyWorkerInTests } from '../.config/key-worker.mjs';

/** Tiers: `unit` on any machine; `lab`, `e2e` and the whole `law` on Linux as root with real nodes. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        plugins: [keyWorkerInTests],
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/oracle/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'law',
          include: ['test/lab/law/**/*.test.ts', 'test/e2e/states/**/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
