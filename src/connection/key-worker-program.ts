/**
 * The program of a worker thread, `key-worker.ts` with what it needs as one text, so that it travels inside the one file.
 * Empty in the sources; `npm run build` and the tests fill it (.config/key-worker.mjs).
 */
export const keyWorkerProgram: string = '';
