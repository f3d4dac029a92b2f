import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSource } from '../../../src/document/read-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hapb-read-'));

function complaint(path: string): string {
  const result = readSource(path, {
    what: 'a playbook',
    insteadOfFolder: 'Name the playbook inside it, such as site.yml.',
  });
  if (result.ok) return `read: ${result.value}`;
  return result.diagnostics
    .map(({ code, message, hint }) => `${code} ${message} | ${hint}`)
    .join('\n')
    .replaceAll(folder, 'DIR');
}

test('a file is read without its byte order mark', () => {
  writeFileSync(join(folder, 'bom'), '\ufeffa: 1\n');
  expect(complaint(join(folder, 'bom'))).toBe('read: a: 1\n');
});

test('a folder is named as such, with what to pass instead', () => {
  expect(complaint(folder)).toBe(
    'HAPB1021 DIR is a folder, not a playbook | Name the playbook inside it, such as site.yml.',
  );
});

test('a file that is not there is told with where it was looked for', () => {
  expect(complaint(join(folder, 'none'))).toBe(
    `HAPB1020 DIR/none does not exist | Check the path; it is looked up from ${process.cwd()}.`,
  );
});

test('text in another encoding is told at its place', () => {
  writeFileSync(join(folder, 'latin'), Buffer.from([0x61, 0x0a, 0x62, 0xe9, 0x0a]));
  const result = readSource(join(folder, 'latin'));
  expect(result.ok ? null : result.diagnostics[0]?.span.start).toEqual({ line: 2, column: 2, offset: 3 });
  writeFileSync(join(folder, 'wide'), Buffer.from('\ufeffa: 1', 'utf16le'));
  expect(complaint(join(folder, 'wide'))).toBe(
    'HAPB1022 DIR/wide is not UTF-8 text but UTF-16 | Save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 DIR/wide',
  );
});

test('a file that is too large is not read', () => {
  writeFileSync(join(folder, 'large'), Buffer.alloc(16 * 1024 * 1024 + 1, 0x20));
  expect(complaint(join(folder, 'large'))).toMatch(
    /^HAPB1023 DIR\/large is too large to be a playbook: 16777217 bytes/,
  );
});
