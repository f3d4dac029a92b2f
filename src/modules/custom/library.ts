import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { fileSpan } from '../../core/source.ts';
import type { AnyModule } from '../module.ts';
import { argumentNames, findModule, moduleNames } from '../registry.ts';
import { readDescription } from './description.ts';
import { executableModule } from './executable.ts';
import { javascriptModule } from './javascript.ts';
import { fileProblem } from './problem.ts';

/** Every module that a playbook may name: those of hapb, and those in folders of the user's. */
export interface ModuleLibrary {
  readonly find: (name: string) => AnyModule | undefined;
  readonly names: {
    readonly all: readonly string[];
    readonly has: (name: string) => boolean;
    readonly freeForm: (name: string) => string | null;
    readonly arguments: (name: string) => readonly string[];
    readonly refused: (name: string) => string | null;
  };
  /** The names of the user's own, sorted. */
  readonly own: readonly string[];
  /** What was wrong with those that were asked for so far; one that is wrong is not found. */
  problems(): readonly Diagnostic[];
}

const scripts = new Set(['.js', '.cjs', '.mjs']);
const ignored = /\.(?:ya?ml|md|json|txt|test\.[cm]?[jt]s)$|^\.|~$|^README/;

/**
 * The modules in folders: `NAME.js`, or an executable with `NAME.yml` beside it; of two with one name that of the earlier
 * folder counts. Only names are read here; a file is loaded when a playbook first names its module.
 */
export function moduleLibrary(folders: readonly string[]): ModuleLibrary {
  const files = new Map<string, string>();
  for (const path of folders.flatMap(candidates)) {
    const name = basename(path, extname(path));
    if (!files.has(name)) files.set(name, path);
  }
  const problems: Diagnostic[] = [];
  const loaded = new Map<string, AnyModule | undefined>();
  const find = (name: string): AnyModule | undefined => {
    const path = files.get(name);
    if (path === undefined) return findModule(name);
    if (!loaded.has(name))
      loaded.set(
        name,
        attempt(() => load(name, path), path, problems),
      );
    return loaded.get(name);
  };
  return {
    find,
    names: {
      all: [...new Set([...moduleNames.all, ...files.keys()])],
      has: (name) => files.has(name) || moduleNames.has(name),
      freeForm: (name) => find(name)?.freeForm ?? null,
      arguments: (name) => argumentNames(find(name)),
      refused: (name) => (files.has(name) ? null : moduleNames.refused(name)),
    },
    own: [...files.keys()].sort(),
    problems: () => problems,
  };
}

function candidates(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .sort()
    .filter((entry) => !ignored.test(entry))
    .map((entry) => join(folder, entry))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

function load(name: string, path: string): AnyModule {
  if (moduleNames.has(name)) {
    throw fileProblem(path, {
      code: 'HAPB2052',
      message: `${path} has the name of a module of hapb's`,
      hint: 'Give the file, and the module in it, another name.',
    });
  }
  const extension = extname(path);
  if (scripts.has(extension)) return javascriptModule(name, path);
  if (/^\.[cm]?ts$/.test(extension)) {
    throw fileProblem(path, {
      code: 'HAPB2054',
      message: `${path} is TypeScript, which is not run`,
      hint: `Compile it first (tsc ${basename(path)}), or write ${name}.js with types in comments: /** @type {import('hapb/module').Module} */`,
    });
  }
  const description = path.slice(0, path.length - extension.length);
  const written = [`${description}.yml`, `${description}.yaml`].find((file) => isFile(file));
  if (written === undefined) {
    throw fileProblem(path, {
      code: 'HAPB2055',
      message: `${path} has no description: ${name}.yml is missing beside it`,
      hint:
        extension === '.py'
          ? 'Modules written for Ansible need its Python library on the host and do not run here. Of a program of your own say its arguments in that file.'
          : 'Write its summary, arguments and whether it answers to `probe` into that file.',
    });
  }
  if (((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) === 0) {
    throw fileProblem(path, {
      code: 'HAPB2056',
      message: `${path} is not executable`,
      hint: `chmod +x ${path}`,
    });
  }
  return executableModule(readDescription(name, written), path);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function attempt(work: () => AnyModule, path: string, problems: Diagnostic[]): AnyModule | undefined {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    problems.push(thrown.toDiagnostic(fileSpan(path)));
    return undefined;
  }
}
