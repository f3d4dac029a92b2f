import { basename, extname, join, resolve } from 'node:path';
import { type Diagnostic, error, failure, type Result, success } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import type { MapEntry, MapNode } from '../document/node.ts';
import type { parseYaml } from '../document/parse-yaml.ts';
import type { Disk } from './disk.ts';
import { readDocument } from './document.ts';

/** Files of variables: one, or those of a folder. `candidates`: where it may lie, nearest first. */
export interface VarsRequest {
  readonly kind: 'file' | 'dir';
  readonly name: string;
  readonly candidates: readonly string[];
  readonly span: Span;
  /** Of a folder. `depth` 0: all of it. */
  readonly depth: number;
  readonly wanted: (name: string) => boolean;
  readonly extensions: readonly string[];
  readonly others: 'error' | 'ignored';
}

/** What they are read from, and how their texts become data. */
export interface VarsSource {
  readonly disk: Disk;
  readonly parse?: typeof parseYaml;
}

/** What files of variables hold together, and which they are. */
export interface VarsFiles {
  readonly files: readonly string[];
  /** Of each file. */
  readonly maps: readonly MapNode[];
}

/** Reads files of variables. Fails with HAPB2026 when there is none, HAPB2027 for a file with another ending. */
export function readVarsFiles(from: VarsSource, request: VarsRequest): Result<VarsFiles> {
  const { disk } = from;
  const { kind, name, candidates, span } = request;
  const path = candidates.find((candidate) => disk.kind(candidate) === (kind === 'file' ? 'file' : 'folder'));
  if (path === undefined) {
    const what = kind === 'file' ? 'file' : 'folder';
    return failure([
      error({
        code: 'HAPB2026',
        message: `there is no ${what} of variables "${name}"`,
        span,
        hint: `Check the name, or put the ${what} into one of these places.`,
        details: candidates.join('\n'),
      }),
    ]);
  }
  const files = kind === 'file' ? [path] : filesBelow(disk, path, request);
  const problems: Diagnostic[] = [];
  const maps = files.flatMap((file) => {
    const read = endingOf(file, request) ?? mapIn(from, file, span);
    problems.push(...(read.ok ? read.warnings : read.diagnostics));
    return read.ok && read.value !== null ? [read.value] : [];
  });
  if (problems.some(({ severity }) => severity === 'error')) return failure(problems);
  return success({ files: files.map((file) => resolve(file)), maps }, problems);
}

function filesBelow(disk: Disk, folder: string, request: VarsRequest): readonly string[] {
  const below = (path: string, depth: number): readonly string[] => {
    if (request.depth !== 0 && depth > request.depth) return [];
    const paths = disk.list(path).map((name) => join(path, name));
    const files = paths.filter((file) => disk.kind(file) === 'file' && request.wanted(basename(file)));
    const kept = request.others === 'error' ? files : files.filter((file) => hasEnding(file, request));
    const inner = paths.filter((file) => disk.kind(file) === 'folder');
    return [...kept, ...inner.flatMap((file) => below(file, depth + 1))];
  };
  return below(folder, 1);
}

function hasEnding(file: string, { extensions }: VarsRequest): boolean {
  return extensions.includes(extname(file).slice(1));
}

/** In a folder another ending is an error; a file that is named may have any. */
function endingOf(file: string, request: VarsRequest): Result<MapNode | null> | null {
  if (request.kind === 'file' || hasEnding(file, request)) return null;
  return failure([
    error({
      code: 'HAPB2027',
      message: `${file} does not end in ${request.extensions.map((ending) => `.${ending}`).join(', ')}`,
      span: request.span,
      hint: 'Leave it out with "ignore_files" or "ignore_unknown_extensions: true", or move it elsewhere.',
    }),
  ]);
}

function mapIn(source: VarsSource, file: string, from: Span): Result<MapNode | null> {
  const read = readDocument(source, file, { from });
  if (!read.ok) return read;
  const node = read.value;
  if (node === null || node.kind === 'map') return success(node, read.warnings);
  return failure([
    error({
      code: 'HAPB2022',
      message: `${file} must hold a mapping of names to values`,
      span: node.span,
      hint: 'Write one "NAME: VALUE" a line, without "- " before it.',
    }),
  ]);
}

/** Several maps as one; of two entries with one name the later counts. */
export function mergedMaps(maps: readonly MapNode[], span: Span): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const map of maps) for (const entry of map.entries) entries.set(entry.key, entry);
  return { kind: 'map', span: maps[0]?.span ?? span, entries: [...entries.values()] };
}
