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
