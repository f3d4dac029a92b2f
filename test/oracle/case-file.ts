/** A file, executable file, folder or link that a case lays out before its commands run. */
export interface CaseFile {
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'folder' | 'link';
  /** The file's text, or where the link points. */
  readonly text: string;
}

/** One case: what both tools run, and what ansible-core did. */
export interface OracleCase {
  /** `area/name`, the path below `cases/` without its ending. */
  readonly name: string;
  /** Command lines in words, program first: `ansible-playbook` or `ansible-inventory`. */
  readonly commands: readonly (readonly string[])[];
  /** `by task`: tasks in order, hosts in any. `by host`: each host's tasks in order (plays that do not wait). */
  readonly order: 'by task' | 'by host';
  readonly files: readonly CaseFile[];
  /** The case's text up to the recorded parts. */
  readonly source: string;
  /** What was seen of ansible-core; `null` when the case was never recorded. */
  readonly ansible: string | null;
  /** What hapb does instead, on purpose; `null` when it does the same. */
  readonly hapb: string | null;
}

const ansibleMark = '== ansible-core ==';
const hapbMark = '== hapb ==';

/** Reads a case. @throws Error for a line that means nothing */
export function parseCase(name: string, text: string): OracleCase {
  const [source = '', ...recorded] = text.split(/^(?=== (?:ansible-core|hapb) ==$)/m);
  const [head = '', ...sections] = source.split(/^(?=-- .+ --$)/m);
  const commands: string[][] = [];
  let order: OracleCase['order'] = 'by task';
  for (const line of head.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('$ ')) commands.push(words(line.slice(2)));
    else if (line === 'order: by host') order = 'by host';
    else
      throw new Error(`${name}: a line of the head begins with '#' or '$ ', or is 'order: by host': ${line}`);
  }
  const part = (mark: string): string | null => {
    const found = recorded.find((section) => section.startsWith(mark));
    return found === undefined ? null : found.slice(mark.length + 1);
  };
  const files = sections.map((section) => fileOf(section, name));
  return { name, commands, order, files, source, ansible: part(ansibleMark), hapb: part(hapbMark) };
}

function fileOf(section: string, name: string): CaseFile {
  const end = section.indexOf('\n');
  const title = section.slice(3, end - 3);
  const text = section.slice(end + 1);
  const link = /^(.+) -> (.+)$/.exec(title);
  if (link !== null) return { path: link[1] ?? '', kind: 'link', text: link[2] ?? '' };
  if (title.endsWith('/')) return { path: title.slice(0, -1), kind: 'folder', text: '' };
  const executable = /^(.+) \(executable\)$/.exec(title)?.[1];
  if (executable !== undefined) return { path: executable, kind: 'executable', text };
  if (title.includes(' ')) throw new Error(`${name}: what is '${title}'?`);
  return { path: title, kind: 'file', text };
}

/** Words of a command line; quotes keep spaces together, there is nothing else of a shell. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  );
}

/** The case's text with these recordings. */
export function printCase({ source, hapb }: OracleCase, ansible: string): string {
  const own = hapb === null ? '' : `${hapbMark}\n${hapb}`;
  return `${source}${ansibleMark}\n${ansible}${own}`;
}
