import type { DiagnosticCode } from '../core/diagnostic.ts';

/** What a process's exit code says; Ansible's numbers. */
export const exitCodes = {
  success: 0,
  /** Something around the run: no such file, no host matches `--limit`. */
  problem: 1,
  /** Hosts failed (or would fail, in check mode). */
  failed: 2,
  /** With `--detailed-exitcode`, check mode found something to change or could not know. */
  pending: 3,
  /** Hosts could not be reached; wins over failed ones. */
  unreachable: 4,
  /** A playbook that cannot be understood; Ansible's number too. */
  parse: 4,
  usage: 5,
  interrupted: 99,
  bug: 250,
} as const;

/** The exit code for what stopped the program before or around a run, by the range of its code. */
export function exitCodeOf(code: DiagnosticCode): number {
  const number = Number(code.slice('HAPB'.length));
  if (number >= 9000) return exitCodes.bug;
  if (code === 'HAPB8006') return exitCodes.interrupted;
  if (number >= 8000) return fileCodes.has(code) ? exitCodes.problem : exitCodes.usage;
  const isParse = number < 3000 || (number >= 4000 && number < 5000);
  return isParse && !missingCodes.has(code) ? exitCodes.parse : exitCodes.problem;
}

/** Files that the command line names and that cannot be used; the flags themselves were right. */
const fileCodes: ReadonlySet<DiagnosticCode> = new Set([
  'HAPB8004',
  'HAPB8007',
  'HAPB8008',
  'HAPB8009',
  'HAPB8012',
  'HAPB8024',
  'HAPB8025',
  'HAPB8026',
  'HAPB8027',
]);
/** Sources that cannot be read at all; see document/read-file.ts. */
const missingCodes: ReadonlySet<DiagnosticCode> = new Set(['HAPB1020', 'HAPB1021', 'HAPB1024', 'HAPB1025']);
