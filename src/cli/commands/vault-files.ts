import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { fileSpan } from '../../core/source.ts';

/** The bytes of a file. @throws Failure HAPB3515 */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (problem) {
    throw fileFailure(path, 'read', problem);
  }
}

/**
 * Puts bytes in the place of a file at once: whoever reads it finds the old or the new ones whole. Mode and owner stay; a
 * new file is for its owner alone. A link stays a link. @throws Failure HAPB3515, and the file is as it was
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  let temporary: string | null = null;
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    const target = old === undefined ? path : realpathSync(path);
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(handle, bytes);
      if (old !== undefined) {
        const fresh = statSync(temporary);
        if (fresh.uid !== old.uid || fresh.gid !== old.gid) fchownSync(handle, old.uid, old.gid);
        fchmodSync(handle, old.mode & 0o7777);
      }
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, target);
  } catch (problem) {
    if (temporary !== null) rmSync(temporary, { force: true });
    throw fileFailure(path, 'written', problem);
  }
}

function fileFailure(path: string, what: 'read' | 'written', problem: unknown): Failure {
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'it or its folder does not exist',
    EACCES: 'permission denied',
    EPERM: 'its owner cannot be kept',
    EISDIR: 'it is a folder',
    ENOSPC: 'no space is left on the disk',
  };
  const reason = reasons[code] ?? (problem instanceof Error ? problem.message : String(problem));
  return new Failure(
    {
      code: 'HAPB3515',
      message: `${path} cannot be ${what}: ${reason}`,
      hint: 'Check the path and your permissions.',
    },
    fileSpan(path),
  );
}
