import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, ConnectionError } from '../connection/connection.ts';
import { UnknownHostKey } from '../connection/host-key-check.ts';
import { cleanText } from '../core/clean-text.ts';
import type { OpenConnection } from '../modules/host/pool.ts';
import type { Person } from '../modules/module.ts';

/** Hosts that begin together reach the server within moments of each other. */
const quietMs = 200;

interface Waiting {
  readonly key: UnknownHostKey;
  /** `null`: the key was taken; else the error of its host. */
  readonly answer: (problem: ConnectionError | null) => void;
}

/**
 * Opens connections as `open` does; where a person can be asked, keys that nobody knows become one question for all hosts
 * that are being reached. Whose keys are accepted are written to known_hosts and connected to; the others fail as they
 * would have, and are not asked for again.
 */
export function askingForKeys(open: OpenConnection, person: Person | null): OpenConnection {
  if (person === null) return open;
  const desk = new KeyDesk(person);
  return (host, way) =>
    desk.during(async () => {
      const connection = await open(host, way);
      if (connection === null) return null;
      return withConnect(connection, () => desk.connect(connection));
    });
}

/** Collects unknown keys until nothing connects any more, then asks. */
class KeyDesk {
  readonly #person: Person;
  readonly #refused = new Set<string>();
  #connecting = 0;
  #asking = false;
  #waiting: Waiting[] = [];

  constructor(person: Person) {
    this.#person = person;
  }

  /** Holds the question back while `work` goes on. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#connecting += 1;
    try {
      return await work();
    } finally {
      this.#connecting -= 1;
      void this.#askWhenQuiet();
    }
  }

  async connect(connection: Connection): Promise<void> {
    for (;;) {
      const key = await this.during(() => unknownKey(connection));
      if (key === null) return;
      if (this.#refused.has(nameOf(key))) throw key;
      const answered = new Promise<ConnectionError | null>((answer) => this.#waiting.push({ key, answer }));
      void this.#askWhenQuiet();
      const problem = await answered;
      if (problem !== null) throw problem;
    }
  }

  async #askWhenQuiet(): Promise<void> {
    const due = (): boolean => !this.#asking && this.#connecting === 0 && this.#waiting.length > 0;
    if (!due()) return;
    await delay(quietMs);
    if (!due()) return;
    this.#asking = true;
    const waiting = this.#waiting.splice(0);
    const keys = waiting.map(({ key }) => key);
    const yes = /^yes$/i.test((await this.#person(question(keys), 'shown')) ?? '');
    if (!yes) for (const key of keys) this.#refused.add(nameOf(key));
    const once = new Map(keys.map((key) => [nameOf(key), key]));
    const problems = new Map([...once].map(([name, key]) => [name, yes ? key.remember() : key]));
    for (const { key, answer } of waiting) answer(problems.get(nameOf(key)) ?? null);
    this.#asking = false;
    void this.#askWhenQuiet();
  }
}

async function unknownKey(connection: Connection): Promise<UnknownHostKey | null> {
  try {
    await connection.connect();
    return null;
  } catch (thrown) {
    if (thrown instanceof UnknownHostKey) return thrown;
    throw thrown;
  }
}

function nameOf({ label, shown, file }: UnknownHostKey): string {
  return [label, shown, file].join('\n');
}

function question(all: readonly UnknownHostKey[]): string {
  const hosts = new Map<string, string[]>();
  const byName = new Intl.Collator('en', { numeric: true });
  for (const key of [...all].sort((a, b) => byName.compare(a.host, b.host))) {
    const what = `${key.label}  ${key.shown}`;
    hosts.set(what, [...(hosts.get(what) ?? []), key.host]);
  }
  const lines = [...hosts].map(([what, names]) => `  ${cleanText(`${names.join(', ')}  ${what}`)}\n`);
  const files = [...new Set(all.map(({ file }) => file))].join(' and ');
  const [these, them] = lines.length === 1 ? ['This host key is', 'it'] : ['These host keys are', 'them'];
  return (
    `${these} not known:\n${lines.join('')}` +
    `Compare ${them} with what \`ssh-keygen -lf /etc/ssh/ssh_host_TYPE_key.pub\` prints on the console of each host.\n` +
    `Accept ${them} and write ${them} to ${files}? (yes/no): `
  );
}

/** The connection with another `connect`. */
function withConnect(connection: Connection, connect: () => Promise<void>): Connection {
  return {
    host: connection.host,
    place: connection.place,
    connect,
    run: (user, request) => connection.run(user, request),
    reset: () => connection.reset(),
    usage: () => connection.usage(),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
