/** A place in the walk: the node's order, and below a flush of handlers the pass and the handler's index. */
export type Position = readonly number[];

/** Compares places in the order of the walk. */
export function comparePositions(a: Position, b: Position): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A host that waits until all are at a position, or for its turn at one. */
interface Waiter {
  readonly ready: () => boolean;
  readonly open: () => void;
}

/** What the gates tell and ask their owner. */
export interface GateWatch {
  /** Told the lowest position of all hosts still on their way when it has changed, `null` when none is. */
  readonly onMove: (lowest: Position | null) => void;
  /** Whether waiting has lost its sense (the play was stopped): every waiter then goes on at once. */
  readonly broken: () => boolean;
  /** What surrounds a wait. */
  readonly waiting: (wait: () => Promise<void>) => Promise<void>;
}

/**
 * Where the hosts of one batch stand, and the only place where one waits for another. A host's position says that
 * everything before it is done there, so "all hosts are here or further" needs no counting, and a host that took the
 * way through a rescue is waited for as well. A move costs the same however many hosts there are, but for the one that
 * takes the last host off the lowest position.
 */
export class Gates {
  readonly #hosts: readonly string[];
  readonly #positions = new Map<string, Position>();
  readonly #admitted = new Map<string, Set<string>>();
  readonly #running = new Map<string, number>();
  readonly #watch: GateWatch;
  /** Where the host that is furthest back stands, and how many stand there; `null`: none is on its way. */
  #lowest: Position | null;
  #atLowest: number;
  /** Who waits for all others, and who waits for a turn. */
  #meeting: Waiter[] = [];
  #queueing: Waiter[] = [];

  constructor(hosts: readonly string[], watch: GateWatch) {
    this.#hosts = hosts;
    this.#watch = watch;
    const start: Position = [-1];
    for (const host of hosts) this.#positions.set(host, start);
    this.#lowest = hosts.length === 0 ? null : start;
    this.#atLowest = hosts.length;
  }

  /** The hosts still on their way, in inventory order. */
  active(): readonly string[] {
    return this.#hosts.filter((host) => this.#positions.has(host));
  }

  /** The first host in inventory order that is at a position now; `null`: none is. */
  first(position: Position): string | null {
    return this.#hosts.find((host) => this.#isAt(host, position)) ?? null;
  }

  /** Where the host stands; `[]`: it takes no part. */
  at(host: string): Position {
    return this.#positions.get(host) ?? [];
  }

  /** The host has done everything before `position`. */
  enter(host: string, position: Position): void {
    const before = this.#positions.get(host);
    if (before === undefined) return;
    this.#positions.set(host, position);
    this.#moved(before, position);
  }

  /** The host takes no further part: finished, failed or unreachable. */
  leave(host: string): void {
    const before = this.#positions.get(host);
    if (before === undefined) return;
    this.#positions.delete(host);
    this.#moved(before, null);
  }

  /** Waits at `position` until every other host has come to it or further. */
  async meet(host: string, position: Position): Promise<void> {
    this.enter(host, position);
    await this.#until(this.#meeting, { ready: () => !this.#isBehind(position), taken: () => {} });
  }

  /** Whether `meet` would wait now. */
  wouldWait(position: Position): boolean {
    return this.#isBehind(position);
  }

  /**
   * Admits at most `limit` hosts to the node at once, in inventory order: an earlier host is waited for until it has
   * had its turn or has passed. Returns what must be called when the host's turn is over.
   */
  async admit(host: string, position: Position, limit: number): Promise<() => void> {
    const key = position.join('.');
    const admitted = this.#admitted.get(key) ?? new Set<string>();
    this.#admitted.set(key, admitted);
    const earlier = this.#hosts.slice(0, this.#hosts.indexOf(host));
    await this.#until(this.#queueing, {
      ready: () =>
        (this.#running.get(key) ?? 0) < limit &&
        earlier.every((other) => admitted.has(other) || this.#hasPassed(other, position)),
      taken: () => {
        admitted.add(host);
        this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
      },
    });
    return () => {
      this.#running.set(key, (this.#running.get(key) ?? 1) - 1);
      this.#queueing = opened(this.#queueing);
    };
  }

  /** Lets every waiter look again; for conditions outside that changed (an abort). */
  wake(): void {
    this.#meeting = opened(this.#meeting);
    this.#queueing = opened(this.#queueing);
  }

  #isAt(host: string, position: Position): boolean {
    const at = this.#positions.get(host);
    return at !== undefined && comparePositions(at, position) === 0;
  }

  #hasPassed(host: string, position: Position): boolean {
    const at = this.#positions.get(host);
    return at === undefined || comparePositions(at, position) > 0;
  }

  /** Whether some host has not come to `position`. */
  #isBehind(position: Position): boolean {
    return this.#lowest !== null && comparePositions(this.#lowest, position) < 0;
  }

  /** `taken` runs in the same turn in which the condition was found true, so that two waiters cannot both take it. */
  async #until(
    waiters: Waiter[],
    { ready, taken }: { readonly ready: () => boolean; readonly taken: () => void },
  ): Promise<void> {
    const open = (): boolean => this.#watch.broken() || ready();
    if (open()) {
      taken();
      // Who comes last goes on behind those who wait for it: hosts do the next task in their order.
      await Promise.resolve();
      return;
    }
    const opening = new Promise<void>((resolve) => {
      waiters.push({
        ready: open,
        open: () => {
          taken();
          resolve();
        },
      });
    });
    await this.#watch.waiting(() => opening);
  }

  #moved(before: Position, after: Position | null): void {
    if (this.#lowest !== null && after !== null && comparePositions(after, this.#lowest) < 0) {
      this.#lowest = after;
      this.#atLowest = 1;
    } else if (this.#lowest !== null && comparePositions(before, this.#lowest) === 0) {
      if (after !== null && comparePositions(after, this.#lowest) === 0) return;
      this.#atLowest -= 1;
      if (this.#atLowest === 0) this.#findLowest();
    }
    this.#queueing = opened(this.#queueing);
  }

  #findLowest(): void {
    this.#lowest = null;
    for (const position of this.#positions.values()) {
      const order = this.#lowest === null ? -1 : comparePositions(position, this.#lowest);
      if (order < 0) {
        this.#lowest = position;
        this.#atLowest = 1;
      } else if (order === 0) this.#atLowest += 1;
    }
    this.#meeting = opened(this.#meeting);
    this.#watch.onMove(this.#lowest);
  }
}

/** Lets those go on who may, in the order in which they came; gives the others. */
function opened(waiters: readonly Waiter[]): Waiter[] {
  return waiters.filter((waiter) => {
    if (!waiter.ready()) return true;
    waiter.open();
    return false;
  });
}
