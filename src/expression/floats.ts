import type { Node } from './node.ts';

/** Whether the value of this node, if a number, is certainly a float in Python, so that it prints as `3.0`. */
export function isFloat(node: Node): boolean {
  switch (node.kind) {
    case 'literal':
      return node.float;
    case 'sign':
      return isFloat(node.operand);
    case 'binary':
      if (node.operator === '/') return true;
      return node.operator !== '~' && (isFloat(node.left) || isFloat(node.right));
    case 'ternary':
      return isFloat(node.chosen) && (node.otherwise === null || isFloat(node.otherwise));
    case 'filter':
      if (['float', 'log', 'pow', 'root'].includes(node.name)) return true;
      if (node.name === 'round') return node.input.kind !== 'literal' || node.input.float;
      return ['abs', 'default', 'd'].includes(node.name) && isFloat(node.input);
    case 'call':
      return node.name === 'float';
    default:
      return false;
  }
}
