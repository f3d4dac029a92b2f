import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Connection,
  ConnectionError,
  type ShellReply,
  type ShellRequest,
} from '../../connection/connection.ts';
import { error } from '../../core/diagnostic.ts';
import { fileSpan } from '../../core/source.ts';
import { controller, type Destination, type Way } from './destination.ts';
import { Gathering, type HostRequest } from './gathering.ts';
import { type LeasedShell, Leases, type LeaseTerms } from './leases.ts';
import { Overlay } from './overlay.ts';
import { keyOf, ReadAhead } from './read-ahead.ts';
import { Sharing } from './sharing.ts';

/**
 * Opens transports; the composition root decides how. Without a way, the inventory's counts. `null`: no such host.
 * @throws Failure, ConnectionError
 */
export type OpenConnection = (host: string, way: Way | null) => Promise<Connection | null>;

interface Entry {
  readonly opened: Promise<Connection>;
  /** `null`: it has to be connected before the next request. */
  ready: Promise<void> | null;
  reached: 'never' | 'before';
}

/** How a run reaches its hosts. */
export interface PoolTerms {
  readonly open: OpenConnection;
  readonly onConnected?: (host: string, durationMs: number) => void;
  /** `null` or absent: hosts are changed without leases. */
  readonly leases?: LeaseTerms | null;
  readonly stopping?: AbortSignal;
  readonly signal?: AbortSignal;
}

/** How long a host whose connection was lost may take to be reached again. */
const returnMs = 30_000;

/** The live connections of a run, one per host and way, and what a check has foreseen on each. */
export class HostPool implements AsyncDisposable {
  readonly #open: OpenConnection;
  readonly #onConnected: (host: string, durationMs: number) => void;
  readonly #connections = new Map<string, Entry>();
  readonly #kept = new Map<string, Map<string, Promise<unknown>>>();
  readonly #overlays = new Map<string, Overlay>();
  /** Hosts that are this machine. */
  readonly #here = new Set<string>();
  readonly #leases: Leases | null;
  readonly #gathering = new Gathering();
  readonly #sharing = new Sharing();
  /** What tasks to come have asked already. */
  readonly ahead = new ReadAhead();
  /** Aborted when the run is asked to end: what outlives it is no longer followed. */
  readonly stopping: AbortSignal;
  /** Aborted when the run ends now: what is asked for more than one task ends with it. */
  readonly signal: AbortSignal;
  #state: 'open' | 'closed' = 'open';

  constructor({ open, onConnected, leases, stopping, signal }: PoolTerms) {
    this.#open = open;
    this.#onConnected = onConnected ?? ((): void => undefined);
    this.#leases = leases == null ? null : new Leases(leases);
    this.stopping = stopping ?? new AbortController().signal;
    this.signal = signal ?? new AbortController().signal;
  }

  /** What a check has foreseen on a host. */
  overlay(host: string): Overlay {
    const overlay = this.#overlays.get(host) ?? new Overlay();
    this.#overlays.set(host, overlay);
    return overlay;
  }

  /** Forgets what tasks that were only checked have foreseen on a host of a real run, where a task runs now. */
  forgetForeseen(host: string): void {
    this.#overlays.delete(host);
  }

  /** What a check has foreseen on this machine, by whichever of its names. */
  overlaysHere(): readonly Overlay[] {
    return [...new Set([controller, ...this.#here])].map((host) => this.overlay(host));
  }

  /**
   * Runs a request, connecting first when that has not happened yet. What is sent to the same shell when `written` is called
   * comes behind it. @throws ConnectionError
   */
  run(to: Destination, request: HostRequest, written?: () => void): Promise<ShellReply> {
    const key = to.host === controller && request.several !== undefined ? keyOf(to, request) : null;
    return key === null
      ? this.#run(to, request, written)
      : this.#sharing.ask(key, request.signal, () => this.#run(to, request));
  }

  async #run(to: Destination, request: HostRequest, written?: () => void): Promise<ShellReply> {
    const connection = await this.#connected(to);
    this.#refuseWhenClosed(to.host);
    if (connection.place === 'node')
      this.#leases?.meet(shellOf(to), (asked) => connection.run(to.user, asked));
    const { folder } = to;
    if (connection.place === 'here') this.#here.add(to.host);
    const isHere = connection.place === 'here' && folder !== undefined;
    try {
      const reply = this.#gathering.run(
        `${nameOf(to)} ${to.user.kind === 'become' ? to.user.user : ''}`,
        isHere ? { ...request, folder } : request,
        (asked) => connection.run(to.user, asked),
      );
      written?.();
      return await reply;
    } catch (thrown) {
      if (thrown instanceof ConnectionError && thrown.kind === 'lost') this.#forget(to);
      throw thrown;
    }
  }

  /**
   * Like `run`, for scripts that change the host: first its lease is taken, unless it is this machine itself. `written` gets what
   * sends questions behind the change.
   * @throws ConnectionError, Failure HAPB7003, HAPB7004
   */
  async change(
    to: Destination,
    request: ShellRequest,
    progress: (text: string) => void,
    written?: (send: HostPool['run']) => void,
  ): Promise<ShellReply> {
    this.#forgetAnswers(to.host);
    const connection = await this.#connected(to);
    this.#refuseWhenClosed(to.host);
    if (connection.place === 'node') {
      const signal = request.signal ?? new AbortController().signal;
      await this.#leases?.hold(shellOf(to), (asked) => connection.run(to.user, asked), { signal, progress });
    }
    try {
      return await this.run(to, request, () => written?.((asked, question) => this.run(asked, question)));
    } finally {
      this.#forgetAnswers(to.host);
    }
  }

  /**
   * Like `run`, for scripts that only read: made again on a new connection when the first was lost.
   * @throws ConnectionError
   */
  async read(to: Destination, request: HostRequest): Promise<ShellReply> {
    try {
      return await this.run(to, request);
    } catch (thrown) {
      if (!(thrown instanceof ConnectionError) || thrown.kind !== 'lost') throw thrown;
      await this.reset(to);
      return this.run(to, request);
    }
  }

  /** What holds as long as a connection does: looked for once, and again when that was made anew. */
  async kept<T>(to: Destination, key: string, find: () => Promise<T>): Promise<T> {
    const name = nameOf(to);
    const known = this.#kept.get(name) ?? new Map<string, Promise<unknown>>();
    this.#kept.set(name, known);
    const whole = `${to.user.kind === 'become' ? to.user.user : ''} ${key}`;
    const found = (known.get(whole) as Promise<T> | undefined) ?? find();
    known.set(whole, found);
    try {
      return await found;
    } catch (thrown) {
      known.delete(whole);
      throw thrown;
    }
  }

  /** Forgets a broken transport; the next request connects anew. */
  async reset(to: Pick<Destination, 'host' | 'way'>): Promise<void> {
    const entry = this.#forget(to);
    if (entry !== undefined) await (await entry.opened).reset();
  }

  /** Makes every connection of a host anew, whichever way it leads. */
  async resetAll(host: string): Promise<void> {
    for (const [name, entry] of this.#connections) {
      if (name !== host && !name.startsWith(`${host} `)) continue;
      entry.ready = null;
      this.#leases?.forget(name);
      this.#kept.delete(name);
      await (await entry.opened).reset();
    }
  }

  #forgetAnswers(changed: string): void {
    this.ahead.forgetAll(changed);
    this.#sharing.forgetAll();
  }

