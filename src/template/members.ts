import { types } from 'node:util';
import { Failure } from '../core/failure.ts';
import { omit } from '../core/omit.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, type Value } from '../core/value.ts';
import { mapOf } from '../expression/secrecy.ts';
import type { Scope, Template, Unfinished, Whole } from './template.ts';

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
  /** What it has come to so far; `null`: nothing. */
  soFar(): Value;
}

/** The members behind what `look` gave, which a walk must not render. */
const cellsBehind = new WeakMap<object, readonly Cell[]>();

/** Members that are rendered each for itself: a member that fails does so when it is read, and one may use the others. */
export function membersApart(members: readonly Member[], scope: Scope, of: Whole): Unfinished {
  const cells = members.map((member) => cellOf(member, scope, of));
  const isList = members[0]?.key === null;
  const made = () => (isList ? [] : (Object.create(null) as Record<string, Value>));
  let looked: Value | undefined;
  return {
    look: () => {
      if (looked === undefined) {
        const container = made();
        for (const [place, cell] of cells.entries()) readBy(container, cell.key ?? place, () => cell.look());
        cellsBehind.set(container, cells);
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

/** A value with a text for each member that cannot be rendered, and would fail who reads it. */
export function whatIsThere(value: Value, instead: string): Value {
  if (!(isList(value) || isMap(value)) || types.isProxy(value)) return value;
  const members = Object.entries(Object.getOwnPropertyDescriptors(value))
    .filter(([, { enumerable }]) => enumerable === true)
    .map(([key, property]) => {
      const member = property.get === undefined ? whatIsThere(property.value as Value, instead) : instead;
      return [key, member] as const;
    });
  return isList(value) ? members.map(([, member]) => member) : mapOf(members);
}

/** Whether the cell is inside the value, as far as that has been rendered. */
function holds(value: Value, cell: Cell, seen = new Set<object>()): boolean {
  if (!(isList(value) || isMap(value)) || seen.has(value) || types.isProxy(value)) return false;
  seen.add(value);
  const cells = cellsBehind.get(value);
  if (cells !== undefined) return cells.some((inner) => inner === cell || holds(inner.soFar(), cell, seen));
  return Object.values(Object.getOwnPropertyDescriptors(value)).some(
    // What is read by a getter has failed.
    (property) => property.get === undefined && holds(property.value as Value, cell, seen),
  );
}

function cellOf({ key, template }: Member, scope: Scope, of: Whole): Cell {
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
      const unfinished = template.apart?.(scope, of);
      if (unfinished !== undefined && !(unfinished instanceof Unknown))
        return { kind: 'members', unfinished };
      const value = unfinished ?? template.render(scope);
      if (of.lent && holds(value, cell)) throw of.cycle();
      return { kind: 'value', value };
    });
  const cell: Cell = {
    key,
    soFar: () => {
      if (state.kind === 'members') return state.unfinished.look();
      return state.kind === 'value' ? state.value : null;
    },
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
          throw of.cycle();
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
      return { kind: 'failed', failure: of.cycle() };
    },
  };
  return cell;
}
