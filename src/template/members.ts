import { Failure } from '../core/failure.ts';
import { Unknown } from '../core/unknown.ts';
import type { Value } from '../core/value.ts';
import { omit } from '../expression/scope.ts';
import type { Scope, Template, Unfinished } from './template.ts';

/** A member of a map or list whose members are rendered one by one. */
export interface Member {
  /** `null`: at the next place of a list. */
  readonly key: string | null;
  readonly template: Template;
}

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'under way' }
  | { readonly kind: 'members'; readonly unfinished: Unfinished }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface Cell {
  readonly key: string | null;
  /** The value as far as it is asked for while others are rendered. */
  look(): Value;
  /** The value, or why there is none. */
  finish(): Extract<State, { readonly kind: 'value' | 'failed' }>;
}

/**
 * Members that are rendered each for itself: a member that fails does so when it is read, and one may use the others.
 * `cycle` says what is wrong where a member needs itself.
 */
export function membersApart(members: readonly Member[], scope: Scope, cycle: () => Failure): Unfinished {
  const cells = members.map((member) => cellOf(member, scope, cycle));
  const isList = members[0]?.key === null;
  const made = () => (isList ? [] : (Object.create(null) as Record<string, Value>));
  let looked: Value | undefined;
  return {
    look: () => {
      if (looked === undefined) {
        const container = made();
        for (const [place, cell] of cells.entries()) readBy(container, cell.key ?? place, () => cell.look());
        looked = container;
      }
      return looked;
    },
    finish: () => {
      const container = made();
      let place = 0;
      for (const cell of cells) {
        const state = cell.finish();
        if (state.kind === 'failed') {
          readBy(container, cell.key ?? place++, () => {
            throw state.failure;
          });
        } else if (state.value !== omit) {
          Reflect.set(container, cell.key ?? place++, state.value);
        }
      }
      return container;
    },
  };
}

function readBy(container: object, key: string | number, get: () => Value): void {
  Object.defineProperty(container, key, { enumerable: true, configurable: true, get });
}

function cellOf({ key, template }: Member, scope: Scope, cycle: () => Failure): Cell {
  let state: State = { kind: 'waiting' };
  const attempt = (step: () => State): State => {
    state = { kind: 'under way' };
    try {
      return step();
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      return { kind: 'failed', failure: thrown };
    }
  };
  const begin = (): State =>
    attempt(() => {
      const unfinished = template.apart?.(scope, cycle);
      return unfinished === undefined || unfinished instanceof Unknown
        ? { kind: 'value', value: unfinished ?? template.render(scope) }
        : { kind: 'members', unfinished };
    });
  return {
    key,
    look: () => {
      if (state.kind === 'waiting') state = begin();
      switch (state.kind) {
        case 'value':
          return state.value;
        case 'members':
          return state.unfinished.look();
        case 'failed':
          throw state.failure;
        default:
          throw cycle();
      }
    },
    finish: () => {
      if (state.kind === 'waiting') state = begin();
      if (state.kind === 'members') {
        const { unfinished } = state;
        const value = unfinished.finish();
        state = { kind: 'value', value };
      }
      if (state.kind === 'value' || state.kind === 'failed') return state;
      return { kind: 'failed', failure: cycle() };
    },
  };
}
