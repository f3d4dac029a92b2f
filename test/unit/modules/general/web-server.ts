import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A web server on the loopback with the pages that the tests of `get_url` and `uri` need. */
export interface WebServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Content by path; a change is newer. */
  readonly files: Map<string, { readonly content: string | Buffer; readonly changedAt: Date }>;
  close(): void;
}

/** Starts one on a free port. */
export async function webServer(): Promise<WebServer> {
  const seen: SeenRequest[] = [];
  const files: WebServer['files'] = new Map();
  const server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const { method = '', url: path = '' } = request;
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
      );
      seen.push({ method, path, headers, body });
      const send = (
        status: number,
        head: Record<string, string | string[]>,
        content: string | Buffer,
      ): void => {
        response.writeHead(status, { 'content-length': String(Buffer.byteLength(content)), ...head });
        response.end(content);
      };
      const file = files.get(path);
      if (path === '/moved') return send(302, { location: '/echo' }, 'elsewhere');
      if (path === '/locked' && headers.authorization === undefined)
        return send(401, { 'www-authenticate': 'Basic realm="x"' }, 'who?');
      if (path === '/no-head' && method === 'HEAD') return send(405, {}, '');
      if (path === '/echo') {
        const head = { 'content-type': 'application/json; charset=utf-8', 'X-Two-Words': 'yes' };
        return send(200, { ...head, 'set-cookie': ['a=1; Path=/', 'b=2'] }, JSON.stringify({ method, body }));
      }
      if (file === undefined) return send(404, {}, 'no such page');
      const since = Date.parse(headers['if-modified-since'] ?? '');
      if (since >= file.changedAt.getTime()) return send(304, {}, '');
      return send(200, { 'last-modified': file.changedAt.toUTCString() }, file.content);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, files, close: () => void server.close() };
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
