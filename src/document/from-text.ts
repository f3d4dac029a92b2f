/** A text that means what a schema's type wants, as `-e`, INI files and `name=value` give them: "6443", "yes", "a,b". */
export function fromText(type: unknown, text: string): string | number | boolean | string[] {
  if (type === 'boolean') {
    if (/^(true|yes|on|y|t|1)$/i.test(text)) return true;
    if (/^(false|no|off|n|f|0)$/i.test(text)) return false;
  }
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'array' && text !== '') return text.split(',').map((item) => item.trim());
  return text;
}
