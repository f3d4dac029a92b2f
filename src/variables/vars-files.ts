import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Diagnostic, error, type Result } from '../core/diagnostic.ts';
import { Failure, unwrap } from '../core/failure.ts';
import type { Span } from '../core/source.ts';
import { Unknown } from '../core/unknown.ts';
import { typeName } from '../core/value.ts';
import { undefinedCodes } from '../expression/problems.ts';
import type { Scope, Template } from '../template/template.ts';
import { type Layer, valueLayer } from './layer.ts';
import { createScope, extend } from './scope.ts';
import { readVarsFile, type VarsTools } from './vars-file.ts';

/** One entry of `vars_files`. `any`: of a list of names the first file that exists counts, and none need exist. */
export interface VarsFilesEntry {
  readonly kind: 'one' | 'any';
  readonly names: readonly Template[];
  readonly span: Span;
}

/** Where the files lie and what opens them; `known`: layers that hold for every host, weakest first. */
export interface VarsFilesPlace {
  readonly playbook: string;
  readonly tools: VarsTools;
  readonly known: readonly Layer[];
  /** Names that are asked for when the run begins. */
  readonly asked: ReadonlySet<string>;
}

/** The variables of files whose names a host decides. `scope`: its names without these. @throws Failure */
export type LateVars = (scope: Scope) => readonly Layer[];

/** What `vars_files` brings. `late`: its entries from the first on whose name a host decides; `null`: there is none. */
export interface VarsFilesLayers {
  readonly layers: readonly Layer[];
  readonly late: LateVars | null;
  readonly problems: readonly Diagnostic[];
}

/** Reads `vars_files` as far as their names are the same on every host. HAPB102x, HAPB2022, HAPB30xx */
export function readVarsFiles(entries: readonly VarsFilesEntry[], place: VarsFilesPlace): VarsFilesLayers {
  const layers: Layer[] = [];
  const problems: Diagnostic[] = [];
  const magic = valueLayer('magic', 'hapb', { playbook_dir: resolve(dirname(place.playbook)) });
  for (const [index, entry] of entries.entries()) {
    const known = [...place.known, ...layers, magic];
    if (!entry.names.every((name) => isKnown(name, { layers: known, asked: place.asked, seen: new Set() })))
      return { layers, late: lateVars(entries.slice(index), place), problems };
    try {
      const found = fileOf(entry, place.playbook, createScope(known));
      const path = found.path ?? (entry.kind === 'one' ? found.places.at(-1) : undefined);
      if (typeof path === 'string') take(readVarsFile(path, place.tools), path, entry.span);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      problems.push(thrown.toDiagnostic(entry.span));
    }
  }
  return { layers, late: null, problems };

  function take(read: Result<Layer['entries']>, source: string, span: Span): void {
    if (read.ok) layers.push({ level: 'vars_files', source, entries: read.value });
    // A file that cannot be read at all is best shown where it is asked for.
    else
      problems.push(
        ...read.diagnostics.map((each) => (/^HAPB102/.test(each.code) ? { ...each, span } : each)),
      );
  }
}

/** As Ansible does, an entry whose name a host cannot tell (yet) is passed over, and so is a file that is not there. */
function lateVars(entries: readonly VarsFilesEntry[], { playbook, tools }: VarsFilesPlace): LateVars {
  const read = new Map<string, Layer>();
  const layerOf = (path: string): Layer => {
    const layer = read.get(path) ?? {
      level: 'vars_files',
      source: path,
      entries: unwrap(readVarsFile(path, tools)),
    };
    read.set(path, layer);
    return layer;
  };
  return (scope) => {
    const layers: Layer[] = [];
    let names = scope;
    for (const entry of entries) {
      const path = tellable(() => fileOf(entry, playbook, names).path);
      if (path === null) continue;
      const layer = path instanceof Unknown ? openLayer(path) : layerOf(path);
      layers.push(layer);
      names = extend(names, layer);
    }
    return layers;
  };
}

/** A file that only the run can name may set whatever it likes, but does not lead to the host. */
function openLayer(why: Unknown): Layer {
  const maybe = (name: string): Unknown | undefined => (name.startsWith('ansible_') ? undefined : why);
  return { level: 'vars_files', source: 'vars_files', entries: new Map(), maybe };
}

function tellable<T>(find: () => T): T | null {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof Failure && undefinedCodes.has(thrown.problem.code)) return null;
    throw thrown;
  }
}

interface Knowing {
  readonly layers: readonly Layer[];
  readonly asked: VarsFilesPlace['asked'];
  readonly seen: Set<string>;
}

/** Whether a text comes to the same on every host: all that it mentions, however far away, is in these layers. */
function isKnown({ references }: Template, knowing: Knowing): boolean {
  const { layers, asked, seen } = knowing;
  return references.every(({ name }) => {
    if (seen.has(name)) return true;
    seen.add(name);
    if (asked.has(name)) return false;
    const entries = layers.flatMap((layer) => layer.entries.get(name) ?? []);
    return (
      entries.length > 0 &&
      entries.every((entry) => entry.kind !== 'template' || isKnown(entry.template, knowing))
    );
  });
}

/**
 * The first of the named files that exists (`null`: none; Unknown: it hangs on that), and where was looked. Later names than
 * it are not rendered.
 */
function fileOf(
  { names, span }: VarsFilesEntry,
  playbook: string,
  scope: Scope,
): { readonly path: string | Unknown | null; readonly places: readonly string[] } {
  const places: string[] = [];
  for (const template of names) {
    const name = template.render(scope);
    if (name instanceof Unknown) return { path: name, places };
    if (typeof name !== 'string') {
      const message = `"vars_files" needs names of files, but one is ${name === null ? 'empty' : `a ${typeName(name)}`}`;
      const hint = 'Write a text, or a list of texts of which the first file that exists is read.';
      throw new Failure(error({ code: 'HAPB2022', message, hint, span }), template.span);
    }
    const here = placesOf(name, dirname(playbook));
    places.push(...here);
    const path = here.find((candidate) => existsSync(candidate));
    if (path !== undefined) return { path, places };
  }
  return { path: null, places };
}

/** Where Ansible looks: in `vars` beside the playbook, then beside it. */
function placesOf(name: string, folder: string): readonly string[] {
  if (/^~(?:\/|$)/.test(name)) return [join(homedir(), name.slice(1))];
  if (isAbsolute(name)) return [name];
  return name.startsWith('vars/') ? [join(folder, name)] : [join(folder, 'vars', name), join(folder, name)];
}
