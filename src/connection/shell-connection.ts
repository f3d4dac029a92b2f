import { randomBytes } from 'node:crypto';
import { becomeCommand } from './become-command.ts';
import { becomeDialogue } from './become-dialogue.ts';
import { becomeProblem } from './become-problem.ts';
import type { ByteChannel, OpenTransport, Transport } from './channel.ts';
import type {
  BecomeSettings,
  Connection,
  ConnectionError,
  ConnectionUsage,
  ShellReply,
  ShellRequest,
  ShellUser,
} from './connection.ts';
import { cancelledProblem, lostProblem, timeoutProblem } from './lost-problem.ts';
import { isBulky } from './request-text.ts';
import type { ConnectionSettings } from './settings.ts';
import { type ShellEnded, ShellSession } from './shell-session.ts';
import { killScript, type ShellIdentity } from './shell-start.ts';
import { type ShellHost, UserShell } from './user-shell.ts';

const maxChannels = 4;
/** A shell runs its user's start files and PAM's modules first, on a host that may be busy: it gets longer than a connection. */
const startPatience = 3;

/** A Connection over any transport: one shell per user, opened when first needed. */
export class ShellConnection implements Connection {
  readonly host: string;
  readonly place: 'here' | 'node';
  readonly #settings: ConnectionSettings;
  readonly #open: OpenTransport;
  readonly #shells = new Map<string, UserShell>();
  readonly #traffic = { flights: 0, sentBytes: 0, receivedBytes: 0, waitedMs: 0 };
  #transport: Promise<Transport> | null = null;
  #lostReason: string | null = null;
  #requests = 0;
  #channels = 0;
  #openChannels = 0;

  constructor(settings: ConnectionSettings, open: OpenTransport) {
    this.host = settings.host;
    this.place = settings.kind === 'local' ? 'here' : 'node';
    this.#settings = settings;
    this.#open = open;
  }

  async connect(): Promise<void> {
    await this.#connected();
  }

  run(user: ShellUser, request: ShellRequest): Promise<ShellReply> {
    this.#requests += 1;
    const shell = this.#shellOf(user);
    return isBulky(request) ? shell.inTurn(() => this.#runAside(user, request)) : shell.run(request);
  }

  async reset(): Promise<void> {
    const transport = this.#transport;
    for (const shell of this.#shells.values()) shell.release();
    this.#shells.clear();
    this.#transport = null;
    if (transport === null) return;
    // It may be the very attempt that failed: there is nothing to close then.
    await transport.then((opened) => opened.close()).catch(() => undefined);
  }

  usage(): ConnectionUsage {
    return { requests: this.#requests, channels: this.#channels, ...this.#traffic };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reset();
  }

  #connected(): Promise<Transport> {
    if (this.#transport !== null) return this.#transport;
    const opening = this.#open();
    this.#transport = opening;
    this.#lostReason = null;
    const forget = (reason: string | null): void => {
      if (this.#transport !== opening) return;
      this.#transport = null;
      this.#lostReason = reason;
    };
    opening.then(
      (transport) => void transport.lost.then(forget),
      () => forget(null),
    );
    return opening;
  }

  async #runAside(user: ShellUser, request: ShellRequest): Promise<ShellReply> {
    const shell = new UserShell(this.#hostFor(this.#becomeFor(user)));
    try {
      return await shell.run(request);
    } finally {
      shell.release();
    }
  }

  #shellOf(user: ShellUser): UserShell {
    const key = user.kind === 'login' ? '' : user.user;
    const known = this.#shells.get(key);
    if (known !== undefined) return known;
    const shell = new UserShell(this.#hostFor(this.#becomeFor(user)));
    this.#shells.set(key, shell);
    return shell;
  }

  #becomeFor(user: ShellUser): BecomeSettings | null {
    if (user.kind === 'login') return null;
    const become = this.#settings.become ?? { method: 'sudo', user: user.user, password: null, flags: [] };
    return { ...become, user: user.user };
  }

  #hostFor(become: BecomeSettings | null): ShellHost {
    const settings = this.#settings;
    return {
      startTimeoutMs: settings.connectTimeoutMs * startPatience,
      open: () => this.#openShell(become),
      kill: (identity) => this.#kill(become, identity),
      explain: (ended) => this.#explain(become, ended),
      timedOut: (request, seen, ending) => timeoutProblem(settings, request, { seen, ending }),
      cancelled: (ending) => cancelledProblem(settings, ending),
    };
  }

  async #openShell(become: BecomeSettings | null): Promise<ShellSession> {
    const transport = await this.#connected();
    if (become === null)
      return new ShellSession(await this.#channel(transport, 'exec /bin/sh'), this.#traffic);
    const command = becomeCommand(become, randomBytes(12).toString('hex'));
    const channel = await this.#channel(transport, command.command);
    const deadlineMs = this.#settings.connectTimeoutMs * startPatience;
    await becomeDialogue(channel, command, { settings: this.#settings, become, deadlineMs });
    return new ShellSession(channel, this.#traffic);
  }

  async #channel(transport: Transport, command: string): Promise<ByteChannel> {
    // Servers allow ten channels by default and free a slot late.
    if (this.#openChannels >= maxChannels) [...this.#shells.values()].find((shell) => shell.idle)?.release();
    this.#channels += 1;
    this.#openChannels += 1;
    const closed = (): void => {
      this.#openChannels -= 1;
    };
    try {
      const channel = await transport.start(command);
      void channel.ended.then(closed);
      return channel;
    } catch (error) {
      closed();
      throw error;
    }
  }

  async #kill(become: BecomeSettings | null, identity: ShellIdentity): Promise<void> {
    const killer = await this.#openShell(become);
    const args = [identity.pid, identity.groupId, identity.sessionId].map(String);
    await killer.send({ script: killScript, args }, () => undefined);
    killer.finish();
  }

  #explain(become: BecomeSettings | null, ended: ShellEnded): ConnectionError {
    const { exitCode, signal, trouble } = ended.end;
    const cut = exitCode === null && signal === null && trouble === null;
    if (become !== null && ended.phase === 'starting' && !cut) {
      const { stdout, stderr } = ended;
      return becomeProblem(this.#settings, become, {
        stdout,
        stderr: `${stderr}\n${trouble ?? ''}`,
        exitCode,
        prompts: 0,
      });
    }
    return lostProblem(this.#settings, ended, cut ? (this.#lostReason ?? 'the host does not answer') : null);
  }
}
