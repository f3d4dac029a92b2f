import type { ShellReply, ShellRequest } from '../../connection/connection.ts';
import { Secret } from '../../core/secret.ts';
import type { Destination } from './destination.ts';
import type { HostRequest } from './gathering.ts';

/** What questions of a task go through on their way to a host. */
export interface Reader {
  read(to: Destination, request: HostRequest): Promise<ShellReply>;
  /** Whether an answer was older than its question. */
  readonly early: boolean;
}

type Send = (to: Destination, request: HostRequest) => Promise<ShellReply>;

interface Answer {
  readonly reply: Promise<ShellReply>;
  readonly asked: number;
  /** How many questions it is kept for. */
  wanted: number;
}

/**
 * How many questions go ahead with the first one that a host is asked: of all hosts together, and of one at least. The fewer
 * hosts, the more of a run is waiting for them; with many it is work, and questions in vain cost.
 */
const firstWindows = 16;
const smallWindow = 2;
const growth = 8;
const widestWindow = 256;

/** What lies longer than that is asked again: the world goes on without us. */
const maxAgeMs = 10_000;

/**
 * Answers to the questions of tasks that a host has not come to yet. Any change on any host throws all of them away, so
 * that they are what an answer asked for now would be, but for what others do to the host meanwhile.
 */
export class ReadAhead {
  readonly #hosts = new Map<string, Map<string, Answer>>();
  readonly #windows = new Map<string, number>();

  /**
   * How many questions may be asked ahead on a host that has to wait for an answer now. The more often answers were of use,
   * the more; on a host that is being changed they would be asked in vain. `hosts`: how many there are beside it, with it.
   */
  window(host: string, hosts: number): number {
    const now = this.#windows.get(host) ?? Math.max(smallWindow, Math.floor(firstWindows / hosts));
    this.#windows.set(host, now === 0 ? 1 : Math.min(widestWindow, now * growth));
    return now;
  }

  /** Something is being changed on a host. */
  forgetAll(changed: string): void {
    this.#windows.set(changed, 0);
    for (const [host, answers] of this.#hosts) if (answers.size > 0) this.#windows.set(host, 0);
    this.#hosts.clear();
  }

  /** A task has ended on a host without a change: those that follow may have nothing to do either. */
  calm(host: string): void {
    if (this.#windows.get(host) === 0) this.#windows.set(host, smallWindow);
  }

  /** A host waits for something that others do, or its connection was made anew. */
  forget(host: string): void {
    this.#hosts.delete(host);
  }

  /** What a task asks through: takes what is there, and tells the first time that something is not. */
  taking(send: Send, missed: () => void): Reader {
    const state = { early: false };
    let told = missed;
    const ask: Send = (to, request) => {
      const reply = send(to, request);
      // Behind all questions of this one ask.
      void Promise.resolve().then(told);
      told = (): void => undefined;
      return reply;
    };
    return {
      get early() {
        return state.early;
      },
      read: async (to, request) => {
        const answer = this.#take(to, request);
        if (answer === null) return ask(to, request);
        try {
          const reply = await answer;
          state.early = true;
          return reply;
        } catch {
          return ask(to, request);
        }
      },
    };
  }

  /** What a task that has not begun asks through. */
  filling(send: Send): Reader {
    return {
      early: false,
      read: (to, request) => {
        const key = keyOf(to, request);
        if (key === null) return Promise.reject(new Error('a question with a secret is asked in its time'));
        const answers = this.#hosts.get(to.host) ?? new Map<string, Answer>();
        this.#hosts.set(to.host, answers);
        const known = answers.get(key);
        if (known !== undefined && isFresh(known)) {
          known.wanted += 1;
          return known.reply;
        }
        const answer: Answer = { reply: send(to, request), asked: performance.now(), wanted: 1 };
        answers.set(key, answer);
        answer.reply.catch(() => {
          if (answers.get(key) === answer) answers.delete(key);
        });
        return answer.reply;
      },
    };
  }

  #take(to: Destination, request: ShellRequest): Promise<ShellReply> | null {
    const answers = this.#hosts.get(to.host);
    const key = answers === undefined ? null : keyOf(to, request);
    const found = key === null ? undefined : answers?.get(key);
    if (answers === undefined || key === null || found === undefined) return null;
    found.wanted -= 1;
    if (found.wanted <= 0) answers.delete(key);
    return isFresh(found) ? found.reply : null;
  }
}

function isFresh({ asked }: Answer): boolean {
  return performance.now() - asked < maxAgeMs;
}

/** Equal for equal questions to the same user of a host; `null`: it holds a secret, of which nothing is kept. */
export function keyOf(
  { user, way, folder = '' }: Destination,
  { script, args = [] }: ShellRequest,
): string | null {
  let key = `${user.kind === 'become' ? user.user : ''}\0${way?.key ?? ''}\0${folder}\0${numberOf(script)}`;
  for (const arg of args) {
    if (arg instanceof Secret) return null;
    key += `\0${arg}`;
  }
  return key;
}

/** A number for each script: most tasks ask with the same few, which are long. */
const numbers = new Map<string, number>();
const mostNumbers = 1_000;
let lastNumber = 0;

function numberOf(script: string): number {
  let number = numbers.get(script);
  if (number === undefined) {
    // No number is given twice: of what is asked once more an answer is at worst not found.
    if (numbers.size === mostNumbers) numbers.clear();
    number = ++lastNumber;
    numbers.set(script, number);
  }
  return number;
}
