import { type ChildProcess, spawn } from 'node:child_process';
import type { ByteChannel, ChannelEnd, Transport } from './channel.ts';
import type { Connection } from './connection.ts';
import type { ConnectionSettings } from './settings.ts';
import { ShellConnection } from './shell-connection.ts';

/** A Connection to this machine: the same shells, without a network. */
export function openLocal(settings: ConnectionSettings): Connection {
  return new ShellConnection(settings, () => Promise.resolve(localTransport()));
}

/** Starts programs on this machine, each in a session of its own so that a deadline ends all of it and nothing else. */
export function localTransport(shell = '/bin/sh'): Transport {
  const children = new Set<ByteChannel>();
  return {
    start(command) {
      const channel = processChannel(spawn(shell, ['-c', command], { detached: true, stdio: 'pipe' }));
      children.add(channel);
      void channel.ended.then(() => children.delete(channel));
      return Promise.resolve(channel);
    },
    lost: new Promise<string>(() => undefined),
    close: async () => {
      await Promise.all([...children].map((channel) => channel.ended));
    },
  };
}

/** The streams of a child process as a channel. */
export function processChannel(
  child: ChildProcess & {
    stdin: NonNullable<ChildProcess['stdin']>;
    stdout: NonNullable<ChildProcess['stdout']>;
    stderr: NonNullable<ChildProcess['stderr']>;
  },
): ByteChannel {
  const ended = new Promise<ChannelEnd>((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    const finish = (exitCode: number | null, signal: string | null): void => {
      clearTimeout(grace);
      resolve({ exitCode, signal, trouble: null });
    };
    child.once('close', finish);
    // `close` waits for every holder of the pipes, also for a process that a script left behind.
    child.once('exit', (code, signal) => {
      grace = setTimeout(() => finish(code, signal), 200);
    });
    child.once('error', (error) => resolve({ exitCode: null, signal: null, trouble: error.message }));
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    close: () => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}
