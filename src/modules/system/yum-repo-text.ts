import { Secret, type Text } from '../../core/secret.ts';
import { combined } from '../../core/secret-text.ts';

/** One section of a file of repositories: its options by their names in small letters. */
export interface RepoSection {
  readonly id: string;
  readonly options: ReadonlyMap<string, Text>;
}

/** The sections of a file, as Python's configparser reads them: comments and empty lines are nothing. */
export function readRepos(text: string): readonly RepoSection[] {
  const sections: { readonly id: string; readonly options: Map<string, string> }[] = [];
  let last: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const head = /^\[([^\]]+)\]/.exec(line);
    const section = sections.at(-1);
    if (head !== null) {
      const id = head[1] ?? '';
      sections.push({ id, options: new Map() });
      last = null;
    } else if (section !== undefined && last !== null && /^\s/.test(line)) {
      section.options.set(last, `${section.options.get(last) ?? ''}\n${line.trim()}`);
    } else {
      const option = /^\s*([^=:]+?)\s*(?:[=:]\s*(.*))?$/.exec(line);
      if (section === undefined || option === null) continue;
      last = (option[1] ?? '').toLowerCase();
      section.options.set(last, (option[2] ?? '').trim());
    }
  }
  return sections;
}

/** The text of these sections; secret where one of the values is. */
export function writeRepos(sections: readonly RepoSection[]): Text {
  const parts = sections.flatMap(({ id, options }): readonly Text[] => [
    `[${id}]\n`,
    ...[...options].flatMap(([name, value]): readonly Text[] => [
      `${name} = `,
      typeof value === 'string' ? value.replaceAll('\n', '\n\t') : value,
      '\n',
    ]),
    '\n',
  ]);
  return isSecret(sections) ? combined(parts, 'repository') : parts.join('');
}

/** Whether two files say the same, whatever the order of their sections and options. */
export function sameRepos(one: readonly RepoSection[], other: readonly RepoSection[]): boolean {
  return sorted(one) === sorted(other);
}

/** Whether one of the values is a secret. */
export function isSecret(sections: readonly RepoSection[]): boolean {
  return sections.some(({ options }) => [...options.values()].some((value) => value instanceof Secret));
}

function sorted(sections: readonly RepoSection[]): string {
  const plain = sections.map(({ id, options }) => [
    id,
    [...options].map(([name, value]) => `${name}=${value.toString()}`).sort(),
  ]);
  return JSON.stringify(plain.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
