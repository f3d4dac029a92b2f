/** The text of a line from `start` on. */
export function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

/** The first word of a text, up to a blank or colon. */
export function firstWord(text: string): string {
  return /^[^\s:]+/.exec(text)?.[0] ?? text;
}

/** Where the line that holds `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** How many blanks a line begins with. */
export function indentOf(line: string): number {
  return line.search(/[^ ]|$/);
}

/** The columns at which lists (for a dash) or else keys above `offset` begin that are still open, deepest first. */
export function columnsAbove(text: string, offset: number): readonly number[] {
  const dash = /^ *- /.test(lineFrom(text, lineStart(text, offset)));
  const lines = text.slice(0, lineStart(text, offset)).split('\n').slice(0, -1);
  const columns: number[] = [];
  let deepest = Number.POSITIVE_INFINITY;
  for (const line of lines.reverse()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [lead = ''] = /^ *(?:- +)*/.exec(line) ?? [];
    const dashes = [...lead.matchAll(/- +/g)].map(({ index }) => index).reverse();
    for (const column of dash ? dashes : [lead.length]) if (column < deepest) columns.push(column);
    deepest = Math.min(deepest, indentOf(line));
    if (deepest === 0) break;
  }
  return columns;
}
