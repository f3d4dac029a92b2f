import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Diagnostic, Result } from '../../../src/core/diagnostic.ts';
import { formatPlace } from '../../../src/core/source.ts';
import type { Value } from '../../../src/core/value.ts';
import { hostEntry, type Inventory } from '../../../src/inventory/inventory.ts';
import { type InventoryOptions, loadInventory } from '../../../src/inventory/load.ts';
import { createScope } from '../../../src/variables/scope.ts';

/** A new folder with these files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-inventory-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  return folder;
}

/** Loads one text as an inventory of that name. */
export function loadText(name: string, text: string, options: InventoryOptions = {}): Result<Inventory> {
  return loadInventory([join(folderWith({ [name]: text }), name)], options);
}

/** The value, or an error with all that was said. */
export function good<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(said(result.diagnostics).join('\n'));
}

/** Everything that was said, one problem a line, folders left out. */
export function said(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message, hint, span }) =>
    `${formatPlace(span)} ${code} ${message} | ${hint}`.replaceAll(/\/\S*hapb-inventory-\w+\//g, ''),
  );
}

/** What was said about a text that must not load. */
export function complaints(name: string, text: string): readonly string[] {
  const result = loadText(name, text);
  return result.ok ? ['fine', ...said(result.warnings)] : said(result.diagnostics);
}

/** A host's variables as its tasks would see them. */
export function variablesOf(inventory: Inventory, name: string): Record<string, Value | undefined> {
  const scope = createScope(hostEntry(inventory, name)?.layers ?? []);
  return Object.fromEntries([...scope.names()].sort().map((variable) => [variable, scope.lookup(variable)]));
}
