import type { ShellReply } from '../../connection/connection.ts';
import { Failure } from '../../core/failure.ts';
import type { Ask, Target } from '../ask.ts';
import type { DurableCommand, DurableResult, FileWrite, HostWriter, ScriptCall } from '../module.ts';
import { ask, destinationOf, type Site, withEnvironment } from './asking.ts';
import { runDurable } from './durable.ts';
import { fullDisk, fullDiskHint } from './full-disk.ts';
import { temporaryText } from './temporary.ts';

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

/** Temporary name beside the target, rights before the rename, data on disk before the rename. */
const writeScript = `
p=$1 mode=$2 owner=$3 group=$4 validate=$5
case $p in */*) d=\${p%/*}; [ -n "$d" ] || d=/ ;; *) d=. ;; esac
[ -d "$d" ] || { echo "the folder $d does not exist" >&2; exit 20; }
[ ! -d "$p" ] || { echo "$p is a folder" >&2; exit 20; }
${temporaryText} || exit 21
trap 'rm -f -- "$t"' EXIT
cat >"$t" || exit 22
if [ -z "$mode" ]; then
  if [ -e "$p" ]; then mode=$(stat -L -c %a -- "$p"); else mode=$(printf '%o' $(( 0666 & ~0$(umask) ))); fi
fi
if [ -e "$p" ]; then
  [ -n "$owner" ] || owner=$(stat -L -c %u -- "$p")
  [ -n "$group" ] || group=$(stat -L -c %g -- "$p")
fi
if [ -n "$owner$group" ]; then chown -- "$owner\${group:+:$group}" "$t" || exit 23; fi
chmod -- "$mode" "$t" || exit 23
if [ -n "$validate" ]; then
  v=$(printf '%s' "$validate" | sed "s|%s|$t|g")
  sh -c "$v" >&2 || exit 24
fi
sync "$t" 2>/dev/null || :
mv -f -- "$t" "$p" || exit 25
trap - EXIT
`;

async function writeFile(run: HostWriter['run'], file: FileWrite, host: string): Promise<void> {
  const reply = await run({
    sh: writeScript,
    args: [file.path, file.mode ?? '', file.owner ?? '', file.group ?? '', file.validate ?? ''],
    stdin: file.content,
  });
  if (reply.exitCode === 0) return;
  const said = reply.stderr.trim().split('\n').slice(-5).join('\n');
  if (reply.exitCode === 24) {
    throw new Failure({
      code: 'HAPB7011',
      message: `${file.path} was left as it is on ${host}: "${file.validate ?? ''}" rejected the new content`,
      hint: "Mend the content; the command's own words are above.",
      details: said,
    });
  }
  throw new Failure({
    code: 'HAPB7010',
    message: `cannot write ${file.path} on ${host}: ${said === '' ? `exit code ${reply.exitCode}` : said}`,
    hint: writeHint(said),
  });
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
