import type { DiagnosticCode } from '../core/diagnostic.ts';
import { ConnectionError } from './connection.ts';
import type { Endpoint } from './host-key-check.ts';
import { connectionError } from './problem.ts';
import type { ConnectionSettings } from './settings.ts';

/** The error for a connection that did not come about, from what the socket or the ssh library says. */
export function connectProblem(
  settings: ConnectionSettings,
  endpoint: Endpoint,
  error: unknown,
): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const details = said;
  const { label, address, port } = endpoint;
  const make = (code: DiagnosticCode, message: string, hint: string): ConnectionError =>
    connectionError('unreachable', settings, { code, message, hint, details });

  switch (codeOf(error)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return make(
        'HAPB5001',
        `the name '${address}' has no address`,
        'Correct `ansible_host`, or make the name known (DNS, /etc/hosts of this machine).',
      );
    case 'ECONNREFUSED':
      return make(
        'HAPB5002',
        `${label} refuses connections`,
        `Check that sshd runs on the host and listens on port ${port} (\`ansible_port\`).`,
      );
    case 'ETIMEDOUT':
      return timeoutConnecting(settings, endpoint, 'no-answer');
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
      return make(
        'HAPB5004',
        `no way leads to ${label}`,
        'Check the address (`ansible_host`), your network or VPN, and whether the host is up.',
      );
    default:
      break;
  }
  if (/no matching|unsupported algorithm/i.test(said)) {
    return make(
      'HAPB5006',
      `${label} and the built-in ssh client have no algorithm in common`,
      'Set `ansible_connection: openssh` for this host: the system ssh client knows more key exchanges, keys and ciphers.',
    );
  }
  if (
    /before handshake|ECONNRESET|EPIPE|ended|closed|socket hang up/i.test(`${said} ${codeOf(error) ?? ''}`)
  ) {
    return connectionError('unreachable', settings, { ...closedBefore(label), details });
  }
  return make(
    'HAPB5005',
    `${label} does not speak ssh as expected`,
    `Check that an ssh server listens on port ${port}, and see the log of sshd on the host.`,
  );
}

/** What is said of a server that hangs up before the login. */
export function closedBefore(label: string) {
  return {
    code: 'HAPB5007',
    message: `${label} closed the connection before the login`,
    hint: 'Usual reasons: too many connections at once (MaxStartups), a deny rule for this address (fail2ban, AllowUsers, firewall), or sshd is starting. See the log of sshd on the host.',
  } as const;
}

/** How far a connection had come when its time was over. */
export type ConnectStage = 'no-answer' | 'connected' | 'ssh';

/** The error for a host that did not let us in in time. */
export function timeoutConnecting(
  settings: ConnectionSettings,
  { label }: Endpoint,
  stage: ConnectStage,
): ConnectionError {
  const seconds = Math.round(settings.connectTimeoutMs / 100) / 10;
  if (stage !== 'no-answer') {
    return connectionError('unreachable', settings, {
      code: 'HAPB5003',
      message:
        stage === 'connected'
          ? `${label} takes connections, but no ssh server spoke within ${seconds} s`
          : `${label} did not finish the login within ${seconds} s`,
      hint: 'Check that sshd listens on this port and that the host is not overloaded (a slow DNS or PAM delays logins); a slow host needs a longer `ansible_ssh_timeout`.',
    });
  }
  return connectionError('unreachable', settings, {
    code: 'HAPB5003',
    message: `${label} did not answer within ${seconds} s`,
    hint: 'Check that the host is up and no firewall drops packets to it; a slow host needs a longer `ansible_ssh_timeout`.',
  });
}

function codeOf(error: unknown): string | null {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
