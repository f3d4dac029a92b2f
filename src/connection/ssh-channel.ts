import type { Client, ClientChannel } from 'ssh2';
import type { ByteChannel, ChannelEnd } from './channel.ts';
import { deferred } from './deferred.ts';

/** How long a channel may stay open after its program has ended: a process that it left behind can hold it for ever. */
const closeGraceMs = 500;

/**
 * Starts a command on a channel of its own: two round trips, since OpenSSH gives a session no window before its command
 * runs, so nothing could be written earlier. @throws Error as ssh2 words it, when the host opens no channel
 */
export function startOnChannel(client: Client, command: string, lost: Promise<string>): Promise<ByteChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error === undefined) resolve(asByteChannel(channel, lost));
      else reject(error);
    });
  });
}

function asByteChannel(channel: ClientChannel, lost: Promise<string>): ByteChannel {
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
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended: ended.promise,
    close: (trouble) => {
      end(trouble);
      channel.destroy();
    },
  };
}
