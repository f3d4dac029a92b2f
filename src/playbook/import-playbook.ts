import { Failure } from '../core/failure.ts';
import type { DocNode, MapEntry, MapNode } from '../document/node.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { entriesOf } from '../variables/entries.ts';
import type { Layer } from '../variables/layer.ts';
import { createScope } from '../variables/scope.ts';
import { plainTools } from '../variables/vars-file.ts';
import type { Keywords } from './ast.ts';
import { type Reader, refusedKeyword, report } from './reader.ts';

/** An import of a playbook: the name of its file, and keywords for its plays. */
export interface PlaybookImport {
  readonly name: string;
  readonly keywords: Keywords;
}

const allowed: ReadonlySet<string> = new Set(['name', 'vars', 'tags', 'when']);

/** Reads an `import_playbook`. Its name may use extra vars and the import's own `vars`; else HAPB2009 and `null`. */
export function parsePlaybookImport(
  reader: Reader,
  node: MapNode,
  { target, extraVars }: { readonly target: MapEntry; readonly extraVars: Layer | undefined },
): PlaybookImport | null {
  const keywords = new Map<string, MapEntry>();
  for (const entry of node.entries) {
    if (entry === target) continue;
    if (allowed.has(entry.key)) keywords.set(entry.key, entry);
    else refusedKeyword(reader, entry, 'Write it into the plays of the imported playbook.');
  }
  const vars = keywords.get('vars')?.value;
  const name = nameOf(reader, target.value, [
    ...(vars?.kind === 'map' ? [varsOf(vars)] : []),
    ...(extraVars === undefined ? [] : [extraVars]),
  ]);
  return name === null ? null : { name, keywords };
}

/** Problems of the variables are told when the plays are built. */
function varsOf(map: MapNode): Layer {
  const { entries } = entriesOf(map, plainTools.decryptScalar);
  return { level: 'play vars', source: map.span.file, entries };
}

function nameOf(reader: Reader, node: DocNode, layers: readonly Layer[]): string | null {
  let why = 'import_playbook needs the name of a file';
  const compiled = compileTemplate(node);
  if (!compiled.ok) {
    reader.problems.push(...compiled.diagnostics);
    return null;
  }
  try {
    const value = compiled.value.render(createScope(layers));
    if (typeof value === 'string' && value !== '') return value;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    why = `the name of an import must be known before anything connects: ${thrown.message}`;
  }
  report(reader, {
    code: 'HAPB2009',
    message: why,
    span: node.span,
    hint: 'It may use extra variables (-e) and the "vars" of the import.',
  });
  return null;
}
