import { isIP } from 'node:net';
import { joinLines, splitLines } from './text-file.ts';

/** What a hosts file is to say about some names. */
export interface HostsWish {
  readonly names: readonly string[];
  /** `null` with `absent`: whatever the address. */
  readonly ip: string | null;
  readonly state: 'present' | 'absent';
  /** The names may stand on no other line of the same address family. */
  readonly exclusive: boolean;
}

interface HostsLine {
  readonly ip: string;
  readonly names: readonly string[];
}

/** A hosts file (hosts(5)) after a wish; comments, order, blanks and other names on shared lines stay as they are. */
export function editHosts(text: string, wish: HostsWish): string {
  const { lines, newline, closed } = splitLines(text);
  const edited = wish.state === 'absent' ? remove(lines, wish) : add(lines, wish);
  const same = edited.length === lines.length && edited.every((line, index) => line === lines[index]);
  if (same) return text;
  const joined = joinLines(edited, newline);
  return closed || text === '' || edited.length > lines.length ? joined : joined.slice(0, -newline.length);
}

function remove(lines: readonly string[], { names, ip }: HostsWish): readonly string[] {
  return lines.flatMap((line) => {
    const entry = parse(line);
    return entry === null || (ip !== null && !sameAddress(entry.ip, ip))
      ? [line]
      : without(line, entry, names);
  });
}

function add(lines: readonly string[], { names, ip, exclusive }: HostsWish): readonly string[] {
  if (ip === null) return lines;
  const missing = names.filter(
    (name) => !lines.some((line) => sameAddress(parse(line)?.ip ?? '', ip) && has(parse(line), name)),
  );
  let placed = missing.length === 0;
  const kept = lines.flatMap((line) => {
    const entry = parse(line);
    const foreign = entry !== null && isIP(entry.ip) === isIP(ip) && !sameAddress(entry.ip, ip);
    if (!exclusive || !foreign || !names.some((name) => has(entry, name))) return [line];
    // A line that holds only our names is turned over to the new address, where it stands.
    if (
      !placed &&
      entry.names.every((name) => names.some((each) => sameName(each, name))) &&
      missing.every((name) => has(entry, name))
    ) {
      placed = true;
      return [line.replace(entry.ip, ip)];
    }
    return without(line, entry, names);
  });
  return placed ? kept : [...kept, `${ip}\t${missing.join(' ')}`];
}

/** A line without some names; nothing is left of a line that had no other. */
function without(line: string, entry: HostsLine, names: readonly string[]): readonly string[] {
  if (!names.some((name) => has(entry, name))) return [line];
  if (entry.names.every((name) => names.some((each) => sameName(each, name)))) return [];
  const hash = line.indexOf('#');
  const body = hash === -1 ? line : line.slice(0, hash);
  const comment = hash === -1 ? '' : line.slice(hash);
  const gap = /\s*$/.exec(body)?.[0] ?? '';
  const words = body.trimEnd().replace(/[ \t]+\S+/g, (word) => {
    const name = word.trim();
    return name !== entry.ip && names.some((each) => sameName(each, name)) ? '' : word;
  });
  return [words + gap + comment];
}

/** The names' addresses of one family that a hosts file gives, each with its line number from 1. */
export function addressesIn(
  text: string,
  name: string,
): readonly { readonly ip: string; readonly line: number }[] {
  return splitLines(text).lines.flatMap((line, index) => {
    const entry = parse(line);
    return entry !== null && has(entry, name) ? [{ ip: entry.ip, line: index + 1 }] : [];
  });
}

function parse(line: string): HostsLine | null {
  const [ip, ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
  return ip === undefined || isIP(ip.split('%')[0] ?? '') === 0 ? null : { ip, names };
}

function has(entry: HostsLine | null, name: string): boolean {
  return entry?.names.some((each) => sameName(each, name)) ?? false;
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function sameAddress(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
