/** What marks a job in a crontab, so that Ansible and hapb find each other's. */
const mark = '#Ansible: ';

/** A named line of a crontab. */
export interface NamedLine {
  readonly name: string;
  readonly line: string;
}

/**
 * The lines with a job under its name. A job that stands there without a name is given one.
 */
export function withJob(lines: readonly string[], { name, line }: NamedLine): readonly string[] {
  const marked = mark + name;
  if (lines.includes(marked)) return replaceAfter(lines, marked, [marked, line]);
  const at = lines.indexOf(line);
  if (at !== -1 && !(lines[at - 1] ?? '').startsWith(mark))
    return [...lines.slice(0, at), marked, ...lines.slice(at)];
  return [...lines, marked, line];
}

/** The lines without the job of that name. */
export function withoutJob(lines: readonly string[], name: string): readonly string[] {
  return replaceAfter(lines, mark + name, []);
}

/** Puts `instead` in place of each line like `marked` and the line that follows it. */
function replaceAfter(
  lines: readonly string[],
  marked: string,
  instead: readonly string[],
): readonly string[] {
  const result: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (lines[index] === marked) {
      result.push(...instead);
      index += 1;
    } else {
      result.push(lines[index] ?? '');
    }
  }
  return result;
}

/** Where a new variable goes: on top, or beside another one. */
export type VariablePlace = { readonly side: 'before' | 'after'; readonly name: string } | 'top';

/** The lines with a variable; `null`: the one it is to stand beside is not there. */
export function withVariable(
  lines: readonly string[],
  variable: NamedLine,
  place: VariablePlace,
): readonly string[] | null {
  const isOwn = (line: string): boolean => line.startsWith(`${variable.name}=`);
  if (lines.some(isOwn)) return lines.map((line) => (isOwn(line) ? variable.line : line));
  if (place === 'top') return [variable.line, ...lines];
  const at = lines.findIndex((line) => line.startsWith(`${place.name}=`));
  if (at === -1) return null;
  const index = place.side === 'after' ? at + 1 : at;
  return [...lines.slice(0, index), variable.line, ...lines.slice(index)];
}

/** The lines without the variable. */
export function withoutVariable(lines: readonly string[], name: string): readonly string[] {
  return lines.filter((line) => !line.startsWith(`${name}=`));
}

/** Names of the jobs that have one. */
export function jobNames(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));
}

/** Names of the variables. */
export function variableNames(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (/^\S+=/.test(line) ? [line.slice(0, line.indexOf('='))] : []));
}
