/** A public key as authorized_keys(5) writes it, on a line of its own. */
export interface PublicKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** Base64. */
  readonly data: string;
  /** As written in front of the type, one per element. */
  readonly options: readonly string[];
  readonly comment: string;
}

const types = /^(sk-|webauthn-sk-)?(ssh|ecdsa|rsa)-[a-z0-9-]+(@openssh[.]com)?$/;

/** The key of a line; `null`: it holds none (a comment, an empty line, something else). */
export function parseKey(line: string): PublicKey | null {
  const words = splitWords(line.trim());
  if (words[0]?.startsWith('#') === true) return null;
  const at = words.findIndex((word) => types.test(word));
  const [type, data] = [words[at], words[at + 1]];
  if (at === -1 || type === undefined || data === undefined) return null;
  return {
    type,
    data,
    options: splitOptions(words.slice(0, at).join(' ')),
    comment: words.slice(at + 2).join(' '),
  };
}

/** Words between blanks; blanks in quotes do not count. */
function splitWords(line: string): readonly string[] {
  return line.match(/(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g) ?? [];
}

/** Options between commas; commas in quotes do not count. */
export function splitOptions(text: string): readonly string[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map((option) => option.trim());
}

/**
 * Whether the data is what its type says, and whole: fields with their lengths in front, the first one the type's name
 * (RFC 4253, section 6.6). Certificates hold numbers too, so only their name is looked at.
 */
export function isWhole(key: PublicKey): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key.data)) return false;
  const bytes = Buffer.from(key.data, 'base64');
  const fields: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, end).toString('latin1'));
    at = end;
    if (key.type.includes('-cert-')) break;
  }
  const named = fields[0] === key.type || (key.type.startsWith('rsa-') && fields[0] === 'ssh-rsa');
  return named && (key.type.includes('-cert-') || (at === bytes.length && fields.length > 1));
}

/** The line of a key. */
export function lineOf(key: PublicKey): string {
  const options = key.options.length === 0 ? '' : `${key.options.join(',')} `;
  return `${options}${key.type} ${key.data}${key.comment === '' ? '' : ` ${key.comment}`}`;
}

function same(a: PublicKey, b: PublicKey): boolean {
  return (
    a.type === b.type &&
    a.data === b.data &&
    a.comment === b.comment &&
    [...a.options].sort().join() === [...b.options].sort().join()
  );
}

/** The lines with these keys in them. Those that are there already stay where they are; `only`: nothing else stays. */
export function withKeys(
  lines: readonly string[],
  keys: readonly PublicKey[],
  others: 'keep' | 'only',
): readonly string[] {
  const placed = new Set<string>();
  const result = lines.flatMap((line) => {
    const found = parseKey(line);
    const wanted = found === null ? undefined : keys.find((key) => key.data === found.data);
    if (found === null || wanted === undefined) return others === 'keep' ? [line] : [];
    if (placed.has(wanted.data)) return [];
    placed.add(wanted.data);
    return [same(found, wanted) ? line : lineOf(wanted)];
  });
  const fresh = keys.filter((key) => !placed.has(key.data));
  const unique = fresh.filter((key, index) => fresh.findIndex(({ data }) => data === key.data) === index);
  return [...result, ...unique.map(lineOf)];
}

/** The lines without these keys, whatever options they have. */
export function withoutKeys(lines: readonly string[], keys: readonly PublicKey[]): readonly string[] {
  const gone = new Set(keys.map(({ data }) => data));
  return lines.filter((line) => !gone.has(parseKey(line)?.data ?? ''));
}
