/** An OpenPGP key as ASCII armor (RFC 9580, 6.2); one that is armored already is returned as it is. */
export function armored(key: string | Uint8Array): string {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : Buffer.from(key);
  const text = bytes.toString('latin1');
  if (text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) return bytes.toString('utf8');
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  const sum = Buffer.from([crc24(bytes) >> 16, (crc24(bytes) >> 8) & 0xff, crc24(bytes) & 0xff]).toString(
    'base64',
  );
  return `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${lines.join('\n')}\n=${sum}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
}

/** Whether bytes look like an OpenPGP key: armor, or a public-key packet of old or new format. */
export function looksLikeKey(key: string | Uint8Array): boolean {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : Buffer.from(key);
  const first = bytes[0] ?? 0;
  return bytes.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----') || (first & 0xfc) === 0x98 || first === 0xc6;
}

function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}
