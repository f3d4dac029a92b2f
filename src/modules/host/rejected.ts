import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import type { FileWrite } from '../module.ts';

/** What the script of `putText` says that ended with 24: its command refused the content. The registered result is as Ansible's. */
export function rejectedContent(
  { stdout: printed, stderr }: Pick<ShellReply, 'stdout' | 'stderr'>,
  file: Pick<FileWrite, 'path' | 'validate'>,
  host: string,
): Failure {
  // The exit status of the command stands in a line of its own, behind all that it printed.
  const end = printed.lastIndexOf('\n');
  const stdout = printed.slice(0, Math.max(end, 0));
  return new Failure({
    code: 'HAPB7011',
    message: `${file.path} was left as it is on ${host}: "${file.validate ?? ''}" rejected the new content`,
    hint: "Mend the content; the command's own words are above.",
    details: lastLines(`${stdout}${stderr}`),
    output: {
      msg: 'failed to validate',
      exit_status: Number(printed.slice(end + 1)),
      stdout,
      stdout_lines: linesOf(stdout),
      stderr,
      stderr_lines: linesOf(stderr),
    },
  });
}

/** The end of what a program said. */
export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
