import type { AuthRecord } from './auth-methods.ts';
import type { ConnectionError } from './connection.ts';
import type { Endpoint } from './host-key-check.ts';
import { connectionError } from './problem.ts';
import type { ConnectionSettings } from './settings.ts';

/** The error when a host let nothing in: what was tried, what could not be, what the host would take, what to do. */
export function authProblem(
  settings: ConnectionSettings,
  endpoint: Endpoint,
  record: AuthRecord,
): ConnectionError {
  const tried = record.tried.length === 0 ? 'nothing could be tried' : `tried ${list(record.tried)}`;
  const takes = record.offered.length === 0 ? '' : `; the host takes ${list(record.offered)}`;
  const locked = record.keyFiles.find((file) => file.kind === 'locked');
  const named = settings.privateKeyFiles.length > 0;
  // A default key that does not exist is no news; one that was named is.
  const notes = record.notes.filter((note) => named || !note.endsWith('does not exist'));
  const details = notes.join('\n');
  const besides = (path: string): string =>
    notes.filter((note) => !note.startsWith(`key ${path} `)).join('\n');
  if (locked !== undefined && record.tried.length === 0) {
    const wrong = locked.why === 'wrong-passphrase';
    return connectionError('auth', settings, {
      code: wrong ? 'HAPB5023' : 'HAPB5022',
      message: wrong
        ? `cannot log in to ${endpoint.label} as '${endpoint.user}': the passphrase for ${locked.path} is wrong`
        : `cannot log in to ${endpoint.label} as '${endpoint.user}': the key ${locked.path} is encrypted and no passphrase is known`,
      hint: wrong
        ? `Correct ansible_ssh_private_key_passphrase; \`ssh-keygen -y -f ${locked.path}\` asks for a passphrase and says whether it is the right one. Or add the key to an agent with \`ssh-add\`.`
        : 'Add the key to an agent with `ssh-add`, or give its passphrase as ansible_ssh_private_key_passphrase, encrypted with `hapb vault`.',
      details: besides(locked.path),
    });
  }
  const missing = record.keyFiles.find((file) => file.kind === 'missing' || file.kind === 'unreadable');
  if (named && missing !== undefined && record.tried.length === 0) {
    return connectionError('auth', settings, {
      code: 'HAPB5021',
      message: `cannot log in to ${endpoint.label} as '${endpoint.user}': the key file ${missing.path} ${missing.kind === 'missing' ? 'does not exist' : 'cannot be read'}`,
      hint: 'Correct `ansible_ssh_private_key_file` (or --private-key); `~` stands for your home directory.',
      details: besides(missing.path),
    });
  }
  return connectionError('auth', settings, {
    code: 'HAPB5020',
    message: `${endpoint.label} does not let '${endpoint.user}' in: ${tried}${takes}`,
    hint: hintFor(record, endpoint),
    details,
  });
}

function hintFor(record: AuthRecord, endpoint: Endpoint): string {
  const copy = `\`ssh-copy-id ${endpoint.port === 22 ? '' : `-p ${endpoint.port} `}${endpoint.user}@${endpoint.address}\``;
  if (record.notes.some((note) => note.endsWith('has no answer'))) {
    return 'Log in with a key for which the host asks no second factor; hapb cannot answer questions other than the password.';
  }
  const triedPassword = record.tried.some((one) => one.startsWith('the password'));
  const unsupported = record.keyFiles.some((file) => file.kind === 'unsupported');
  if (unsupported && record.tried.length === 0) {
    return 'Check that the file is a private key. For security keys and certificates set `ansible_connection: openssh`: only the system ssh client knows them.';
  }
  if (triedPassword) return `Check \`ansible_user\` and the password, or install a key with ${copy}.`;
  const byPassword = record.offered.some(
    (method) => method === 'password' || method === 'keyboard-interactive',
  );
  if (byPassword)
    return `Check \`ansible_user\`; install your key with ${copy}, or give a password with --ask-pass.`;
  return `Check \`ansible_user\` and which key the host knows (its ~/.ssh/authorized_keys); name the key with \`ansible_ssh_private_key_file\` or --private-key.`;
}

function list(words: readonly string[]): string {
  return words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
