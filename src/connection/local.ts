import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { ByteChannel, ChannelEnd, Transport } from './channel.ts';
import type { Connection } from './connection.ts';
import type { ConnectionSettings } from './settings.ts';
import { ShellConnection } from './shell-connection.ts';

/** How long a program's pipes are read after its end: a process that it left behind can hold them for ever. */
const drainMs = 200;
/** How long a shell may take to end when its connection is closed. */
const closeGraceMs = 1_000;

/** A Connection to this machine: the same shells, without a network. */
export function openLocal(settings: ConnectionSettings): Connection {
  return new ShellConnection(settings, () => Promise.resolve(localTransport()));
}

/** Starts programs on this machine, each in a session of its own so that a deadline ends all of it and nothing else. */
function localTransport(): Transport {
  const channels = new Set<ByteChannel>();
  return {
    start(command) {
      const channel = processChannel(spawn('/bin/sh', ['-c', command], { detached: true, stdio: 'pipe' }));
      channels.add(channel);
      void channel.ended.then(() => channels.delete(channel));
      return Promise.resolve(channel);
    },
    lost: new Promise<string>(() => undefined),
    close: async () => {
      const open = [...channels];
      const timer = setTimeout(() => {
        for (const channel of open) channel.close(null);
      }, closeGraceMs);
      await Promise.all(open.map((channel) => channel.ended));
      clearTimeout(timer);
    },
  };
}

/** The streams of a child process as a channel. */
export function processChannel(child: ChildProcessWithoutNullStreams): ByteChannel {
  let closed: (trouble: string | null) => void = () => undefined;
  const ended = new Promise<ChannelEnd>((resolve) => {
    let drain: NodeJS.Timeout | undefined;
    const finish = (exitCode: number | null, signal: string | null): void => {
      clearTimeout(drain);
      resolve({ exitCode, signal, trouble: null });
    };
    child.once('close', finish);
    child.once('exit', (code, signal) => {
      drain = setTimeout(() => finish(code, signal), drainMs);
    });
    child.once('error', (error) => resolve({ exitCode: null, signal: null, trouble: error.message }));
    closed = (trouble) => resolve({ exitCode: null, signal: null, trouble });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    close: (trouble) => {
      closed(trouble);
      child.kill('SIGKILL');
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    },
  };
}
