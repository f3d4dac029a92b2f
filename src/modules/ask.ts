import type { ShellReply } from '../connection/connection.ts';

/** Where a question is answered or a change is made: the task's host, another host of the inventory, or the controller. */
export type Target =
  | { readonly kind: 'host' }
  | { readonly kind: 'other'; readonly host: string }
  | { readonly kind: 'controller' };

/** One question as data: a piece of read-only POSIX sh and how to read its reply. */
export interface Query {
  readonly target: Target;
  /**
   * Its name in the vocabulary shared with effects: `file:/etc/hosts`, `package:containerd`, `unit:kubelet`. In check
   * mode an effect foreseen under this key answers instead of the host.
   */
  readonly key: string;
  /**
   * Other keys that the answer depends on (`package:*` with a trailing star matches a family). Where one of them was
   * foreseen to change, and `key` itself was not, the answer is unknown.
   */
  readonly reads: readonly string[];
  /** Must write nothing, anywhere. Runs in dash, bash and busybox, with `args` as `$1`, `$2`, … */
  readonly sh: string;
  readonly args: readonly string[];
  /** Output kept, per stream; a reply that was cut is an error unless `parse` copes with it. The default is 1 MiB. */
  readonly maxOutputBytes: number;
  /** @throws Failure when the reply makes no sense */
  readonly parse: (reply: ShellReply) => unknown;
  /**
   * Whether a state foreseen under `key` holds all that this query asks for (a file's mode may be foreseen without its
   * content). Where it does not, the answer is unknown. Absent: it always does.
   */
  readonly covers?: (foreseen: unknown) => boolean;
}

/** Questions that together give a T. Pure data plus pure functions: the engine decides when and how they travel. */
export interface Ask<T> {
  readonly queries: readonly Query[];
  /** `answers` stand in the order of `queries`. An Unknown among them makes the whole state unknown before this is called. */
  readonly decode: (answers: readonly unknown[]) => T;
}

/** What an ask of one query needs. */
export interface Question<T> {
  readonly key: string;
  readonly sh: string;
  readonly args?: readonly string[];
  readonly reads?: readonly string[];
  readonly target?: Target;
  readonly maxOutputBytes?: number;
  readonly parse: (reply: ShellReply) => T;
  readonly covers?: (foreseen: T) => boolean;
}

const host: Target = { kind: 'host' };

/** An ask of one query. The asks of the shared vocabulary (modules/asks/) and modules' own scripts are made with it. */
export function question<T>(q: Question<T>): Ask<T> {
  const query: Query = {
    target: q.target ?? host,
    key: q.key,
    reads: q.reads ?? [],
    sh: q.sh,
    args: q.args ?? [],
    maxOutputBytes: q.maxOutputBytes ?? 1_048_576,
    parse: q.parse,
    ...(q.covers === undefined ? {} : { covers: q.covers as (foreseen: unknown) => boolean }),
  };
  return { queries: [query], decode: (answers) => answers[0] as T };
}

/** Nothing to ask: for modules that only compute. */
export function nothing<T>(value: T): Ask<T> {
  return { queries: [], decode: () => value };
}

/** Several asks as one, travelling together: `all({ file: file(path), unit: unit(name) })`. */
export function all<T extends Record<string, unknown>>(asks: { readonly [K in keyof T]: Ask<T[K]> }): Ask<T> {
  const names = Object.keys(asks) as (keyof T)[];
  return {
    queries: names.flatMap((name) => asks[name].queries),
    decode: (answers) => {
      let at = 0;
      const state: Partial<T> = {};
      for (const name of names) {
        const ask = asks[name];
        state[name] = ask.decode(answers.slice(at, at + ask.queries.length));
        at += ask.queries.length;
      }
      return state as T;
    },
  };
}

/** A list of asks as one. */
export function each<T>(asks: readonly Ask<T>[]): Ask<readonly T[]> {
  return {
    queries: asks.flatMap((ask) => ask.queries),
    decode: (answers) => {
      let at = 0;
      return asks.map((ask) => {
        const state = ask.decode(answers.slice(at, at + ask.queries.length));
        at += ask.queries.length;
        return state;
      });
    },
  };
}

/** The same ask with its result passed through a pure function. */
export function map<A, B>(ask: Ask<A>, change: (state: A) => B): Ask<B> {
  return { queries: ask.queries, decode: (answers) => change(ask.decode(answers)) };
}

/** The same ask, answered by another host or the controller. */
export function on<T>(target: Target, ask: Ask<T>): Ask<T> {
  return { queries: ask.queries.map((query) => ({ ...query, target })), decode: ask.decode };
}
