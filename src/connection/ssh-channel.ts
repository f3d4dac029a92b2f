import type { Client, ClientChannel } from 'ssh2';
import type { ByteChannel, ChannelEnd } from './channel.ts';
import { deferred } from './deferred.ts';

/** How long a channel may stay open after its program has ended: a process that it left behind can hold it for ever. */
const closeGraceMs = 500;

/** An opening channel, from the request to the host's confirmation. */
interface Opening {
  readonly sent: (channel: ClientChannel) => void;
}

/** The parts inside ssh2 1.17.0 that know a channel before its command is confirmed. */
interface Inside {
  readonly _protocol?: { exec?: (id: number, command: string, wantReply: boolean) => void };
  readonly _chanMgr?: { readonly _channels?: Readonly<Record<string, unknown>> };
}

/**
 * Starts commands on channels of a client. A channel is handed out as soon as the host has opened it and the command is
 * sent, before the host confirms it, so that what is written next saves a round trip.
 */
export function channelStarter(
  client: Client,
  lost: Promise<string>,
): (command: string) => Promise<ByteChannel> {
  const openings = new Map<string, Opening>();
  watchExec(client, openings);
  const queues = new Map<string, Promise<unknown>>();
  return async (command) => {
    // Openings of one command are told apart by their order, so they go one by one.
    const before = queues.get(command);
    const opening = (before ?? Promise.resolve()).then(() => start(client, { command, lost, openings }));
    const quiet = opening.catch(() => undefined);
    queues.set(command, quiet);
    return opening;
  };
}

function start(
  client: Client,
  {
    command,
    lost,
    openings,
  }: {
    readonly command: string;
    readonly lost: Promise<string>;
    readonly openings: Map<string, Opening>;
  },
): Promise<ByteChannel> {
  const opened = deferred<ByteChannel>();
  let refuse: (() => void) | null = null;
  const adopt = (channel: ClientChannel): void => {
    openings.delete(command);
    const { byteChannel, end } = asByteChannel(channel, lost);
    refuse = () => end('the host refuses to run commands');
    opened.resolve(byteChannel);
  };
  openings.set(command, { sent: adopt });
  const fail = (error: Error): void => {
    openings.delete(command);
    if (refuse === null) opened.reject(error);
    else refuse();
  };
  try {
    client.exec(command, (error, channel) => {
      if (error !== undefined) fail(error);
      else if (refuse === null) adopt(channel);
    });
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
  }
  return opened.promise;
}

function asByteChannel(channel: ClientChannel, lost: Promise<string>) {
  const ended = deferred<ChannelEnd>();
  let exitCode: number | null = null;
  let signal: string | null = null;
  let cut = false;
  const end = (trouble: string | null): void => {
    // One turn later: the rest of stderr, and the reason of a lost connection, come first.
    setImmediate(() => ended.resolve({ exitCode, signal, trouble: cut ? null : trouble }));
  };
  channel.on('exit', (code: number | null, name?: string) => {
    exitCode = code;
    signal = name ?? null;
    const timer = setTimeout(() => end(null), closeGraceMs);
    void ended.promise.then(() => clearTimeout(timer));
  });
  channel.on('close', () => {
    end(exitCode === null && signal === null ? 'the host closed the channel without a word' : null);
  });

  void lost.then(() => {
    cut = true;
    end(null);
  });
  const byteChannel: ByteChannel = {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended: ended.promise,
    close: (trouble) => {
      end(trouble);
      channel.destroy();
    },
  };
  return { byteChannel, end };
}

/** Reports each exec as it is sent. Where these insides are missing, exec's own callback serves, a round trip later. */
function watchExec(client: Client, openings: ReadonlyMap<string, Opening>): void {
  const { _protocol: protocol, _chanMgr: manager }: Inside = client as unknown as Inside;
  const original = protocol?.exec;
  if (protocol === undefined || original === undefined) return;
  protocol.exec = function (this: unknown, id, command, wantReply) {
    original.call(this, id, command, wantReply);
    const channel = Object.values(manager?._channels ?? {}).find((one) => isChannel(one, id));
    if (channel !== undefined) openings.get(command)?.sent(channel as ClientChannel);
  };
}

function isChannel(one: unknown, outgoingId: number): boolean {
  if (typeof one !== 'object' || one === null || !('outgoing' in one)) return false;
  const { outgoing } = one;
  return typeof outgoing === 'object' && outgoing !== null && 'id' in outgoing && outgoing.id === outgoingId;
}
