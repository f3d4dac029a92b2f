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

interface Waiter {
  readonly ready: () => boolean;
  readonly open: () => void;
}

/** What the gates tell and ask their owner. */
export interface GateWatch {
  /** Told the lowest position of all hosts still on their way, `null` when none is. */
  readonly onMove: (lowest: Position | null) => void;
  /** Whether waiting has lost its sense (the play was stopped): every waiter then goes on at once. */
  readonly broken: () => boolean;
  /** What surrounds a wait. */
  readonly waiting: (wait: () => Promise<void>) => Promise<void>;
}

/**
 * Where the hosts of one batch stand, and the only place where one waits for another. A host's position says that
 * everything before it is done there, so "all hosts are here or further" needs no counting, and a host that took the
 * way through a rescue is waited for as well.
 */
export class Gates {
  readonly #hosts: readonly string[];
  readonly #positions = new Map<string, Position>();
  readonly #admitted = new Map<string, Set<string>>();
  readonly #running = new Map<string, number>();
  readonly #watch: GateWatch;
  #waiters: Waiter[] = [];

  constructor(hosts: readonly string[], watch: GateWatch) {
    this.#hosts = hosts;
    this.#watch = watch;
    for (const host of hosts) this.#positions.set(host, [-1]);
  }

  /** The hosts still on their way, in inventory order. */
  active(): readonly string[] {
    return this.#hosts.filter((host) => this.#positions.has(host));
  }

  /** The hosts that are at a position now, in inventory order. */
  standing(position: Position): readonly string[] {
    return this.active().filter((host) => comparePositions(this.#at(host), position) === 0);
  }

  /** The host has done everything before `position`. */
  enter(host: string, position: Position): void {
    if (!this.#positions.has(host)) return;
    this.#positions.set(host, position);
    this.#moved();
  }

  /** The host takes no further part: finished, failed or unreachable. */
  leave(host: string): void {
    if (this.#positions.delete(host)) this.#moved();
  }

  /** Waits until every other host has come to `position` or further. */
  async meet(host: string, position: Position): Promise<void> {
    await this.#until(() =>
      this.#others(host).every((other) => comparePositions(this.#at(other), position) >= 0),
    );
  }

  /** Whether `meet` would wait now. */
  wouldWait(host: string, position: Position): boolean {
    return this.#others(host).some((other) => comparePositions(this.#at(other), position) < 0);
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
    await this.#until(
      () =>
        (this.#running.get(key) ?? 0) < limit &&
        earlier.every(
          (other) =>
            admitted.has(other) ||
            !this.#positions.has(other) ||
            comparePositions(this.#at(other), position) > 0,
        ),
      () => {
        admitted.add(host);
        this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
      },
    );
    return () => {
      this.#running.set(key, (this.#running.get(key) ?? 1) - 1);
      this.#moved();
    };
  }

  /** Lets every waiter look again; for conditions outside that changed (an abort). */
  wake(): void {
    this.#moved();
  }

  #others(host: string): readonly string[] {
    return this.#hosts.filter((other) => other !== host && this.#positions.has(other));
  }

  #at(host: string): Position {
    return this.#positions.get(host) ?? [Number.POSITIVE_INFINITY];
  }

  /** `taken` runs in the same turn in which the condition was found true, so that two waiters cannot both take it. */
  async #until(ready: () => boolean, taken: () => void = () => {}): Promise<void> {
    const open = (): boolean => this.#watch.broken() || ready();
    if (open()) {
      taken();
      // Who comes last goes on behind those who wait for it: hosts do the next task in their order.
      await Promise.resolve();
      return;
    }
    const opened = new Promise<void>((resolve) => {
      this.#waiters.push({
        ready: open,
        open: () => {
          taken();
          resolve();
        },
      });
    });
    await this.#watch.waiting(() => opened);
  }

  #moved(): void {
    const waiting: Waiter[] = [];
    for (const waiter of this.#waiters) {
      if (waiter.ready()) waiter.open();
      else waiting.push(waiter);
    }
    this.#waiters = waiting;
    let lowest: Position | null = null;
    for (const position of this.#positions.values()) {
      if (lowest === null || comparePositions(position, lowest) < 0) lowest = position;
    }
    this.#watch.onMove(lowest);
  }
}
