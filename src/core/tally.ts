/** The numbers of the recap line of one host; names as Ansible prints them, `unknown` and `wouldFail` are ours. */
export interface Tally {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
  readonly unknown: number;
  readonly wouldFail: number;
}
