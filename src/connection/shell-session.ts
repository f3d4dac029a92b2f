import { randomFillSync } from 'node:crypto';
import { type Capture, capture } from './capture.ts';
import type { ByteChannel, ChannelEnd } from './channel.ts';
import type { ShellReply, ShellRequest } from './connection.ts';
import { deferred } from './deferred.ts';
import { type MarkedStream, markedStream } from './marker.ts';
import { bytesOf, isBulky, type KnownScripts, lastRequestText, requestText } from './request-text.ts';
import { identityFrom, plainTraits, type ShellIdentity, startText } from './shell-start.ts';

const defaultMaxOutputBytes = 1_048_576;
const preambleBytes = 8_192;

/** Random bytes for many nonces: asking for a few costs as much as for all of these. */
const nonceBytes = 12;
const random = Buffer.alloc(nonceBytes * 64);
let randomAt = random.length;

/** Bytes, writes and waiting of a session, added up by its connection. */
export interface Traffic {
  flights: number;
  sentBytes: number;
  receivedBytes: number;
  waitedMs: number;
}

/** A shell that ended before it answered. Internal to this folder: connections turn it into a ConnectionError. */
export class ShellEnded extends Error {
  override readonly name = 'ShellEnded';
  readonly end: ChannelEnd;
  /**
   * `starting`: the shell never spoke; `running`: it was at this request, as far as its answers tell; `waiting`: it had
   * not answered those before; `unsent`: the request was never written.
   */
  readonly phase: 'starting' | 'running' | 'waiting' | 'unsent';
  /** What came before the end. */
  readonly stdout: string;
  readonly stderr: string;

  constructor(
    phase: ShellEnded['phase'],
    end: ChannelEnd,
    seen: { readonly stdout: string; readonly stderr: string },
  ) {
    super('the shell ended');
    this.phase = phase;
    this.end = end;
    this.stdout = seen.stdout;
    this.stderr = seen.stderr;
  }
}

interface Pending {
  readonly marker: Buffer;
  readonly stdout: Capture;
  readonly stderr: Capture;
  payload: string | null;
  stderrSeen: boolean;
  readonly begun: () => void;
  readonly finish: (payload: string) => void;
  readonly fail: (error: ShellEnded) => void;
}

/**
 * A POSIX shell at the other end of three streams. Requests are written at once, run one after the other, and each
 * reply is cut out of the streams by markers that are random for each request.
 */
export class ShellSession {
  /** The shell's process. @throws ShellEnded when it ends before it speaks */
  readonly ready: Promise<ShellIdentity>;
  readonly #channel: ByteChannel;
  readonly #traffic: Traffic;
  readonly #pending: Pending[] = [];
  #unwritten: string[] = [];
  #end: ChannelEnd | null = null;
  #spoke = false;
  /** Since when something is asked that is not answered. */
  #askedAt = 0;
  #traits = plainTraits;
  readonly #scripts: KnownScripts = new Map();

  constructor(channel: ByteChannel, traffic: Traffic) {
    this.#channel = channel;
    this.#traffic = traffic;
    const stdout = markedStream(() => this.#expected('stdout'));
    const stderr = markedStream(() => this.#expected('stderr'));
    this.#listen(stdout, stderr);
    const { promise, resolve, reject } = deferred<ShellIdentity>();
    const nonce = this.#nonce();
    this.#push(nonce, preambleBytes, {
      begun: () => undefined,
      finish: (payload) => {
        this.#spoke = true;
        const identity = identityFrom(payload);
        this.#traits = identity.traits;
        resolve(identity);
      },
      fail: reject,
    });
    this.ready = promise;
    this.#write(startText(nonce));
  }

  /** Whether requests can still be written. */
  get open(): boolean {
    return this.#end === null;
  }

