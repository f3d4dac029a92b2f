declare module 'bcrypt-pbkdf' {
  /** Fills `key` with `keyLength` bytes; takes as long as `rounds` say. 0, or -1 when a length or `rounds` is out of range. */
  export function pbkdf(
    passphrase: Uint8Array,
    passphraseLength: number,
    salt: Uint8Array,
    saltLength: number,
    key: Uint8Array,
    keyLength: number,
    rounds: number,
  ): number;
}
