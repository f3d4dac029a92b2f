import { Duplex } from 'node:stream';

/** One end of a line of bytes: what is written to it can be read at the other. */
class End extends Duplex {
  other: End | null = null;

  constructor() {
    // As a socket: who hears that the other side has ended, ends too.
    super({ allowHalfOpen: false });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.other?.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    if (this.other?.readableEnded === false) this.other.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    if (other !== null && !other.readableEnded && !other.destroyed) other.push(null);
    done(error);
  }
}

/** Two ends of one line, as the sockets of a client and a server. */
export function duplexPair(): readonly [Duplex, Duplex] {
  const [here, there] = [new End(), new End()];
  here.other = there;
  there.other = here;
  return [here, there];
}
