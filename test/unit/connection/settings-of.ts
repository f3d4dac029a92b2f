import type { ConnectionSettings } from '../../../src/connection/settings.ts';
import { fileSpan } from '../../../src/core/source.ts';

/** Settings of a host called cp1, with `changes`. */
export function settingsOf(changes: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    host: 'cp1',
    span: fileSpan('inventory.yml'),
    kind: 'ssh',
    address: '127.0.0.1',
    port: 22,
    user: 'admin',
    password: null,
    privateKeyFiles: [],
    keyPassphrase: null,
    agentSocket: null,
    knownHostsFiles: [],
    hostKeyPolicy: 'strict',
    jumps: [],
    connectTimeoutMs: 5_000,
    become: null,
    ...changes,
  };
}
