import { userInfo } from 'node:os';
import type { Connection } from '../connection/connection.ts';
import { jumpHosts } from '../connection/jump-hosts.ts';
import { openConnection } from '../connection/open.ts';
import { sshConfigFor } from '../connection/ssh-config.ts';
import { unwrap } from '../core/failure.ts';
import { type ConnectionDefaults, connectionSettings } from '../inventory/connection-settings.ts';
import { hostEntry, type Inventory } from '../inventory/inventory.ts';
import type { OpenConnection } from '../modules/host/pool.ts';
import type { Layer } from '../variables/layer.ts';
import { createScope } from '../variables/scope.ts';
import type { Passwords } from './passwords.ts';
import type { RunOptions } from './run-options.ts';

/** What decides how hosts are reached. */
export interface Reach {
  /** As it is now: a run may read it again. */
  readonly inventory: () => Inventory;
  readonly extraVars: Layer;
  readonly options: RunOptions;
  readonly passwords: Passwords;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens a host's transport by its variables, the command line and the ssh configuration. @throws Failure in the opener */
export function connectionOpener({ inventory, extraVars, options, passwords, env }: Reach): OpenConnection {
  const { connection, become } = options;
  const sshArgs = [
    connection.sshCommonArgs,
    connection.sshExtraArgs,
    knownHostsOption(connection.knownHostsFiles),
  ];
  return async (name, way): Promise<Connection | null> => {
    const host = hostEntry(inventory(), name);
    if (host === undefined) return null;
    const scope =
      way?.variables ?? createScope([...host.layers.filter(({ beside }) => beside === undefined), extraVars]);
    const address = scope.lookup('ansible_host');
    const isLocal = scope.lookup('ansible_connection') === 'local';
    const defaults: ConnectionDefaults = {
      kind: connection.kind ?? 'smart',
      user: connection.user,
      localUser: userInfo().username,
      privateKeyFiles: connection.privateKeyFiles,
      password: passwords.connection,
      becomePassword: passwords.become,
      becomeMethod: become.method ?? 'sudo',
      becomeUser: become.user ?? 'root',
      keyPassphrase: null,
      // As with ssh, an empty one names no agent.
      agentSocket: env.SSH_AUTH_SOCK === '' ? null : (env.SSH_AUTH_SOCK ?? null),
      hostKeyPolicy: connection.hostKeys === 'accept-new' ? 'accept-new' : null,
      connectTimeoutMs: connection.connectTimeoutMs,
      sshArgs: sshArgs.filter((text) => text !== null).join(' '),
      sshConfig: isLocal ? null : await sshConfigFor(typeof address === 'string' ? address : name),
    };
    const settings = unwrap(connectionSettings(host, scope, defaults));
    // The system's client looks jump hosts up itself.
    if (settings.kind !== 'ssh') return openConnection(settings);
    const jumps = await jumpHosts(settings.jumps, sshConfigFor);
    const unable = jumps.find(({ needsOpenssh }) => needsOpenssh !== undefined);
    if (unable === undefined) return openConnection({ ...settings, jumps });
    const needsOpenssh = `${unable.needsOpenssh ?? ''} at the jump host ${unable.address}`;
    const sshConfig = { ...defaults.sshConfig, needsOpenssh };
    return openConnection(unwrap(connectionSettings(host, scope, { ...defaults, sshConfig })));
  };
}

/** All in one option: of an option that is given twice, ssh takes the first. */
function knownHostsOption(files: readonly string[]): string | null {
  const value = files.map((file) => JSON.stringify(file)).join(' ');
  return value === '' ? null : `-o ${JSON.stringify(`UserKnownHostsFile=${value}`)}`;
}
