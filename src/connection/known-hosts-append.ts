import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expandHome, hashName, keyType, knownHostsName } from './known-hosts.ts';

/**
 * Adds a key to a known_hosts file in one append, with a hashed name when the file holds hashed ones. The file and its
 * directory are made when they do not exist, for the user alone. @throws the file system's error
 */
export function appendKnownHost(
  file: string,
  host: { readonly address: string; readonly port: number },
  key: Buffer,
): void {
  const path = expandHome(file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Two runs may append at once: O_APPEND keeps their lines whole.
  const descriptor = openSync(path, 'a+', 0o600);
  try {
    const present = readFileSync(descriptor, 'utf8');
    const plainName = knownHostsName(host.address, host.port);
    const name = /^\|1\|/m.test(present) ? hashName(plainName, randomBytes(20)) : plainName;
    const gap = present === '' || present.endsWith('\n') ? '' : '\n';
    appendFileSync(descriptor, `${gap}${name} ${keyType(key)} ${key.toString('base64')}\n`);
  } finally {
    closeSync(descriptor);
  }
}
