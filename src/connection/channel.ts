import type { Readable, Writable } from 'node:stream';

/** A program that runs on the host with three streams of its own, never with a terminal. */
export interface ByteChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program has ended and its output was read, or when the transport is gone. Never rejects. */
  readonly ended: Promise<ChannelEnd>;
  /** Drops the channel without waiting; `ended` settles with this `trouble`. The program on the host may live on. */
  close(trouble: string | null): void;
}

/** How a program ended. All `null`: the transport was cut before the host could say. */
export interface ChannelEnd {
  readonly exitCode: number | null;
  /** For example `SIGKILL`. */
  readonly signal: string | null;
  /** What the transport has to say, for example that the host refused to start the program; else `null`. */
  readonly trouble: string | null;
}

/** A way to start programs on one host: an ssh connection, the system's ssh client, or this machine. */
export interface Transport {
  /** Starts a command with the login user's shell. @throws ConnectionError when the host does not */
  start(command: string): Promise<ByteChannel>;
  /** Settles with the reason when the transport is gone for good. Never rejects. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
}

/** Connects. @throws ConnectionError */
export type OpenTransport = () => Promise<Transport>;
