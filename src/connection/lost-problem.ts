import type { ConnectionError, ShellRequest } from './connection.ts';
import { connectionError, lastLines } from './problem.ts';
import type { ConnectionSettings } from './settings.ts';
import type { ShellEnded } from './shell-session.ts';
import type { Ending } from './user-shell.ts';

/** The error for a shell that ended before its request was answered. `transport` says why the connection is gone, if it is. */
export function lostProblem(
  settings: ConnectionSettings,
  ended: ShellEnded,
  transport: string | null,
): ConnectionError {
  const details = lastLines(`${ended.stdout}\n${ended.stderr}`);
  if (transport !== null) {
    return connectionError('lost', settings, { ...lostText(moment(ended.phase), transport), details });
  }
  if (ended.phase === 'starting') return noShell(settings, endWords(ended), details);
  return connectionError('lost', settings, {
    code: 'HAPB5041',
    message: `the shell on the host ended ${moment(ended.phase)}${endWords(ended) === '' ? '' : ` (${endWords(ended)})`}`,
    hint: 'See whether the command ends its own shell or session, and whether the host ran out of memory (`dmesg`); then run again.',
    details,
  });
}

/** The error for a connection that went before a shell could be started on it. */
export function lostBefore(settings: ConnectionSettings, reason: string): ConnectionError {
  return connectionError('lost', settings, lostText(moment('starting'), reason));
}

/** The error for a login user that gets no shell. `words` say how it went, for example `exit code 1`. */
export function noShell(settings: ConnectionSettings, words: string, details = ''): ConnectionError {
  return connectionError('unreachable', settings, {
    code: 'HAPB5044',
    message: `the login user's shell does not start /bin/sh${words === '' ? '' : `: ${words}`}`,
    hint: 'Check with `ssh HOST /bin/sh -c true`: the login shell must run commands (not nologin), and no forced command may replace them.',
    details,
  });
}

function lostText(when: string, reason: string) {
  return {
    code: 'HAPB5040' as const,
    message: `the connection was lost ${when}: ${reason}`,
    hint: 'Check that the host is up and the network holds, then run again: tasks that are done stay done.',
  };
}

/** The error for a request that took longer than it may. */
export function timeoutProblem(
  settings: ConnectionSettings,
  request: ShellRequest,
  { seen, ending }: { readonly seen: ShellEnded; readonly ending: Ending },
): ConnectionError {
  const seconds = Math.round((request.timeoutMs ?? 0) / 100) / 10;
  return connectionError('timeout', settings, {
    code: 'HAPB5042',
    message: `the command took longer than its ${seconds} s${fate(ending)}`,
    hint: 'Give it more time with `timeout:`, or find out what it waits for; its last output is below, if it had any.',
    details: lastLines(`${seen.stdout}\n${seen.stderr}`),
  });
}

/** The error for a request whose signal was aborted. */
export function cancelledProblem(settings: ConnectionSettings, ending: Ending): ConnectionError {
  return connectionError('timeout', settings, {
    code: 'HAPB5043',
    message: `the command was cancelled${ending === 'not-begun' ? ' before it began' : fate(ending)}`,
    hint: 'Run again; tasks that are done stay done.',
  });
}

function fate(ending: Ending): string {
  switch (ending) {
    case 'ended':
      return ' and was ended with all its processes';
    case 'unsure':
      return '; it could not be ended and may still run on the host';
    case 'not-begun':
      return ' before it began';
  }
}

function moment(phase: ShellEnded['phase']): string {
  switch (phase) {
    case 'starting':
      return 'before the first command';
    case 'running':
      return 'while a command ran';
    case 'waiting':
    case 'unsent':
      return 'before the command began';
  }
}

function endWords({ end }: ShellEnded): string {
  if (end.trouble !== null) return end.trouble;
  if (end.signal !== null) return `killed by ${end.signal}`;
  return end.exitCode === null ? '' : `exit code ${end.exitCode}`;
}
