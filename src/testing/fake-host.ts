import type { ShellReply } from '../connection/connection.ts';
import { Unknown } from '../core/unknown.ts';
import { type Ask, type Query, question } from '../modules/ask.ts';
import type { DurableCommand, DurableResult, FileWrite, HostWriter, ScriptCall } from '../modules/module.ts';

/** What a fake host is taught. Everything else that it is asked or told to do fails the test. */
export interface FakeHostScript {
  readonly name?: string;
  /** Answers by query key (`file:/etc/hosts`): the state itself, or the reply that the query's own `parse` reads. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Called for each script; the reply's parts that are left out are empty or 0. `undefined`: not expected. */
  readonly onRun?: (call: ScriptCall) => Partial<ShellReply> | undefined;
  readonly onDurable?: (command: DurableCommand) => DurableResult | undefined;
  /** Other hosts and `controller`, for `at`. */
  readonly others?: Readonly<Record<string, FakeHost>>;
}

/** A host that exists in memory only. */
export interface FakeHost extends HostWriter {
  /** All that it was told to do, in order. */
  readonly deeds: readonly FakeDeed[];
  /** What it answers from now on. */
  teach(key: string, answer: unknown): void;
}

/** One thing that a module did. */
export type FakeDeed =
  | { readonly kind: 'run'; readonly call: ScriptCall }
  | { readonly kind: 'write'; readonly file: FileWrite }
  | { readonly kind: 'durable'; readonly command: DurableCommand }
  | { readonly kind: 'progress'; readonly text: string };

/** Wraps a raw reply, so that the query's own `parse` reads it. */
export function rawReply(reply: Partial<ShellReply>): { readonly raw: ShellReply } {
  return { raw: fullReply(reply) };
}

/** A host that answers from a script and records what is done to it. */
export function fakeHost(script: FakeHostScript = {}): FakeHost {
  const answers = new Map<string, unknown>(Object.entries(script.answers ?? {}));
  const deeds: FakeDeed[] = [];
  const name = script.name ?? 'node1';
  const host: FakeHost = {
    name,
    deeds,
    signal: new AbortController().signal,
    teach: (key, answer) => void answers.set(key, answer),
    ask: (ask) => answerAll(ask, (query) => askedOf(query, host, script.others ?? {}, answers)),
    run: async (call) => {
      deeds.push({ kind: 'run', call });
      const reply = script.onRun?.(call);
      if (reply === undefined) throw new Error(`${name} was not told how to run:\n${call.sh}`);
      return fullReply(reply);
    },
    write: async (file) => void deeds.push({ kind: 'write', file }),
    durable: async (command) => {
      deeds.push({ kind: 'durable', command });
      const result = script.onDurable?.(command);
      if (result === undefined) throw new Error(`${name} was not told how to run durably:\n${command.sh}`);
      return result;
    },
    progress: (text) => void deeds.push({ kind: 'progress', text }),
    at: (target) => {
      if (target.kind === 'host') return host;
      const other = target.kind === 'other' ? target.host : 'controller';
      const found = script.others?.[other];
      if (found === undefined) throw new Error(`${name} knows no other host '${other}'`);
      return found;
    },
  };
  return host;
}

async function answerAll<T>(ask: Ask<T>, answer: (query: Query) => Promise<unknown>): Promise<T> {
  const found = await Promise.all(ask.queries.map(answer));
  return ask.next === undefined ? ask.decode(found) : answerAll(ask.next(found), answer);
}

/** A question to another host goes to that one where the test has it; else this host answers for it. */
async function askedOf(
  query: Query,
  host: FakeHost,
  others: Readonly<Record<string, FakeHost>>,
  answers: ReadonlyMap<string, unknown>,
): Promise<unknown> {
  const { target } = query;
  const other = others[target.kind === 'other' ? target.host : target.kind];
  if (target.kind === 'host' || other === undefined) return answerOne(host.name, query, answers);
  return other.ask(question({ ...query, target: { kind: 'host' } }));
}

function answerOne(name: string, query: Query, answers: ReadonlyMap<string, unknown>): unknown {
  // There is nothing to ask, and no host is.
  if (query.sh === '' && !answers.has(query.key)) return null;
  if (!answers.has(query.key))
    throw new Error(`${name} was asked for '${query.key}', which it was not taught`);
  const answer = answers.get(query.key);
  if (answer instanceof Unknown)
    throw new Error(`${name} cannot answer '${query.key}' with an Unknown: only the engine does`);
  return isRaw(answer) ? query.parse(answer.raw) : answer;
}

function isRaw(answer: unknown): answer is { readonly raw: ShellReply } {
  return typeof answer === 'object' && answer !== null && 'raw' in answer;
}

function fullReply(reply: Partial<ShellReply>): ShellReply {
  return { exitCode: 0, stdout: '', stderr: '', droppedBytes: 0, ...reply };
}
