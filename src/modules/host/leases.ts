import type { ShellReply, ShellRequest, ShellUser } from '../../connection/connection.ts';
import { type Diagnostic, warning } from '../../core/diagnostic.ts';
import { fileSpan } from '../../core/source.ts';
import {
  clearLeftOvers,
  clockText,
  type LeaseHolder,
  type Previous,
  releaseLease,
  renewLease,
  renewMs,
  type Taken,
  takeLease,
} from './lease.ts';

/** Whose leases they are, and who is told that one was taken over from a run that did not end well. */
export interface LeaseTerms {
  readonly holder: LeaseHolder;
  /** What becomes of what runs left that are gone: a run takes it away, a check does not. */
  readonly leftOvers: 'cleared' | 'kept';
  readonly say: (warning: Diagnostic) => void;
}

/** A user's shell on a connection. */
export interface LeasedShell {
  readonly host: string;
  readonly user: ShellUser;
  /** Of the connection. */
  readonly connection: string;
}

type Send = (request: ShellRequest) => Promise<ShellReply>;

interface Held {
  readonly connection: string;
  readonly send: Send;
  readonly taken: Promise<Taken>;
  timer: NodeJS.Timeout | null;
}

/** The leases of a run: one for each shell that changes something, renewed while the run goes on. */
export class Leases {
  readonly #terms: LeaseTerms;
  readonly #held = new Map<string, Held>();
  /** What is taken away in shells that were asked something, by what has their leases. */
  readonly #met = new Map<string, Promise<void>>();

  constructor(terms: LeaseTerms) {
    this.#terms = terms;
  }

  /** Sees a shell that is about to be asked something. With its first request goes a look at what was left there. */
  meet(shell: LeasedShell, send: Send): void {
    const key = keyOf(shell);
    if (this.#terms.leftOvers === 'kept' || this.#met.has(key)) return;
    const cleared = clearLeftOvers({ run: send }, this.#terms.holder).then((previous) => {
      if (previous !== null) this.#terms.say(takenOver(shell.host, previous));
    });
    // What is wrong with the connection, the task's own request tells.
    this.#met.set(
      key,
      cleared.catch(() => undefined),
    );
  }

  /** Takes the shell's lease when the run does not have it yet. @throws Failure HAPB7003, HAPB7004, ConnectionError */
  async hold(
    shell: LeasedShell,
    send: Send,
    how: { readonly signal: AbortSignal; readonly progress: (text: string) => void },
  ): Promise<void> {
    const { host, connection } = shell;
    const key = keyOf(shell);
    const known = this.#held.get(key);
    if (known !== undefined) {
      await known.taken;
      return;
    }
    const held: Held = {
      connection,
      send,
      taken: takeLease({ host, run: send, ...how }, this.#terms.holder),
      timer: null,
    };
    this.#held.set(key, held);
    try {
      const taken = await held.taken;
      if (taken.kind === 'taken-over') this.#terms.say(takenOver(host, taken.previous));
    } catch (thrown) {
      this.#drop(key, held);
      throw thrown;
    }
    if (this.#held.get(key) === held) this.#renew(key, held, host);
  }

  /** The connection's shells are gone: the next change takes their leases again. */
  forget(connection: string): void {
    for (const key of this.#met.keys()) if (key.startsWith(`${connection}\n`)) this.#met.delete(key);
    for (const [key, held] of this.#held) if (held.connection === connection) this.#drop(key, held);
  }

  /** Gives all of them back. A host that does not answer keeps its own for 30 s. */
  async release(): Promise<void> {
    const all = [...this.#held];
    for (const [key, held] of all) this.#drop(key, held);
    const patience = new Promise<void>((resolve) => setTimeout(resolve, 3000).unref());
    const given = all.map(async ([, { send, taken }]) => {
      await taken;
      await releaseLease({ run: send }, this.#terms.holder);
    });
    await Promise.race([Promise.allSettled([...given, ...this.#met.values()]), patience]);
  }

  #drop(key: string, held: Held): void {
    if (held.timer !== null) clearInterval(held.timer);
    held.timer = null;
    if (this.#held.get(key) === held) this.#held.delete(key);
  }

  #renew(key: string, held: Held, host: string): void {
    let asking: 'idle' | 'under-way' = 'idle';
    const { signal } = new AbortController();
    held.timer = setInterval(() => {
      // Behind a long command it waits its turn; the lease of a shell that is at work does not end meanwhile.
      if (asking === 'under-way') return;
      asking = 'under-way';
      renewLease({ host, run: held.send, signal }, this.#terms.holder)
        .then((own) => {
          asking = 'idle';
          if (!own) this.#drop(key, held);
        })
        // A lost connection is the tasks' business; with a new one the lease is taken anew.
        .catch(() => this.#drop(key, held));
    }, renewMs);
    held.timer.unref();
  }
}

function keyOf({ user, connection }: LeasedShell): string {
  return `${connection}\n${user.kind === 'login' ? '' : user.user}`;
}

function takenOver(host: string, { who, sinceMs, state }: Previous): Diagnostic {
  const how = state === 'ended' ? 'was cut off' : 'has not been heard of for 30 s';
  return warning({
    code: 'HAPB7005',
    message: `on ${host} this run takes the place of one that ${how}: ${who}, since ${clockText(sinceMs)}`,
    span: fileSpan('<inventory>'),
    hint: 'Nothing has to be done: what it left undone is done now.',
  });
}
