import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const src = new URL('../../../src', import.meta.url).pathname;

function filesOf(layer: string): readonly { readonly name: string; readonly lines: readonly string[] }[] {
  const folder = join(src, layer);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, lines: readFileSync(join(folder, name), 'utf8').trimEnd().split('\n') }));
}

// docs/adr/0003-the-size-of-plan-and-engine.md
test('plan and engine together stay under 4,800 lines of code', () => {
  const files = [...filesOf('plan'), ...filesOf('engine')];
  expect(files.length).toBeGreaterThan(20);
  const isCode = (line: string): boolean => !/^\s*(?:$|\/\/|\/?\*)/.test(line);
  const count = files.reduce((sum, { lines }) => sum + lines.filter(isCode).length, 0);
  expect(count).toBeLessThan(4_800);
});

test('no file of src is longer than 300 lines', () => {
  const long = filesOf('.').filter(({ lines }) => lines.length > 300);
  expect(long.map(({ name, lines }) => `${name}: ${lines.length}`)).toEqual([]);
});
