import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootable } from '../../../.config/boot.ts';
import { codeCacheFor } from '../../../src/cli/code-cache.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { fakeTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'hapb-boot-'));
const program = join(folder, 'hapb.cjs');
const cache = join(folder, 'cache');

const source = String.raw`
/* a comment */
const stars = "a */ b".replace(/ *\*\/ */, "-");
const late = () => require("node:path").relative(__dirname, __filename);
if (process.argv[2] === "report") throw new Error("here");
process.stdout.write([stars, late(), ...process.argv.slice(2)].join(" ") + "\n");
`;

/** Keeps its compiled form as the real program does. */
const keeping = `import { keepCodeAtEnd } from './src/cli/keep-code.ts'; if (HAPB_KEEP !== null) keepCodeAtEnd(HAPB_KEEP);`;

beforeAll(async () => {
  const { outputFiles } = buildSync({
    stdin: { contents: keeping, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  writeFileSync(program, await bootable(`${outputFiles[0]?.text ?? ''}${source}`, '1.2.3'), { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function hapb(words: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(process.execPath, [program, ...words], {
    encoding: 'utf8',
    timeout: 10_000,
    stdio: 'pipe',
    env: { NODE_COMPILE_CACHE: cache, ...env },
  });
}

function cached(): readonly string[] {
  return readdirSync(cache).map((name) => name.replace(process.arch, 'ARCH'));
}

test('the one file answers --version before it looks at the program, and runs the program for all else', () => {
  expect(hapb(['--version'])).toBe('1.2.3\n');
  expect(hapb(['--version', 'lint'], { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe(
    'a-b hapb.cjs --version lint\n',
  );
  expect(() => readdirSync(cache)).toThrow(/ENOENT/);
});

test('the compiled program is kept for each command, readable by nobody else, and taken by the next start', () => {
  expect(hapb(['lint'])).toBe('a-b hapb.cjs lint\n');
  expect(cached()).toEqual(['lint-ARCH.code']);
  const path = join(cache, `lint-${process.arch}.code`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(hapb(['lint', 'again'])).toBe('a-b hapb.cjs lint again\n');
  hapb(['nonsense']);
  expect(cached()).toEqual(['lint-ARCH.code']);
});

test('a compiled program that others could have written, or that is of another build, is not taken', () => {
  const path = join(cache, `lint-${process.arch}.code`);
  const good = readFileSync(path);
  // Another build's code runs what that build was: the name of the program tells it.
  const other = Buffer.from(good);
  other.write('0000', 0);
  writeFileSync(path, other);
  hapb(['lint']);
  expect(readFileSync(path).subarray(0, 32)).toEqual(good.subarray(0, 32));
  writeFileSync(path, 'anything');
  chmodSync(path, 0o666);
  expect(hapb(['lint'])).toBe('a-b hapb.cjs lint\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('without a folder of its own the program starts all the same', () => {
  expect(hapb(['lint'], { NODE_COMPILE_CACHE: '/proc/nowhere' })).toBe('a-b hapb.cjs lint\n');
});

test('a stack trace names the line of the file', () => {
  const lines = readFileSync(program, 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('new Error("here")')) + 1;
  expect(() => hapb(['report'])).toThrow(`hapb.cjs:${line}\n`);
});

test('a program that is not ASCII is refused when it is built', async () => {
  await expect(bootable('const a = /\u2018/;', '1')).rejects.toThrow(
    'the program must be ASCII without a bell; write an escape (\\uXXXX) in: const a = /\u2018/;',
  );
});

test('every command of the program is one whose compiled form is kept', async () => {
  const terminal = fakeTerminal();
  await runProgram({ words: ['--help'], version: 'test', terminal });
  const commands = [...terminal.out.matchAll(/^ {2}(\w+)(?: [[<]| {2,})/gm)].flatMap(([, name = '']) =>
    name === 'help' ? [] : [name],
  );
  expect(commands).toContain('drift');
  const env = { NODE_COMPILE_CACHE: cache };
  expect(commands.filter((name) => codeCacheFor([name], 'build', env) === null)).toEqual([]);
});
