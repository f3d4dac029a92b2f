import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capture } from '../../../src/connection/capture.ts';
import { markedStream } from '../../../src/connection/marker.ts';

/** The bytes cut into chunks at random places. */
function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}
const cuts = fc.array(fc.nat(), { maxLength: 30 });

describe('keeping an output', () => {
  it('decodes characters that chunks tear apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), cuts, (text, where) => {
        const kept = capture(1_000);
        for (const chunk of chunked(Buffer.from(text), where)) kept.take(chunk);
        expect(kept.text()).toBe(text);
        expect(kept.droppedBytes()).toBe(0);
      }),
    );
  });

  it('keeps head and tail, counts the rest, and tears no character', () => {
    fc.assert(
      fc.property(fc.nat({ max: 400_000 }), fc.integer({ min: 8, max: 500 }), cuts, (length, max, where) => {
        const text = 'ä€😀x'.repeat(Math.ceil(length / 10));
        const bytes = Buffer.from(text);
        const kept = capture(max);
        for (const chunk of chunked(bytes, where)) kept.take(chunk);
        expect(kept.droppedBytes()).toBe(Math.max(0, bytes.length - max));
        expect(kept.text()).not.toContain('\ufffd');
        expect(Buffer.byteLength(kept.text())).toBeLessThanOrEqual(max);
        expect(Buffer.byteLength(kept.text())).toBeGreaterThan(Math.min(bytes.length, max) - 7);
        expect(text.startsWith(kept.text().slice(0, 1))).toBe(true);
        expect(text.endsWith(kept.text().slice(-1))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('replaces what is not UTF-8', () => {
    const kept = capture(10);
    kept.take(Buffer.of(0x61, 0xff, 0x62, 0xc3));
    expect(kept.text()).toBe('a\ufffdb\ufffd');
  });
});

describe('cutting a stream at markers', () => {
  it('gives each part to its own request however the chunks fall', () => {
    const part = fc.string({ unit: fc.constantFrom('N', '1', ':', ';', 'x', '\n'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), cuts, (parts, where) => {
        const markers = parts.map((_, index) => `N${index}N`);
        const clean = parts.map((text) => text.replaceAll(/N\d?N?/g, 'n'));
        const sent = clean.map((text, index) => `${text}${markers[index]}:${index};`).join('');
        const received = clean.map(() => '');
        const payloads: string[] = [];
        const stream = markedStream(() => {
          const index = payloads.length;
          const marker = markers[index];
          if (marker === undefined) return undefined;
          return {
            marker: Buffer.from(`${marker}:`),
            take: (bytes) => {
              received[index] += bytes.toString();
            },
            seen: (payload) => void payloads.push(payload),
          };
        });
        for (const chunk of chunked(Buffer.from(sent), where)) stream.feed(chunk);
        expect(received).toEqual(clean);
        expect(payloads).toEqual(clean.map((_, index) => String(index)));
      }),
    );
  });

  it('drops what comes while nobody waits', () => {
    const stream = markedStream(() => undefined);
    stream.feed(Buffer.from('from the background'));
    stream.flush();
  });
});
