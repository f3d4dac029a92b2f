/** Data that a manifest or configuration is made of. */
export type Data = null | boolean | number | string | readonly Data[] | { readonly [key: string]: Data };

const plain = /^[A-Za-z0-9_./:-][A-Za-z0-9_./: +=,@-]*$/;
const resolvesToOther = /^(~|null|true|false|yes|no|on|off|y|n|[-+.\d][\d_.:eExXa-fA-F+-]*)$/i;

/** One scalar as Kubernetes' own YAML printer writes it: plain where that reads back as the same text, else in double quotes. */
export function yamlScalar(value: null | boolean | number | string): string {
  if (typeof value !== 'string') return value === null ? 'null' : String(value);
  if (isPlain(value)) return value;
  return JSON.stringify(value);
}

function isPlain(text: string): boolean {
  if (!plain.test(text) || text.includes(': ') || text.endsWith(':') || text.endsWith(' ')) return false;
  if (text.startsWith('- ') || text === '-' || text.startsWith(': ')) return false;
  // An IPv4 or IPv6 address is text to every YAML reader although it begins with a digit.
  if (/^\d+(\.\d+){3}$/.test(text) || (/^[0-9a-f:]+$/i.test(text) && text.includes('::'))) return true;
  return !resolvesToOther.test(text);
}

/** Block-style YAML, lists not indented below their key, keys in the order given. Ends in a newline. */
export function yamlText(data: Data): string {
  return `${lines(data).join('\n')}\n`;
}

/** Several documents in one file. */
export function yamlDocuments(documents: readonly Data[]): string {
  return documents.map(yamlText).join('---\n');
}

function lines(data: Data): string[] {
  if (Array.isArray(data)) return data.length === 0 ? ['[]'] : data.flatMap(item);
  if (typeof data === 'object' && data !== null) {
    const entries = Object.entries(data);
    return entries.length === 0 ? ['{}'] : entries.flatMap(([key, value]) => entry(key, value as Data));
  }
  return [yamlScalar(data as null | boolean | number | string)];
}

function entry(key: string, value: Data): string[] {
  const name = yamlScalar(key);
  const below = lines(value);
  if (!isNested(value)) return [`${name}: ${below[0] ?? ''}`];
  return [`${name}:`, ...(Array.isArray(value) ? below : below.map((line) => `  ${line}`))];
}

function item(value: Data): string[] {
  const [first = '', ...rest] = lines(value);
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}

function isNested(value: Data): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
