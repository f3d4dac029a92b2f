import type { Choice } from './groups.ts';

/**
 * What the environment asks for: `HAPB_LAW=find,replace` only these modules, in seconds; else `HAPB_LAW_SAMPLE=300` so
 * many of the cases, picked by `HAPB_LAW_SEED` (1).
 */
export function choiceOf(environment: Readonly<Record<string, string | undefined>>): Choice {
  const { HAPB_LAW: modules, HAPB_LAW_SAMPLE: count, HAPB_LAW_SEED: seed = '1' } = environment;
  return {
    modules: modules?.split(',') ?? null,
    sample:
      count === undefined || modules !== undefined ? null : { count: Number(count), seed: Number(seed) },
  };
}
