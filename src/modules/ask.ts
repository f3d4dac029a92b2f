import type { ShellReply } from '../connection/connection.ts';
import type { Text } from '../core/secret.ts';
import { Unknown } from '../core/unknown.ts';

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
  /** Must write nothing, anywhere. Empty: there is no need to ask. Runs in dash, bash and busybox, with `args` as `$1`, `$2`, …; never a process's argv by themselves. */
  readonly sh: string;
  readonly args: readonly Text[];
  /**
   * The same for several questions of one flight, which costs the host less than one after the other: gets a mark, then the
   * arguments of each; prints what `sh` prints of each, in whole lines, and the mark in a line behind it. Exits with another
   * code than 0 where each has to be asked for itself. All have the same number of arguments.
   */
  readonly several?: string;
  /** `task`: the task's `environment:` counts, because it leads to a network (proxies, agents). */
  readonly environment: 'none' | 'task';
  /** Output kept, per stream; a reply that was cut is an error unless `parse` copes with it. The default is 1 MiB. */
  readonly maxOutputBytes: number;
  /** @throws Failure when the reply makes no sense */
  readonly parse: (reply: ShellReply) => unknown;
  /**
   * Whether a state foreseen under `key` holds all that this query asks for (a file's mode may be foreseen without its
   * content). Where it does not, the answer is unknown. Absent: it always does.
   */
  readonly covers?: (foreseen: unknown) => boolean;
  /** Of a question about a path whether it is about what a link there leads to. Absent: it is. */
  readonly links?: 'follow' | 'keep';
  /**
   * `connection`: the answer stays true as long as the connection lives, and is not asked for again where the task has no
   * environment of its own that counts.
   */
  readonly holds?: 'connection';
  /** `pass`: an Unknown is an answer like others, for `decode` to judge. Absent: it makes the whole state unknown. */
  readonly unknown?: 'pass';
}

/** Questions that together give a T. Pure data plus pure functions: the engine decides when and how they travel. */
export interface Ask<T> {
  readonly queries: readonly Query[];
  /** `answers` stand in the order of `queries`. An Unknown among them makes the whole state unknown before this is called, unless its query lets it pass. */
  readonly decode: (answers: readonly unknown[]) => T;
  /** What has to be asked once the answers are there, in place of `decode`: the path of a file in somebody's home. */
  readonly next?: (answers: readonly unknown[]) => Ask<T>;
}

/** What an ask of one query needs. */
export interface Question<T> {
  readonly key: string;
  readonly sh: string;
  readonly args?: readonly Text[];
  readonly several?: string;
  readonly environment?: 'none' | 'task';
  readonly reads?: readonly string[];
  readonly target?: Target;
  readonly maxOutputBytes?: number;
  readonly parse: (reply: ShellReply) => T;
  readonly covers?: (foreseen: T) => boolean;
  readonly links?: 'follow' | 'keep';
  readonly holds?: 'connection';
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
    environment: q.environment ?? 'none',
    maxOutputBytes: q.maxOutputBytes ?? 1_048_576,
    parse: q.parse,
    ...(q.several === undefined ? {} : { several: q.several }),
    ...(q.links === undefined ? {} : { links: q.links }),
    ...(q.holds === undefined ? {} : { holds: q.holds }),
    ...(q.covers === undefined ? {} : { covers: q.covers as (foreseen: unknown) => boolean }),
  };
  return { queries: [query], decode: (answers) => answers[0] as T };
}

/** Nothing to ask: for modules that only compute. */
export function nothing<T>(value: T): Ask<T> {
  return { queries: [], decode: () => value };
}

/** Nothing to ask: but where a check has foreseen a change of one of these keys, the state is unknown. `what`: for the reason. */
export function unlessChanged(keys: readonly string[], what: string, target: Target = host): Ask<null> {
  // A key of its own: under a file's own key, what is foreseen of the file would pass for the answer.
  return map(question({ key: what, reads: keys, target, sh: '', parse: () => null }), () => null);
}

/** An ask that hangs on another one's answer, and so costs a second round trip: for paths that only the host knows. */
export function andThen<A, B>(first: Ask<A>, next: (state: A) => Ask<B>): Ask<B> {
  return {
    queries: first.queries,
    decode: unfinished,
    next: (answers) =>
      first.next === undefined ? next(first.decode(answers)) : andThen(first.next(answers), next),
  };
}

/** Several asks as one, travelling together: `all({ file: file(path), unit: unit(name) })`. */
export function all<T extends Record<string, unknown>>(asks: { readonly [K in keyof T]: Ask<T[K]> }): Ask<T> {
  const names = Object.keys(asks) as (keyof T)[];
  return map(each<unknown>(names.map((name) => asks[name])), (states) => {
    const state: Partial<Record<keyof T, unknown>> = {};
    names.forEach((name, index) => {
      state[name] = states[index];
    });
    return state as T;
  });
}

/** A list of asks as one. */
export function each<T>(asks: readonly Ask<T>[]): Ask<readonly T[]> {
  const starts: number[] = [];
  let count = 0;
  for (const ask of asks) {
    starts.push(count);
    count += ask.queries.length;
  }
  const own = (answers: readonly unknown[], index: number): readonly unknown[] =>
    answers.slice(starts[index], starts[index + 1]);
  const queries = asks.flatMap((ask) => ask.queries);
  if (asks.every((ask) => ask.next === undefined))
    return { queries, decode: (answers) => asks.map((ask, index) => ask.decode(own(answers, index))) };
  return {
    queries,
    decode: unfinished,
    next: (answers) =>
      each(
        asks.map((ask, index) =>
          ask.next === undefined ? nothing(ask.decode(own(answers, index))) : ask.next(own(answers, index)),
        ),
      ),
  };
}

/** The same ask with its result passed through a pure function. */
export function map<A, B>(ask: Ask<A>, change: (state: A) => B): Ask<B> {
  const { next } = ask;
  if (next !== undefined)
    return { queries: ask.queries, decode: unfinished, next: (answers) => map(next(answers), change) };
  return { queries: ask.queries, decode: (answers) => change(ask.decode(answers)) };
}

/** The same ask, answered by another host or the controller. */
export function on<T>(target: Target, ask: Ask<T>): Ask<T> {
  const { next } = ask;
  return {
    queries: ask.queries.map((query) => ({ ...query, target })),
    decode: ask.decode,
    ...(next === undefined ? {} : { next: (answers) => on(target, next(answers)) }),
  };
}

/**
 * An ask whose answer need not be known: in check mode it may be an Unknown, when an earlier task would change what it
 * depends on. For what only decides whether a task can be done at all, such as a tool that a package brings.
 */
export function orUnknown<T>(ask: Ask<T>): Ask<T | Unknown> {
  return {
    queries: ask.queries.map((query) => ({ ...query, unknown: 'pass' as const })),
    decode: (answers) => answers.find((answer) => answer instanceof Unknown) ?? ask.decode(answers),
  };
}

function unfinished(): never {
  throw new Error('this ask has a second part: ask what `next` gives');
}
