import { float } from '../../core/float.ts';
import { omit } from '../../core/omit.ts';
import { parseJson } from '../../core/parse-json.ts';
import { isList, isMap, type Value } from '../../core/value.ts';
import { flagArgument, numberArgument, properList, textOf } from '../arguments.ts';
import type { Bound, Filter, Table } from '../callable.ts';
import { orderOfTexts } from '../compare.ts';
import { codes, fail } from '../problems.ts';
import { mapOf } from '../secrecy.ts';
import { wants } from './text.ts';

/** Filters between data and JSON. */
export const jsonFilters: Table<Filter> = {
  from_json: {
    parameters: [],
    reads: 'content',
    run: (input) => {
      if (typeof input !== 'string') return wants('from_json', 'a text', input);
      try {
        return fromJson(parseJson(withFloats(input)));
      } catch (problem) {
        // The engine's own words quote the text, which may be long and may be secret.
        const place = problem instanceof Error ? (/position (\d+)/.exec(problem.message)?.[1] ?? null) : null;
        const where = place === null ? '' : `, at character ${Number(place) + 1}`;
        const hint =
          'Look at the text with the debug module; a command may have printed a warning before its JSON.';
        return fail(codes.filterFailed, `the text is not JSON${where}`, hint);
      }
    },
  },
  to_json: {
    parameters: ['indent?', 'sort_keys?', 'ensure_ascii?', 'separators?'],
    reads: 'content',
    run: (input, args) =>
      printJson(input, {
        indent: indentOf(args),
        sorted: flagArgument(args, 1),
        ascii: flagArgument(args, 2, true),
        ...separatorsOf(args[3]),
      }),
  },
  tojson: {
    parameters: ['indent?'],
    reads: 'content',
    run: (input, args) =>
      printJson(input, { indent: indentOf(args), sorted: true, ascii: true }).replace(
        /[<>&']/g,
        (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
      ),
  },
  to_nice_json: {
    parameters: ['indent?', 'sort_keys?', 'ensure_ascii?'],
    reads: 'content',
    run: (input, args) => {
      const indent = numberArgument(args, 0, 4);
      return printJson(input, {
        indent,
        sorted: flagArgument(args, 1, true),
        ascii: flagArgument(args, 2, true),
      });
    },
  },
};

function indentOf([indent, ...rest]: Bound): number | null {
  return indent === undefined || indent === null ? null : numberArgument([indent, ...rest], 0, 0);
}

function separatorsOf(value: Value | undefined): Pick<JsonStyle, 'separators'> {
  if (value === undefined || value === null) return {};
  const [between = '', behindKey = ''] = properList(value, 'separators').map(textOf);
  return { separators: [between, behindKey] };
}

/** A key that no text of others holds by chance; below it stands a whole float. */
const floatKey = '\u0000float';

/** JSON in which numbers such as 3.0 can be told from 3 after reading. Leaves what is no JSON as it is. */
function withFloats(text: string): string {
  if (!/\d(?:\.0|[eE])/.test(text)) return text;
  parseJson(text);
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    !part.startsWith('"') && /[.eE]/.test(part) && Number.isInteger(Number(part))
      ? JSON.stringify({ [floatKey]: Number(part) })
      : part,
  );
}

function fromJson(data: unknown): Value {
  if (Array.isArray(data)) return data.map(fromJson);
  if (typeof data !== 'object' || data === null) return data as Value;
  if (floatKey in data) return float(Number(data[floatKey]));
  return mapOf(Object.entries(data).map(([key, value]) => [key, fromJson(value)]));
}

interface JsonStyle {
  /** Spaces of each level, `null` for one line. */
  readonly indent: number | null;
  readonly sorted: boolean;
  /** Whether other letters are written as \u escapes. */
  readonly ascii: boolean;
  /** What stands between items, and behind a key; absent: as Python has it. */
  readonly separators?: readonly [string, string];
}

/** A value as JSON, spaced as Python does it. */
export function printJson(value: Value, style: JsonStyle, level = 0): string {
  if (typeof value === 'string') return jsonText(value, style.ascii);
  if (isList(value)) {
    return enclosed(
      ['[', ']'],
      value.map((item) => printJson(item, style, level + 1)),
      { style, level },
    );
  }
  if (value === omit) return wants('to_json', 'values', value);
  if (!isMap(value)) return String(value);
  const entries = Object.entries(value);
  if (style.sorted) entries.sort(([left], [right]) => orderOfTexts(left, right));
  const parts = entries.map(
    ([key, item]) =>
      `${jsonText(key, style.ascii)}${style.separators?.[1] ?? ': '}${printJson(item, style, level + 1)}`,
  );
  return enclosed(['{', '}'], parts, { style, level });
}

function enclosed(
  [open, close]: readonly [string, string],
  parts: readonly string[],
  { style, level }: { readonly style: JsonStyle; readonly level: number },
): string {
  if (parts.length === 0) return open + close;
  if (style.indent === null) return open + parts.join(style.separators?.[0] ?? ', ') + close;
  const margin = `\n${' '.repeat(style.indent * (level + 1))}`;
  return `${open}${margin}${parts.join(`${style.separators?.[0] ?? ','}${margin}`)}\n${' '.repeat(style.indent * level)}${close}`;
}

function jsonText(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text);
  if (!ascii) return quoted;
  return quoted.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
