import { normalSysctlValue, sysctlPath } from '../asks/sysctl.ts';
import { joinLines, splitLines } from './text-file.ts';

/** A line of some sysctl file that sets the setting in question. */
export interface SettingLine {
  readonly file: string;
  readonly value: string;
}

/** A sysctl.d(5) text with a setting at a value; `null`: without it. Lines that are right stay where they are. */
export function setSetting(text: string, name: string, value: string | null): string {
  const { lines, newline } = splitLines(text);
  let placed = false;
  const kept = lines.flatMap((line) => {
    const match = /^\s*(-?)\s*([^=#;\s]+)\s*=\s*(.*)$/.exec(line);
    if (match === null || sysctlPath(match[2] ?? '') !== sysctlPath(name)) return [line];
    if (value === null || placed) return [];
    placed = true;
    return [normalSysctlValue(match[3] ?? '') === value ? line : `${name}=${value}`];
  });
  if (value !== null && !placed) kept.push(`${name}=${value}`);
  return joinLines(kept, newline);
}

/**
 * The line that wins over `mine` at boot with another value; `null`: none does. Files are read by the order of their
 * names whatever their folder; of two with one name, /etc wins over /run over /usr (sysctl.d(5)). procps reads
 * /etc/sysctl.conf last.
 */
export function overriding(
  lines: readonly SettingLine[],
  mine: { readonly path: string; readonly value: string },
): SettingLine | null {
  const own = nameOf(mine.path);
  const later = lines.filter((line, index) => {
    if (line.file === mine.path || line.value === mine.value) return false;
    if (line.file === '/etc/sysctl.conf') return true;
    const shadowed = lines
      .slice(0, index)
      .some((other) => other.file !== line.file && nameOf(other.file) === nameOf(line.file));
    return !shadowed && nameOf(line.file) > own;
  });
  return later.at(-1) ?? null;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
