import { userInfo } from 'node:os';
import { openConnection } from '../connection/open.ts';
import { fileSpan } from '../core/source.ts';
import { HostPool } from '../modules/host/pool.ts';
import { hostWriter } from '../modules/host/writer.ts';
import type { HostWriter } from '../modules/module.ts';

/** This machine as a host that can be asked and changed. */
export interface LocalHost extends HostWriter, AsyncDisposable {
  /** Ends its shells; a test that forgets it does not end. */
  close(): Promise<void>;
}

/** This machine, for tests that want a real shell and real files; give modules paths in a temporary folder. */
export function localHost(): LocalHost {
  const connection = openConnection({
    host: 'localhost',
    span: fileSpan('localhost'),
    kind: 'local',
    address: 'localhost',
    port: 22,
    user: userInfo().username,
    password: null,
    privateKeyFiles: [],
    keyPassphrase: null,
    agentSocket: null,
    knownHostsFiles: [],
    hostKeyPolicy: 'strict',
    jumps: [],
    connectTimeoutMs: 10_000,
    become: null,
  });
  const pool = new HostPool({ open: () => Promise.resolve(connection) });
  const { signal } = new AbortController();
  const site = {
    pool,
    host: 'localhost',
    user: { kind: 'login' as const },
    way: null,
    signal,
    environment: new Map(),
  };
  const close = async (): Promise<void> => {
    await pool[Symbol.asyncDispose]();
  };
  return { ...hostWriter(site, () => undefined), close, [Symbol.asyncDispose]: close };
}
