import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import type { Table, Test } from './callable.ts';
import { truth, withArticle } from './compare.ts';
import { codes, fail } from './problems.ts';

type Answer = boolean | Unknown;

/** A test of a registered result, by one of its keys. */
function result(name: string, run: (key: (name: string) => Answer, map: Value) => Answer): Test {
  return {
    parameters: [],
    reads: 'structure',
    run: (input) => {
      if (input instanceof Unknown) return input;
      if (!isMap(input)) {
        const hint = 'Registered results are tested whole: r is changed, not r.stdout is changed.';
        return fail(
          codes.filterFailed,
          `'${name}' needs a registered result, not ${withArticle(input)}`,
          hint,
        );
      }
      return run((key) => (Object.hasOwn(input, key) ? truth(input[key] ?? null) : false), input);
    },
  };
}

function inverted(answer: Answer): Answer {
  return answer instanceof Unknown ? answer : !answer;
}

/** A loop's result has no `changed` of its own where any item's says it. */
function changedOf(map: Value): Answer {
  if (!isMap(map)) return false;
  if (Object.hasOwn(map, 'changed')) return truth(map.changed ?? null);
  const { results } = map;
  if (!isList(results)) return false;
  const answers = results.map((item) =>
    item instanceof Secret ? false : item instanceof Unknown ? item : changedOf(item),
  );
  return (
    answers.find((answer) => answer === true) ?? answers.find((answer) => answer instanceof Unknown) ?? false
  );
}

const changed = result('changed', (_key, map) => changedOf(map));
const failed = result('failed', (key) => key('failed'));
const skipped = result('skipped', (key) => key('skipped'));
const succeeded = result('succeeded', (key) => inverted(key('failed')));

/** Tests of registered results. */
export const resultTests: Table<Test> = {
  changed,
  change: changed,
  failed,
  failure: failed,
  skipped,
  skip: skipped,
  succeeded,
  success: succeeded,
  successful: succeeded,
  finished: result('finished', (key) => key('finished')),
  started: result('started', (key) => key('started')),
  unreachable: result('unreachable', (key) => key('unreachable')),
  reachable: result('reachable', (key) => inverted(key('unreachable'))),
  timedout: result('timedout', (key) => key('timedout')),
};
