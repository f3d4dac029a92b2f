import type { ShellReply } from '../../connection/connection.ts';

/** Questions about this machine that are being answered: what several hosts' tasks ask of it at a time is asked once. */
export class Sharing {
  readonly #asked = new Map<string, Promise<ShellReply>>();

  /** The answer to the question that is equal and under way, else to `ask`. `signal`: of who asks now. */
  async ask(
    key: string,
    signal: AbortSignal | undefined,
    ask: () => Promise<ShellReply>,
  ): Promise<ShellReply> {
    const known = this.#asked.get(key);
    if (known !== undefined) {
      try {
        return await known;
      } catch (thrown) {
        // Perhaps only who asked first was cut off.
        if (signal?.aborted) throw thrown;
        return ask();
      }
    }
    const reply = ask();
    this.#asked.set(key, reply);
    try {
      return await reply;
    } finally {
      if (this.#asked.get(key) === reply) this.#asked.delete(key);
    }
  }

  /** Something is being changed: who asks now is not told how it was before. */
  forgetAll(): void {
    this.#asked.clear();
  }
}
