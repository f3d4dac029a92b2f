import type { DiagnosticCode } from '../core/diagnostic.ts';

/** Every kind of problem that a text with mustaches can have, by its code in docs/errors/expression.md. */
export const templateCodes = {
  unclosed: 'HAPB4020',
  partial: 'HAPB4021',
  statement: 'HAPB4022',
  unknownBlock: 'HAPB4023',
  unbalanced: 'HAPB4024',
  blockValue: 'HAPB4025',
  tag: 'HAPB4026',
  condition: 'HAPB4027',
  depth: 'HAPB4028',
} as const satisfies Record<string, DiagnosticCode>;
