import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { deferred } from '../connection/deferred.ts';
import type { DiagnosticCode } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { fileSpan } from '../core/source.ts';
import { readNamedFile } from './files.ts';

/** What a password is called in messages, the words that a script for it gets, and the code of a script that fails. */
export interface PasswordFile {
  readonly what: string;
  readonly words: readonly string[];
  readonly code: DiagnosticCode;
}

/**
 * What a password file gives, without the line breaks around it: its content, what it prints where it is executable (it
 * may ask on the terminal), or for `-` what comes on standard input. @throws Failure HAPB8004, or `code`
 */
export async function readPasswordFile(given: string, about: PasswordFile): Promise<string> {
  // A shell leaves the tilde behind a label alone.
  const path = given.replace(/^~(?=\/)/, homedir());
  const stats = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
  const isScript = stats?.isFile() === true && (stats.mode & 0o111) !== 0;
  const text =
    path === '-'
      ? readFileSync(0, 'utf8')
      : isScript
        ? await runScript(path, about)
        : readNamedFile(path, `${about.what} file`);
  return text.replace(/^[\r\n]+|[\r\n]+$/g, '');
}

async function runScript(path: string, { what, words, code }: PasswordFile): Promise<string> {
  const ended = deferred<string>();
  const child = spawn(resolve(path), words, { stdio: ['inherit', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
  child.on('error', (problem) => ended.resolve(problem.message));
  child.on('close', (exitCode, signal) =>
    ended.resolve(exitCode === 0 ? '' : `it ended with ${exitCode ?? signal ?? 'an error'}`),
  );
  const problem = await ended.promise;
  if (problem === '') return Buffer.concat(chunks).toString('utf8');
  const hint =
    'It is run because it is executable, and must print the password. A file with the password itself needs chmod 600.';
  throw new Failure({ code, message: `the ${what} script ${path} failed: ${problem}`, hint }, fileSpan(path));
}
