import { Failure } from '../core/failure.ts';
import { formatPlace } from '../core/source.ts';
import { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import type { Scope, Template, Unfinished } from '../template/template.ts';
import type { VariableEntry } from './layer.ts';

/** A variable that is being rendered. */
export interface Rendering {
  readonly name: string;
  readonly entry: VariableEntry;
  readonly scope: Scope;
  readonly touched: Set<string>;
  /** What its own members see of it. */
  unfinished: Unfinished | null;
  /** Whether one of its members, or what that uses, looked at it. */
  lent: boolean;
  /** Whether the value holds once all that is under way is complete. */
  lasts: boolean;
}

/** The value of a variable; members of a map or list that fail do so where they are read. */
export function rendered(rendering: Rendering, template: Template, fail: () => Failure): Value {
  const of = {
    cycle: fail,
    get lent() {
      return rendering.lent;
    },
  };
  const unfinished = template.apart?.(rendering.scope, of);
  if (unfinished === undefined) return template.render(rendering.scope);
  if (unfinished instanceof Unknown) return unfinished;
  rendering.unfinished = unfinished;
  return unfinished.finish();
}

/** HAPB3002: what is under way needs `last`, which is under way itself. */
export function cycle(underWay: readonly Rendering[], last: Pick<Rendering, 'name' | 'entry'>): Failure {
  const chain = [...underWay.slice(underWay.findIndex(({ entry }) => entry === last.entry)), last];
  const names = chain.map(({ name }) => name).join(' → ');
  const places = chain
    .slice(0, -1)
    .flatMap(({ name, entry }) =>
      entry.kind === 'template' ? [`${name} is set at ${formatPlace(entry.span)}`] : [],
    );
  return new Failure(
    {
      code: 'HAPB3002',
      message: `the variable ${last.name} depends on itself: ${names}`,
      hint: 'Give one of them a value that does not use the others, or another name.',
      details: places.join('\n'),
    },
    last.entry.kind === 'template' ? last.entry.span : null,
  );
}
