/** What is kept of one output stream. */
export interface Capture {
  take(bytes: Buffer): void;
  /** The kept bytes decoded as UTF-8, with replacement characters for what is not. */
  text(): string;
  droppedBytes(): number;
}

/** Keeps at most `maxBytes` of a stream: its first half from the head, the rest from the tail. */
export function capture(maxBytes: number): Capture {
  const headMax = Math.ceil(maxBytes / 2);
  const tailMax = maxBytes - headMax;
  const head = new Growing();
  const tail = new Growing();
  let dropped = 0;

  const trim = (limit: number): void => {
    const excess = tail.length - tailMax;
    if (tail.length <= limit || excess <= 0) return;
    tail.drop(excess);
    dropped += excess;
  };

  return {
    take(bytes) {
      const room = headMax - head.length;
      if (bytes.length <= room) return head.append(bytes);
      if (room > 0) head.append(bytes.subarray(0, room));
      tail.append(room > 0 ? bytes.subarray(room) : bytes);
      // Twice the limit: moving costs are spread over as many bytes as are kept.
      trim(Math.max(tailMax * 2, 65_536));
    },
    text() {
      trim(tailMax);
      if (tail.length === 0) return head.bytes().toString('utf8');
      const [start, end] = [head.bytes(), tail.bytes()];
      if (dropped === 0) return Buffer.concat([start, end]).toString('utf8');
      return withoutTornEnd(start).toString('utf8') + withoutTornStart(end).toString('utf8');
    },
    droppedBytes() {
      trim(tailMax);
      return dropped;
    },
  };
}

const nothing = Buffer.alloc(0);

/**
 * Bytes in one buffer that doubles. Chunks are copied: a host can send a stream byte by byte, and each would keep the
 * whole packet it came in from being freed.
 */
class Growing {
  length = 0;
  #store: Buffer = nothing;

  bytes(): Buffer {
    return this.#store.subarray(0, this.length);
  }

  append(chunk: Buffer): void {
    const length = this.length + chunk.length;
    if (length > this.#store.length) {
      // Not cleared before: only what is written is ever shown.
      const larger = Buffer.allocUnsafe(Math.max(length, this.#store.length * 2));
      this.#store.copy(larger, 0, 0, this.length);
      this.#store = larger;
    }
    chunk.copy(this.#store, this.length);
    this.length = length;
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    this.#store = Buffer.from(this.#store.subarray(count, this.length));
    this.length = this.#store.length;
  }
}

/** Without the first bytes of a character whose rest was dropped. */
function withoutTornEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Without the last bytes of a character whose beginning was dropped. */
function withoutTornStart(bytes: Buffer): Buffer {
  let skip = 0;
  while (skip < 3 && ((bytes[skip] ?? 0) & 0xc0) === 0x80) skip += 1;
  return bytes.subarray(skip);
}
