import type { SchemaError } from './compile-schema.ts';
import type { Json } from './plain.ts';
import { summarise } from './schema-forms.ts';
import {
  type FoundProblem,
  type Path,
  type SchemaContext,
  type SchemaProblem,
  startsWith,
} from './schema-problem.ts';
import { explainKeyword, keyProblem } from './schema-words.ts';

/** The validator's errors as problems: alternatives summed up, a misspelt key told once, nothing about unknown values. */
export function readable(errors: readonly SchemaError[], context: SchemaContext): readonly SchemaProblem[] {
  const located = errors
    // What is wrong with the name of a key is told by `propertyNames`.
    .filter((error) => error.keyword !== 'if' && error.propertyName === undefined)
    .map((error) => ({ error, path: pathOf(error.instancePath, context.value) }));
  const judged = located.filter(({ path }) => !context.open.some((open) => startsWith(path, open)));
  const { rest, problems } = summarise(judged, context);
  const single = rest.map(
    ({ error, path }) => keyProblem(error, path, context) ?? explainKeyword(error, path, context),
  );
  return withoutEchoes([...single, ...problems]);
}

function pathOf(pointer: string, root: unknown): Path {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let value = root as Json | undefined;
  return keys.map((key) => {
    if (Array.isArray(value)) {
      value = value[Number(key)];
      return Number(key);
    }
    value = typeof value === 'object' && value !== null ? value[key] : undefined;
    return key;
  });
}

/** A missing key that a misspelt one was meant for is not told again, nor is the same problem found twice. */
function withoutEchoes(found: readonly FoundProblem[]): readonly SchemaProblem[] {
  const meant = new Set(
    found.flatMap(({ path, meant }) => (meant === undefined ? [] : [idOf(path.slice(0, -1), meant)])),
  );
  const seen = new Set<string>();
  const kept: SchemaProblem[] = [];
  for (const { missing, meant: _meant, ...problem } of found) {
    if (missing?.some((key) => meant.has(idOf(problem.path, key))) === true) continue;
    const id = idOf(problem.path, problem.message);
    if (seen.has(id)) continue;
    seen.add(id);
    kept.push(problem);
  }
  return kept;
}

function idOf(path: Path, word: string): string {
  return JSON.stringify([path, word]);
}
