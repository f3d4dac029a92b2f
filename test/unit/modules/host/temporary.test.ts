import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryText } from '../../../../src/modules/host/temporary.ts';
import { type ShellName, shells } from '../general/local-host.ts';

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').split('-')[0] ?? '';
const host = readFileSync('/proc/sys/kernel/hostname', 'utf8').trim();

function made(shell: ShellName, folder: string): string {
  const [file, args] = shell === 'busybox' ? ['busybox', ['sh']] : [shell, []];
  const script = `d=${folder}\n${temporaryText} || exit 21\necho "$t $$"`;
  return execFileSync(file, [...args, '-c', script], { encoding: 'utf8' }).trim();
}

describe.each(shells)('a temporary name, in %s', (shell) => {
  it('says who writes, and takes the place of those whose writer is gone', ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hapb-temporary-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const kept = [
      `.hapb.${host}.${boot}.${process.pid}.AAAAAA`,
      `.hapb.other.0badb007.1.BBBBBB`,
      `.hapb.${host}.lan.0badb007.1.EEEEEE`,
      `.hapb.${host}.notes`,
      'motd',
    ];
    const gone = [
      `.hapb.${host}.0badb007.${process.pid}.CCCCCC`,
      `.hapb.${host}.${boot}.4194399.DDDDDD`,
      `.hapb.${host}.${boot}.4194399.DDDDDD.tar`,
    ];
    for (const name of [...kept, ...gone]) writeFileSync(join(folder, name), '');
    const [path = '', pid = ''] = made(shell, folder).split(' ');
    expect(path).toMatch(new RegExp(`/\\.hapb\\.${host}\\.${boot}\\.${pid}\\.\\w{6}$`));
    expect(readdirSync(folder).sort()).toEqual([...kept, path.slice(folder.length + 1)].sort());
  });
});
