import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ShellReply } from '../../../../src/connection/connection.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { reveal } from '../../../../src/core/reveal.ts';
import type { Text } from '../../../../src/core/secret.ts';
import type { Ask } from '../../../../src/modules/ask.ts';
import type { FileWrite, HostWriter, ScriptCall } from '../../../../src/modules/module.ts';

/** A way to run POSIX sh here; `busybox` also replaces the programs that scripts call. */
export type ShellName = 'dash' | 'bash' | 'busybox';

/** The shells that this machine has. */
export const shells: readonly ShellName[] = (['dash', 'bash', 'busybox'] as const).filter(
  (name) => spawnSync(name, name === 'busybox' ? ['true'] : ['-c', ':']).status === 0,
);

/** This machine as a host: asks and writes are real. */
export interface LocalHost extends HostWriter {
  /** A folder of its own. */
  readonly directory: string;
  readonly progressed: string[];
  dispose(): void;
}

/** This machine as a host, with a shell of choice and a temporary directory. */
export function localHost(shell: ShellName = 'dash'): LocalHost {
  const directory = mkdtempSync(join(tmpdir(), 'hapb-local-'));
  const progressed: string[] = [];
  const path = programsOf(shell);
  const run = (call: ScriptCall): Promise<ShellReply> => runHere({ shell, path, call });
  const host: LocalHost = {
    name: 'here',
    directory,
    progressed,
    signal: new AbortController().signal,
    ask: (ask) => askHere(ask, run),
    run,
    write: (file) => writeHere(file),
    durable: async (command) => {
      const { onLine, sh, args = [], stdin } = command;
      const reply = await run({ sh, args, ...(stdin === undefined ? {} : { stdin }) });
      const output = reply.stdout + reply.stderr;
      for (const line of output.split('\n').slice(0, -1)) onLine?.(line);
      return { kind: 'finished', exitCode: reply.exitCode, output, adopted: false };
    },
    progress: (text) => progressed.push(text),
    at: () => host,
    dispose: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return host;
}

/** The PATH for scripts in a shell. */
export function programsOf(shell: ShellName): string {
  return shell === 'busybox' ? applets() : (process.env.PATH ?? '');
}

let appletsFolder: string | null = null;

/** A folder in which every program is busybox; made once for a test file. */
function applets(): string {
  if (appletsFolder === null) {
    const folder = mkdtempSync(join(tmpdir(), 'hapb-bin-'));
    appletsFolder = folder;
    spawnSync('busybox', ['--install', '-s', folder]);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return appletsFolder;
}

/** All questions of an ask in one process, each in a subshell of its own, as the engine does it. */
async function askHere<T>(ask: Ask<T>, run: (call: ScriptCall) => Promise<ShellReply>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-ask-'));
  const parts = ask.queries.map((query, index) => {
    const words = query.args.map((arg) => `'${reveal(arg).replaceAll("'", "'\\''")}'`).join(' ');
    return `(set -- ${words}\n${query.sh}\n) >${folder}/${index}.out 2>${folder}/${index}.err </dev/null; echo $?`;
  });
  const codes = (await run({ sh: parts.join('\n') })).stdout.split('\n');
  const answers = ask.queries.map((query, index) =>
    query.parse({
      exitCode: Number(codes[index]),
      stdout: readFileSync(join(folder, `${index}.out`), 'utf8'),
      stderr: readFileSync(join(folder, `${index}.err`), 'utf8'),
      droppedBytes: 0,
    }),
  );
  rmSync(folder, { recursive: true });
  return ask.next === undefined ? ask.decode(answers) : askHere(ask.next(answers), run);
}

async function writeHere(file: FileWrite): Promise<void> {
  const { content } = file;
  const temporary = join(dirname(file.path), `.hapb-${Math.random().toString(36).slice(2)}`);
  writeFileSync(temporary, content instanceof Uint8Array ? content : reveal(content));
  if (file.mode !== null) chmodSync(temporary, Number.parseInt(file.mode, 8));
  if (file.owner !== null || file.group !== null) {
    spawnSync('chown', [`${file.owner ?? ''}:${file.group ?? ''}`, temporary]);
  }
  if (file.validate !== null && file.validate !== undefined) {
    const reply = spawnSync('sh', ['-c', file.validate.replaceAll('%s', temporary)], { encoding: 'utf8' });
    if (reply.status !== 0) {
      rmSync(temporary);
      throw new Failure({
        code: 'HAPB5099',
        message: `validate failed: ${reply.stderr}`,
        hint: 'Look at the file.',
      });
    }
  }
  renameSync(temporary, file.path);
}

interface Start {
  readonly shell: ShellName;
  readonly path: string;
  readonly call: ScriptCall;
}

function runHere({ shell, path, call }: Start): Promise<ShellReply> {
  const words = shell === 'busybox' ? ['busybox', 'sh'] : [shell];
  const [program = 'sh', ...front] = words;
  const args = [...front, '-c', call.sh, 'sh', ...(call.args ?? []).map((arg: Text) => reveal(arg))];
  return new Promise((resolve, reject) => {
    const child = spawn(spawnPath(program), args, { env: { PATH: path, HOME: '/root', LANG: 'C.UTF-8' } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.on('close', (code) =>
      resolve({
        exitCode: code ?? 255,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        droppedBytes: 0,
      }),
    );
    const { stdin } = call;
    child.stdin.end(stdin === undefined || stdin instanceof Uint8Array ? stdin : reveal(stdin));
  });
}

function spawnPath(program: string): string {
  return `/usr/bin/${program}`;
}
