import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { fakeTerminal } from '../cli/terminal.ts';
import { temporaryFolder } from '../rig/run-playbook.ts';
import { page } from './examples.ts';

const text = page('docs/own-modules.md');
const root = new URL('../../..', import.meta.url).pathname;

/** Files of the tutorial: a name in bold, then a fence. */
const files = [...text.matchAll(/^\*\*`([^`]+)`\*\*\n\n```[^\n]*\n([\s\S]*?)^```$/gm)].map(
  ([, name = '', content = '']) => ({ name, content }),
);

/** What its console shows: commands, and after each the lines that must be among what it prints. */
const consoles = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, lines = '']) =>
  lines
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...printed] = part.trim().split('\n');
      return { command, printed };
    }),
);

const home = process.cwd();
afterEach(() => {
  process.chdir(home);
});

/** The tutorial's files in a folder of their own, which becomes the working directory. */
function project(): string {
  const folder = temporaryFolder();
  for (const { name, content } of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, inFolder(content, folder));
  }
  process.chdir(folder);
  return folder;
}

/** A console's folder for trying is not there before its reader makes it. */
function inFolder(content: string, folder: string): string {
  return content.replaceAll('/tmp/hapb-example', join(folder, 'example'));
}

/** What a command of a console prints. */
async function printedBy(command: string): Promise<string> {
  return command.startsWith('hapb ')
    ? hapb(wordsOf(command))
    : execFileSync('sh', ['-c', command], { encoding: 'utf8' });
}

async function hapb(words: readonly string[]): Promise<string> {
  const terminal = fakeTerminal();
  await runProgram({ words, version: 'test', terminal });
  expect(terminal.error).toBe('');
  return terminal.out;
}

/** `hapb …` of a console as words, quotes as a shell has them. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].slice(1).map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe("the tutorial's text", () => {
  test('has the files and the consoles that this test reads', () => {
    expect(files.map(({ name }) => name)).toEqual([
      'modules/login_banner.js',
      'site.yml',
      'modules/login_banner.test.mjs',
      'modules/greeting',
      'modules/greeting.yml',
      'greet.yml',
    ]);
    expect(consoles.map((lines) => lines.length)).toEqual([5, 1, 5]);
  });

  test.each(
    consoles
      .filter((lines) => lines.some(({ command }) => command.startsWith('hapb')))
      .map((lines) => [lines]),
  )('prints what it says', async (lines) => {
    const folder = project();
    for (const { command, printed } of lines) {
      const out = await printedBy(inFolder(command, folder));
      for (const line of printed) expect(out).toContain(inFolder(line, folder));
    }
  });

  test('has a test of the module that passes, with hapb/testing as the package gives it', async () => {
    const folder = project();
    const library = join(folder, 'node_modules/hapb');
    mkdirSync(library, { recursive: true });
    await build({
      entryPoints: [join(root, 'src/testing/index.ts')],
      outfile: join(library, 'testing.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['*.node', 'cpu-features'],
      logLevel: 'error',
      nodePaths: [join(root, 'node_modules')],
    });
    writeFileSync(
      join(library, 'package.json'),
      JSON.stringify({ name: 'hapb', exports: { './testing': './testing.cjs' } }),
    );
    const [{ command = '', printed = [] } = {}] =
      consoles.find(([first]) => first?.command.startsWith('node ') === true) ?? [];
    const out = execFileSync('sh', ['-c', command], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    for (const line of printed) expect(out).toContain(line);
    expect(out).toContain('fail 0');
  }, 60_000);

  test('has types that fit', () => {
    const folder = project();
    const types = join(folder, 'node_modules/hapb');
    mkdirSync(types, { recursive: true });
    symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
    symlinkSync(join(root, 'src'), join(types, 'src'));
    const exports = { './module': { types: './src/modules/custom/public-types.ts' } };
    writeFileSync(join(types, 'package.json'), JSON.stringify({ name: 'hapb', type: 'module', exports }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags =
      '--noEmit --allowJs --checkJs --strict --skipLibCheck --module nodenext --target es2023 --lib es2023,esnext.disposable --types node --allowImportingTsExtensions';
    execFileSync(process.execPath, [tsc, ...flags.split(' '), 'modules/login_banner.js'], {
      encoding: 'utf8',
    });
  }, 60_000);
});
