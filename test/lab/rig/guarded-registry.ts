import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

/** A registry in front of another one that lets in only who knows the password. */
export interface GuardedRegistry {
  /** HOST:PORT, as it stands in an image's name. */
  readonly name: string;
  /** The `Authorization` headers seen so far; a password in them is what the server was given, nothing else. */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

/** How it asks: for the password with every request (htpasswd), or for a token that the password buys (Docker Hub, GHCR). */
export type Challenge = 'basic' | 'bearer';

const token = 'a-token-that-the-password-bought';

/** Starts one on `address`, in front of the registry at `behind` (`http://HOST:PORT`). */
export async function guardedRegistry(options: {
  readonly address: string;
  readonly behind: string;
  readonly user: string;
  readonly challenge: Challenge;
}): Promise<GuardedRegistry> {
  const { address, behind, challenge } = options;
  const seen: string[] = [];
  const basic = `Basic ${Buffer.from(options.user).toString('base64')}`;
  const server = createServer((incoming, reply) => {
    const said = incoming.headers.authorization ?? '';
    if (said !== '') seen.push(said);
    if (incoming.url?.startsWith('/token') === true) {
      reply.writeHead(said === basic ? 200 : 401, { 'content-type': 'application/json' });
      reply.end(said === basic ? JSON.stringify({ token }) : '{"errors":[{"code":"UNAUTHORIZED"}]}');
      return;
    }
    if (said === (challenge === 'basic' ? basic : `Bearer ${token}`)) {
      pass(behind, incoming, reply);
      return;
    }
    const realm = `http://${incoming.headers.host ?? ''}/token`;
    const asked =
      challenge === 'basic' ? 'Basic realm="guarded"' : `Bearer realm="${realm}",service="guarded"`;
    reply.writeHead(401, { 'www-authenticate': asked, 'content-type': 'application/json' });
    reply.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('the registry has no port');
  return { name: `${address}:${place.port}`, seen, close: () => closed(server) };
}

function pass(behind: string, incoming: IncomingMessage, reply: ServerResponse): void {
  const { host: _, authorization: __, ...headers } = incoming.headers;
  const options = { method: incoming.method ?? 'GET', headers };
  request(new URL(incoming.url ?? '/', behind), options, (answer) => {
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(reply);
  })
    .on('error', () => reply.destroy())
    .end();
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
