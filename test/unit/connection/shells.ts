import { spawn, spawnSync } from 'node:child_process';
import { processChannel } from '../../../src/connection/local.ts';
import { ShellSession } from '../../../src/connection/shell-session.ts';

/** A shell that the protocol must work in, as argv. */
export interface ShellKind {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
}

const wanted: readonly ShellKind[] = [
  { name: 'sh', argv: ['/bin/sh'] },
  { name: 'dash', argv: ['dash'] },
  { name: 'bash', argv: ['bash'] },
  { name: 'bash --posix', argv: ['bash', '--posix'] },
  { name: 'busybox sh', argv: ['busybox', 'sh'] },
];

/** Those of them that this machine has; the others are named on the console. */
export const shells: readonly ShellKind[] = wanted.filter(({ name, argv: [program, ...args] }) => {
  const found = spawnSync(program, [...args, '-c', ':']).status === 0;
  if (!found) console.warn(`not tested with ${name}: it is not installed`);
  return found;
});

/** A session with a shell on this machine, in a process group of its own. */
export function startSession({ argv: [program, ...args] }: ShellKind) {
  const child = spawn(program, args, { detached: true, stdio: 'pipe' });
  const session = new ShellSession(processChannel(child), {
    flights: 0,
    sentBytes: 0,
    receivedBytes: 0,
    waitedMs: 0,
  });
  return { session, child };
}
