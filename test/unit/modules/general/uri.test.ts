import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { Secret } from '../../../../src/core/secret.ts';
import type { Output } from '../../../../src/core/value.ts';
import { uri } from '../../../../src/modules/general/uri.ts';
import type { UriArgs } from '../../../../src/modules/general/uri-args.ts';
import type { UriChange } from '../../../../src/modules/general/uri-plan.ts';
import { taskContext } from '../../../../src/testing/task-context.ts';
import { type LocalHost, localHost } from './local-host.ts';
import { type WebServer, webServer } from './web-server.ts';

// A host with nothing but busybox has no curl.
describe.each(['dash', 'bash'] as const)('uri in %s', (name) => {
  let host: LocalHost;
  let server: WebServer;
  beforeEach(async () => {
    host = localHost(name);
    server = await webServer();
    server.files.set('/page', { content: 'text\n', changedAt: new Date() });
  });
  afterEach(() => {
    host.dispose();
    server.close();
  });
  const at = (path: string): string => join(host.directory, path);
  const plan = async (args: Omit<UriArgs, 'url'> & { readonly path?: string }) => {
    const { path = '/echo', ...rest } = args;
    const whole = { url: `${server.url}${path}`, ...rest };
    const task = taskContext({ host: 'here', searchPath: [host.directory] });
    const state = await host.ask(uri.probe(whole, task));
    return { whole, state, task, change: uri.diff(whole, state, task) };
  };
  /** What is registered, and the change; the Date header forbids asking twice for the same. */
  const run = async (
    args: Omit<UriArgs, 'url'> & { readonly path?: string },
  ): Promise<{ readonly output: Output; readonly change: UriChange | null }> => {
    const { whole, state, task, change } = await plan(args);
    const output = change === null ? uri.output?.(whole, state, task) : await uri.apply(change, host);
    return { output: output ?? {}, change };
  };

  it('knows the answer of a GET by asking alone', async () => {
    const { output, change } = await run({ return_content: true });
    expect(change).toBeNull();
    expect(server.seen).toHaveLength(1);
    expect(output).toMatchObject({
      status: 200,
      url: `${server.url}/echo`,
      redirected: false,
      msg: 'OK (26 bytes)',
      content: '{"method":"GET","body":""}',
      json: { method: 'GET', body: '' },
      content_type: 'application/json; charset=utf-8',
      x_two_words: 'yes',
      cookies: { a: '1', b: '2' },
      cookies_string: 'a=1; b=2',
    });
  });

  it('leaves other methods to a run, and sends what they are to send', async () => {
    const body = { name: 'a&b', list: ['x', 'y'], on: true };
    const { output, change } = await run({ method: 'post', body, body_format: 'json' });
    expect(change?.forecast.kind).toBe('unknown');
    const sent = '{"name": "a&b", "list": ["x", "y"], "on": true}';
    expect(output).toMatchObject({ changed: false, json: { method: 'POST', body: sent } });
    expect(server.seen.at(-1)?.headers['content-type']).toBe('application/json');
    const form = await run({ method: 'PUT', body, body_format: 'form-urlencoded' });
    expect(form.output.json).toEqual({ method: 'PUT', body: 'name=a%26b&list=x&list=y&on=True' });
    expect((await run({ method: 'POST' })).output.json).toEqual({ method: 'POST', body: '' });
    expect((await run({ method: 'DELETE' })).output.json).toEqual({ method: 'DELETE', body: '' });
    const head = await run({ method: 'HEAD' });
    expect(head.output).toMatchObject({ status: 200, content_length: '27' });
  });

  it('sends secrets, quotes and lines as they are', async () => {
    const key = new Secret('k"\\e y', 'key');
    await run({
      method: 'POST',
      body: { token: key, lines: 'a\nb' },
      body_format: 'json',
      headers: { 'X-Key': key, 'Content-Type': 'application/vnd.x+json' },
      url_username: 'me',
      url_password: key,
      force_basic_auth: true,
    });
    const seen = server.seen.at(-1);
    expect(seen?.body).toBe('{"token": "k\\"\\\\e y", "lines": "a\\nb"}');
    expect(seen?.headers).toMatchObject({
      'x-key': 'k"\\e y',
      'content-type': 'application/vnd.x+json',
      authorization: `Basic ${Buffer.from('me:k"\\e y').toString('base64')}`,
      'user-agent': 'ansible-httpget',
    });
  });

  it('sends files of the controller and of the host', async () => {
    writeFileSync(at('it.txt'), 'from a file\n');
    const sent = await run({ method: 'POST', src: 'it.txt' });
    expect(sent.output.json).toEqual({ method: 'POST', body: 'from a file\n' });
    const local = await run({ method: 'PUT', src: at('it.txt'), remote_src: true });
    expect(local.output.json).toEqual({ method: 'PUT', body: 'from a file\n' });
    await expect(run({ method: 'POST', src: 'none.txt' })).rejects.toThrow('src none.txt was not found');
  });

  it('follows redirects of GET, and not when told so', async () => {
    const moved = await run({ path: '/moved' });
    expect(moved.output).toMatchObject({ status: 200, redirected: true, url: `${server.url}/echo` });
    const kept = await run({ path: '/moved', follow_redirects: 'none', status_code: 302 });
    expect(kept.output).toMatchObject({ status: 302, location: `${server.url}/echo`, redirected: false });
  });

  it('fails with the answer when the status is another one, and check cannot know', async () => {
    const { change } = await plan({ path: '/none' });
    expect(change?.forecast).toMatchObject({
      unknown: { reason: 'the server does not answer as asked yet (status 404)' },
    });
    const failure = await run({ path: '/none', status_code: [200, 204] }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).problem).toMatchObject({
      code: 'HAPB6217',
      message: `GET ${server.url}/none is answered with status 404, not 200 or 204`,
      details: 'no such page',
      output: {
        status: 404,
        content: 'no such page',
        msg: 'Status code was 404 and not [200, 204]: HTTP Error 404: Not Found',
      },
    });
    expect(server.seen).toHaveLength(2);
    expect((await run({ path: '/none', status_code: '404,410' })).change).toBeNull();
  });

  it('fails with status -1 when nobody answers', async () => {
    const args = { url: 'http://127.0.0.1:1/x' };
    const task = taskContext();
    const change = uri.diff(args, await host.ask(uri.probe(args, task)), task);
    const failure = await Promise.resolve(change === null ? {} : uri.apply(change, host)).catch(
      (thrown: unknown) => thrown,
    );
    expect((failure as Failure).problem).toMatchObject({
      code: 'HAPB6211',
      message: expect.stringContaining('http://127.0.0.1:1/x cannot be reached from here:') as string,
      output: { status: -1 },
    });
  });

  it('keeps the content in a file, and the next run has nothing to do', async () => {
    mkdirSync(at('into'));
    const first = await run({ path: '/page', dest: at('into'), mode: '0600' });
    expect(first.change?.edits[0]).toEqual({ subject: at('into/page'), before: null, after: 'text\n' });
    expect(first.output).toMatchObject({ path: at('into/page'), status: 200 });
    expect(readFileSync(at('into/page'), 'utf8')).toBe('text\n');
    expect((await run({ path: '/page', dest: at('into') })).change).toBeNull();
    writeFileSync(at('into/page'), 'mine\n');
    // The default of `force`, which is not about the file.
    const again = await run({ path: '/page', dest: at('into'), force: false });
    expect(again.change?.edits[0]).toEqual({ subject: at('into/page'), before: 'mine\n', after: 'text\n' });
    const posted = await run({ method: 'POST', dest: at('posted'), body: 'x' });
    expect(posted.output.changed).toBeUndefined();
    expect(readFileSync(at('posted'), 'utf8')).toBe('{"method":"POST","body":"x"}');
    expect((await run({ method: 'POST', dest: at('posted'), body: 'x' })).output.changed).toBe(false);
  });

  it('makes no request when a guard says so', async () => {
    const { output, change } = await run({ method: 'POST', creates: host.directory });
    expect(change).toBeNull();
    expect(output.stdout).toBe(`skipped, since '${host.directory}' exists`);
    await run({ removes: at('none') });
    expect(server.seen).toEqual([]);
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('uri on a host without curl', () => {
  it('says what to do', async () => {
    const host = localHost('busybox');
    const args = { url: 'http://127.0.0.1:1/x' };
    const change = uri.diff(args, await host.ask(uri.probe(args, taskContext())), taskContext());
    await expect(Promise.resolve(change === null ? {} : uri.apply(change, host))).rejects.toThrow(
      'here has only wget, which cannot do this',
    );
    host.dispose();
  });
});
