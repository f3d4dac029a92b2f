import { textScalar } from './make-node.ts';
import { enterLine, type Lines, nextContent, placeOf, type QuickValue, unusual } from './quick-lines.ts';

const header = /([|>])(-?) *$/;

/**
 * A text in block style whose `|` or `>` stands at `at`, in something that is indented by `outer`; then goes to the next
 * content. Only what is indented evenly is read here. @throws unusual
 */
export function blockScalar(lines: Lines, at: number, outer: number): QuickValue {
  const { text, file, lineEnd } = lines;
  const [, mark, chomp] = header.exec(text.slice(at, lineEnd)) ?? [];
  if (mark === undefined || lineEnd === text.length) throw unusual;
  const start = placeOf(lines, at);
  const body = lineEnd + 1;
  const last = { line: lines.line, lineStart: lines.lineStart, lineEnd };
  const content: string[] = [];
  let indent = -1;
  let blank = 0;
  while (lines.lineEnd < text.length) {
    lines.line += 1;
    enterLine(lines, lines.lineEnd + 1);
    if (lines.at === lines.lineEnd) {
      // Spaces beyond the indentation would be text.
      if (indent === -1 || lines.indent > indent) throw unusual;
      blank += 1;
      continue;
    }
    if (indent === -1) indent = lines.indent;
    if (indent <= outer) throw unusual;
    if (lines.indent < indent) {
      if (lines.indent > outer) throw unusual;
      break;
    }
    for (; blank > 0; blank -= 1) content.push('');
    content.push(text.slice(lines.lineStart + indent, lines.lineEnd));
    last.line = lines.line;
    last.lineStart = lines.lineStart;
    last.lineEnd = lines.lineEnd;
  }
  if (content.length === 0) throw unusual;
  const value = `${mark === '|' ? content.join('\n') : foldedBlock(content)}${chomp === '-' ? '' : '\n'}`;
  let end = last.lineEnd;
  while (text.charCodeAt(end - 1) === 0x20) end -= 1;
  // Back to the end of the text, so that comments behind it are counted.
  Object.assign(lines, last);
  const span = { file, start, end: placeOf(lines, end) };
  const source = text.slice(body, Math.min(text.length, last.lineEnd + 1));
  const style = mark === '|' ? 'literal' : 'folded';
  nextContent(lines);
  const node = textScalar(value, { style, source, offset: body }, { span, tag: null, make: lines.span });
  return { node, end: span.end };
}

/** Lines become one, but for those that are indented more; of empty lines between two the first stands for the break. */
function foldedBlock(content: readonly string[]): string {
  let value = '';
  let between = '';
  let deeper = false;
  for (const line of content) {
    if (line.startsWith(' ')) {
      if (between === ' ') between = '\n';
      else if (!deeper && between === '\n') between = '\n\n';
      value += between + line;
      between = '\n';
      deeper = true;
    } else if (line === '') {
      if (between === '\n') value += '\n';
      else between = '\n';
    } else {
      value += between + line;
      between = ' ';
      deeper = false;
    }
  }
  return value;
}
