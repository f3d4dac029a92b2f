import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transport } from './channel.ts';
import type { Connection } from './connection.ts';
import { deferred } from './deferred.ts';
import { processChannel } from './local.ts';
import { opensshArguments } from './openssh-arguments.ts';
import { opensshProblem } from './openssh-problem.ts';
import type { ConnectionSettings } from './settings.ts';
import { ShellConnection } from './shell-connection.ts';
import { timeoutConnecting } from './ssh-problem.ts';
import { openPatiently } from './startups.ts';

const ready = 'hapb-connected';
const keptChars = 8_192;
const exitGraceMs = 500;

/** A Connection over the system's ssh client, for what the built-in one cannot do: certificates, security keys, Kerberos. */
export function openOpenssh(settings: ConnectionSettings): Connection {
  return new ShellConnection(settings, () => openPatiently(settings, () => opensshTransport(settings)));
}

/** Starts a master process, over which every shell travels. @throws ConnectionError */
async function opensshTransport(settings: ConnectionSettings): Promise<Transport> {
  // The path of a control socket may hold about 100 bytes, so it stays short; the directory is the user's alone.
  const directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'hapb-'));
  const socket = join(directory, 's');
  const { options, destination } = opensshArguments(settings);
  const sayReady = ['-o', 'PermitLocalCommand=yes', '-o', `LocalCommand=echo ${ready}`];
  const master = spawn(
    'ssh',
    ['-M', '-S', socket, '-N', '-T', '-o', 'ControlPersist=no', ...sayReady, ...options, '--', destination],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const connected = deferred<null>();
  const lost = deferred<string>();
  let said = '';
  master.stdout.on('data', (chunk: Buffer) => {
    if (chunk.includes(ready)) connected.resolve(null);
  });
  master.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-keptChars);
  });
  master.once('error', (error) => connected.reject(opensshProblem(settings, error.message)));
  master.once('exit', () => {
    // A ProxyCommand that outlives ssh holds them open for ever.
    setTimeout(() => [master.stdout, master.stderr].map((stream) => stream.destroy()), exitGraceMs).unref();
  });
  master.once('close', () => {
    connected.reject(opensshProblem(settings, said));
    lost.resolve(said.trim().split('\n').at(-1) || 'the ssh client ended');
    rmSync(directory, { recursive: true, force: true });
  });
  const timer = setTimeout(
    () => connected.reject(timeoutConnecting(settings, endpointOf(settings), 'no-answer')),
    settings.connectTimeoutMs,
  );
  try {
    await connected.promise;
  } catch (error) {
    master.kill();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    lost: lost.promise,
    start: (command) => {
      const child = spawn('ssh', [
        '-S',
        socket,
        '-T',
        '-o',
        'ControlMaster=no',
        ...options,
        '--',
        destination,
        command,
      ]);
      const channel = processChannel(child);
      // ssh ends with 255 when it lost the host.
      const ended = channel.ended.then((end) => (end.exitCode === 255 ? { ...end, exitCode: null } : end));
      return Promise.resolve({ ...channel, ended });
    },
    close: async () => {
      master.kill();
      await lost.promise;
    },
  };
}

function endpointOf({ user, address, port }: ConnectionSettings) {
  return { user, address, port, label: `${address}:${port}` };
}
