/** What a process's exit code says; Ansible's numbers. */
export const exitCodes = {
  success: 0,
  /** Something around the run: no such file, no host matches `--limit`. */
  problem: 1,
  /** Hosts failed (or would fail, in check mode). */
  failed: 2,
  /** With `--detailed-exitcode`, check mode found something to change or could not know. */
  pending: 3,
  /** Hosts could not be reached; wins over failed ones. A playbook that cannot be parsed ends with the same number. */
  unreachable: 4,
  parse: 4,
  usage: 5,
  interrupted: 99,
  bug: 250,
} as const;
