import { success } from '../../core/diagnostic.ts';
import { printDiagnostics } from '../../core/print-diagnostic.ts';
import { safeText, safeValue } from '../../events/redact.ts';
import { loadInventory } from '../../inventory/load.ts';
import { limitHosts } from '../../inventory/pattern.ts';
import { parseExtraVars } from '../../variables/extra-vars.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { createSourceReader, openReportFile } from '../files.ts';
import { problemsOf } from '../load-run.ts';
import type { RunOptions } from '../run-options.ts';
import { errorPaint, type Terminal } from '../terminal.ts';
import { gatherTools } from '../vault-passwords.ts';
import { type InventoryView, inventoryText } from './inventory-view.ts';

/** What to show of which files. */
export interface InventoryRequest {
  readonly view: InventoryView;
  /** Folders whose group_vars/ and host_vars/ count as those beside a playbook. */
  readonly playbookFolders: readonly string[];
  /** Where to write it; `null`: to the screen. */
  readonly file: string | null;
}

/** Shows the inventory that `-i` and `-e` give. @throws Failure HAPB8007, HAPB8012 */
export async function inventoryCommand(
  { view, playbookFolders, file }: InventoryRequest,
  options: RunOptions,
  terminal: Terminal,
): Promise<number> {
  const tools = await gatherTools(options.vault, terminal);
  const inventory = loadInventory(options.inventories, { playbookFolders, tools });
  const extraVars = parseExtraVars(options.extraVars, tools);
  const limit =
    inventory.ok && options.limit !== null ? limitHosts(options.limit, inventory.value) : success(null);
  const problems = [inventory, extraVars, limit].flatMap((result) => problemsOf(result, tools));
  if (problems.length > 0) {
    const style = { source: createSourceReader(), paint: errorPaint(terminal) };
    terminal.writeError(printDiagnostics(problems.map(safeValue), style));
  }
  if (!inventory.ok || !extraVars.ok || !limit.ok) {
    return exitCodeOf(problems.find(({ severity }) => severity === 'error')?.code ?? 'HAPB9000');
  }
  const shown = { inventory: inventory.value, extraVars: extraVars.value, within: limit.value };
  const text = safeText(inventoryText(view, shown));
  if (file === null) terminal.writeOut(text);
  else openReportFile(file).write(text);
  return exitCodes.success;
}
