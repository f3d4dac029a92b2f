import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runPlaybook, temporaryFolder } from '../../rig/run-playbook.ts';
import { webServer } from './web-server.ts';

/** Whether a file system of its own can be mounted: as root, where the kernel lets it. */
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

const tasks = {
  content: 'copy_file: {src: big, dest: "DISK/it"}',
  'short content': 'copy_file: {src: short, dest: "DISK/it"}',
  'copy on the host': 'copy: {src: "{folder}/big", dest: "DISK/it", remote_src: true}',
  template: 'template: {src: big.hbs, dest: "DISK/it"}',
  get_url: 'get_url: {url: "URL/big", dest: "DISK/it"}',
  'get_url by the controller': 'get_url: {url: "URL/big", dest: "DISK/it", via: controller}',
  archive: 'archive: {path: "{folder}/big", dest: "DISK/it.gz"}',
  'archive of a folder': 'archive: {path: "{folder}/tree", dest: "DISK/it.tgz"}',
  unarchive: 'unarchive: {src: tree.tar, dest: "DISK"}',
  'unarchive on the host': 'unarchive: {src: "{folder}/tree.tar", dest: "DISK", remote_src: true}',
  'download of an archive': 'unarchive: {src: "URL/tree.tar", dest: "DISK", remote_src: true}',
};

test.runIf(canMount).each(Object.entries(tasks))(
  '%s: a full disk of the host is named with what to do, and nothing is left on it',
  async (_, task) => {
    const folder = temporaryFolder();
    const disk = mkdtempSync(join(tmpdir(), 'hapb-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'none', disk]);
    onTestFinished(() => {
      execFileSync('umount', ['-l', disk]);
      rmdirSync(disk);
    });
    const big = randomBytes(300_000);
    mkdirSync(join(folder, 'tree'));
    writeFileSync(join(disk, 'almost all'), randomBytes(90_000));
    writeFileSync(join(folder, 'short'), 'short\n'.repeat(10_000));
    for (const name of ['big', 'tree/big']) writeFileSync(join(folder, name), big);
    writeFileSync(join(folder, 'big.hbs'), big.toString('hex'));
    execFileSync('tar', ['-cf', 'tree.tar', 'tree'], { cwd: folder });
    const server = await webServer();
    onTestFinished(() => server.close());
    const changedAt = new Date('2020-01-01T00:00:00Z');
    server.files.set('/big', { content: big, changedAt });
    server.files.set('/tree.tar', { content: readFileSync(join(folder, 'tree.tar')), changedAt });
    const { exitCode, out, err } = await runPlaybook(
      `- hosts: a\n  gather_facts: false\n  environment: {TMPDIR: "${disk}"}\n  tasks:\n    - ${task.replace('URL', server.url).replace('DISK', disk)}\n`,
      { hosts: ['a'], folder },
    );
    expect({ exitCode, said: out + err }).toEqual({
      exitCode: 2,
      said: expect.stringMatching(
        /: .*no space left on device[\s\S]*hint: Free some space on the host/i,
      ) as string,
    });
    expect(readdirSync(disk, { recursive: true }).filter((name) => String(name).includes('.hapb'))).toEqual(
      [],
    );
  },
);
