/** A line of fstab(5). */
export interface FstabEntry {
  readonly source: string;
  readonly path: string;
  readonly fileSystem: string;
  readonly options: string;
  readonly dump: string;
  readonly pass: string;
}

/** Reads a line; `null`: it is a comment, empty, or something else. */
export function parseFstab(line: string): FstabEntry | null {
  const fields = (line.split('#')[0] ?? '').split(/\s+/).filter((field) => field !== '');
  const [source, path, fileSystem, options, dump = '0', pass = '0', ...more] = fields.map(plain);
  if (source === undefined || path === undefined || fileSystem === undefined || options === undefined)
    return null;
  return more.length > 0 ? null : { source, path, fileSystem, options, dump, pass };
}

/** Writes one. */
export function fstabLine(entry: FstabEntry): string {
  const { source, path, fileSystem, options, dump, pass } = entry;
  return [source, path, fileSystem, options, dump, pass].map(escaped).join(' ');
}

/** Swap has no place of its own, so its source tells lines apart. */
function isSame(found: FstabEntry | null, wanted: Pick<FstabEntry, 'path' | 'source'>): boolean {
  if (found === null || bare(found.path) !== bare(wanted.path)) return false;
  return found.path !== 'none' || found.fileSystem !== 'swap' || found.source === wanted.source;
}

/** The lines with the entry in them, in the place of the one for its path. */
export function withEntry(lines: readonly string[], entry: FstabEntry): readonly string[] {
  const wanted = fstabLine(entry);
  let placed = false;
  const result = lines.flatMap((line) => {
    const found = parseFstab(line);
    if (found === null || !isSame(found, entry)) return [line];
    if (placed) return [];
    placed = true;
    return [fstabLine(found) === wanted ? line : wanted];
  });
  return placed ? result : [...result, wanted];
}

/** The lines without an entry for the path. */
export function withoutEntry(
  lines: readonly string[],
  entry: Pick<FstabEntry, 'path' | 'source'>,
): readonly string[] {
  return lines.filter((line) => !isSame(parseFstab(line), entry));
}

/** The entry for a path; `null`: there is none. */
export function entryOf(lines: readonly string[], path: string): FstabEntry | null {
  const entries = lines.map(parseFstab);
  return entries.find((entry) => entry !== null && bare(entry.path) === bare(path)) ?? null;
}

/** A path without slashes at its end. */
export function bare(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function escaped(field: string): string {
  return field.replace(/[\\ \t&]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
