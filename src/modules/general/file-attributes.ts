import type { Edit } from '../../core/change.ts';
import { Failure } from '../../core/failure.ts';
import { type Ask, question } from '../ask.ts';
import { fileKey } from '../asks/file-state.ts';

const namesByLetter: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
};

/** The names of a file's attributes, as Ansible has them, from chattr's letters; letters without a name are left out. */
export function attributeNames(letters: string): readonly string[] {
  return [...letters].flatMap((letter) => namesByLetter[letter] ?? []);
}

/** Chattr's letters of a path; `absent`: nothing is there; `none`: its file system, or the host, knows no attributes. */
export type Attributes = { readonly letters: string } | 'absent' | 'none';

const script = `
p=$(readlink -f "$1") && [ -e "$p" ] || { echo absent; exit 0; }
if command -v chattr >/dev/null && command -v lsattr >/dev/null && a=$(lsattr -d "$p" 2>/dev/null); then
  printf 'has %s\\n' "\${a%% *}"
else
  echo none
fi
`;

/** The attributes of what is at a path; links are followed. Key `attributes:PATH`. */
export function attributes(path: string): Ask<Attributes> {
  return question<Attributes>({
    key: `attributes:${path}`,
    reads: [fileKey(path)],
    sh: script,
    args: [path],
    parse: ({ stdout }) => {
      const [word = '', letters = ''] = stdout.trim().split(' ');
      return word === 'has'
        ? { letters: letters.replaceAll('-', '') }
        : word === 'absent'
          ? 'absent'
          : 'none';
    },
  });
}

// File systems keep these by themselves: extents, index, encryption, inline data, verity, casefolding.
const ownLetters = /[eIENVF]/g;

/** What chattr(1) is to do, and the line for the diff; `null`: nothing. @throws Failure HAPB6024 */
export function planAttributes(
  path: string,
  wish: string,
  now: Attributes,
): { readonly word: string; readonly edit: Edit | null } | null {
  if (now === 'none') {
    throw new Failure({
      code: 'HAPB6024',
      message: `${path} cannot have attributes: its file system knows none, or the host has no chattr`,
      hint: 'Install e2fsprogs on the host, or leave `attributes` out.',
      argument: 'attributes',
    });
  }
  const [, sign = '', wanted = ''] = /^([-+=]?)(.*)$/.exec(wish) ?? [];
  const before = now === 'absent' ? '' : now.letters;
  const plain = sorted(before.replace(ownLetters, ''));
  const missing = [...wanted].filter((letter) => !before.includes(letter));
  const present = [...wanted].filter((letter) => before.includes(letter));
  const done =
    sign === '+'
      ? missing.length === 0
      : sign === '-'
        ? present.length === 0
        : sorted(wanted.replace(ownLetters, '')) === plain;
  if (done) return null;
  const after =
    sign === '+'
      ? sorted(plain + missing.join(''))
      : sign === '-'
        ? [...plain].filter((letter) => !wanted.includes(letter)).join('')
        : sorted(wanted.replace(ownLetters, ''));
  const line = (letters: string): string => `attributes: ${letters}\n`;
  const edit = now === 'absent' ? null : { subject: path, before: line(plain), after: line(after) };
  return { word: sign === '' ? `=${wanted}` : wish, edit };
}

function sorted(letters: string): string {
  return [...letters].sort().join('');
}
