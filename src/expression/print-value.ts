import { Float } from '../core/float.ts';
import { omit } from '../core/omit.ts';
import { reveal } from '../core/reveal.ts';
import { Secret } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';
import { isList, isMap, type Value } from '../core/value.ts';

/** A value as it stands in text, as Python prints it: `True`, `[1, 'a']`, nothing for null. Secrets are opened. */
export function printed(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return value instanceof Secret ? reveal(value) : quoted(value);
}

/** A value as it stands inside lists and maps in text: texts in quotes, `None` for null. */
export function quoted(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return printedNumber(value);
  if (typeof value === 'string') return quotedText(value);
  if (value instanceof Secret) return quotedText(reveal(value));
  if (value instanceof Unknown || value instanceof Float) return String(value);
  if (isList(value)) return `[${value.map(quoted).join(', ')}]`;
  if (!isMap(value)) return value === omit ? String(value) : '';
  return `{${Object.entries(value)
    .map(([key, item]) => `${quotedText(key)}: ${quoted(item)}`)
    .join(', ')}}`;
}

/** Python turns to an exponent below 1e-4 and writes at least two digits of it. */
function printedNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(Object.is(value, -0) ? 0 : value);
  const size = Math.abs(value);
  const text = size < 1e-4 || size >= 1e16 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\\u0000-\u001f\u007f-\u00a0\u00ad]/g, (character) => {
    return named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `${quote}${quote === "'" ? body.replaceAll("'", "\\'") : body}${quote}`;
}
