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
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let dropped = 0;

  const trim = (limit: number): void => {
    if (tailBytes <= limit) return;
    const joined = Buffer.concat(tail);
    // A copy, so that the large buffer it was cut from can be freed.
    const kept = Buffer.from(joined.subarray(joined.length - tailMax));
    dropped += joined.length - kept.length;
    tail = [kept];
    tailBytes = kept.length;
  };

  return {
    take(bytes) {
      const room = headMax - headBytes;
      const first = bytes.subarray(0, Math.max(0, room));
      const rest = bytes.subarray(first.length);
      if (first.length > 0) {
        head.push(first);
        headBytes += first.length;
      }
      if (rest.length > 0) {
        tail.push(rest);
        tailBytes += rest.length;
        // Twice the limit: joining costs are spread over as many bytes as are kept.
        trim(Math.max(tailMax * 2, 65_536));
      }
    },
    text() {
      trim(tailMax);
      const start = Buffer.concat(head);
      const end = Buffer.concat(tail);
      if (dropped === 0) return Buffer.concat([start, end]).toString('utf8');
      return withoutTornEnd(start).toString('utf8') + withoutTornStart(end).toString('utf8');
    },
    droppedBytes() {
      trim(tailMax);
      return dropped;
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
