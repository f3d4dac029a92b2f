import type { Text } from '../core/secret.ts';
import type { Span } from '../core/source.ts';
import type { BecomeSettings } from './connection.ts';

/** Everything needed to reach one host, worked out from inventory variables and the command line. */
export interface ConnectionSettings {
  /** The inventory's name; messages use it. */
  readonly host: string;
  /** Where the host stands in the inventory; diagnostics point there. */
  readonly span: Span;
  readonly kind: 'ssh' | 'local' | 'openssh';
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: Text | null;
  /** Private key files, tried in this order; empty: the agent, then ~/.ssh/id_*. */
  readonly privateKeyFiles: readonly string[];
  /** Passphrase for encrypted keys; `null`: none known. */
  readonly keyPassphrase: Text | null;
  /** Agent socket (SSH_AUTH_SOCK); `null`: no agent. */
  readonly agentSocket: string | null;
  readonly knownHostsFiles: readonly string[];
  readonly hostKeyPolicy: HostKeyPolicy;
  /** Jump hosts, nearest first, each `user@host:port` already split. */
  readonly jumps: readonly Jump[];
  readonly connectTimeoutMs: number;
  readonly become: BecomeSettings | null;
  /** Options for the system's ssh client as argv, before all that hapb sets; only `openssh` reads them. */
  readonly opensshArgs?: readonly string[];
}

/** A host that the connection passes through; its key is checked like any other. */
export interface Jump {
  readonly user: string | null;
  readonly address: string;
  /** `null`: what the ssh configuration says, else 22. */
  readonly port: number | null;
  /** Keys of its own, tried before those of the host behind it. */
  readonly privateKeyFiles?: readonly string[];
  /** What the ssh configuration wants for it that only the system's client can do, for example `ProxyCommand`. */
  readonly needsOpenssh?: string;
}

/**
 * `strict`: an unknown key is an error. `accept-new`: it is taken and written to the first known_hosts file.
 * `off`: as `-o StrictHostKeyChecking=no`, only where the user said so. A changed key is fatal in the first two.
 */
export type HostKeyPolicy = 'strict' | 'accept-new' | 'off';
