import { Failure } from '../../core/failure.ts';
import type { Output } from '../../core/value.ts';
import type { HostWriter } from '../module.ts';
import { runApt } from './apt.ts';
import { applyFile } from './file-change.ts';
import {
  checkedKey,
  keyPath,
  namedKey,
  type RepoArgs,
  type RepoChange,
  sourcePath,
} from './package-repo-plan.ts';
import { step } from './steps.ts';
import { planText } from './text-file.ts';

// The source is read from a file of its own first; only one whose lists can be read is put in place.
const updateScript = `
dir=$(mktemp -d /run/hapb-source.XXXXXX) || exit
trap 'rm -rf "$dir"' EXIT
printf '%s' "$1" >"$dir/new.sources" && chmod 755 "$dir" && chmod 644 "$dir/new.sources" || exit
update -o Dir::Etc::sourcelist="$dir/new.sources" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
`;

/** Adds or removes the source. @throws Failure HAPB6090, HAPB6082 */
export async function applyRepo(wanted: RepoChange, host: HostWriter): Promise<Output> {
  const { args } = wanted;
  const result: Output = { path: sourcePath(args), key_path: namedKey(args) };
  if (args.state === 'absent') {
    const problem = {
      code: 'HAPB6003',
      message: `cannot remove the package source ${args.name}`,
      hint: 'Read the output below.',
    } as const;
    await step(host, { sh: 'rm -f "$@"', args: [sourcePath(args), keyPath(args)] }, problem);
    return result;
  }
  if (wanted.key !== null) {
    const problem = {
      code: 'HAPB6003',
      message: 'cannot make /etc/apt/keyrings',
      hint: 'Read the output below.',
    } as const;
    await step(host, { sh: '[ -d /etc/apt/keyrings ] || mkdir -m 0755 /etc/apt/keyrings' }, problem);
    const plan =
      wanted.key === 'fetch'
        ? planText(keyPath(args), checkedKey(await fetchKey(args, host), args), {
            now: wanted.now.key,
            edit: { mode: '0644' },
          })
        : wanted.key;
    if (plan !== null) await applyFile(plan, host);
    else if (wanted.source === null) return { ...result, changed: false };
  }
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const outcome = await runApt(
      {
        sh: updateScript,
        args: [wanted.sourceText],
        timeoutMs: 900_000,
        what: `cannot read the package source ${args.name}`,
      },
      host,
    );
    if (outcome === 'done') break;
  }
  if (wanted.source !== null) await applyFile(wanted.source, host);
  return result;
}

async function fetchKey(args: RepoArgs, host: HostWriter): Promise<Uint8Array> {
  const url = args.key_url ?? '';
  const problem = (why: string): Failure =>
    new Failure({
      code: 'HAPB6090',
      message: `the controller cannot fetch the key from ${url}: ${why}`,
      hint: 'Check the address and the controller’s network; or keep the key in a file and give `key_file`.',
      argument: 'key_url',
    });
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([host.signal, AbortSignal.timeout(60_000)]),
    });
    if (!response.ok) throw problem(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    if (thrown instanceof Failure || host.signal.aborted) throw thrown;
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    throw problem(cause instanceof Error ? cause.message : String(cause));
  }
}
