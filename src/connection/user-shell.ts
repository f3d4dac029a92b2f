import { attempt, unlessAborted } from './attempt.ts';
import type { ConnectionError, ShellReply, ShellRequest } from './connection.ts';
import { ShellEnded, type ShellSession } from './shell-session.ts';
import type { ShellIdentity } from './shell-start.ts';

/** What a user's shell needs from its connection. */
export interface ShellHost {
  /** Opens a shell, through become when the user needs it. @throws ConnectionError */
  open(): Promise<ShellSession>;
  /** Ends a shell with all it started, through a channel of its own. @throws Error when that cannot be done */
  kill(identity: ShellIdentity): Promise<void>;
  /** The error for a shell that ended by itself. */
  explain(ended: ShellEnded): ConnectionError;
  timedOut(request: ShellRequest, seen: ShellEnded, ending: Ending): ConnectionError;
  cancelled(ending: Ending): ConnectionError;
  /** How long a fresh shell may take until it speaks. */
  readonly startTimeoutMs: number;
}

/** Whether what ran on the host is known to have ended. `not-begun`: it never ran. */
export type Ending = 'ended' | 'unsure' | 'not-begun';

/** How long a killed shell's channel may take to close before it is dropped. */
const killGraceMs = 3_000;

/** One user's persistent shell on a host: opened when needed, ended with its work at a deadline, opened again later. */
export class UserShell {
  readonly #host: ShellHost;
  #session: Promise<ShellSession> | null = null;
  #live: ShellSession | null = null;
  /** Sessions that end because of a deadline: what waited in them was not begun and is sent again. */
  readonly #killed = new WeakMap<ShellSession, Promise<Ending>>();
  /** Settles when what waited in a killed session has been sent again; later requests keep their place behind it. */
  #dying: Promise<void> | null = null;
  readonly #unsettled = new Set<Promise<unknown>>();
  /** Settles when the last work of `inTurn` has ended; `null`: nothing is left of what came after it either. */
  #outside: Promise<void> | null = null;

  constructor(host: ShellHost) {
    this.#host = host;
  }

  /** Whether nothing runs or waits. */
  get idle(): boolean {
    return this.#live !== null && this.#unsettled.size === 0 && this.#dying === null;
  }

  /** Runs a request after those before it. @throws ConnectionError */
  run(request: ShellRequest): Promise<ShellReply> {
    return this.#counted(this.#run(request, request.isBeside === true ? null : this.#outside));
  }

  async #run(request: ShellRequest, gate: Promise<void> | null): Promise<ShellReply> {
    const { signal } = request;
    const cancelled = (): ConnectionError => this.#host.cancelled('not-begun');
    if (signal?.aborted) throw cancelled();
    if (gate !== null) await unlessAborted(gate, signal, cancelled);
    while (this.#dying !== null) await unlessAborted(this.#dying, signal, cancelled);
    for (;;) {
      const session = await unlessAborted(this.#opened(), signal, cancelled);
      const one = attempt(session, request, () => this.#kill(session));
      try {
        return await one.reply;
      } catch (error) {
        if (!(error instanceof ShellEnded)) throw error;
        this.#forget(session);
        const killed = this.#killed.get(session);
        const ending = error.phase === 'running' ? await (killed ?? 'unsure') : 'not-begun';
        switch (one.verdict()) {
          case 'timed-out':
            throw this.#host.timedOut(request, error, ending);
          case 'cancelled':
            throw this.#host.cancelled(ending);
          case 'none':
            if (error.phase === 'unsent' || (error.phase === 'waiting' && killed !== undefined)) continue;
            throw this.#host.explain(error);
        }
      } finally {
        one.stop();
      }
    }
  }

  /** Does work that is not this shell's when the requests before it have ended, and before those after it. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = Promise.allSettled(this.#unsettled).then(work);
    this.#outside = done.then(
      () => undefined,
      () => undefined,
    );
    return this.#counted(done);
  }

  /** Lets the shell end after its last request; a later `run` opens a new one. */
  release(): void {
    // It may be opening for a request that was cancelled meanwhile.
    void this.#session?.then(
      (session) => session.finish(),
      () => undefined,
    );
    this.#session = null;
    this.#live = null;
  }

  #counted<T>(work: Promise<T>): Promise<T> {
    this.#unsettled.add(work);
    const settled = (): void => {
      this.#unsettled.delete(work);
      if (this.#unsettled.size === 0) this.#outside = null;
    };
    work.then(settled, settled);
    return work;
  }

  #opened(): Promise<ShellSession> {
    if (this.#live !== null && !this.#live.open) this.#forget(this.#live);
    this.#session ??= this.#openNew();
    return this.#session;
  }

  async #openNew(): Promise<ShellSession> {
    try {
      const session = await this.#host.open();
      this.#live = session;
      const timer = setTimeout(
        () => session.close(`it did not start within ${this.#host.startTimeoutMs / 1_000} s`),
        this.#host.startTimeoutMs,
      );
      const stop = (): void => clearTimeout(timer);
      session.ready.then(stop, stop);
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

  #kill(session: ShellSession): void {
    if (this.#killed.has(session)) return;
    this.#forget(session);
    const timer = setTimeout(() => session.close(null), killGraceMs);
    const dying = session.ended.then(async () => {
      clearTimeout(timer);
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#dying === dying) this.#dying = null;
    });
    this.#dying = dying;
    this.#killed.set(session, this.#endProcesses(session));
  }

  async #endProcesses(session: ShellSession): Promise<Ending> {
    // A host that no longer answers does not answer the killer either.
    const patience = new Promise<Ending>((resolve) =>
      setTimeout(() => resolve('unsure'), killGraceMs).unref(),
    );
    try {
      const killed = this.#host.kill(await session.ready).then((): Ending => 'ended');
      return await Promise.race([killed, patience]);
    } catch {
      return 'unsure';
    } finally {
      session.close(null);
    }
  }
}
