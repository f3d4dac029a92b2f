import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { LeaseHolder } from '../modules/host/lease.ts';
import type { RunOptions } from './run-options.ts';

/** As whom a run marks the nodes that it changes; `null`: it was told not to. */
export function leaseHolder({ playbooks, leases }: RunOptions): LeaseHolder | null {
  if (leases === 'none') return null;
  const command = ['hapb run', ...playbooks].join(' ').slice(0, 200);
  const who = `${userInfo().username} on ${hostname()} (${command}, process ${process.pid})`;
  // It is one line of a file, and shown on other people's terminals.
  return { run: randomUUID(), who: who.replace(/\p{Cc}/gu, ' ') };
}
