import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';

/** The algorithms for which hosts have a program (`sha256sum`). */
export const checksumAlgorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

/** One of them. */
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** What `checksum: ALGORITHM:…` asks for: a digest, or the address of a list of digests. */
export type ChecksumWish =
  | { readonly kind: 'digest'; readonly algorithm: ChecksumAlgorithm; readonly digest: string }
  | { readonly kind: 'list'; readonly algorithm: ChecksumAlgorithm; readonly url: string };

/** Reads the argument `checksum`; `null`: none is asked for. @throws Failure HAPB6215 */
export function checksumWish(text: string | undefined): ChecksumWish | null {
  if (text === undefined || text === '') return null;
  const [, name = '', rest = ''] = /^([A-Za-z0-9]+):(.+)$/s.exec(text.trim()) ?? [];
  const algorithm = checksumAlgorithms.find((known) => known === name.toLowerCase());
  if (algorithm === undefined) {
    throw new Failure({
      code: 'HAPB6215',
      message: `the checksum "${text}" does not begin with an algorithm`,
      hint: `Write ALGORITHM:DIGEST or ALGORITHM:URL, with one of ${checksumAlgorithms.join(', ')}.`,
      argument: 'checksum',
    });
  }
  if (/^(https?|ftp|file):\/\//.test(rest)) return { kind: 'list', algorithm, url: rest };
  return { kind: 'digest', algorithm, digest: plainDigest(rest, algorithm) };
}

const lengths = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 } as const;

function plainDigest(text: string, algorithm: ChecksumAlgorithm): string {
  const digest = text.replace(/\W+/g, '').toLowerCase();
  if (/^[0-9a-f]+$/.test(digest) && digest.length === lengths[algorithm]) return digest;
  throw new Failure({
    code: 'HAPB6215',
    message: `"${text}" is no ${algorithm} digest: those have ${lengths[algorithm]} hexadecimal digits`,
    hint: 'Copy it anew from where it is published, or name the algorithm that it is of.',
    argument: 'checksum',
  });
}

/** The digest of a file in a published list (lines of sha256sum or of BSD, or one digest alone). @throws Failure HAPB6215 */
export function digestInList(list: string, name: string, algorithm: ChecksumAlgorithm): string {
  const lines = list
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const [only = ''] = lines;
  if (lines.length === 1 && !/\s/.test(only.trim())) return plainDigest(only.trim(), algorithm);
  for (const line of lines) {
    const bsd = /^\w+ ?\((.+)\) ?= ([\w.]+)$/.exec(line);
    if (bsd?.[1] === name) return plainDigest(bsd[2] ?? '', algorithm);
    const gnu = /^([\w.]+)\s+(?:\*|\.\/|\.)?(.+)$/.exec(line);
    if (gnu?.[2]?.replace(/^[./]+/, '') === name) return plainDigest(gnu[1] ?? '', algorithm);
  }
  throw new Failure({
    code: 'HAPB6215',
    message: `the list of checksums has none for ${name}`,
    hint: 'Look into the list: the file may have another name there; then write its digest instead of the address.',
    argument: 'checksum',
  });
}

/** The digest of a file as lower-case hex; `null`: there is no file, or the host has no program for it. */
export function digestOfFile(path: string, algorithm: ChecksumAlgorithm): Ask<string | null> {
  return question({
    key: `digest:${algorithm}:${path}`,
    reads: [`file:${path}`],
    sh: 'if [ -f "$1" ] && command -v "$2" >/dev/null; then "$2" <"$1"; fi',
    args: [path, `${algorithm}sum`],
    parse: (reply) => /^\\?([0-9a-f]+)/.exec(reply.stdout)?.[1] ?? null,
  });
}
