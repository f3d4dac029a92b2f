import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linesFor, readKnownHosts } from '../../../src/connection/known-hosts.ts';

it('reads known_hosts once for all hosts, and again when it has changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hapb-known-hosts-'));
  const file = join(folder, 'known_hosts');
  try {
    writeFileSync(file, 'One ssh-ed25519 AAAA\n*.example ssh-ed25519 AAAA\n');
    const [first] = readKnownHosts([file]);
    expect(readKnownHosts([file])[0]).toBe(first);
    expect(linesFor(readKnownHosts([file]), 'one', 22).exact).toHaveLength(1);
    expect(linesFor(readKnownHosts([file]), 'two.example', 22).exact).toHaveLength(1);
    appendFileSync(file, 'two ssh-ed25519 AAAA\n');
    expect(linesFor(readKnownHosts([file]), 'two', 22).exact).toHaveLength(1);
    rmSync(file);
    expect(readKnownHosts([file])).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
