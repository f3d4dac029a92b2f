import type { ConnectionError, ConnectionErrorKind } from './connection.ts';
import { connectionError, lastLines } from './problem.ts';
import type { ConnectionSettings } from './settings.ts';
import { closedBefore } from './ssh-problem.ts';

interface Reading {
  readonly pattern: RegExp;
  readonly kind: ConnectionErrorKind;
  readonly problem: Parameters<typeof connectionError>[2];
}

/** The error for what the system's ssh client said when it did not connect. */
export function opensshProblem(settings: ConnectionSettings, said: string): ConnectionError {
  const found = readings(settings).find(({ pattern }) => pattern.test(said));
  const details = lastLines(said);
  if (found !== undefined) return connectionError(found.kind, settings, { ...found.problem, details });
  return connectionError('unreachable', settings, {
    code: 'HAPB5061',
    message: `the system ssh client does not connect to ${settings.address}:${settings.port}`,
    hint: `Try \`ssh -v -p ${settings.port} ${settings.user}@${settings.address}\` by hand; its words are below.`,
    details,
  });
}

function readings({ address, port, user, password }: ConnectionSettings): readonly Reading[] {
  const label = `${address}:${port}`;
  const scan = `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${address}`;
  return [
    {
      pattern: /ENOENT/,
      kind: 'unreachable',
      problem: {
        code: 'HAPB5062',
        message: 'there is no ssh client on this machine, and `ansible_connection` is openssh',
        hint: 'Install the OpenSSH client, or leave `ansible_connection` out to use the built-in one.',
      },
    },
    {
      pattern: /REVOKED HOST KEY/i,
      kind: 'host-key',
      problem: {
        code: 'HAPB5012',
        message: `${label} shows a key that is revoked in known_hosts`,
        hint: 'Do not connect: this key is known to be in wrong hands. Give the host new keys, then replace its line in known_hosts.',
      },
    },
    {
      pattern: /IDENTIFICATION HAS CHANGED/i,
      kind: 'host-key',
      problem: {
        code: 'HAPB5011',
        message: `the key of ${label} is not the known one`,
        hint: 'If the host was reinstalled, compare the fingerprint on its console, then remove the line named below. If not, someone may stand between: do not go on.',
      },
    },
    {
      pattern: /host key is known for|Host key verification failed/i,
      kind: 'host-key',
      problem: {
        code: 'HAPB5010',
        message: `the key of ${label} is not known`,
        hint: `Compare the fingerprint (\`${scan} | ssh-keygen -lf -\`) with the host's own on its console, then add the key to known_hosts, or run with --accept-new-host-keys.`,
      },
    },
    {
      pattern: /Permission denied|Too many authentication failures/i,
      kind: 'auth',
      problem: {
        code: 'HAPB5020',
        message: `${label} does not let '${user}' in`,
        hint:
          password === null
            ? 'Check `ansible_user` and the keys that your agent and ssh configuration offer (`ssh -v` shows them).'
            : 'With `ansible_connection: openssh` hapb gives ssh no password; use a key, or the built-in client.',
      },
    },
    {
      pattern: /Could not resolve hostname/i,
      kind: 'unreachable',
      problem: {
        code: 'HAPB5001',
        message: `the name '${address}' has no address`,
        hint: 'Correct `ansible_host`, or make the name known (DNS, /etc/hosts of this machine).',
      },
    },
    {
      pattern: /Connection refused/i,
      kind: 'unreachable',
      problem: {
        code: 'HAPB5002',
        message: `${label} refuses connections`,
        hint: `Check that sshd runs on the host and listens on port ${port} (\`ansible_port\`).`,
      },
    },
    {
      pattern: /kex_exchange_identification|Connection (reset|closed) by/i,
      kind: 'unreachable',
      problem: closedBefore(label),
    },
    {
      pattern: /timed out/i,
      kind: 'unreachable',
      problem: {
        code: 'HAPB5003',
        message: `${label} did not answer in time`,
        hint: 'Check that the host is up and no firewall drops packets to it; a slow host needs a longer `ansible_ssh_timeout`.',
      },
    },
    {
      pattern: /No route to host|Network is unreachable/i,
      kind: 'unreachable',
      problem: {
        code: 'HAPB5004',
        message: `no way leads to ${label}`,
        hint: 'Check the address (`ansible_host`), your network or VPN, and whether the host is up.',
      },
    },
  ];
}
