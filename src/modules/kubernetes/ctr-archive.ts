import { Failure } from '../../core/failure.ts';
import { type Ask, map, nothing } from '../ask.ts';
import { candidates, controllerFile } from '../asks/controller-file.ts';
import { file } from '../asks/file.ts';
import type { HostWriter, TaskContext } from '../module.ts';
import type { CtrPullArgs } from './ctr-pull-args.ts';
import { importScript } from './ctr-scripts.ts';

/** The archive of a task. `node`: a file there; `controller`: one here, with its path; `none`: the image is pulled. */
export type Archive =
  | { readonly kind: 'none' }
  | { readonly kind: 'missing'; readonly tried: readonly string[] }
  | { readonly kind: 'node'; readonly path: string }
  | { readonly kind: 'controller'; readonly path: string };

/** The longest archive that passes through the controller's memory. */
const maxArchiveBytes = 268_435_456;

/** Where the archive of a task is. */
export function archiveOf(args: CtrPullArgs, task: TaskContext): Ask<Archive> {
  const { archive } = args;
  if (archive === undefined) return nothing<Archive>({ kind: 'none' });
  if (args.archive_from === 'node') {
    return map(file(archive, { content: 'none', links: 'follow' }), (found) =>
      found.kind === 'file' ? { kind: 'node', path: archive } : { kind: 'missing', tried: [archive] },
    );
  }
  const paths = candidates(archive, 'files', task);
  return map(controllerFile(paths, 0), (found) =>
    found.kind === 'file' ? { kind: 'controller', path: found.path } : { kind: 'missing', tried: paths },
  );
}

/** @throws Failure HAPB6572 */
export function refuseMissing(archive: Archive, args: CtrPullArgs, host: string): void {
  if (archive.kind !== 'missing') return;
  const where = args.archive_from === 'node' ? host : 'the controller';
  throw new Failure({
    code: 'HAPB6572',
    message: `there is no archive ${args.archive ?? ''} on ${where}`,
    hint:
      args.archive_from === 'node'
        ? 'Bring it there first (copy_file), or set `archive_from: controller`.'
        : `Looked for: ${archive.tried.join(', ')}.`,
    argument: 'archive',
  });
}

/** Imports an archive of the controller, without a file on the node. Gives exit code and output of ctr. */
export async function importFromController(
  args: CtrPullArgs,
  path: string,
  host: HostWriter,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const found = await host.ask(controllerFile([path], maxArchiveBytes));
  if (found.kind !== 'file' || found.content === null) {
    throw new Failure({
      code: 'HAPB6572',
      message: `${path} is longer than an archive of the controller may be (${maxArchiveBytes >> 20} MiB)`,
      hint: 'Bring it to the node another way, and set `archive_from: node`.',
      argument: 'archive',
    });
  }
  const reply = await host.run({
    sh: importScript,
    args: [args.ctr, args.address, args.namespace, args.platform ?? '', '-'],
    stdin: found.content,
    noticesCut: true,
    timeoutMs: args.timeout * 1000,
  });
  return { exitCode: reply.exitCode, output: reply.stdout + reply.stderr };
}
