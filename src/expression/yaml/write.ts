import { isList, isMap, type Value, type ValueMap } from '../../core/value.ts';
import { textOf } from '../arguments.ts';
import { orderOfTexts } from '../compare.ts';
import { emptyLine, type Line } from './line.ts';
import { isSimpleKey, quotingOf } from './scalar.ts';

/** The look of written YAML. */
export interface YamlStyle {
  /** Spaces of each level, 2 to 9. */
  readonly indent: number;
  /** Behind this column lines are broken where that is possible. */
  readonly width: number;
  readonly sorted: boolean;
  /** Which lists and maps stand in brackets; `leaves`: those that hold no others. */
  readonly brackets: 'none' | 'leaves' | 'all';
}

/** YAML as PyYAML's dump writes it, without the marks around the document. */
export function writeYaml(value: Value, style: YamlStyle): string {
  const out = emptyLine(style.width);
  writeNode({ out, style }, value, { around: null, place: 'alone', flow: false });
  return `${out.text()}\n`;
}

interface Writer {
  readonly out: Line;
  readonly style: YamlStyle;
}

interface At {
  /** The column of what is around the node; `null` for the document itself. */
  readonly around: number | null;
  readonly place: 'alone' | 'value' | 'key';
  readonly flow: boolean;
}

function writeNode(writer: Writer, value: Value, at: At): void {
  const isFlow = (items: readonly Value[]) => standsInBrackets(writer.style, items, at);
  if (isList(value)) (isFlow(value) ? flowList : blockList)(writer, value, at);
  else if (isMap(value)) (isFlow(Object.values(value)) ? flowMap : blockMap)(writer, value, at);
  else writeScalar(writer, value, at);
}

function standsInBrackets({ brackets }: YamlStyle, items: readonly Value[], at: At): boolean {
  if (at.flow || items.length === 0 || brackets === 'all') return true;
  return brackets === 'leaves' && items.every((item) => !isList(item) && !isMap(item));
}

/** The column of what stands inside. */
function deeper({ style }: Writer, { around }: At, outermost: 'margin' | 'indented'): number {
  if (around !== null) return around + style.indent;
  return outermost === 'margin' ? 0 : style.indent;
}

function blockList(writer: Writer, items: readonly Value[], at: At): void {
  const { out } = writer;
  // A list below a key begins at the key's own column.
  const level = at.place === 'value' && !out.isIndention();
  const column = level ? (at.around ?? 0) : deeper(writer, at, 'margin');
  for (const item of items) {
    out.indent(column);
    out.indicator('-', 'spaced', 'indention');
    writeNode(writer, item, { around: column, place: 'alone', flow: false });
  }
}

function blockMap(writer: Writer, map: ValueMap, at: At): void {
  const { out } = writer;
  const column = deeper(writer, at, 'margin');
  for (const [key, value] of entriesOf(writer, map)) {
    out.indent(column);
    const inner: At = { around: column, place: 'value', flow: false };
    if (isSimpleKey(key)) {
      writeScalar(writer, key, { ...inner, place: 'key' });
      out.indicator(':', 'glued');
    } else {
      out.indicator('?', 'spaced', 'indention');
      writeScalar(writer, key, inner);
      out.indent(column);
      out.indicator(':', 'spaced', 'indention');
    }
    writeNode(writer, value, inner);
  }
}

function flowList(writer: Writer, items: readonly Value[], at: At): void {
  const { out } = writer;
  const column = deeper(writer, at, 'indented');
  out.indicator('[', 'spaced', 'blank');
  for (const [index, item] of items.entries()) {
    if (index > 0) out.indicator(',', 'glued');
    if (out.isFull()) out.indent(column);
    writeNode(writer, item, { around: column, place: 'alone', flow: true });
  }
  out.indicator(']', 'glued');
}

function flowMap(writer: Writer, map: ValueMap, at: At): void {
  const { out } = writer;
  const column = deeper(writer, at, 'indented');
  const inner: At = { around: column, place: 'value', flow: true };
  out.indicator('{', 'spaced', 'blank');
  for (const [index, [key, value]] of entriesOf(writer, map).entries()) {
    if (index > 0) out.indicator(',', 'glued');
    if (out.isFull()) out.indent(column);
    if (isSimpleKey(key)) {
      writeScalar(writer, key, { ...inner, place: 'key' });
      out.indicator(':', 'glued');
    } else {
      out.indicator('?', 'spaced');
      writeScalar(writer, key, inner);
      if (out.isFull()) out.indent(column);
      out.indicator(':', 'spaced');
    }
    writeNode(writer, value, inner);
  }
  out.indicator('}', 'glued');
}

function entriesOf({ style }: Writer, map: ValueMap): readonly (readonly [string, Value])[] {
  const entries = Object.entries(map);
  return style.sorted ? entries.sort(([left], [right]) => orderOfTexts(left, right)) : entries;
}

function writeScalar(writer: Writer, value: Value, at: At): void {
  const key = at.place === 'key';
  const quoting = typeof value === 'string' ? quotingOf(value, { flow: at.flow, key }) : 'plain';
  const column = deeper(writer, at, 'indented');
  writer.out.scalar(typeof value === 'string' ? value : plainText(value), { quoting, column, split: !key });
}

function plainText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value !== 'number') return textOf(value).toLowerCase();
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return textOf(value).replace(/^(-?\d+)e/, '$1.0e');
}
