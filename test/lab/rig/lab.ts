import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the project. */
export const projectFolder = new URL('../../..', import.meta.url).pathname;

/** Which lab tests use: not the one that people start by hand. */
export const labId = process.env.HAPB_LAB_ID ?? '8';

/** What a program did. */
export interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end; never throws for its exit code. */
export function runProgramFile(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: projectFolder, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, [...args], options, (problem, out, err) => {
      const code = problem === null ? 0 : typeof problem.code === 'number' ? problem.code : 255;
      resolve({ exitCode: code, out, err });
    });
  });
}

/** Runs a command of the lab, as `test/lab/lab help` lists them. Throws with its words when it fails. */
export async function lab(...args: readonly string[]): Promise<string> {
  const ended = await runProgramFile('test/lab/lab', args, { HAPB_LAB_ID: labId });
  if (ended.exitCode !== 0)
    throw new Error(`lab ${args.join(' ')} ended with ${ended.exitCode}:\n${ended.err}${ended.out}`);
  return ended.out;
}

/** `lab load STATE`, or `false` when the state is not there. */
export async function loadState(state: string, key: string, nodes = 3): Promise<boolean> {
  const ended = await runProgramFile('test/lab/lab', ['load', state, String(nodes), '--key', key], {
    HAPB_LAB_ID: labId,
  });
  if (ended.exitCode === 3) return false;
  if (ended.exitCode !== 0) throw new Error(`lab load ${state} ended with ${ended.exitCode}:\n${ended.err}`);
  return true;
}

/** What a shell script prints on a node, run as root beside sshd (also when the node's link is cut). */
export function onNode(node: string, script: string): Promise<string> {
  return lab('exec', node, 'sh', '-c', script);
}

/** Folders whose content changes by itself while nobody changes anything: logs, caches of the running system. */
const restless = [
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/tmp',
  '/var/tmp',
  '/var/log',
  '/var/lib/systemd',
  '/var/lib/private',
  '/var/cache',
];

/** Where programs leave what they forget to remove; looked through on its own, since it may be another file system. */
const temporary = "/tmp /var/tmp -mindepth 1 -xdev -name 'systemd-private-*' -prune -o";

/**
 * Every file, folder and link of a node with its rights, owner and content, except where a machine writes by itself.
 * Two equal answers mean that nothing on its disk differs.
 */
export async function diskOf(node: string): Promise<ReadonlyMap<string, string>> {
  const pruned = restless.map((path) => `-path ${path}`).join(' -o ');
  const found = await onNode(
    node,
    `find / -xdev \\( ${pruned} \\) -prune -o -printf '%p\\t%y %m %U %G %l\\n'
    find ${temporary} -printf '%p\\t%y %m %U %G %l\\n'
    find / -xdev \\( ${pruned} \\) -prune -o -type f -exec sha256sum -b {} + || true
    find ${temporary} -type f -exec sha256sum -b {} + || true`,
  );
  const disk = new Map<string, string>();
  for (const line of found.split('\n')) {
    // sudo leaves this mark in the home of a member of an admin group at the first use, whoever calls it.
    if (line.includes('/.sudo_as_admin_successful')) continue;
    const [path, state] = line.split('\t');
    // A backslash before the hash says that the name is escaped.
    const [, escaped, hash, name] = /^(\\?)([0-9a-f]{64}) \*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      const file = escaped === '' ? name : name.replace(/\\\\/g, '\\');
      disk.set(file, `${disk.get(file) ?? ''} ${hash}`);
    } else if (path !== undefined && state !== undefined) disk.set(path, state);
  }
  return disk;
}

/** Remembers the moment on a node, for `touchedSince`. Somebody's first sudo leaves a file at home; it is there before. */
export async function rememberNow(node: string): Promise<void> {
  await onNode(
    node,
    'for h in /home/*; do touch "$h/.sudo_as_admin_successful"; done; touch /run/hapb-lab-now',
  );
}

/**
 * Paths that anything was done to since then: a content written again as it was, a temporary file made and removed in a
 * folder. The walk of the disk does not see these.
 */
export async function touchedSince(node: string): Promise<readonly string[]> {
  const pruned = restless.map((path) => `-path ${path}`).join(' -o ');
  const found = await onNode(
    node,
    `find / -xdev \\( ${pruned} \\) -prune -o -cnewer /run/hapb-lab-now -print`,
  );
  return found.split('\n').filter((line) => line !== '');
}

/** Paths that differ between two walks of a disk. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

/** A key for saved states: it changes with everything that made them. */
export function stateKey(...files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(projectFolder, file)));
  return hash.digest('hex').slice(0, 16);
}
