import type { Connection } from './connection.ts';
import { openLocal } from './local.ts';
import { openOpenssh } from './openssh.ts';
import type { ConnectionSettings } from './settings.ts';
import { openSsh } from './ssh.ts';

/** The connection that the settings ask for. Nothing is sent before `connect` or the first `run`. */
export function openConnection(settings: ConnectionSettings): Connection {
  switch (settings.kind) {
    case 'ssh':
      return openSsh(settings);
    case 'local':
      return openLocal(settings);
    case 'openssh':
      return openOpenssh(settings);
  }
}
