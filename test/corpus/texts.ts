import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A piece of a corpus: a whole file, or an example inside a page of documentation. */
export interface CorpusText {
  /** Where it stands, for people: `docs/page.rst:120`. */
  readonly name: string;
  readonly kind: 'yaml' | 'template';
  readonly text: string;
}

const skipped = /^(?:\..*|node_modules|locales)$/;
const largestBytes = 1_000_000;

/** Every YAML file, Jinja template and YAML example of the pages below a folder, sorted by name. */
export function corpusTexts(folder: string): readonly CorpusText[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return corpusTexts(path);
      return entry.isFile() ? textsOf(path) : [];
    });
}

function textsOf(path: string): readonly CorpusText[] {
  const kind = /\.(?:ya?ml)$/.test(path) ? 'yaml' : /\.(?:j2|jinja2?)$/.test(path) ? 'template' : null;
  if (kind === null && !path.endsWith('.rst')) return [];
  const text = readFileSync(path, 'utf8');
  if (text.length > largestBytes) return [];
  return kind === null ? examplesOf(text, path) : [{ name: path, kind, text }];
}

/** The `code-block:: yaml` parts of a page in reStructuredText, without their indentation. */
export function examplesOf(page: string, path: string): readonly CorpusText[] {
  const lines = page.split('\n');
  const examples: CorpusText[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^(\s*)\.\. (?:code-block|sourcecode):: *(yaml|yaml\+jinja|jinja)\s*$/i.exec(
      lines[index] ?? '',
    );
    if (opening === null) continue;
    const outer = opening[1]?.length ?? 0;
    const body: string[] = [];
    while (index + 1 < lines.length && belongs(lines[index + 1] ?? '', outer)) {
      index += 1;
      body.push(lines[index] ?? '');
    }
    const options = body.findIndex((line) => !/^\s*(?::\w[\w-]*:.*)?$/.test(line));
    const code = body.slice(Math.max(0, options));
    const indents = code.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
    const text = code.map((line) => line.slice(Math.min(...indents))).join('\n');
    const kind = opening[2]?.toLowerCase() === 'jinja' ? 'template' : 'yaml';
    examples.push({ name: `${path}:${index - code.length + 2}`, kind, text: `${text.trimEnd()}\n` });
  }
  return examples;
}

function belongs(line: string, outer: number): boolean {
  return line.trim() === '' || line.search(/\S/) > outer;
}
