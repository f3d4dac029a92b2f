import type { Value } from '../core/value.ts';

/** A stretch of the expression's text, offsets in UTF-16 units, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Operators between two values. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~';

/** Operators that compare, and may be chained: `1 < x <= 5`. */
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** What stands between the parentheses of a filter, test, function or method. */
export interface Arguments {
  readonly positional: readonly Node[];
  readonly named: readonly { readonly name: string; readonly value: Node }[];
  /** `*list`: its items are further positional arguments. */
  readonly spread?: Node;
  /** `**map`: its entries are further named arguments. */
  readonly spreadNamed?: Node;
}

/** One step of a chain of comparisons. */
export interface Comparison {
  readonly operator: CompareOperator;
  readonly right: Node;
}

/** A parsed expression. Each node knows its place; `name`, `key` and the like are as the author wrote them. */
export type Node = Range &
  (
    | { readonly kind: 'literal'; readonly value: null | boolean | number | string; readonly float: boolean }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'member'; readonly target: Node; readonly key: string; readonly at: Range }
    | { readonly kind: 'index'; readonly target: Node; readonly key: Node }
    | {
        readonly kind: 'slice';
        readonly target: Node;
        readonly from: Node | null;
        readonly to: Node | null;
        readonly step: Node | null;
      }
    | { readonly kind: 'list'; readonly items: readonly Node[]; readonly tuple: boolean }
    | { readonly kind: 'map'; readonly entries: readonly { readonly key: Node; readonly value: Node }[] }
    | { readonly kind: 'sign'; readonly operator: '-' | '+'; readonly operand: Node }
    | { readonly kind: 'not'; readonly operand: Node }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Node;
        readonly right: Node;
      }
    | { readonly kind: 'compare'; readonly first: Node; readonly steps: readonly Comparison[] }
    | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
    | {
        readonly kind: 'ternary';
        readonly condition: Node;
        readonly chosen: Node;
        readonly otherwise: Node | null;
      }
    | {
        readonly kind: 'test';
        readonly operand: Node;
        readonly name: string;
        readonly at: Range;
        readonly negated: boolean;
        readonly args: Arguments;
      }
    | {
        readonly kind: 'filter';
        readonly input: Node;
        readonly name: string;
        readonly at: Range;
        readonly args: Arguments;
      }
    | {
        readonly kind: 'method';
        readonly target: Node;
        readonly name: string;
        readonly at: Range;
        readonly args: Arguments;
      }
    | { readonly kind: 'call'; readonly name: string; readonly at: Range; readonly args: Arguments }
  );

/** A node of one kind. */
export type NodeOf<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

/** Every node directly below, in source order. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
      return [node.target];
    case 'index':
      return [node.target, node.key];
    case 'slice':
      return [node.target, node.from, node.to, node.step].filter((part) => part !== null);
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'sign':
    case 'not':
      return [node.operand];
    case 'binary':
    case 'and':
    case 'or':
      return [node.left, node.right];
    case 'compare':
      return [node.first, ...node.steps.map((step) => step.right)];
    case 'ternary':
      return [node.chosen, node.condition, ...(node.otherwise === null ? [] : [node.otherwise])];
    case 'test':
      return [node.operand, ...inArguments(node.args)];
    case 'filter':
      return [node.input, ...inArguments(node.args)];
    case 'method':
      return [node.target, ...inArguments(node.args)];
    case 'call':
      return inArguments(node.args);
  }
}

/** The values among arguments, in source order. */
export function inArguments(args: Arguments): readonly Node[] {
  const spreads = [args.spread, args.spreadNamed].filter((node) => node !== undefined);
  return [...args.positional, ...args.named.map((argument) => argument.value), ...spreads];
}

/** A literal's value, or `undefined` for every other node. */
export function literalOf(node: Node): Value | undefined {
  return node.kind === 'literal' ? node.value : undefined;
}
