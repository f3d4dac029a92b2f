import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { archive } from '../../../../src/modules/general/archive.ts';
import { copyFile } from '../../../../src/modules/general/copy-file.ts';
import { getUrl } from '../../../../src/modules/general/get-url.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').split('-')[0] ?? '';

/** Whoever writes into the folder is killed once its temporary file is there; settles with the name of what it leaves. */
async function killWriter(folder: string): Promise<string> {
  for (;;) {
    const name = readdirSync(folder).find((each) => each.startsWith('.hapb.'));
    if (name !== undefined) {
      expect(name).toContain(`.${boot}.`);
      process.kill(Number(name.split('.').at(-2)), 'SIGKILL');
      return name;
    }
    await delay(5);
  }
}

function hostOf(shell: (typeof shells)[number]): LocalHost {
  const host = localHost(shell);
  onTestFinished(() => host.dispose());
  return host;
}

describe.each(shells)('what a killed run leaves is taken away by the next, in %s:', (shell) => {
  const place = (): { readonly host: LocalHost; readonly dest: string; readonly folder: string } => {
    const host = hostOf(shell);
    const folder = join(host.directory, 'out');
    mkdirSync(folder);
    return { host, folder, dest: join(folder, 'it') };
  };

  it('copy_file on the host', async () => {
    const { host, folder, dest } = place();
    const src = join(host.directory, 'src');
    writeFileSync(src, 'text\n');
    const args = { src, dest, remote_src: true };
    // The run ends with its shell, so that nobody cleans up.
    const run: LocalHost['run'] = async (call) => {
      const reply = await host.run(call);
      if (reply.exitCode > 128) throw new Error('the run was killed');
      return reply;
    };
    await expect(
      expectLawful(
        copyFile,
        { ...args, validate: 'kill -KILL $PPID; : %s' },
        { host: { ...host, run, at: () => ({ ...host, run }) } },
      ),
    ).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([expect.stringMatching(`^\\.hapb\\..*\\.${boot}\\.\\d+\\.\\w{6}$`)]);
    await expectLawful(copyFile, args, { host });
    expect(readdirSync(folder)).toEqual(['it']);
  });

  it('get_url', async () => {
    const { host, folder, dest } = place();
    let whole = false;
    const server = createServer((request, response) => {
      const head = { 'content-length': '10', 'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT' };
      response.writeHead(request.headers['if-modified-since'] === undefined ? 200 : 304, head);
      if (request.method === 'HEAD' || request.headers.range !== undefined) response.end('0123456789');
      else if (whole) response.end('0123456789');
      else response.write('01234');
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/it`;
    const args = { url, dest };
    const cut = expectLawful(getUrl, args, { host });
    // curl outlives its shell until the server hangs up.
    const killed = killWriter(folder).then(() => server.closeAllConnections());
    await Promise.all([expect(cut).rejects.toThrow(), killed]);
    expect(readdirSync(folder)).toHaveLength(1);
    whole = true;
    await expectLawful(getUrl, args, { host });
    expect(readdirSync(folder)).toEqual(['it']);
  });

  it('archive', async () => {
    const { host, folder, dest } = place();
    const path = join(host.directory, 'tree');
    mkdirSync(path);
    writeFileSync(join(path, 'big'), '');
    truncateSync(join(path, 'big'), 200_000_000);
    const cut = expectLawful(archive, { path, dest, format: 'gz' }, { host });
    const [, left] = await Promise.all([expect(cut).rejects.toThrow(), killWriter(folder)]);
    // What tar was writing when its shell was killed.
    writeFileSync(join(folder, `${left}.tar`), 'half');
    truncateSync(join(path, 'big'), 1_000);
    await expectLawful(archive, { path, dest, format: 'gz' }, { host });
    expect(readdirSync(folder)).toEqual(['it']);
  });
});
