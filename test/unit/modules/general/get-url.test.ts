import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { sha256Of } from '../../../../src/core/text-measure.ts';
import { checksumWish, digestInList } from '../../../../src/modules/general/checksum.ts';
import { getUrl } from '../../../../src/modules/general/get-url.ts';
import type { GetUrlArgs } from '../../../../src/modules/general/get-url-ask.ts';
import { expectLawful } from '../../../../src/testing/law.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost, shells } from './local-host.ts';
import { type WebServer, webServer } from './web-server.ts';

const old = new Date('2020-01-01T00:00:00Z');
const task = taskContext();

describe.each(shells)('get_url in %s', (name) => {
  let host: LocalHost;
  let server: WebServer;
  beforeEach(async () => {
    host = localHost(name);
    server = await webServer();
    server.files.set('/a%20b.bin', { content: Buffer.from([0, 255, 10, 13]), changedAt: old });
    for (const path of ['/it', '/no-head', '/locked'])
      server.files.set(path, { content: 'text\n', changedAt: old });
  });
  afterEach(() => {
    host.dispose();
    server.close();
  });
  const at = (path: string): string => join(host.directory, path);
  const get = (args: Partial<GetUrlArgs>) =>
    expectLawful(getUrl, { url: `${server.url}/it`, dest: at('it'), ...args }, { host });
  const gets = (): number =>
    server.seen.filter(({ method, headers }) => method === 'GET' && headers.range === undefined).length;

  it('fetches a file, whatever its bytes, with the permissions asked for, and leaves nothing else', async () => {
    const { output, change } = await get({
      url: `${server.url}/a%20b.bin`,
      dest: host.directory,
      mode: '0600',
    });
    expect([...readFileSync(at('a%20b.bin'))]).toEqual([0, 255, 10, 13]);
    expect(statSync(at('a%20b.bin')).mode & 0o7777).toBe(0o600);
    expect(output).toMatchObject({
      dest: at('a%20b.bin'),
      status_code: 200,
      msg: 'OK (4 bytes)',
      size: 4,
      checksum_dest: null,
      state: 'file',
    });
    expect(change?.edits[0]).toMatchObject({ before: null, after: `fetched from ${server.url}/a%20b.bin\n` });
    expect(readdirSync(host.directory)).toEqual(['a%20b.bin']);
  });

  it('does not fetch what is as new', async () => {
    await get({});
    const { change, output } = await get({});
    expect(change).toBeNull();
    expect(output).toMatchObject({ status_code: 304, dest: at('it') });
    // busybox's wget asks for heads with GET.
    if (name !== 'busybox') expect(gets()).toBe(1);
  });

  it('does not ask the server when the checksum is right', async () => {
    writeFileSync(at('it'), 'text\n');
    for (const checksum of [`sha256:${sha256Of('text\n')}`, 'md5:e1cbb0c3879af8347246f12c559a86b5']) {
      const { change, output } = await get({ checksum });
      expect(change).toBeNull();
      expect(output).toMatchObject({ msg: 'file already exists' });
    }
    expect(server.seen).toEqual([]);
    const { change } = await get({ checksum: `sha256:${sha256Of('text\n')}`, mode: '0600' });
    expect(change?.summary).toBe(`set the permissions of ${at('it')}`);
  });

  it('replaces a file with another checksum, and keeps a backup', async () => {
    writeFileSync(at('it'), 'older\n');
    const { output, change } = await get({ checksum: `sha256:${sha256Of('text\n')}`, backup: true });
    expect(change?.forecast.kind).toBe('known');
    expect(readFileSync(at('it'), 'utf8')).toBe('text\n');
    expect(readFileSync(String(output.backup_file as string), 'utf8')).toBe('older\n');
  });

  it('refuses content with another checksum and leaves the old file', async () => {
    writeFileSync(at('it'), 'mine\n');
    const failure = await get({ checksum: `sha256:${'0'.repeat(64)}` }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).problem.code).toBe('HAPB6216');
    expect((failure as Failure).message).toContain(sha256Of('text\n'));
    expect(readFileSync(at('it'), 'utf8')).toBe('mine\n');
    expect(readdirSync(host.directory)).toEqual(['it']);
  });

  it('finds the checksum in a published list', async () => {
    const content = `${sha256Of('x')}  other\n${sha256Of('text\n')} *it\n`;
    server.files.set('/SUMS', { content, changedAt: old });
    await get({ checksum: `sha256:${server.url}/SUMS` });
    server.files.set('/SUMS', { content: 'nothing here\n', changedAt: old });
    await expect(get({ checksum: `sha256:${server.url}/SUMS` })).rejects.toThrow(
      'the list of checksums has none for it',
    );
  });

  it('cannot know in advance whether a newer file of the same size is another one', async () => {
    writeFileSync(at('it'), 'TEXT\n');
    utimesSync(at('it'), 1_000_000_000, 1_000_000_000);
    const args = { url: `${server.url}/it`, dest: at('it') };
    const change = getUrl.diff(args, await host.ask(getUrl.probe(args, task)), task);
    // busybox's wget does not tell the size.
    expect(change?.forecast.kind).toBe('unknown');
    server.files.set('/it', { content: 'longer than it\n', changedAt: new Date() });
    const longer = getUrl.diff(args, await host.ask(getUrl.probe(args, task)), task);
    expect(longer?.forecast.kind).toBe('known');
  });

  it('changes nothing when what was fetched is the same after all', async () => {
    writeFileSync(at('it'), 'text\n');
    utimesSync(at('it'), 1_000_000_000, 1_000_000_000);
    const { output } = await get({ force: true });
    expect(output).toMatchObject({ changed: false, checksum_dest: output.checksum_src ?? '' });
  });

  it('foresees that there is no such file, and no server', async () => {
    await expect(get({ url: `${server.url}/none` })).rejects.toThrow(
      `the server answers ${server.url}/none with status 404`,
    );
    await expect(get({ url: 'http://127.0.0.1:1/x' })).rejects.toThrow(
      'http://127.0.0.1:1/x cannot be reached',
    );
    await expect(get({ dest: at('no/folder/it') })).rejects.toThrow('does not exist');
  });

  it.skipIf(name === 'busybox')('asks servers that know no HEAD for the first byte', async () => {
    await get({ url: `${server.url}/no-head` });
    expect(readFileSync(at('it'), 'utf8')).toBe('text\n');
  });

  it('keeps passwords out of process lists, or says what is missing for that', async () => {
    const args = {
      url: `${server.url}/locked`,
      url_username: 'me',
      url_password: new Secret('p"a\\s s', 'password'),
      headers: { 'X-Key': new Secret('s3cret', 'key') },
    };
    if (name === 'busybox') {
      await expect(get(args)).rejects.toThrow('has only wget, which would show the password');
      return;
    }
    await get(args);
    const headers = server.seen.at(-1)?.headers;
    expect(headers?.authorization).toBe(`Basic ${Buffer.from('me:p"a\\s s').toString('base64')}`);
    expect(headers?.['x-key']).toBe('s3cret');
  });

  it.skipIf(name === 'busybox')('lets the controller fetch it', async () => {
    const { output } = await get({ via: 'controller', mode: '0640', url: `${server.url}/a%20b.bin` });
    expect([...readFileSync(at('it'))]).toEqual([0, 255, 10, 13]);
    expect(output).toMatchObject({ size: 4, status_code: 200 });
    expect((await get({ via: 'controller', url: `${server.url}/a%20b.bin` })).change).toBeNull();
  });
});

describe('checksums', () => {
  it.each([
    ['abc', 'the checksum "abc" does not begin with an algorithm'],
    ['sha256:12', '"12" is no sha256 digest: those have 64 hexadecimal digits'],
  ])('refuse %s', (text, message) => {
    expect(() => checksumWish(text)).toThrow(message);
  });

  it('are read from lists of all common forms', () => {
    const digest = 'a'.repeat(32);
    for (const line of [`${digest}  it`, `${digest} *./it`, `MD5 (it) = ${digest}`, digest])
      expect(digestInList(`${line}\n`, 'it', 'md5')).toBe(digest);
  });
});
