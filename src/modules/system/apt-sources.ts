import type { Effect } from '../../core/change.ts';
import { type Ask, question } from '../ask.ts';

/** A file of sources in one-line style. */
export interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

const script = `
for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -f "$f" ] || continue
  printf '@ %s\\n' "$f"
  sed 's/^/  /' "$f"
  # A last line without an end.
  [ -z "$(tail -c 1 "$f")" ] || echo
done
exit 0
`;

/** All files of sources in one-line style. Key `apt-sources`. */
export function aptSources(): Ask<readonly SourceFile[]> {
  return question({
    key: 'apt-sources',
    reads: ['file:/etc/apt/*'],
    sh: script,
    parse: (reply) => parse(reply.stdout),
  });
}

/** The effect "these will be the files of sources". */
export function aptSourcesEffect(files: readonly SourceFile[]): Effect {
  return { key: 'apt-sources', state: files };
}

function parse(text: string): readonly SourceFile[] {
  const files: { path: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('@ ')) files.push({ path: line.slice(2), lines: [] });
    else if (line.startsWith('  ')) files.at(-1)?.lines.push(line.slice(2));
  }
  return files;
}

/** A source in a line. */
export interface SourceLine {
  /** Without comments and superfluous blanks. */
  readonly source: string;
  readonly state: 'enabled' | 'disabled';
  readonly comment: string;
}

/** Reads a line; `null`: it holds no source, neither in force nor as a comment. */
export function parseSource(line: string): SourceLine | null {
  const disabled = line.trim().startsWith('#');
  const text = disabled ? line.trim().slice(1) : line.trim();
  const at = text.indexOf('#');
  const source = (at > 0 ? text.slice(0, at) : text).trim().split(/\s+/).join(' ');
  if (!/^(deb|deb-src) /.test(source)) return null;
  return {
    source,
    state: disabled ? 'disabled' : 'enabled',
    comment: at > 0 ? text.slice(at + 1).trim() : '',
  };
}

/** Name of a source's own file, as Ansible makes it of its address. */
export function fileNameOf(source: string): string {
  const words = source
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\w+:\/\//g, '')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'deb' && word !== 'deb-src');
  const address = (words[0] ?? '').replace(/^[^@]*@/, '');
  return address
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .join('_');
}

/** The files with the source in force: where it stands already, else at the end of its file. */
export function withSource(
  files: readonly SourceFile[],
  source: string,
  path: string,
): readonly SourceFile[] {
  const stands = (line: string): boolean => parseSource(line)?.source === source;
  if (files.some(({ lines }) => lines.some(stands))) {
    return files.map((file) => ({
      ...file,
      lines: file.lines.map((line) => {
        const found = parseSource(line);
        if (found?.source !== source || found.state === 'enabled') return line;
        return `${source}${found.comment === '' ? '' : ` # ${found.comment}`}`;
      }),
    }));
  }
  if (!files.some((file) => file.path === path)) return [...files, { path, lines: [source] }];
  return files.map((file) => (file.path === path ? { ...file, lines: [...file.lines, source] } : file));
}

/** The files without the source, in whichever it is in force. */
export function withoutSource(files: readonly SourceFile[], source: string): readonly SourceFile[] {
  return files.map((file) => ({
    ...file,
    lines: file.lines.filter((line) => {
      const found = parseSource(line);
      return found?.source !== source || found.state === 'disabled';
    }),
  }));
}
