import type { OutputChoice, OutputKind } from '../reports/choose.ts';
import { usageFailure } from './usage.ts';

const kinds: readonly OutputKind[] = [
  'plain',
  'tree',
  'jsonl',
  'junit',
  'html',
  'drift',
  'drift-json',
  'profile',
];

/** Reads one `--output KIND[=FILE]`. @throws Failure HAPB8001 */
export function parseOutput(argument: string): OutputChoice {
  const equals = argument.indexOf('=');
  const name = equals === -1 ? argument : argument.slice(0, equals);
  const file = equals === -1 ? null : argument.slice(equals + 1);
  const kind = kinds.find((known) => known === name);
  if (kind === undefined) {
    throw usageFailure(
      'HAPB8001',
      `--output ${name} is not known`,
      `Write one of ${kinds.join(', ')}, each with =FILE if wanted.`,
    );
  }
  if (file === '')
    throw usageFailure('HAPB8001', `--output ${name}= names no file`, `Write --output ${name}=FILE.`);
  if (kind === 'tree' && file !== null) {
    throw usageFailure(
      'HAPB8001',
      '--output tree is for a terminal, not for a file',
      'Write --output plain=FILE.',
    );
  }
  return { kind, file };
}
