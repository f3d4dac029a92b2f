import type { Arguments, Node } from './node.ts';

/** How tightly each kind binds; a looser node inside a tighter one needs parentheses. */
const strength = {
  ternary: 0,
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  add: 5,
  join: 6,
  multiply: 7,
  power: 8,
  postfix: 9,
  sign: 10,
  path: 11,
};

function strengthOf(node: Node): number {
  switch (node.kind) {
    case 'ternary':
    case 'or':
    case 'and':
    case 'not':
    case 'compare':
    case 'sign':
      return strength[node.kind];
    case 'binary':
      if (node.operator === '+' || node.operator === '-') return strength.add;
      if (node.operator === '~') return strength.join;
      return node.operator === '**' ? strength.power : strength.multiply;
    case 'filter':
    case 'test':
      return strength.postfix;
    case 'literal':
      return typeof node.value === 'number' && node.value < 0 ? strength.sign : strength.path;
    default:
      return strength.path;
  }
}

/** The expression as text that parses to the same tree; parentheses only where they are needed. */
export function printNode(node: Node): string {
  const self = strengthOf(node);
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.value, node.float);
    case 'name':
      return node.name;
    case 'member':
      return `${inside(node.target, strength.path)}.${node.key}`;
    case 'index':
      return `${inside(node.target, strength.path)}[${printNode(node.key)}]`;
    case 'slice': {
      const bounds = [node.from, node.to].map((bound) => (bound === null ? '' : printNode(bound)));
      const step = node.step === null ? '' : `:${printNode(node.step)}`;
      return `${inside(node.target, strength.path)}[${bounds.join(':')}${step}]`;
    }
    case 'list':
      return `[${node.items.map(printNode).join(', ')}]`;
    case 'map':
      return `{${node.entries.map(({ key, value }) => `${printNode(key)}: ${printNode(value)}`).join(', ')}}`;
    case 'sign':
      return `${node.operator}${inside(node.operand, self)}`;
    case 'not':
      return `not ${inside(node.operand, self)}`;
    case 'binary':
    case 'and':
    case 'or': {
      const operator = node.kind === 'binary' ? node.operator : node.kind;
      return `${inside(node.left, self)} ${operator} ${inside(node.right, self + 1)}`;
    }
    case 'compare':
      return [
        inside(node.first, self + 1),
        ...node.steps.map(({ operator, right }) => `${operator} ${inside(right, self + 1)}`),
      ].join(' ');
    case 'ternary': {
      const otherwise = node.otherwise === null ? '' : ` else ${printNode(node.otherwise)}`;
      return `${inside(node.chosen, self + 1)} if ${inside(node.condition, self + 1)}${otherwise}`;
    }
    case 'test':
      return `${inside(node.operand, self)} is ${node.negated ? 'not ' : ''}${node.name}${printArguments(node.args)}`;
    case 'filter':
      return `${inside(node.input, self)} | ${node.name}${printArguments(node.args)}`;
    case 'method':
      return `${inside(node.target, strength.path)}.${node.name}${printArguments(node.args) || '()'}`;
    case 'call':
      return `${node.name}${printArguments(node.args) || '()'}`;
  }
}

function inside(node: Node, required: number): string {
  const text = printNode(node);
  return strengthOf(node) < required ? `(${text})` : text;
}

function printArguments({ positional, named, spread, spreadNamed }: Arguments): string {
  const parts = [
    ...positional.map(printNode),
    ...named.map(({ name, value }) => `${name}=${printNode(value)}`),
    ...(spread === undefined ? [] : [`*${printNode(spread)}`]),
    ...(spreadNamed === undefined ? [] : [`**${printNode(spreadNamed)}`]),
  ];
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}

function printLiteral(value: null | boolean | number | string, float: boolean): string {
  if (typeof value === 'string') return printText(value);
  const text = String(value);
  return float && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function printText(text: string): string {
  const body = text.replace(
    /[\\'\n\r\t]/g,
    (character) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? `\\${character}`,
  );
  return `'${body}'`;
}
