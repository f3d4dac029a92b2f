import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a test does with a fenced example. The words stand behind `yaml` in the fence:
 * none: run in check mode on this machine (an inventory is loaded); `run`: run, and run again without change; `planned`: loaded and planned only,
 * because it needs real nodes; `inventory`: loaded as an inventory; `part`: it must be valid YAML.
 */
export type Use = 'check' | 'run' | 'planned' | 'inventory' | 'part';

/** A fenced YAML example of the docs. */
export interface Example {
  /** Page and line, as `docs/playbooks.md:12`. */
  readonly place: string;
  readonly text: string;
  readonly use: Use;
}

const root = new URL('../../../', import.meta.url).pathname;

/** Paths of all Markdown pages that users read, relative to the project. */
export function pages(): readonly string[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...below.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)].sort();
}

/** The text of a page. */
export function page(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** All YAML examples of a page. @throws Error when a fence says something that is not a Use */
export function examplesOf(path: string): readonly Example[] {
  const found: Example[] = [];
  let open: { line: number; use: Use; lines: string[] } | null = null;
  page(path)
    .split('\n')
    .forEach((line, index) => {
      const fence = /^```yaml ?(.*)$/.exec(line);
      if (open === null && fence !== null) {
        open = { line: index + 1, use: useOf(fence[1] ?? '', `${path}:${index + 1}`), lines: [] };
      } else if (open !== null && line.startsWith('```')) {
        const text = `${open.lines.join('\n')}\n`;
        const use = open.use === 'check' && /^all:$/m.test(text) ? 'inventory' : open.use;
        found.push({ place: `${path}:${open.line}`, text, use });
        open = null;
      } else open?.lines.push(line);
    });
  return found;
}

function useOf(words: string, place: string): Use {
  if (words === '') return 'check';
  if (words === 'run' || words === 'planned' || words === 'inventory' || words === 'part') return words;
  throw new Error(`${place}: an example cannot be "${words}"`);
}
