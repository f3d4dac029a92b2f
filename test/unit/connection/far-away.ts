import { connect, createServer, type Socket } from 'node:net';

/** A port on loopback that leads to another one as if it were far away. */
export interface FarAway extends AsyncDisposable {
  readonly port: number;
  /** The round trips that somebody waited for: what is sent within one, no answer to its first question can have caused. */
  trips(): number;
  /** Stops carrying anything, without closing: a cable that is cut. */
  cut(): void;
}

/** Starts one; every byte needs half of `roundTripMs` in each direction. */
export async function farAway(toPort: number, roundTripMs: number): Promise<FarAway> {
  const sockets = new Set<Socket>();
  let cut = false;
  let trips = 0;
  const carry = (from: Socket, to: Socket, onSent: () => void): void => {
    from.on('data', (chunk) => {
      if (cut) return;
      onSent();
      setTimeout(() => to.write(chunk), roundTripMs / 2);
    });
    from.on('end', () => setTimeout(() => to.end(), roundTripMs / 2));
    from.on('error', () => to.destroy());
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: toPort, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) sockets.add(socket);
    let began = Number.NEGATIVE_INFINITY;
    carry(near, far, () => {
      if (performance.now() - began < roundTripMs) return;
      trips += 1;
      began = performance.now();
    });
    carry(far, near, () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    trips: () => trips,
    cut: () => {
      cut = true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
