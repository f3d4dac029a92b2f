/** Who waits for the next marker of a stream. */
export interface Expected {
  /** Random bytes that nothing else prints; the payload follows, up to a semicolon. */
  readonly marker: Buffer;
  take(bytes: Buffer): void;
  seen(payload: string): void;
}

const semicolon = 0x3b;
/** The longest payload, far more than a shell tells of itself. */
const maxPayloadBytes = 512;
const nothing = Buffer.alloc(0);

/** One stream of a shell, cut at markers. */
export interface MarkedStream {
  feed(chunk: Buffer): void;
  /** Gives bytes that were held back, because they could have begun a marker, to whoever waits. */
  flush(): void;
}

/**
 * Cuts a stream at the markers that are expected, in their order. What arrives while nobody waits comes from a process
 * that a script left behind, and is dropped.
 */
export function markedStream(next: () => Expected | undefined): MarkedStream {
  let held: Buffer = nothing;
  return {
    feed(chunk) {
      let data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      held = nothing;
      for (let expected = next(); expected !== undefined; expected = next()) {
        const { marker } = expected;
        const at = data.indexOf(marker);
        const end = at === -1 ? -1 : data.indexOf(semicolon, at + marker.length);
        if ((end === -1 ? data.length : end) - at > marker.length + maxPayloadBytes && at !== -1) {
          // A host that repeats the marker and never ends it: output like other, of which only so much is kept.
          expected.take(data.subarray(0, at + marker.length));
          data = data.subarray(at + marker.length);
          continue;
        }
        if (end === -1) {
          const safe = at === -1 ? Math.max(0, data.length - marker.length + 1) : at;
          if (safe > 0) expected.take(data.subarray(0, safe));
          held = data.subarray(safe);
          return;
        }
        if (at > 0) expected.take(data.subarray(0, at));
        expected.seen(data.toString('latin1', at + marker.length, end));
        data = data.subarray(end + 1);
      }
    },
    flush() {
      if (held.length > 0) next()?.take(held);
      held = nothing;
    },
  };
}
