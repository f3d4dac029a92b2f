import { modulePage } from '../../src/cli/commands/module-page.ts';
import { allModules } from '../../src/modules/registry.ts';
import { indexPage } from './index-page.ts';
import { environmentTable, keywordTable, precedenceList, refusedTable } from './language-tables.ts';

/** Whole pages that are made from the program, by path below `docs`. */
export function wholePages(): ReadonlyMap<string, string> {
  return new Map([
    ['modules/README.md', indexPage(allModules)],
    ...allModules.map((module) => [`modules/${module.name}.md`, modulePage(module)] as const),
  ]);
}

const parts: ReadonlyMap<string, () => string> = new Map([
  ['keywords', keywordTable],
  ['refused', refusedTable],
  ['precedence', precedenceList],
  ['environment', environmentTable],
]);

/**
 * A page written by hand with its made parts brought up to date: what stands between `<!-- made: NAME -->` and
 * `<!-- end -->`. @throws Error when a page asks for a part that does not exist
 */
export function withMadeParts(page: string): string {
  return page.replace(/(?<=<!-- made: (\w+) -->\n)[\s\S]*?(?=<!-- end -->)/g, (_, name: string) => {
    const make = parts.get(name);
    if (make === undefined) {
      throw new Error(`there is no made part '${name}'; there are ${[...parts.keys()].join(', ')}`);
    }
    return `\n${make()}\n\n`;
  });
}
