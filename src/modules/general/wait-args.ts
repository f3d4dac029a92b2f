import type { Output } from '../../core/value.ts';

/** States of a TCP connection in which it counts as active, with the kernel's numbers (Linux, net/tcp_states.h). */
export const connectionStates = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
} as const;

/** Arguments of `wait_for`. */
export interface WaitForArgs {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly command?: string;
  readonly search_regex?: string;
  readonly state?: 'started' | 'present' | 'stopped' | 'absent' | 'drained';
  readonly timeout?: number;
  readonly sleep?: number;
  readonly delay?: number;
  readonly stable_for?: number;
  readonly connect_timeout?: number;
  readonly msg?: string;
  readonly exclude_hosts?: readonly string[];
  readonly active_connection_states?: readonly (keyof typeof connectionStates)[];
}

/** What one look finds: whether it is so, what was seen, and what is registered of it. */
export interface Look {
  readonly reached: boolean;
  readonly seen: string;
  readonly found: Output;
}
