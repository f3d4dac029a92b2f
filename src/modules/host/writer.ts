import { isUtf8 } from 'node:buffer';
import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import type { Text } from '../../core/secret.ts';
import { fits, sizeBytesOf } from '../../core/text-measure.ts';
import type { Ask, Target } from '../ask.ts';
import type { DurableCommand, DurableResult, FileWrite, HostWriter, ScriptCall } from '../module.ts';
import { ask, destinationOf, type Site, withEnvironment } from './asking.ts';
import { runDurable } from './durable.ts';
import { fullDisk, fullDiskHint } from './full-disk.ts';
import { dropText, hasCleanedUp, putTag, putText, putWords } from './put-text.ts';
import { lastLines, rejectedContent } from './rejected.ts';

/** What `apply` gets: the only thing that writes. `progress` shows a line while the task runs. */
export function hostWriter(
  { reader: _, behind, ...site }: Site,
  progress: (text: string) => void,
): HostWriter {
  const run = (script: ScriptCall): Promise<ShellReply> =>
    site.pool.change(
      site,
      withEnvironment(site, {
        script: script.sh,
        args: script.args ?? [],
        signal: site.signal,
        ...(script.stdin === undefined ? {} : { stdin: script.stdin }),
        ...(script.noticesCut === undefined ? {} : { noticesCut: script.noticesCut }),
        ...(script.timeoutMs === undefined ? {} : { timeoutMs: script.timeoutMs }),
        ...(script.maxOutputBytes === undefined ? {} : { maxOutputBytes: script.maxOutputBytes }),
      }),
      progress,
      (send) => behind?.written(site, send),
    );
  return {
    name: site.host,
    signal: site.signal,
    ask: <T>(asked: Ask<T>) => ask(site, asked),
    run,
    write: (file) => writeFile(run, file, site.host),
    durable: (command: DurableCommand): Promise<DurableResult> => {
      behind?.spoil();
      return runDurable(site, command, progress);
    },
    progress,
    ...(site.person === undefined ? {} : { person: site.person }),
    at: (target: Target) => {
      behind?.spoil();
      return hostWriter({ ...site, ...destinationOf(site, target) }, progress);
    },
  };
}

/** A longer text costs less on standard input, which takes two processes, than as a word of the shell. */
const mostWordBytes = 65_536;

/** A lost connection ends the content too early, which must not take the old file's place. */
const takeWhole = `{ cat >&4 && [ "$(stat -c %s -- "$t")" = "$7" ]; }`;

/** What is wrong with the disk, cat says better than some shells. */
const printWord = `{ printf '%s' "$7" >&4 || { printf '%s' "$7" | cat >&4; false; }; }`;

async function writeFile(run: HostWriter['run'], file: FileWrite, host: string): Promise<void> {
  const tag = putTag();
  const words = putWords(file.path, file, tag);
  const word = wordOf(file.content);
  const reply = await run(
    word === null
      ? {
          sh: putText(takeWhole, file),
          args: [...words, String(sizeBytesOf(file.content))],
          stdin: file.content,
          noticesCut: true,
        }
      : { sh: putText(printWord, file), args: [...words, word] },
  );
  if (!hasCleanedUp(reply.exitCode)) await run({ sh: dropText, args: [file.path, tag] });
  if (reply.exitCode === 0) return;
  if (reply.exitCode === 24) throw rejectedContent(reply, file, host);
  const said = lastLines(reply.stderr);
  throw new Failure({
    code: 'HAPB7010',
    message: `cannot write ${file.path} on ${host}: ${said === '' ? `exit code ${reply.exitCode}` : said}`,
    hint: writeHint(said),
  });
}

/** The content as a word of the shell; `null`: it can be none, or is too long. */
function wordOf(content: FileWrite['content']): Text | null {
  if (sizeBytesOf(content) > mostWordBytes) return null;
  const text = content instanceof Uint8Array ? textOf(content) : content;
  return text === null || !fits(text, /^[^\0]*$/) ? null : text;
}

function textOf(bytes: Uint8Array): string | null {
  return isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : null;
}

function writeHint(said: string): string {
  if (/permission denied/i.test(said))
    return 'Set "become: true", or write to a place that the user may write to.';
  if (/read-only file system/i.test(said))
    return 'The file system is mounted read-only; look at dmesg for disk errors.';
  if (fullDisk(said) !== null) return fullDiskHint;
  if (/does not exist/.test(said)) return 'Create the folder first with "file: {path: …, state: directory}".';
  if (/operation not permitted/i.test(said)) return 'The file may be immutable: look at `lsattr`.';
  return 'The old file is untouched; run the same command again once the cause is gone.';
}
