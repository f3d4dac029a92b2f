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
  const head = growing();
  const tail = growing();
  let dropped = 0;

  const trim = (limit: number): void => {
    const excess = tail.bytes().length - tailMax;
    if (tail.bytes().length <= limit || excess <= 0) return;
    tail.drop(excess);
    dropped += excess;
  };

  return {
    take(bytes) {
      const first = bytes.subarray(0, Math.max(0, headMax - head.bytes().length));
      head.append(first);
      tail.append(bytes.subarray(first.length));
      // Twice the limit: moving costs are spread over as many bytes as are kept.
      trim(Math.max(tailMax * 2, 65_536));
    },
    text() {
      trim(tailMax);
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

/**
 * Bytes in one buffer that doubles. Chunks are copied: a host can send a stream byte by byte, and each would keep the
 * whole packet it came in from being freed.
 */
function growing() {
  let store = Buffer.alloc(0);
  let length = 0;
  return {
    bytes: (): Buffer => store.subarray(0, length),
    append: (chunk: Buffer): void => {
      if (length + chunk.length > store.length) {
        const larger = Buffer.alloc(Math.max(length + chunk.length, store.length * 2));
        store.copy(larger, 0, 0, length);
        store = larger;
      }
      chunk.copy(store, length);
      length += chunk.length;
    },
    /** Forgets the first `count` bytes. */
    drop: (count: number): void => {
      store = Buffer.from(store.subarray(count, length));
      length = store.length;
    },
  };
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
