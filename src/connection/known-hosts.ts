import { createHash, createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';

/** One line of a known_hosts file that holds a key. */
export interface KnownHost {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** The names as they stand in the file: patterns with commas, or a `|1|salt|hash`. */
  readonly names: string;
  readonly keyType: string;
  readonly key: Buffer;
}

/** What known_hosts says about a key that a server showed. */
export type KeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown'; readonly certAuthority: KnownHost | null }
  | { readonly kind: 'changed'; readonly known: KnownHost }
  | { readonly kind: 'revoked'; readonly known: KnownHost };

/** `~/x` as an absolute path; the rest unchanged. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
}

/** What was read of a file, and which state of it that was. */
const filesRead = new Map<string, { readonly state: string; readonly lines: readonly KnownHost[] }>();

/** Every key line of the files, in order. Files that do not exist are empty; lines that make no sense are skipped, as ssh does. */
export function readKnownHosts(files: readonly string[]): KnownHost[] {
  return files.flatMap((file) => {
    try {
      const path = expandHome(file);
      const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
      const state = `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
      const known = filesRead.get(file);
      // Every host of a run looks into the same files, whose lines are as many as the hosts.
      if (known?.state === state) return known.lines;
      const lines = parseKnownHosts(readFileSync(path, 'utf8'), file);
      filesRead.set(file, { state, lines });
      return lines;
    } catch {
      return [];
    }
  });
}

/** The key lines of one file's text. Format: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((raw, index) => {
    const words = raw.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    const [names, keyType, key] = words;
    if (names === undefined || names.startsWith('#') || keyType === undefined || key === undefined) return [];
    if (marker !== undefined && marker !== '@revoked' && marker !== '@cert-authority') return [];
    const kind = marker === '@revoked' ? 'revoked' : marker === '@cert-authority' ? 'cert-authority' : 'none';
    return [
      { file, line: index + 1, marker: kind, names, keyType, key: Buffer.from(key, 'base64') } as const,
    ];
  });
}

/** The name under which known_hosts holds a host: the address, or `[address]:port` for a port other than 22. */
export function knownHostsName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The lines that speak of one host. */
export interface HostLines {
  /** Those under its full name, `[address]:port` when the port is not 22. */
  readonly exact: readonly KnownHost[];
  /** For a port other than 22: those under the address alone. As with ssh they can vouch for a key, but not against one. */
  readonly withoutPort: readonly KnownHost[];
}

/** Looks a host up. */
export function linesFor(known: readonly KnownHost[], address: string, port: number): HostLines {
  const under = (name: string): KnownHost[] => known.filter((line) => matches(line.names, name));
  return {
    exact: under(knownHostsName(address, port)),
    withoutPort: port === 22 ? [] : under(address.toLowerCase()),
  };
}

/** Judges a key by the lines that speak of its host. A key of another type than the known ones counts as changed. */
export function judgeKey({ exact, withoutPort }: HostLines, key: Buffer): KeyVerdict {
  const all = [...exact, ...withoutPort];
  const revoked = all.find((line) => line.marker === 'revoked' && line.key.equals(key));
  if (revoked !== undefined) return { kind: 'revoked', known: revoked };
  const plain = exact.filter((line) => line.marker === 'none');
  if (plain.some((line) => line.key.equals(key))) return { kind: 'known' };
  const type = keyType(key);
  const other = plain.find((line) => line.keyType === type) ?? plain[0];
  if (other !== undefined) return { kind: 'changed', known: other };
  if (withoutPort.some((line) => line.marker === 'none' && line.key.equals(key))) return { kind: 'known' };
  return { kind: 'unknown', certAuthority: all.find((line) => line.marker === 'cert-authority') ?? null };
}

/** Signature algorithms for the key exchange, those whose keys are known first: else a server picks a key that is not. */
export function hostKeyAlgorithms({ exact, withoutPort }: HostLines): string[] {
  const plain = exact.filter((line) => line.marker === 'none');
  const deciding = plain.length > 0 ? plain : withoutPort;
  const types = new Set(deciding.filter((line) => line.marker === 'none').map((line) => line.keyType));
  const all = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ];
  const isKnown = (algorithm: string): boolean =>
    types.has(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...all.filter(isKnown), ...all.filter((algorithm) => !isKnown(algorithm))];
}

/** `SHA256:…` as ssh-keygen -l prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that stands at the beginning of a public key, for example `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.toString('latin1', 4, 4 + length);
}

/** A hashed name, as HashKnownHosts writes it. */
export function hashName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** What can stand for other text than itself. */
const special = /[*?!|A-Z]/;

function matches(names: string, name: string): boolean {
  if (!names.includes(name) && !special.test(names)) return false;
  if (names.startsWith('|')) {
    const [, version, salt] = names.split('|');
    return version === '1' && salt !== undefined && hashName(name, Buffer.from(salt, 'base64')) === names;
  }
  let found = false;
  for (const pattern of names.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!');
    if (!wildcard(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

/** `*` and `?` only; linear in the name for each star. */
function wildcard(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      mark = n;
    } else if (pattern[p] === '?' || pattern[p] === name[n]) {
      p += 1;
      n += 1;
    } else if (star !== -1) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
