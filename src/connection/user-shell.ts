import type { ConnectionError, ShellReply, ShellRequest } from './connection.ts';
import { ShellEnded, type ShellSession } from './shell-session.ts';
import type { ShellIdentity } from './shell-start.ts';

/** What a user's shell needs from its connection. */
export interface ShellHost {
  /** Opens a shell, through become when the user needs it. @throws ConnectionError */
  open(): Promise<ShellSession>;
  /** Ends a shell with all it started, through a channel of its own. Never throws. */
  kill(identity: ShellIdentity): Promise<void>;
  /** The error for a shell that ended by itself. */
  explain(ended: ShellEnded, request: ShellRequest): ConnectionError;
  timedOut(request: ShellRequest, seen: ShellEnded | null): ConnectionError;
  cancelled(): ConnectionError;
  /** How long a fresh shell may take until it speaks. */
  readonly startTimeoutMs: number;
}

/** How long a killed shell's channel may take to close before it is dropped. */
const killGraceMs = 3_000;

/** One user's persistent shell on a host: opened when needed, ended with its work at a deadline, opened again later. */
export class UserShell {
  readonly #host: ShellHost;
  #session: Promise<ShellSession> | null = null;
  #live: ShellSession | null = null;
  /** Sessions that end because of a deadline: what waited in them was not begun and may be sent again. */
  readonly #killed = new WeakSet<ShellSession>();

  constructor(host: ShellHost) {
    this.#host = host;
  }

  /** Runs a request after those before it. @throws ConnectionError */
  async run(request: ShellRequest): Promise<ShellReply> {
    for (;;) {
      if (request.signal?.aborted) throw this.#host.cancelled();
      const session = await this.#opened();
      const attempt = new Attempt(request, () => this.#kill(session));
      try {
        return await attempt.over(session);
      } catch (error) {
        if (!(error instanceof ShellEnded)) throw error;
        this.#forget(session);
        switch (attempt.verdict) {
          case 'timed-out':
            throw this.#host.timedOut(request, error);
          case 'cancelled':
            throw this.#host.cancelled();
          case 'none':
            if (error.phase === 'waiting' && this.#killed.has(session)) continue;
            throw this.#host.explain(error, request);
        }
      } finally {
        attempt.stop();
      }
    }
  }

  /** Lets the shell end after its last request; a later `run` opens a new one. */
  release(): void {
    this.#live?.finish();
    this.#session = null;
    this.#live = null;
  }

  #opened(): Promise<ShellSession> {
    if (this.#live?.open) return this.#session ?? Promise.resolve(this.#live);
    if (this.#live !== null) this.#session = null;
    this.#live = null;
    this.#session ??= this.#openNew();
    return this.#session;
  }

  async #openNew(): Promise<ShellSession> {
    try {
      const session = await this.#host.open();
      this.#live = session;
      const timer = setTimeout(() => session.close(), this.#host.startTimeoutMs);
      session.ready.then(
        () => clearTimeout(timer),
        () => clearTimeout(timer),
      );
      return session;
    } catch (error) {
      this.#session = null;
      throw error;
    }
  }

  #forget(session: ShellSession): void {
    if (this.#live !== session) return;
    this.#live = null;
    this.#session = null;
  }

  async #kill(session: ShellSession): Promise<void> {
    if (this.#killed.has(session)) return;
    this.#killed.add(session);
    this.#forget(session);
    const timer = setTimeout(() => session.close(), killGraceMs);
    void session.ended.then(() => clearTimeout(timer));
    try {
      await this.#host.kill(await session.ready);
    } catch {
      session.close();
    }
  }
}

/** One request in one session, with its deadline and its signal. */
class Attempt {
  verdict: 'none' | 'timed-out' | 'cancelled' = 'none';
  readonly #request: ShellRequest;
  readonly #kill: () => Promise<void>;
  #timer: NodeJS.Timeout | null = null;
  #begun = false;
  readonly #onAbort = (): void => this.#end('cancelled');

  constructor(request: ShellRequest, kill: () => Promise<void>) {
    this.#request = request;
    this.#kill = kill;
  }

  over(session: ShellSession): Promise<ShellReply> {
    const { signal, timeoutMs } = this.#request;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    return session.send(this.#request, () => {
      this.#begun = true;
      // The deadline counts from when the host begins, not while other requests run.
      if (timeoutMs !== undefined) this.#timer = setTimeout(() => this.#end('timed-out'), timeoutMs);
      if (this.verdict !== 'none') void this.#kill();
    });
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
  }

  #end(verdict: 'timed-out' | 'cancelled'): void {
    this.verdict = verdict;
    if (this.#begun) void this.#kill();
  }
}
