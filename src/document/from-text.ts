import type { JsonSchema } from './compile-schema.ts';

/**
 * A literal as the schema wants it, where Ansible takes the one for the other: a text for a number, a flag or a list, a
 * number or flag for a text. Numbers are no texts where the schema refuses them (`numbers: refused`).
 */
export function coerced<T>(
  schema: JsonSchema | undefined,
  value: T,
): T | string | number | boolean | string[] {
  const type = schema?.type;
  if (typeof value === 'string') return fromText(type, value);
  if (type !== 'string') return value;
  if (typeof value === 'number') return schema?.numbers === 'refused' ? value : String(value);
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : value;
}

/** A text that means what a schema's type wants, as `-e`, INI files and `name=value` give them: "6443", "yes", "a,b". */
function fromText(type: unknown, text: string): string | number | boolean | string[] {
  if (type === 'boolean') {
    if (/^(true|yes|on|y|t|1)$/i.test(text)) return true;
    if (/^(false|no|off|n|f|0)$/i.test(text)) return false;
  }
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'array' && text !== '') return text.split(',').map((item) => item.trim());
  return text;
}

/** Whether a literal stands for no argument at all, as `null` does in Ansible for what is typed and has no default. */
export function isNotGiven(schema: JsonSchema | undefined, value: unknown): boolean {
  if (value !== null || schema === undefined || schema.default !== undefined) return false;
  return schema.expression === undefined && (typeof schema.type === 'string' || Array.isArray(schema.enum));
}