  /** How many requests wait for their reply. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** Writes a request. `begun` is called when all before it are done. A bulky one is the last. @throws ShellEnded */
  send(request: ShellRequest, begun: () => void): Promise<ShellReply> {
    if (this.#end !== null) {
      return Promise.reject(new ShellEnded('unsent', this.#end, { stdout: '', stderr: '' }));
    }
    const nonce = this.#nonce();
    const text = isBulky(request)
      ? lastRequestText(request, nonce, this.#dataFollow(request))
      : requestText(request, nonce, { traits: this.#traits, scripts: this.#scripts });
    const { promise, resolve, reject } = deferred<ShellReply>();
    const entry = this.#push(nonce, request.maxOutputBytes ?? defaultMaxOutputBytes, {
      begun,
      finish: (payload) =>
        resolve({
          exitCode: Number(payload),
          stdout: entry.stdout.text(),
          stderr: entry.stderr.text(),
          droppedBytes: entry.stdout.droppedBytes() + entry.stderr.droppedBytes(),
        }),
      fail: reject,
    });
    this.#write(text);
    if (this.#pending[0] === entry) begun();
    return promise;
  }

  /** Lets the shell end by itself: it reads the end of its input after the last request. */
  finish(): void {
    this.#flush();
    this.#channel.stdin.end();
  }

  /** Drops the channel; requests fail with this reason. */
  close(trouble: string | null): void {
    this.#channel.close(trouble);
  }

  /** Settles when the shell is gone. */
  get ended(): Promise<ChannelEnd> {
    return this.#channel.ended;
  }

  #nonce(): string {
    if (randomAt === random.length) {
      randomFillSync(random);
      randomAt = 0;
    }
    randomAt += nonceBytes;
    return random.toString('base64url', randomAt - nonceBytes, randomAt);
  }

  /** Sends the data of the last request, once the shell prints the nonce that it gives. */
  #dataFollow({ stdin = '' }: ShellRequest): string {
    const nonce = this.#nonce();
    this.#push(nonce, preambleBytes, {
      begun: () => undefined,
      finish: () => {
        const data = bytesOf(stdin);
        this.#traffic.flights += 1;
        this.#traffic.sentBytes += data.length;
        this.#channel.stdin.end(data);
      },
      fail: () => undefined,
    });
    return nonce;
  }

  #push(nonce: string, maxBytes: number, then: Pick<Pending, 'begun' | 'finish' | 'fail'>): Pending {
    const entry: Pending = {
      marker: Buffer.from(`${nonce}:`, 'latin1'),
      stdout: capture(maxBytes),
      stderr: capture(maxBytes),
      payload: null,
      stderrSeen: false,
      ...then,
    };
    if (this.#pending.length === 0) this.#askedAt = performance.now();
    this.#pending.push(entry);
    return entry;
  }

  #expected(stream: 'stdout' | 'stderr') {
    const entry = this.#pending.find((one) => (stream === 'stdout' ? one.payload === null : !one.stderrSeen));
    if (entry === undefined) return undefined;
    return {
      marker: entry.marker,
      take: (bytes: Buffer) => entry[stream].take(bytes),
      seen: (payload: string) => {
        if (stream === 'stdout') entry.payload = payload;
        else entry.stderrSeen = true;
        this.#settle();
      },
    };
  }

  #settle(): void {
    for (
      let first = this.#pending[0];
      first?.stderrSeen && first.payload !== null;
      first = this.#pending[0]
    ) {
      this.#pending.shift();
      if (this.#pending.length === 0) this.#traffic.waitedMs += performance.now() - this.#askedAt;
      first.finish(first.payload);
      this.#pending[0]?.begun();
    }
  }

  /** Requests of one turn of the event loop travel together. */
  #write(text: string): void {
    this.#unwritten.push(text);
    if (this.#unwritten.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#unwritten.length === 0) return;
    const bytes = Buffer.from(this.#unwritten.join(''), 'utf8');
    this.#unwritten = [];
    this.#traffic.flights += 1;
    this.#traffic.sentBytes += bytes.length;
    if (this.#channel.stdin.writable) this.#channel.stdin.write(bytes);
  }

  #listen(stdout: MarkedStream, stderr: MarkedStream): void {
    const feed = (stream: MarkedStream) => (chunk: Buffer) => {
      this.#traffic.receivedBytes += chunk.length;
      stream.feed(chunk);
    };
    this.#channel.stdout.on('data', feed(stdout));
    this.#channel.stderr.on('data', feed(stderr));
    // A broken pipe shows as the channel's end; the error itself says nothing more.
    for (const stream of [this.#channel.stdin, this.#channel.stdout, this.#channel.stderr])
      stream.on('error', () => undefined);
    void this.#channel.ended.then((end) => {
      stdout.flush();
      stderr.flush();
      this.#end = end;
      this.#failAll(end);
    });
  }

  #failAll(end: ChannelEnd): void {
    const first = this.#pending[0];
    if (first !== undefined) this.#traffic.waitedMs += performance.now() - this.#askedAt;
    for (const [index, entry] of this.#pending.splice(0).entries()) {
      const phase = !this.#spoke ? 'starting' : index === 0 ? 'running' : 'waiting';
      // What a shell said that never came up explains the failure of every request.
      const source = phase === 'starting' && first !== undefined ? first : entry;
      entry.fail(new ShellEnded(phase, end, { stdout: source.stdout.text(), stderr: source.stderr.text() }));
    }
  }
}
