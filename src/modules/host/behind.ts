import type { ShellReply, ShellRequest } from '../../connection/connection.ts';
import type { Destination } from './destination.ts';
import { keyOf, type Reader } from './read-ahead.ts';

interface Answer {
  readonly reply: Promise<ShellReply>;
  /** When it came; `null`: not yet. */
  atMs: number | null;
}

/** The next item may have to wait for a slot; an older answer is asked for again. */
const maxAgeMs = 1_000;

/**
 * The questions of a loop's next item, sent right behind the change of the present one: the host's shell answers them when
 * that is done, so that they are what they would be asked in their time, one round trip earlier. What is not certain to be
 * behind the item's last change is thrown away (docs/adr/0008).
 */
export class Behind {
  readonly #ask: (reader: Reader) => void;
  readonly #answers = new Map<string, Answer>();
  #state: 'waiting' | 'asked' | 'spoiled' = 'waiting';

  /** `ask` asks what the next item will ask. */
  constructor(ask: (reader: Reader) => void) {
    this.#ask = ask;
  }

  /** The item's change has been written to a host's shell; a second one leaves none of the answers. */
  written(change: Destination, send: (to: Destination, request: ShellRequest) => Promise<ShellReply>): void {
    if (this.#state !== 'waiting') {
      this.spoil();
      return;
    }
    this.#state = 'asked';
    this.#ask({
      early: false,
      read: (to, request) => {
        const key = keyOf(to, request);
        if (this.#state !== 'asked' || key === null || !sameShell(to, change))
          return Promise.reject(new Error('it is asked in its time'));
        const known = this.#answers.get(key);
        if (known !== undefined) return known.reply;
        const answer: Answer = { reply: send(to, request), atMs: null };
        const came = (): void => {
          answer.atMs = performance.now();
        };
        answer.reply.then(came, came);
        this.#answers.set(key, answer);
        return answer.reply;
      },
    });
  }

  /** The item changes something else, or something that goes on by itself. */
  spoil(): void {
    this.#state = 'spoiled';
    this.#answers.clear();
  }

  /** What the next item asks through: takes what is there, and asks the rest as `usual` does. */
  reader(usual: Reader): Reader {
    return {
      get early() {
        return usual.early;
      },
      read: async (to, request) => {
        const answer = this.#answers.get(keyOf(to, request) ?? '');
        const fresh =
          answer !== undefined && performance.now() - (answer.atMs ?? Number.POSITIVE_INFINITY) < maxAgeMs;
        return fresh ? answer.reply.catch(() => usual.read(to, request)) : usual.read(to, request);
      },
    };
  }
}

/** Requests of one shell are done in their order. */
function sameShell(a: Destination, b: Destination): boolean {
  const userOf = ({ user }: Destination): string => (user.kind === 'become' ? user.user : '');
  return a.host === b.host && a.way?.key === b.way?.key && userOf(a) === userOf(b);
}
