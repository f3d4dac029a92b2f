import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { deferred } from '../../connection/deferred.ts';
import { Failure } from '../../core/failure.ts';
import type { Terminal } from '../terminal.ts';
import { commandLine } from '../usage.ts';

/**
 * What the user's editor made of a text. It works on a file that only the user can read, in a folder of its own, in
 * memory where there is such a file system; backups of the editor lie there too. All of it is removed, however this
 * ends. @throws Failure HAPB3516 when the editor fails
 */
export async function editBytes(
  bytes: Uint8Array,
  { name, env }: { readonly name: string; readonly env: Terminal['env'] },
): Promise<Uint8Array> {
  const folder = mkdtempSync(join(privateRoot(env), 'hapb-vault-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    // The name tells the editor what kind of text it is.
    const path = join(folder, basename(name));
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
    await runEditor(env.EDITOR || env.VISUAL || 'vi', path);
    return readFileSync(path);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** A folder in memory where the system has one. */
function privateRoot(env: Terminal['env']): string {
  for (const folder of [env.XDG_RUNTIME_DIR, '/dev/shm']) {
    if (folder === undefined || folder === '') continue;
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
      return folder;
    } catch {
      // The next one may do.
    }
  }
  return tmpdir();
}

/** Through a shell, as the variable may hold flags. */
async function runEditor(editor: string, path: string): Promise<void> {
  const ended = deferred<string>();
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  child.on('error', (problem) => ended.resolve(problem.message));
  child.on('close', (code, signal) =>
    ended.resolve(code === 0 ? '' : `it ended with ${code ?? signal ?? 'an error'}`),
  );
  const problem = await ended.promise;
  if (problem === '') return;
  throw new Failure(
    {
      code: 'HAPB3516',
      message: `the editor ${editor} failed: ${problem}`,
      hint: 'Nothing was changed. Set EDITOR to an editor that waits until the file is closed.',
    },
    commandLine,
  );
}
