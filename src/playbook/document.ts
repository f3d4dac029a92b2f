import { failure } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import { parseYaml } from '../document/parse-yaml.ts';
import type { Parsed } from '../document/parsed.ts';
import type { SourceWish } from '../document/read-file.ts';
import type { Disk } from './disk.ts';

/** The located data of a file; `null` when it is empty. A file that cannot be read is shown where it is asked for. */
export function readDocument(
  { disk, parse = parseYaml }: { readonly disk: Disk; readonly parse?: typeof parseYaml },
  path: string,
  { from, wish }: { readonly from: Span; readonly wish?: SourceWish },
): Parsed {
  const text = disk.read(path, wish);
  if (text.ok) return parse(text.value, path);
  return failure(
    text.diagnostics.map((problem) => (from.file === path ? problem : { ...problem, span: from })),
  );
}
