import type { ShellReply } from '../../connection/connection.ts';

const endedBy = 'hapb: ended by signal ';

/**
 * Part of a script that runs `program` (words of shell) in a process of its own and ends as that does: what it does to
 * itself does not reach the shell that hapb keeps. A shell gives 137 both for `exit 137` and for a kill; but it says
 * something of a process that a signal ended, and of no other (nor of SIGINT and SIGPIPE). What bash says in its POSIX
 * mode and in a substitution is nothing, hence the detour.
 */
export function inOwnProcess(program: string): string {
  const run = `( exec ${program} <&5 >&3 2>&4 3>&- 4>&- 5<&- ); echo $?`;
  return `
exec 3>&1 4>&2 5<&0
if [ -n "\${BASH_VERSION-}" ]; then
  hapb_said=$(exec 2>&1; { set +o posix; trap - INT QUIT; ${run}; } & wait $!)
else
  hapb_said=$({ ${run}; } 2>&1)
fi
hapb_code=\${hapb_said##*[!0-9]}
if [ "$hapb_code" -gt 128 ] && [ "$hapb_said" != "$hapb_code" ]; then
  echo "${endedBy}$((hapb_code - 128))" >&2
  exit 215
fi
exit "$hapb_code"
`;
}

/** A reply with `rc` as Python's subprocess gives it: minus the signal's number where one ended the process. */
export function withSignal(reply: Pick<ShellReply, 'exitCode' | 'stdout' | 'stderr'>): {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
} {
  const { exitCode, stdout, stderr } = reply;
  const end = new RegExp(`${endedBy}(\\d+)\\n$`);
  // A durable command has both streams in one.
  const [, signal] = (exitCode === 215 ? (end.exec(stderr) ?? end.exec(stdout)) : null) ?? [];
  if (signal === undefined) return { rc: exitCode, stdout, stderr };
  return { rc: -Number(signal), stdout: stdout.replace(end, ''), stderr: stderr.replace(end, '') };
}
