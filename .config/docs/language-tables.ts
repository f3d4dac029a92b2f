import { cell, table } from '../../src/cli/commands/module-page.ts';
import { environmentFlags } from '../../src/cli/environment.ts';
import { keywords, refusedActions } from '../../src/playbook/keywords.ts';
import { precedence } from '../../src/variables/precedence.ts';

/** Which keyword may stand where. */
export function keywordTable(): string {
  const rows = Object.entries(keywords).flatMap(([name, { places, refused }]) => {
    if (refused !== undefined) return [];
    const has = (place: (typeof places)[number]): string => (places.includes(place) ? '✔' : '');
    return [[`\`${name}\``, has('play'), has('role'), has('block'), has('task'), has('handler')]];
  });
  return table(['keyword', 'play', 'role', 'block', 'task', 'handler'], rows);
}

/** Keywords and actions of Ansible's that are refused, with what to do instead. */
export function refusedTable(): string {
  const refused = Object.entries(keywords).flatMap(([name, keyword]) =>
    keyword.refused === undefined ? [] : [[name, keyword.refused] as const],
  );
  return table(
    ['word', 'instead'],
    [...refused, ...Object.entries(refusedActions)].map(([name, remedy]) => [`\`${name}\``, cell(remedy)]),
  );
}

/** Where variables can be set, weakest first. */
export function precedenceList(): string {
  return precedence.map(({ meaning }, index) => `${index + 1}. ${meaning}`).join('\n');
}

/** Which variables of the environment stand for which flags. */
export function environmentTable(): string {
  const rows = environmentFlags.map(({ name, flag, kind }) => {
    const words = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const several =
      kind === 'paths' ? 'several with colons' : /texts|inventories/.test(kind) ? 'several with commas' : '';
    return [`\`${name}\``, `\`--${words}\``, several];
  });
  return table(['name', 'flag', ''], rows);
}
