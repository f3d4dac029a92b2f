import { connect, createServer, type Socket } from 'node:net';

/** A port on loopback that leads to another one as if it were far away. */
export interface FarAway extends AsyncDisposable {
  readonly port: number;
  /** How often something came back from there and was then answered: the round trips that somebody waited for. */
  trips(): number;
  /** Stops carrying anything, without closing: a cable that is cut. */
  cut(): void;
}

/** Starts one; every byte needs half of `roundTripMs` in each direction. */
export async function farAway(toPort: number, roundTripMs: number): Promise<FarAway> {
  const sockets = new Set<Socket>();
  let cut = false;
  let trips = 0;
  const carry = (from: Socket, to: Socket, onArrival: () => void): void => {
    from.on('data', (chunk) => {
      if (cut) return;
      setTimeout(() => {
        onArrival();
        to.write(chunk);
      }, roundTripMs / 2);
    });
    from.on('end', () => setTimeout(() => to.end(), roundTripMs / 2));
    from.on('error', () => to.destroy());
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: toPort, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) sockets.add(socket);
    let last: 'question' | 'answer' = 'answer';
    carry(near, far, () => {
      last = 'question';
    });
    carry(far, near, () => {
      if (last === 'question') trips += 1;
      last = 'answer';
    });
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
