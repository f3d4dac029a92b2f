import type { OracleCase } from './case-file.ts';
import { normalForm, replacePlaces, shortJson } from './normal-form.ts';
import { createPlayground } from './playground.ts';
import { readScreen } from './screen.ts';

/** What a tool did with one command line. */
export interface Ended {
  readonly exitCode: number;
  readonly out: string;
}

/** Runs one command line of a case in its folder. */
export type Tool = (
  words: readonly string[],
  place: { readonly folder: string; readonly home: string },
) => Promise<Ended>;

/** Runs a case's commands in order in a fresh folder. Gives all that is compared, as text. */
export async function observe(oracleCase: OracleCase, tool: Tool): Promise<string> {
  const playground = createPlayground(oracleCase.files);
  const places = new Map([
    [playground.folder, '{case}'],
    [playground.home, '{home}'],
  ]);
  const authored = oracleCase.files.map(({ text }) => text).join('\n');
  const lines: string[] = [];
  try {
    for (const words of oracleCase.commands) {
      const { exitCode, out } = await tool(words, playground);
      lines.push(`$ ${words.join(' ')}`);
      if (words[0] === 'ansible-inventory') lines.push(...inventoryLines(out, places));
      else if (words.includes('--list-hosts')) lines.push(...hostLists(plainLines(out, places)));
      else if (words.some((word) => /^--(list-|syntax-check)/.test(word)))
        lines.push(...plainLines(out, places));
      else lines.push(...readScreen(out, { order: oracleCase.order, places, authored }));
      lines.push(`exit ${exitCode}`);
    }
    const changes = playground.changes();
    if (changes.length > 0) lines.push('DISK', ...changes.map((line) => `  ${line}`));
  } finally {
    playground.remove();
  }
  return `${lines.join('\n')}\n`;
}

function inventoryLines(out: string, places: ReadonlyMap<string, string>): readonly string[] {
  try {
    return shortJson(normalForm(JSON.parse(out), places), '').split('\n');
  } catch {
    return plainLines(out, places);
  }
}

/** ansible-core lists the hosts of a play in the order of a set. */
function hostLists(lines: readonly string[]): readonly string[] {
  const sorted: string[] = [];
  let hosts: string[] = [];
  for (const line of [...lines, '']) {
    if (line.startsWith('      ')) hosts.push(line);
    else {
      sorted.push(...hosts.sort(), line);
      hosts = [];
    }
  }
  return sorted.slice(0, -1);
}

function plainLines(out: string, places: ReadonlyMap<string, string>): readonly string[] {
  return replacePlaces(out, places)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
