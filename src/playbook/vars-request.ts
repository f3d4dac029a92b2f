import { dirname } from 'node:path';
import { isMap, type Output, type Value } from '../core/value.ts';
import { entryOf, type MapNode } from '../document/node.ts';
import { pattern } from '../expression/pattern.ts';
import { filePlaces, folderPlaces } from '../modules/general/vars-places.ts';
import type { VarsRequest } from './vars-files.ts';

/** Where an `include_vars` stands. */
export interface VarsPlace {
  /** Its arguments as written. */
  readonly node: MapNode;
  readonly file: string;
  /** The role that it is in, and folders of that and those around it. */
  readonly role: { readonly folder: string; readonly folders: readonly string[] } | null;
  readonly playFolder: string;
}

/** Which files `include_vars` asks for with this result of its module. */
export function varsRequest(output: Output, { node, file, role, playFolder }: VarsPlace): VarsRequest {
  const args = isMap(output.include_args) ? output.include_args : {};
  const kind = args.dir === undefined ? 'file' : 'dir';
  const written = args[kind];
  const name = typeof written === 'string' ? written.trimEnd() : '';
  const matching = typeof args.files_matching === 'string' ? args.files_matching : '';
  const ignored = textsOf(args.ignore_files);
  const folders = [...(role?.folders ?? []), dirname(file), playFolder];
  return {
    kind,
    name,
    candidates: kind === 'file' ? filePlaces(name, folders) : folderPlaces(name, role?.folder ?? null, file),
    span: entryOf(node, kind)?.value.span ?? node.span,
    depth: Number(args.depth ?? 0),
    wanted: (each) => matches(matching, each) && !ignored.some((source) => matches(`${source}$`, each)),
    extensions: textsOf(args.extensions ?? ['yaml', 'yml', 'json']),
    others: args.ignore_unknown_extensions === true ? 'ignored' : 'error',
  };
}

function matches(source: string, text: string): boolean {
  return source === '' || pattern(source, { ignoreCase: false, multiline: false }).matcher(text).find();
}

/** A text of several words means several, as in Ansible. */
function textsOf(value: Value | undefined): readonly string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(value) ? value.map(String) : [];
}