  #forget({ host, way }: Pick<Destination, 'host' | 'way'>): Entry | undefined {
    const name = nameOf({ host, way });
    const entry = this.#connections.get(name);
    if (entry === undefined) return;
    entry.ready = null;
    this.ahead.forget(host);
    this.#leases?.forget(name);
    this.#kept.delete(name);
    return entry;
  }

  /** What is still under way when a run ends must not open a transport that nobody closes. */
  #refuseWhenClosed(host: string): void {
    if (this.#state === 'closed') throw runEnded(host);
  }

  async #connected(to: Destination): Promise<Connection> {
    const { host, way } = to;
    this.#refuseWhenClosed(host);
    const name = nameOf(to);
    let entry = this.#connections.get(name);
    if (entry === undefined) {
      entry = { opened: this.#openOrThrow(host, way), ready: null, reached: 'never' };
      this.#connections.set(name, entry);
    }
    entry.ready ??= entry.reached === 'never' ? this.#connect(host, entry) : this.#comeBack(host, entry);
    const { ready } = entry;
    try {
      await ready;
    } catch (thrown) {
      // The next request tries again, as a task that waits for the host needs it.
      if (entry.ready === ready) entry.ready = null;
      throw thrown;
    }
    return entry.opened;
  }

  async #openOrThrow(host: string, way: Way | null): Promise<Connection> {
    const connection = await this.#open(host, way);
    if (connection === null) throw unknownHost(host);
    return connection;
  }

  async #connect(host: string, entry: Entry): Promise<void> {
    const started = performance.now();
    const connection = await entry.opened;
    await connection.connect();
    entry.reached = 'before';
    this.#onConnected(host, Math.round(performance.now() - started));
  }

  /** A host that was there a moment ago may have a restarting sshd, or a cable that was pulled. */
  async #comeBack(host: string, entry: Entry): Promise<void> {
    for (const deadline = performance.now() + returnMs; ; ) {
      try {
        return await this.#connect(host, entry);
      } catch (thrown) {
        const passing = thrown instanceof ConnectionError && thrown.kind === 'unreachable';
        if (!passing || this.#state === 'closed' || performance.now() > deadline) throw thrown;
        await sleep(500, undefined, { signal: this.stopping });
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'closed';
    await this.#leases?.release();
    const opened = await Promise.allSettled([...this.#connections.values()].map((entry) => entry.opened));
    const live = opened.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    await Promise.all(live.map((connection) => connection[Symbol.asyncDispose]()));
  }
}

function shellOf(to: Destination): LeasedShell {
  return { host: to.host, user: to.user, connection: nameOf(to) };
}

function nameOf({ host, way }: Pick<Destination, 'host' | 'way'>): string {
  return way === null ? host : `${host} ${way.key}`;
}

function unknownHost(host: string): ConnectionError {
  const diagnostic = error({
    code: 'HAPB7001',
    message: `there is no host "${host}" in the inventory`,
    span: fileSpan('<inventory>'),
    hint: 'Check delegate_to and the names under "from"; hosts are named as the inventory names them.',
  });
  return new ConnectionError('unreachable', diagnostic);
}

function runEnded(host: string): ConnectionError {
  const diagnostic = error({
    code: 'HAPB7002',
    message: `the run ended before ${host} was asked`,
    span: fileSpan('<inventory>'),
    hint: 'Look at what ended the run.',
  });
  return new ConnectionError('lost', diagnostic);
}
